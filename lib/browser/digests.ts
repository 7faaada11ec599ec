/**
 * MD5 (RFC 1321) and SHA-256 (FIPS 180-4), fed in pieces: browsers' own cryptography has no MD5 and takes no pieces. Written
 * for speed over large files; docs/libraries.md has the figures beside a library's.
 */

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = Int32Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0);
const primes = firstPrimes(64);
const cubeRoots = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));

export interface Digest {
  update(bytes: Uint8Array): void;
  /** The digest's bytes; nothing may be fed afterwards. */
  digest(): Uint8Array;
}

/** A new MD5: 16 bytes. */
export function createMd5(): Digest {
  const state = Int32Array.of(0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476);
  const words = new Int32Array(16);
  return createDigest(state, true, (bytes, at) => {
    readLittleEndian(bytes, at, words);
    mixMd5(state, words);
  });
}

/** A new SHA-256: 32 bytes. */
export function createSha256(): Digest {
  const state = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  const words = new Int32Array(64);
  return createDigest(state, false, (bytes, at) => {
    readBigEndian(bytes, at, words);
    mixSha256(state, words);
  });
}

/** What both have in common: blocks of 64 bytes, and a padding that ends with the length in bits. */
function createDigest(
  state: Int32Array,
  isLittleEndian: boolean,
  takeBlock: (bytes: Uint8Array, at: number) => void,
): Digest {
  const rest = new Uint8Array(64);
  let restBytes = 0;
  let total = 0;

  function feed(bytes: Uint8Array): void {
    let at = 0;
    if (restBytes > 0) {
      const taken = Math.min(64 - restBytes, bytes.length);
      rest.set(bytes.subarray(0, taken), restBytes);
      restBytes += taken;
      at = taken;
      if (restBytes < 64) return;
      takeBlock(rest, 0);
      restBytes = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) takeBlock(bytes, at);
    rest.set(bytes.subarray(at), 0);
    restBytes = bytes.length - at;
  }

  return {
    update(bytes) {
      total += bytes.length;
      feed(bytes);
    },
    digest() {
      const padding = new Uint8Array((restBytes < 56 ? 56 : 120) - restBytes + 8);
      padding[0] = 0x80;
      const view = new DataView(padding.buffer);
      const low = (total * 8) >>> 0;
      const high = Math.floor(total / 2 ** 29) >>> 0;
      view.setUint32(padding.length - 8, isLittleEndian ? low : high, isLittleEndian);
      view.setUint32(padding.length - 4, isLittleEndian ? high : low, isLittleEndian);
      feed(padding);
      const digest = new DataView(new ArrayBuffer(state.length * 4));
      for (const [index, word] of state.entries()) digest.setInt32(index * 4, word, isLittleEndian);
      return new Uint8Array(digest.buffer);
    },
  };
}

function readLittleEndian(bytes: Uint8Array, at: number, words: Int32Array): void {
  for (let index = 0; index < 16; index += 1) {
    const first = at + index * 4;
    words[index] =
      (bytes[first] as number) |
      ((bytes[first + 1] as number) << 8) |
      ((bytes[first + 2] as number) << 16) |
      ((bytes[first + 3] as number) << 24);
  }
}

function readBigEndian(bytes: Uint8Array, at: number, words: Int32Array): void {
  for (let index = 0; index < 16; index += 1) {
    const first = at + index * 4;
    words[index] =
      ((bytes[first] as number) << 24) |
      ((bytes[first + 1] as number) << 16) |
      ((bytes[first + 2] as number) << 8) |
      (bytes[first + 3] as number);
  }
}

function mixMd5(state: Int32Array, words: Int32Array): void {
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  for (let step = 0; step < 64; step += 1) {
    const round = step >> 4;
    let mixed: number;
    let word: number;
    if (round === 0) {
      mixed = (b & c) | (~b & d);
      word = step;
    } else if (round === 1) {
      mixed = (d & b) | (~d & c);
      word = (5 * step + 1) & 15;
    } else if (round === 2) {
      mixed = b ^ c ^ d;
      word = (3 * step + 5) & 15;
    } else {
      mixed = c ^ (b | ~d);
      word = (7 * step) & 15;
    }
    const sum = (a + mixed + (sines[step] as number) + (words[word] as number)) | 0;
    const shift = shifts[(round << 2) | (step & 3)] as number;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] = ((state[0] as number) + a) | 0;
  state[1] = ((state[1] as number) + b) | 0;
  state[2] = ((state[2] as number) + c) | 0;
  state[3] = ((state[3] as number) + d) | 0;
}

function mixSha256(state: Int32Array, words: Int32Array): void {
  for (let index = 16; index < 64; index += 1) {
    const early = words[index - 15] as number;
    const late = words[index - 2] as number;
    const s0 = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
    const s1 = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
    words[index] = ((words[index - 16] as number) + s0 + (words[index - 7] as number) + s1) | 0;
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let step = 0; step < 64; step += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = g ^ (e & (f ^ g));
    const first = (h + s1 + choice + (cubeRoots[step] as number) + (words[step] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) | (c & (a | b));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + ((s0 + majority) | 0)) | 0;
  }
  state[0] = ((state[0] as number) + a) | 0;
  state[1] = ((state[1] as number) + b) | 0;
  state[2] = ((state[2] as number) + c) | 0;
  state[3] = ((state[3] as number) + d) | 0;
  state[4] = ((state[4] as number) + e) | 0;
  state[5] = ((state[5] as number) + f) | 0;
  state[6] = ((state[6] as number) + g) | 0;
  state[7] = ((state[7] as number) + h) | 0;
}

/** The first 32 bits behind the point. */
function fraction(value: number): number {
  return Math.floor((value % 1) * 2 ** 32) | 0;
}

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

/** Base64 of bytes, as the Content-MD5 header carries them. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
