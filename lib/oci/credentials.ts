/** Who signs: what every kind of credential gives, and the errors of getting it. One file per kind beside this one. */
import type { SigningKey } from "./signer.ts";

export type CredentialKind =
  | "api_key"
  | "session_token"
  | "instance_principal"
  | "resource_principal"
  | "oke_workload_identity";

/** What may be shown about a credential; never a secret. */
export interface CredentialFacts {
  readonly kind: CredentialKind;
  /** OCID of the tenancy. */
  readonly tenancy: string;
  readonly user?: string | undefined;
  readonly fingerprint?: string | undefined;
  /** Region identifier the credential itself names. */
  readonly region?: string | undefined;
  readonly isDelegated?: boolean | undefined;
}

export interface Credential {
  readonly describe: CredentialFacts;
  /** The key identifier and key of this moment, as one pair. Throws CredentialError when it cannot sign now. */
  signingKey(): Promise<SigningKey>;
}

/** A credential that cannot be opened, or cannot sign any more. `message` says what, `hint` what to do. */
export class CredentialError extends Error {
  override readonly name = "CredentialError";
  readonly hint: string;

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.hint = hint;
  }
}

/** Claims of a token that is only read, never trusted: the service judges its signature. Empty when it is not a JWT. */
export function tokenClaims(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The tenancy a token speaks for, by the claim names of Oracle's tokens. */
export function tokenTenancy(token: string): string | undefined {
  const claims = tokenClaims(token);
  const tenancy = claims.res_tenant ?? claims["opc-tenant"] ?? claims.tenant;
  return typeof tenancy === "string" && tenancy !== "" ? tenancy : undefined;
}

/** Epoch milliseconds when a token ends; undefined when it does not say. */
export function tokenExpiryMs(token: string): number | undefined {
  const { exp } = tokenClaims(token);
  return typeof exp === "number" ? exp * 1000 : undefined;
}
