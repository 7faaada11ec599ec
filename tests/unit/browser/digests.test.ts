import { createHash, randomBytes, randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createMd5, createSha256, toBase64 } from "#lib/browser/digests.ts";

const digests = { md5: createMd5, sha256: createSha256 };
type Name = keyof typeof digests;

function hex(name: Name, text: string): string {
  const digest = digests[name]();
  digest.update(new TextEncoder().encode(text));
  return Buffer.from(digest.digest()).toString("hex");
}

it.each([
  ["", "d41d8cd98f00b204e9800998ecf8427e"],
  ["a", "0cc175b9c0f1b6a831c399e269772661"],
  ["abc", "900150983cd24fb0d6963f7d28e17f72"],
  ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
  ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
  ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"],
  ["1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
])("RFC 1321: %s", (text, digest) => {
  expect(hex("md5", text)).toBe(digest);
});

it.each([
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
  ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
])("FIPS 180-4: %.20s", (text, digest) => {
  expect(hex("sha256", text)).toBe(digest);
});

describe.each(["md5", "sha256"] as const)("%s", (name) => {
  it("agrees with node:crypto on a thousand random inputs in random pieces", () => {
    for (let run = 0; run < 1000; run += 1) {
      const bytes = randomBytes(randomInt(0, 600));
      const digest = digests[name]();
      for (let at = 0; at < bytes.length; ) {
        const size = randomInt(1, 200);
        digest.update(bytes.subarray(at, at + size));
        at += size;
      }
      expect(toBase64(digest.digest())).toBe(createHash(name).update(bytes).digest("base64"));
    }
  });

  it("agrees on several megabytes", () => {
    const bytes = randomBytes(5_000_001);
    const digest = digests[name]();
    digest.update(bytes);
    expect(toBase64(digest.digest())).toBe(createHash(name).update(bytes).digest("base64"));
  });
});
