/** One digest of a file, away from the page's own thread, piece by piece, telling how far it is. */
import { sha256 } from "@noble/hashes/sha2.js";
import { createMd5, toBase64 } from "./md5.ts";

export type DigestName = "md5" | "sha256";
export interface HashOrder {
  readonly file: File;
  readonly digest: DigestName;
}
/** `digest` is base64. */
export type HashNews = { readonly done: number } | { readonly digest: string } | { readonly failed: string };

const pieceBytes = 4 * 1024 * 1024;
const scope = self as unknown as {
  onmessage: ((event: MessageEvent<HashOrder>) => void) | null;
  postMessage: (news: HashNews) => void;
};

async function hash({ file, digest }: HashOrder): Promise<void> {
  const state = digest === "md5" ? createMd5() : sha256.create();
  for (let at = 0; at < file.size; at += pieceBytes) {
    state.update(new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer()));
    scope.postMessage({ done: Math.min(at + pieceBytes, file.size) });
  }
  scope.postMessage({ digest: toBase64(state.digest()) });
}

scope.onmessage = ({ data }) => {
  hash(data).catch((error: unknown) => scope.postMessage({ failed: String(error) }));
};
