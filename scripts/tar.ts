/** One entry of a tar archive, as far as the archives of the packaged browser go. */
export type TarEntry =
  | { kind: "file"; path: string; mode: number; bytes: Buffer }
  | { kind: "folder"; path: string }
  | { kind: "link"; path: string; target: string };

const block = 512;

/** The entries of an uncompressed ustar archive (POSIX.1-1988, with GNU long names), in order. Throws on a kind it does not know. */
export function* readTar(archive: Buffer): Generator<TarEntry> {
  let longName: string | undefined;
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return;
    const size = readOctal(header, 124, 12);
    const bytes = archive.subarray(at + block, at + block + size);
    const kind = String.fromCharCode(header[156] ?? 0);
    const prefix = readText(header, 345, 155);
    const path = longName ?? (prefix ? `${prefix}/${readText(header, 0, 100)}` : readText(header, 0, 100));
    longName = undefined;
    at += block + Math.ceil(size / block) * block;
    if (kind === "L") longName = readText(bytes, 0, bytes.length);
    else if (kind === "5") yield { kind: "folder", path };
    else if (kind === "2") yield { kind: "link", path, target: readText(header, 157, 100) };
    else if (kind === "0" || kind === "\0")
      yield { kind: "file", path, mode: readOctal(header, 100, 8) & 0o777, bytes };
    else if (kind !== "g" && kind !== "x") throw new Error(`tar: entry ${path} is of the unknown kind “${kind}”`);
  }
}

function readText(bytes: Buffer, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end);
}

function readOctal(bytes: Buffer, at: number, length: number): number {
  return Number.parseInt(readText(bytes, at, length).trim() || "0", 8);
}
