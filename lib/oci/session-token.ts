/** A session token made by `oci session authenticate`: short-lived, renewed by others in its file. */

import { changingFile } from "./changing-file.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Credential, CredentialError, tokenExpiryMs } from "./credentials.ts";
import { loadPrivateKey, readSecretFile } from "./key-file.ts";

export interface SessionTokenSettings {
  readonly tenancy: string;
  readonly tokenFile: string;
  readonly keyFile: string;
  readonly passPhrase?: string | undefined;
  readonly region?: string | undefined;
  /** Profile to name when the token has to be renewed. */
  readonly profile?: string | undefined;
}

/** Signs with `ST$` and the token; token and key are read again when their files change. */
export async function sessionTokenCredential(
  settings: SessionTokenSettings,
  clock: Clock = systemClock,
): Promise<Credential> {
  const { tenancy, region } = settings;
  const token = changingFile(settings.tokenFile, readToken, clock);
  const key = changingFile(settings.keyFile, (path) => readKey(path, settings.passPhrase), clock);
  // Read once now, so that a wrong path is told at start and not at the first call.
  await Promise.all([token.read(), key.read()]);
  return {
    describe: { kind: "session_token", tenancy, region },
    async signingKey() {
      const [current, privateKey] = await Promise.all([token.read(), key.read()]);
      const expiryMs = tokenExpiryMs(current);
      if (expiryMs !== undefined && expiryMs <= clock.now()) {
        const profile = settings.profile === undefined ? "" : ` --profile ${settings.profile}`;
        throw new CredentialError(
          `the session token in ${settings.tokenFile} ended at ${new Date(expiryMs).toISOString()}`,
          `Run: oci session authenticate${profile}`,
        );
      }
      return { keyId: `ST$${current}`, key: privateKey };
    },
  };
}

async function readToken(path: string): Promise<string> {
  const token = (await readSecretFile(path)).toString("utf8").trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new CredentialError(`${path} does not hold a token`, "Run: oci session authenticate");
  return token;
}

async function readKey(path: string, passPhrase: string | undefined) {
  const pem = await readSecretFile(path);
  try {
    return loadPrivateKey(pem, path, passPhrase);
  } finally {
    pem.fill(0);
  }
}
