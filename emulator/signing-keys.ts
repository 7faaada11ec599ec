/** Whom the world trusts to sign: API keys by tenancy/user/fingerprint, session tokens by their own text. */
import { createHash, createPublicKey, type KeyObject, randomBytes } from "node:crypto";
import type { SigningKeyRecord } from "./records.ts";

/** MD5 of the public key's DER form as pairs of hex digits with colons (contract, section 4). */
export function fingerprintOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: "spki", format: "der" });
  const hex = createHash("md5").update(der).digest("hex");
  return (hex.match(/../g) ?? []).join(":");
}

/** A trusted key from a keyId and a PEM. Throws a plain Error that names the keyId when either cannot be used. */
export function trustedKey(keyId: string, pem: string, expiresAt: number | null = null): SigningKeyRecord {
  try {
    if (createPublicKey(pem).asymmetricKeyType !== "rsa") throw new Error("not RSA");
  } catch (cause) {
    throw new Error(`the public key of ${JSON.stringify(keyId)} is not an RSA key in PEM form`, { cause });
  }
  const names = keyId.startsWith("ST$") ? readTokenClaims(keyId.slice(3)) : readKeyId(keyId);
  if (names === undefined) {
    throw new Error(`${JSON.stringify(keyId)} is neither "tenancy/user/fingerprint" nor "ST$" and a token with claims`);
  }
  return { id: keyId, pem, ...names, expiresAt: expiresAt ?? names.expiresAt };
}

interface KeyNames {
  readonly tenancyId: string;
  readonly userId: string;
  readonly expiresAt: number | null;
}

function readKeyId(keyId: string): KeyNames | undefined {
  const [tenancyId, userId, fingerprint, ...rest] = keyId.split("/");
  if (!tenancyId || !userId || !fingerprint || rest.length > 0) return undefined;
  return { tenancyId, userId, expiresAt: null };
}

/** The claims `tenant`, `sub` and `exp` of a token's middle part, as Oracle's session tokens carry them. */
function readTokenClaims(token: string): KeyNames | undefined {
  try {
    const payload = token.split(".")[1] ?? "";
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
    if (typeof claims.tenant !== "string" || typeof claims.sub !== "string") return undefined;
    const expiresAt = typeof claims.exp === "number" ? claims.exp * 1000 : null;
    return { tenancyId: claims.tenant, userId: claims.sub, expiresAt };
  } catch {
    return undefined;
  }
}

/**
 * A session token for a public key, as the sign-in service would hand out: it stands for the user until `expiresAt`
 * (wall clock, epoch ms).
 */
export function makeSessionToken(
  tenancyId: string,
  userId: string,
  publicKeyPem: string,
  expiresAt: number,
): { token: string; key: SigningKeyRecord } {
  const jwk = createPublicKey(publicKeyPem).export({ format: "jwk" });
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { sub: userId, tenant: tenancyId, exp: Math.floor(expiresAt / 1000), jwk: JSON.stringify(jwk) };
  const token = `${part({ alg: "RS256", kid: "emulator" })}.${part(claims)}.${randomBytes(32).toString("base64url")}`;
  return { token, key: trustedKey(`ST$${token}`, publicKeyPem, expiresAt) };
}
