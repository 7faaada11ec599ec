/**
 * OCI request signatures, version 1, as a staircase of pure steps: facts of the body, headers to sign, the signing
 * string, the signature, the Authorization header (contract, section 4). The time is passed in.
 */
import { createHash, type KeyObject, sign as signWithKey } from "node:crypto";
import type { BodySource } from "#lib/contract/request.ts";

export type RequestBody = string | Uint8Array | BodySource | undefined;

/** What a signature is made with at one moment; keyId and key always belong together. */
export interface SigningKey {
  /** `tenancy/user/fingerprint`, or `ST$` and a token. */
  readonly keyId: string;
  readonly key: KeyObject;
  /** Sent and signed besides the ordinary ones, such as `opc-obo-token` of a delegation. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface UnsignedRequest {
  readonly method: string;
  /** Host with a non-default port, as it will be sent. */
  readonly host: string;
  /** Path and query exactly as they will be sent. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody;
}

export type HeaderList = readonly (readonly [name: string, value: string])[];

const bodyMethods = new Set(["POST", "PUT", "PATCH"]);
// Object Storage PutObject and UploadPart: the one exception, only the generic headers are signed.
const objectUpload = /^\/n\/[^/?]+\/b\/[^/?]+\/[ou]\/[^/?]+/;

/** Length in bytes and base64 SHA-256 of a body; those of a BodySource were known before. */
export function bodyFacts(body: RequestBody): { contentLength: number; sha256Base64: string } {
  if (isSource(body)) return { contentLength: body.byteLength, sha256Base64: body.sha256Base64 };
  const content = body ?? "";
  return {
    contentLength: Buffer.byteLength(content),
    sha256Base64: createHash("sha256").update(content).digest("base64"),
  };
}

function isSource(body: RequestBody): body is BodySource {
  return body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);
}

function contentLength(body: RequestBody): number {
  return isSource(body) ? body.byteLength : Buffer.byteLength(body ?? "");
}

/** True where the signature must cover the body: POST, PUT and PATCH except Object Storage uploads. */
export function signsBody(method: string, target: string): boolean {
  return bodyMethods.has(method) && !(method === "PUT" && objectUpload.test(target));
}

/** The headers the signature covers, in signing order; `(request-target)` among them. */
export function signingHeaders(
  request: UnsignedRequest,
  date: string,
  extra: Readonly<Record<string, string>> = {},
): HeaderList {
  const list: [string, string][] = [
    ["date", date],
    ["(request-target)", `${request.method.toLowerCase()} ${request.target}`],
    ["host", request.host],
  ];
  if (signsBody(request.method, request.target)) {
    const { contentLength, sha256Base64 } = bodyFacts(request.body);
    list.push(["content-length", String(contentLength)]);
    list.push(["content-type", request.headers["content-type"] ?? "application/json"]);
    list.push(["x-content-sha256", sha256Base64]);
  }
  list.push(...Object.entries(extra));
  return list;
}

/** One line per header, `name: value`, with a line feed between and none at the end. */
export function signingString(headers: HeaderList): string {
  return headers.map(([name, value]) => `${name}: ${value}`).join("\n");
}

/** RSASSA-PKCS1-v1_5 with SHA-256, base64, made on the thread pool so that the event loop stays free. */
export function sign(text: string, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    signWithKey("sha256", Buffer.from(text), key, (error, signature) => {
      if (error === null) resolve(signature.toString("base64"));
      else reject(error);
    });
  });
}

/** The value of the Authorization header. */
export function authorization(keyId: string, headers: HeaderList, signature: string): string {
  const names = headers.map(([name]) => name).join(" ");
  return `Signature version="1",headers="${names}",keyId="${keyId}",algorithm="rsa-sha256",signature="${signature}"`;
}

/**
 * All headers to send: the request's own, the signed ones and Authorization. `nowMs` is epoch milliseconds; the service
 * refuses dates more than five minutes off.
 */
export async function signRequest(
  request: UnsignedRequest,
  signingKey: SigningKey,
  nowMs: number,
): Promise<Record<string, string>> {
  const list = signingHeaders(request, new Date(nowMs).toUTCString(), signingKey.headers);
  const signature = await sign(signingString(list), signingKey.key);
  const sent: Record<string, string> = { ...request.headers };
  for (const [name, value] of list) if (name !== "(request-target)") sent[name] = value;
  if (bodyMethods.has(request.method)) sent["content-length"] ??= String(contentLength(request.body));
  sent.authorization = authorization(signingKey.keyId, list, signature);
  return sent;
}
