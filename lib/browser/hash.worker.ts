/** Hashes a file away from the page's own thread, piece by piece, and tells how far it is. */
import { createMd5, toBase64 } from "./md5.ts";

export type HashNews = { readonly done: number } | { readonly md5: string } | { readonly failed: string };

const pieceBytes = 4 * 1024 * 1024;
const scope = self as unknown as {
  onmessage: ((event: MessageEvent<File>) => void) | null;
  postMessage: (news: HashNews) => void;
};

async function hash(file: File): Promise<void> {
  const md5 = createMd5();
  for (let at = 0; at < file.size; at += pieceBytes) {
    const piece = new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
    md5.update(piece);
    scope.postMessage({ done: Math.min(at + pieceBytes, file.size) });
  }
  scope.postMessage({ md5: toBase64(md5.digest()) });
}

scope.onmessage = ({ data }) => {
  hash(data).catch((error: unknown) => scope.postMessage({ failed: String(error) }));
};
