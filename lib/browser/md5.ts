/** MD5 (RFC 1321), fed in pieces: browsers' own cryptography has none, and Content-MD5 needs it. */

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = Int32Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0);

export interface Md5 {
  update(bytes: Uint8Array): void;
  /** The 16 bytes; nothing may be fed afterwards. */
  digest(): Uint8Array;
}

/** A new digest. */
export function createMd5(): Md5 {
  const state = Int32Array.of(0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476);
  const rest = new Uint8Array(64);
  const words = new Int32Array(16);
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
      readWords(rest, 0, words);
      mix(state, words);
      restBytes = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) {
      readWords(bytes, at, words);
      mix(state, words);
    }
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
      view.setUint32(padding.length - 8, (total * 8) >>> 0, true);
      view.setUint32(padding.length - 4, Math.floor(total / 2 ** 29) >>> 0, true);
      feed(padding);
      const digest = new DataView(new ArrayBuffer(16));
      for (const [index, word] of state.entries()) digest.setInt32(index * 4, word, true);
      return new Uint8Array(digest.buffer);
    },
  };
}

function readWords(bytes: Uint8Array, at: number, words: Int32Array): void {
  for (let index = 0; index < 16; index += 1) {
    const first = at + index * 4;
    words[index] =
      (bytes[first] as number) |
      ((bytes[first + 1] as number) << 8) |
      ((bytes[first + 2] as number) << 16) |
      ((bytes[first + 3] as number) << 24);
  }
}

function mix(state: Int32Array, words: Int32Array): void {
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

/** Base64 of bytes, as the Content-MD5 header carries them. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
