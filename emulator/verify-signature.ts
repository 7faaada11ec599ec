/**
 * OCI request signatures, version 1 (contract, section 4). Every failure is the same 401 with the same words: what was
 * wrong is nobody's business but the signer's.
 */
import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { ociError } from "#lib/contract/errors.ts";
import type { EmulatorRequest, Principal } from "./call.ts";
import type { World } from "./world.ts";

export const skewMsMax = 5 * 60_000;
const bodyHeaders = ["x-content-sha256", "content-type", "content-length"] as const;

interface SignatureFields {
  readonly keyId: string;
  readonly headerNames: readonly string[];
  readonly signature: Buffer;
}

/**
 * The principal that signed the request. `isBodyExempt` is for PutObject, whose signature need not cover the body.
 * Signatures are checked against the wall clock: turning the world's clock does not lock clients out.
 */
export function verifySignature(
  world: World,
  request: EmulatorRequest,
  wallNow: number,
  isBodyExempt: boolean,
): Principal {
  const fields = parseAuthorization(request.headers.authorization);
  if (fields === undefined) throw refuse();
  if (!coversEnough(request, fields, isBodyExempt)) throw refuse();
  if (!isRecent(request, fields, wallNow)) throw refuse();
  const key = world.get("signingKey", fields.keyId);
  if (key === undefined || (key.expiresAt !== null && key.expiresAt <= wallNow)) throw refuse();
  const text = signingString(request, fields.headerNames);
  if (text === undefined || !isSignedBy(key.pem, text, fields.signature)) throw refuse();
  if (!isBodyIntact(request, fields)) throw refuse();
  return { tenancyId: key.tenancyId, userId: key.userId };
}

function refuse(): Error {
  return ociError(
    "NotAuthenticated",
    "The required information to complete authentication was not provided or was incorrect.",
  );
}

/** Parameters in any order; each once; `version` may be left out. */
function parseAuthorization(header: string | undefined): SignatureFields | undefined {
  const match = /^Signature\s+(.*)$/is.exec(header ?? "");
  if (match?.[1] === undefined) return undefined;
  const fields = new Map<string, string>();
  let rest = match[1].trim();
  while (rest !== "") {
    const field = /^([A-Za-z]+)\s*=\s*"([^"]*)"\s*(?:,\s*|$)/.exec(rest);
    if (field?.[1] === undefined || field[2] === undefined || fields.has(field[1].toLowerCase())) return undefined;
    fields.set(field[1].toLowerCase(), field[2]);
    rest = rest.slice(field[0].length);
  }
  const keyId = fields.get("keyid");
  const signature = fields.get("signature");
  if (keyId === undefined || signature === undefined) return undefined;
  if ((fields.get("version") ?? "1") !== "1" || fields.get("algorithm") !== "rsa-sha256") return undefined;
  const headerNames = (fields.get("headers") ?? "date").toLowerCase().trim().split(/\s+/);
  if (new Set(headerNames).size !== headerNames.length) return undefined;
  return { keyId, headerNames, signature: Buffer.from(signature, "base64") };
}

/** E9: a header that should be signed and is not, is a 401. */
function coversEnough(request: EmulatorRequest, { headerNames }: SignatureFields, isBodyExempt: boolean): boolean {
  const covers = (name: string): boolean => headerNames.includes(name);
  if (!covers("(request-target)") || !covers("host") || !(covers("date") || covers("x-date"))) return false;
  const hasBody = request.method === "POST" || request.method === "PUT" || request.method === "PATCH";
  return !hasBody || isBodyExempt || bodyHeaders.every(covers);
}

/** `x-date` counts when both are there, and then it must be the signed one. */
function isRecent(request: EmulatorRequest, { headerNames }: SignatureFields, wallNow: number): boolean {
  const name = request.headers["x-date"] === undefined ? "date" : "x-date";
  const value = request.headers[name];
  if (value === undefined || !headerNames.includes(name)) return false;
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)) return false;
  return Math.abs(Date.parse(value) - wallNow) <= skewMsMax;
}

function signingString(request: EmulatorRequest, headerNames: readonly string[]): string | undefined {
  const lines: string[] = [];
  for (const name of headerNames) {
    const value =
      name === "(request-target)" ? `${request.method.toLowerCase()} ${request.rawTarget}` : request.headers[name];
    if (value === undefined) return undefined;
    lines.push(`${name}: ${value}`);
  }
  return lines.join("\n");
}

const keyObjects = new Map<string, KeyObject>();

function isSignedBy(pem: string, text: string, signature: Buffer): boolean {
  let key = keyObjects.get(pem);
  if (key === undefined) {
    key = createPublicKey(pem);
    keyObjects.set(pem, key);
  }
  return verify("RSA-SHA256", Buffer.from(text), key, signature);
}

/** E9: the hash that was signed must be that of the bytes that came. */
function isBodyIntact(request: EmulatorRequest, { headerNames }: SignatureFields): boolean {
  if (!headerNames.includes("x-content-sha256")) return true;
  const actual = request.digests?.sha256 ?? createHash("sha256").update(request.body).digest("base64");
  if (request.headers["x-content-sha256"] !== actual) return false;
  const length = request.headers["content-length"];
  return length === undefined || Number(length) === request.body.byteLength;
}
