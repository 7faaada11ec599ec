/** Acting for a user: an instance principal signs, and the user's delegation token goes along, signed too. */
import { changingFile } from "./changing-file.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Credential, CredentialError } from "./credentials.ts";
import { readSecretFile } from "./key-file.ts";

/** Adds `opc-obo-token` from a file that is read again when it changes. */
export async function delegatedCredential(
  signer: Credential,
  tokenFile: string,
  clock: Clock = systemClock,
): Promise<Credential> {
  const token = changingFile(tokenFile, readToken, clock);
  await token.read();
  return {
    describe: { ...signer.describe, isDelegated: true },
    async signingKey() {
      const [key, delegation] = await Promise.all([signer.signingKey(), token.read()]);
      return { ...key, headers: { ...key.headers, "opc-obo-token": delegation } };
    },
  };
}

async function readToken(path: string): Promise<string> {
  const token = (await readSecretFile(path)).toString("utf8").trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new CredentialError(`${path} does not hold a delegation token`, "Renew the delegation token.");
  return token;
}
