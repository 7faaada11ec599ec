/** One digest of a file, away from the page's own thread, piece by piece, telling how far it is. */
import { createMd5, createSha256, toBase64 } from "./digests.ts";

export type DigestName = "md5" | "sha256";
export interface HashOrder {
  readonly file: File;
  readonly digest: DigestName;
}
/** Holds on before the next piece, or goes on. */
export interface HashPause {
  readonly isPaused: boolean;
}
/** `digest` is base64. */
export type HashNews = { readonly done: number } | { readonly digest: string } | { readonly failed: string };

/** Each read costs tens of milliseconds however small it is. */
const pieceBytes = 16 * 1024 * 1024;
const scope = self as unknown as {
  onmessage: ((event: MessageEvent<HashOrder | HashPause>) => void) | null;
  postMessage: (news: HashNews) => void;
};

/** What the next piece waits for. */
let resumed = Promise.resolve();
let resume: (() => void) | null = null;

function pause({ isPaused }: HashPause): void {
  resume?.();
  if (!isPaused) return;
  resumed = new Promise((done) => {
    resume = done;
  });
}

async function hash({ file, digest }: HashOrder): Promise<void> {
  const state = digest === "md5" ? createMd5() : createSha256();
  const read = (at: number) => file.slice(at, at + pieceBytes).arrayBuffer();
  let coming = read(0);
  for (let at = 0; at < file.size; at += pieceBytes) {
    const bytes = new Uint8Array(await coming);
    // The next piece is read while this one is hashed.
    coming = read(at + pieceBytes);
    await resumed;
    state.update(bytes);
    scope.postMessage({ done: Math.min(at + pieceBytes, file.size) });
  }
  scope.postMessage({ digest: toBase64(state.digest()) });
}

scope.onmessage = ({ data }) => {
  if ("isPaused" in data) return pause(data);
  hash(data).catch((error: unknown) => scope.postMessage({ failed: String(error) }));
};
