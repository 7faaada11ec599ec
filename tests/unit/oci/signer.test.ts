import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  authorization,
  bodyFacts,
  sign,
  signingHeaders,
  signingString,
  signRequest,
  signsBody,
} from "#lib/oci/signer.ts";

interface Vector {
  id: string;
  method?: string;
  url?: string;
  headers?: Record<string, string>;
  body?: string | null;
  bodyBase64?: string;
  signedHeaders?: string[];
  signingString?: string;
  /** Null where only the signing string is published. */
  signature?: string | null;
  authorization?: string | null;
  xContentSha256?: string;
  keyId?: string;
}
interface Vectors {
  keyId: string;
  publicKeyPem: string;
  vectors: Vector[];
}

const file: Vectors = JSON.parse(
  readFileSync(new URL("../../fixtures/contract/signing-vectors.json", import.meta.url), "utf8"),
);
const publicKey = createPublicKey(file.publicKeyPem);
const bodyOf = (vector: Vector) =>
  vector.bodyBase64 === undefined ? (vector.body ?? undefined) : Buffer.from(vector.bodyBase64, "base64");

/** The private half is not published: our string must be theirs, and their signature must fit it. */
function stepsOf(vector: Vector) {
  const url = new URL(vector.url!);
  const request = {
    method: vector.method!,
    host: url.host,
    target: vector.url!.slice(url.origin.length),
    headers: vector.headers!,
    body: bodyOf(vector),
  };
  const date = vector.headers!.date ?? vector.headers!["x-date"]!;
  const list = signingHeaders(request, date).map(([name, value]) =>
    name === "date" && vector.headers!["x-date"] ? (["x-date", value] as const) : ([name, value] as const),
  );
  return list;
}

describe("signing vectors", () => {
  const signed = file.vectors.filter((vector) => vector.signingString !== undefined);
  it("are all here", () => expect([signed.length, file.vectors.length]).toEqual([9, 11]));

  it.each(signed.map((vector) => [vector.id, vector] as const))("%s: the signing string", (_, vector) => {
    const list = stepsOf(vector);
    expect(list.map(([name]) => name)).toEqual(vector.signedHeaders);
    expect(signingString(list)).toBe(vector.signingString);
  });

  it.each(
    signed.filter((vector) => typeof vector.signature === "string").map((vector) => [vector.id, vector] as const),
  )("%s: signature and Authorization", (_, vector) => {
    const list = stepsOf(vector);
    const fits = verify(
      "sha256",
      Buffer.from(signingString(list)),
      publicKey,
      Buffer.from(vector.signature!, "base64"),
    );
    expect(fits).toBe(true);
    if (typeof vector.authorization === "string") {
      expect(authorization(vector.keyId ?? file.keyId, list, vector.signature!)).toBe(vector.authorization);
    }
  });

  it.each(
    file.vectors.filter((vector) => vector.xContentSha256 !== undefined).map((vector) => [vector.id, vector] as const),
  )("%s: the body hash", (_, vector) => {
    expect(bodyFacts(bodyOf(vector)).sha256Base64).toBe(vector.xContentSha256);
  });
});

describe("signRequest", () => {
  const { privateKey, publicKey: ours } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signingKey = { keyId: "tenancy/user/aa:bb", key: privateKey };
  const base = { method: "POST", host: "kms.example:8443", target: "/20180608/vaults?a=b%20c" };

  function verifyHeaders(sent: Record<string, string>, method: string, target: string): string[] {
    const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(sent.authorization!)![1]!;
    const names = part("headers").split(" ");
    const text = names
      .map((name) => `${name}: ${name === "(request-target)" ? `${method.toLowerCase()} ${target}` : sent[name]}`)
      .join("\n");
    expect(verify("sha256", Buffer.from(text), ours, Buffer.from(part("signature"), "base64"))).toBe(true);
    return names;
  }

  it("signs the bytes of a binary body, not their text", async () => {
    const body = Uint8Array.from({ length: 5000 }, (_, index) => (index * 89) % 256);
    const headers = { "content-type": "application/octet-stream" };
    const sent = await signRequest({ ...base, headers, body }, signingKey, 0);
    verifyHeaders(sent, base.method, base.target);
    expect(sent["x-content-sha256"]).toBe(createHash("sha256").update(body).digest("base64"));
    expect(sent["content-length"]).toBe("5000");
    expect(sent.date).toBe("Thu, 01 Jan 1970 00:00:00 GMT");
    expect(sent.host).toBe("kms.example:8443");
  });

  it("takes length and hash of a body source as they are", async () => {
    const source = {
      byteLength: 7,
      sha256Base64: "known",
      stream: () => {
        throw new Error("not read to sign");
      },
    };
    const sent = await signRequest({ ...base, headers: {}, body: source }, signingKey, 0);
    expect([sent["content-length"], sent["x-content-sha256"]]).toEqual(["7", "known"]);
  });

  it("signs length, type and hash of an empty POST", async () => {
    const sent = await signRequest(
      { ...base, headers: { "content-type": "application/json" }, body: undefined },
      signingKey,
      0,
    );
    expect(verifyHeaders(sent, base.method, base.target)).toEqual([
      "date",
      "(request-target)",
      "host",
      "content-length",
      "content-type",
      "x-content-sha256",
    ]);
    expect(sent["content-length"]).toBe("0");
  });

  it("counts bytes, not characters", () => expect(bodyFacts('{"a":"日本"}').contentLength).toBe(14));

  it("signs the delegation token and leaves opc-request-id and if-match unsigned", async () => {
    const request = { ...base, method: "GET", headers: { "opc-request-id": "r1", "if-match": "e" }, body: undefined };
    const sent = await signRequest(request, { ...signingKey, headers: { "opc-obo-token": "tok" } }, 0);
    expect(verifyHeaders(sent, "GET", base.target)).toEqual(["date", "(request-target)", "host", "opc-obo-token"]);
    expect(sent).toMatchObject({ "opc-obo-token": "tok", "opc-request-id": "r1", "if-match": "e" });
    expect(sent).not.toHaveProperty("content-length");
  });

  it("leaves the body out of Object Storage uploads only", () => {
    expect(signsBody("PUT", "/n/ns/b/bucket/o/dir%2Ffile.bin")).toBe(false);
    expect(signsBody("PUT", "/n/ns/b/bucket/u/file?uploadId=1&uploadPartNum=1")).toBe(false);
    expect(signsBody("POST", "/n/ns/b/bucket/p")).toBe(true);
    expect(signsBody("PUT", "/20180608/vaults/x")).toBe(true);
    expect(signsBody("DELETE", "/n/ns/b/bucket/o/file")).toBe(false);
  });

  it("signs deterministically", async () => {
    expect(await sign("text", privateKey)).toBe(await sign("text", privateKey));
  });
});
