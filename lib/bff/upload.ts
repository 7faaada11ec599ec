/**
 * Files on their way to the service. Their size, MD5 and SHA-256 must be known before the first byte leaves (the signature
 * covers the body), so a file is written to disk once, hashed on the way, and sent from there: memory stays bounded.
 */
import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BodySource } from "#lib/contract/request.ts";
import { Refusal } from "./refusal.ts";
import { collectYoung } from "./young-garbage.ts";

/** A client that sends nothing for so long is gone. */
const idleMs = 30_000;
const perPersonMax = 2;
const sendChunkBytes = 256 * 1024;
const pieceBytes = 1024 * 1024;
const piecesACollection = 8;
/** Buffers a file is sent from, in turn: each is used again only after three others have been taken. */
const sendBuffers = 4;

export interface ReceivedFile {
  readonly byteLength: number;
  readonly md5Base64: string;
  readonly sha256Base64: string;
  /** Opened anew for every attempt. */
  readonly source: BodySource;
  /** Removes it from disk and makes room for the person's next one. Call it once, whatever became of the call. */
  discard(): Promise<void>;
}

export interface Uploads {
  /**
   * Takes the body of a request to disk; it counts as the person's until it is discarded. Throws a Refusal: 411 without a length, 413 above the limit (before reading on), 429 when the
   * person has too many under way, 400 when it is cut short or its MD5 is not the one the browser computed.
   */
  receive(request: Request, person: string): Promise<ReceivedFile>;
}

/** Files go below `directory`, which is emptied at the start: nothing in it outlives its request. */
export async function createUploads(directory: string, bytesMax: number): Promise<Uploads> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const underWay = new Map<string, number>();

  async function receive(request: Request, person: string): Promise<ReceivedFile> {
    const declared = declaredLength(request, bytesMax);
    const expectedMd5 = declaredMd5(request);
    const count = underWay.get(person) ?? 0;
    if (count >= perPersonMax) {
      throw new Refusal(429, "TooManyUploads", `You already have ${count} uploads under way.`, {
        action: "Wait until one has ended, or cancel one.",
        retryAfterSeconds: 10,
      });
    }
    underWay.set(person, count + 1);
    const leave = () => {
      const left = (underWay.get(person) ?? 1) - 1;
      if (left > 0) underWay.set(person, left);
      else underWay.delete(person);
    };
    const path = join(directory, randomUUID());
    try {
      const digests = await writeBody(request, path, declared);
      if (digests.md5Base64 !== expectedMd5) throw unmatched(digests.md5Base64, expectedMd5);
      return {
        byteLength: declared,
        ...digests,
        source: sourceOf(path, declared, digests.sha256Base64),
        async discard() {
          leave();
          await rm(path, { force: true });
        },
      };
    } catch (error) {
      leave();
      await rm(path, { force: true });
      throw error;
    }
  }

  return { receive };
}

function declaredLength(request: Request, bytesMax: number): number {
  const text = request.headers.get("content-length");
  if (text === null || !/^\d{1,15}$/.test(text)) {
    throw new Refusal(411, "LengthRequired", "The file's length must be known before it is sent.");
  }
  const length = Number(text);
  if (length === 0)
    throw new Refusal(400, "InvalidParameter", "The file is empty.", { action: "Choose the backup file again." });
  if (length > bytesMax) {
    throw new Refusal(413, "PayloadTooLarge", `The file has ${length} bytes; this console takes up to ${bytesMax}.`, {
      action: "Put it into a bucket and restore it from there, or have UPLOAD_BYTES_MAX raised.",
    });
  }
  return length;
}

function declaredMd5(request: Request): string {
  const md5 = request.headers.get("content-md5");
  if (md5 === null) throw new Refusal(400, "MissingParameter", "The Content-MD5 header is missing.");
  if (!/^[A-Za-z0-9+/]{22}==$/.test(md5)) {
    throw new Refusal(400, "InvalidContentMD5", "The value of the Content-MD5 header is not the base64 of 16 bytes.");
  }
  return md5;
}

/** The service's own words for the same thing (contract, section 6). */
function unmatched(actual: string, expected: string): Refusal {
  return new Refusal(
    400,
    "UnmatchedContentMD5",
    `The computed MD5 of the request body (${actual}) does not match the Content-MD5 header (${expected}).`,
    {
      why: "The file changed on its way from the browser, or while it was being read.",
      action: "Nothing was sent to Oracle. Choose the file again.",
    },
  );
}

/** The body to disk and through both digests, in large pieces: one buffer for the whole file, few awaits. */
async function writeBody(request: Request, path: string, declared: number) {
  const reader = (request.body ?? new Blob([]).stream()).getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, declared));
  let held = 0;
  let pieces = 0;
  let file: FileHandle | undefined;
  let received = 0;
  const flush = async (): Promise<void> => {
    const bytes = piece.subarray(0, held);
    md5.update(bytes);
    sha256.update(bytes);
    await file?.writeFile(bytes);
    held = 0;
    pieces += 1;
    if (pieces % piecesACollection === 0) collectYoung();
  };
  try {
    file = await open(path, "wx", 0o600);
    for (;;) {
      const { done, value } = await withIdleLimit(reader.read());
      if (done) break;
      received += value.byteLength;
      if (received > declared) throw cutShort(received, declared);
      for (let at = 0; at < value.byteLength; ) {
        const taken = Math.min(piece.length - held, value.byteLength - at);
        piece.set(value.subarray(at, at + taken), held);
        held += taken;
        at += taken;
        if (held === piece.length) await flush();
      }
    }
    await flush();
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw error instanceof Refusal ? error : cutShort(received, declared);
  } finally {
    await file?.close();
  }
  if (received !== declared) throw cutShort(received, declared);
  return { md5Base64: md5.digest("base64"), sha256Base64: sha256.digest("base64") };
}

async function withIdleLimit<Value>(promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("idle")), idleMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function cutShort(received: number, declared: number): Refusal {
  return new Refusal(400, "IncompleteBody", `${received} of ${declared} bytes arrived.`, {
    action: "Nothing was sent to Oracle. Send the file again.",
  });
}

function sourceOf(path: string, byteLength: number, sha256Base64: string): BodySource {
  return {
    byteLength,
    sha256Base64,
    stream: () => readPieces(path),
  };
}

/**
 * The file from the few buffers it needs. Every piece is larger than a socket's high-water mark, so undici asks for the next
 * one only when the system has taken it; that the bytes are the file's is checked by the service against the signed digest.
 */
async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  const buffers = Array.from({ length: sendBuffers }, () => Buffer.allocUnsafeSlow(sendChunkBytes));
  const file = await open(path, "r");
  try {
    for (let turn = 0; ; turn += 1) {
      const buffer = buffers[turn % sendBuffers] as Buffer;
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
