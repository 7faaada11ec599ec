import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeContent,
  escapeControlChars,
  plainText,
  readJson,
  readRefusal,
  readRetryAfter,
} from "#lib/oci/answer.ts";

const bytes = (text: string) => Buffer.from(text);

describe("readJson", () => {
  it("gives the exact text of ordinary JSON", () => {
    const text = '{ "a" : "é\\u0007",\n"b":[1.0] }';
    expect(readJson(bytes(text), false)).toEqual({ text, json: { a: "é\u0007", b: [1] } });
  });

  it("escapes raw control characters in strings where that is allowed, and only there", () => {
    const text = '{"name":"a\u0007b\nc\\"\u0000","n":\n\t1}';
    expect(() => readJson(bytes(text), false)).toThrow("it is not JSON");
    expect(readJson(bytes(text), true)).toEqual({
      text: '{"name":"a\\u0007b\\u000ac\\"\\u0000","n":\n\t1}',
      json: { name: 'a\u0007b\nc"\u0000', n: 1 },
    });
  });

  it("keeps every string with raw control characters as it was meant", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary-ascii" }), { maxLength: 5 }), (strings) => {
        // What a careless server sends: quotes and backslashes escaped, control characters not.
        const careless = `[${strings.map((string) => `"${string.replace(/["\\]/g, "\\$&")}"`).join(",\n")}]`;
        expect(JSON.parse(escapeControlChars(careless))).toEqual(strings);
      }),
    );
  });

  it("is not slowed down by hostile text", () => {
    const hostile = bytes(`"${'\\"'.repeat(1_000_000)}`);
    const startedAt = performance.now();
    expect(() => readJson(hostile, true)).toThrow("it is not JSON");
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it("refuses what is not UTF-8, and empty bodies", () => {
    expect(() => readJson(Buffer.from([0x22, 0xff, 0x22]), true)).toThrow("it is not UTF-8");
    expect(() => readJson(bytes(""), true)).toThrow("it is not JSON");
  });
});

describe("decodeContent", () => {
  it("unpacks gzip up to the limit", async () => {
    const packed = gzipSync(Buffer.alloc(1_000_000));
    expect(packed.length).toBeLessThan(20_000);
    expect(await decodeContent(packed, "gzip", 1_000_000)).toHaveLength(1_000_000);
    await expect(decodeContent(packed, "GZIP", 999_999)).rejects.toMatchObject({ kind: "too_large" });
    await expect(decodeContent(packed.subarray(0, 500), "gzip", 1_000_000)).rejects.toMatchObject({
      kind: "bad_answer",
    });
    await expect(decodeContent(packed, "br", 1_000_000)).rejects.toMatchObject({ kind: "bad_answer" });
    expect(await decodeContent(packed, undefined, 1)).toBe(packed);
  });
});

describe("readRefusal", () => {
  const read = (status: number, body: string, headers = {}) => readRefusal(status, headers, bytes(body), "OWN", 0);

  it("keeps code, message and request id", () => {
    const error = read(409, '{"code":"IncorrectState","message":"Vault is\\u0000 CREATING\\n<b>"}', {
      "opc-request-id": "A/B",
    });
    expect(error).toMatchObject({
      status: 409,
      code: "IncorrectState",
      message: "Vault is CREATING <b>",
      requestId: "A/B",
    });
  });

  it("speaks for the status when the body says nothing", () => {
    expect(read(503, "<html>down</html>")).toMatchObject({ code: "ServiceUnavailable", requestId: "OWN" });
    expect(read(502, "")).toMatchObject({
      code: "InternalServerError",
      message: "The service answered 502 without saying why.",
    });
    expect(read(400, '{"code":"a\\nb","message":5}').code).toBe("Unknown");
    expect(read(400, `{"code":"X","message":"${"y".repeat(5000)}"}`).message).toHaveLength(1000);
    expect(read(404, '{"code":"bad code!","message":"m"}')).toMatchObject({ code: "Unknown", message: "m" });
    expect(read(400, "{}", { "opc-request-id": "a\tb" }).requestId).toBe("OWN");
  });

  it("reads retry-after as seconds or as a date", () => {
    expect(readRetryAfter("3", 0)).toBe(3);
    expect(readRetryAfter("0.2", 0)).toBe(1);
    expect(readRetryAfter("Thu, 01 Jan 1970 00:00:30 GMT", 10_000)).toBe(20);
    expect(readRetryAfter("Thu, 01 Jan 1970 00:00:30 GMT", 90_000)).toBe(0);
    expect(readRetryAfter("999999", 0)).toBe(3600);
    expect(readRetryAfter("soon", 0)).toBeUndefined();
    expect(readRetryAfter(undefined, 0)).toBeUndefined();
  });

  it("takes line breaks, escapes and other controls out of text", () => {
    expect(plainText("a\u001b[31mb\r\nc\u2028d\u0085")).toBe("a [31mb c d");
  });
});
