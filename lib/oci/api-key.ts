/** A user's API key: the key identifier is `tenancy/user/fingerprint`. */
import type { KeyObject } from "node:crypto";
import type { Credential } from "./credentials.ts";

export interface ApiKeySettings {
  readonly tenancy: string;
  readonly user: string;
  readonly fingerprint: string;
  readonly key: KeyObject;
  readonly region?: string | undefined;
}

/** A credential of an API key that is already loaded. */
export function apiKeyCredential(settings: ApiKeySettings): Credential {
  const { tenancy, user, fingerprint, region } = settings;
  const signingKey = Promise.resolve({ keyId: `${tenancy}/${user}/${fingerprint}`, key: settings.key });
  return { describe: { kind: "api_key", tenancy, user, fingerprint, region }, signingKey: () => signingKey };
}
