import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { readTar } from "../../../scripts/tar.ts";

function entry(path: string, kind: string, content = "", target = "", mode = 0o755): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write(mode.toString(8).padStart(7, "0"), 100);
  header.write(Buffer.byteLength(content).toString(8).padStart(11, "0"), 124);
  header.write(kind, 156);
  header.write(target, 157, 100);
  header.write("ustar\u000000", 257);
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

test("files, folders and links come out in order, with mode and content", () => {
  const long = `${"deep/".repeat(30)}file`;
  const content = "x".repeat(700);
  const archive = Buffer.concat([
    entry("lib/", "5"),
    entry("lib/a.so", "0", content, "", 0o644),
    entry("lib/b.so", "2", "", "a.so"),
    entry("././@LongLink", "L", `${long}\0`),
    entry("cut", "0", "end"),
    Buffer.alloc(1024),
    entry("after-the-end", "0"),
  ]);
  const entries = [...readTar(archive)].map((one) =>
    one.kind === "file" ? { ...one, bytes: one.bytes.toString() } : one,
  );
  expect(entries).toEqual([
    { kind: "folder", path: "lib/" },
    { kind: "file", path: "lib/a.so", mode: 0o644, bytes: content },
    { kind: "link", path: "lib/b.so", target: "a.so" },
    { kind: "file", path: long, mode: 0o755, bytes: "end" },
  ]);
});

test("an entry of a kind it does not know is refused, not skipped", () => {
  expect(() => [...readTar(entry("device", "3"))]).toThrow("device is of the unknown kind “3”");
});
