import { createHash, randomBytes, randomInt } from "node:crypto";
import { expect, it } from "vitest";
import { createMd5, toBase64 } from "#lib/browser/md5.ts";

const hex = (text: string) => {
  const md5 = createMd5();
  md5.update(new TextEncoder().encode(text));
  return Buffer.from(md5.digest()).toString("hex");
};

it.each([
  ["", "d41d8cd98f00b204e9800998ecf8427e"],
  ["a", "0cc175b9c0f1b6a831c399e269772661"],
  ["abc", "900150983cd24fb0d6963f7d28e17f72"],
  ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
  ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
  ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"],
  [
    "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
    "57edf4a22be3c955ac49da2e2107b67a",
  ],
])("RFC 1321: %s", (text, digest) => {
  expect(hex(text)).toBe(digest);
});

it("agrees with node:crypto on a thousand random inputs in random pieces", () => {
  for (let run = 0; run < 1000; run += 1) {
    const bytes = randomBytes(randomInt(0, 600));
    const md5 = createMd5();
    for (let at = 0; at < bytes.length; ) {
      const size = randomInt(1, 200);
      md5.update(bytes.subarray(at, at + size));
      at += size;
    }
    expect(toBase64(md5.digest())).toBe(createHash("md5").update(bytes).digest("base64"));
  }
});

it("agrees on several megabytes", () => {
  const bytes = randomBytes(5_000_001);
  const md5 = createMd5();
  md5.update(bytes);
  expect(toBase64(md5.digest())).toBe(createHash("md5").update(bytes).digest("base64"));
});
