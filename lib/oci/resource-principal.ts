/** Resource principal version 2.2: Oracle's platform hands a token and a key to the process, as values or as files. */
import type { KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { changingFile } from "./changing-file.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Credential, CredentialError, tokenExpiryMs, tokenTenancy } from "./credentials.ts";
import { loadPrivateKey } from "./key-file.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens the resource principal the environment describes (`OCI_RESOURCE_PRINCIPAL_*`); files are read again when they
 * change. Their permissions are the platform's business and not checked. Throws CredentialError.
 */
export async function resourcePrincipalCredential(env: Environment, clock: Clock = systemClock): Promise<Credential> {
  const version = env.OCI_RESOURCE_PRINCIPAL_VERSION;
  if (version !== "2.2") {
    throw new CredentialError(
      `OCI_RESOURCE_PRINCIPAL_VERSION is ${version === undefined ? "not set" : "not 2.2"}`,
      "Resource principals exist inside Oracle's services only; elsewhere use a configuration file.",
    );
  }
  const token = required(env, "OCI_RESOURCE_PRINCIPAL_RPST");
  const pem = required(env, "OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM");
  const passPhrase = env.OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE;
  const readToken = await valueOrFile(token, (text) => checkToken(text), clock);
  const readPassPhrase =
    passPhrase === undefined ? undefined : await valueOrFile(passPhrase, (text) => text.trim(), clock);
  const readKey = await valueOrFile<KeyObject>(
    pem,
    async (text) => loadPrivateKey(text, "OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM", await readPassPhrase?.()),
    clock,
  );
  const tenancy = tokenTenancy(await readToken());
  if (tenancy === undefined) {
    throw new CredentialError(
      "OCI_RESOURCE_PRINCIPAL_RPST names no tenancy",
      "The token has no res_tenant claim; check where it comes from.",
    );
  }
  return {
    describe: { kind: "resource_principal", tenancy, region: env.OCI_RESOURCE_PRINCIPAL_REGION },
    async signingKey() {
      const [current, key] = await Promise.all([readToken(), readKey()]);
      if ((tokenExpiryMs(current) ?? Number.POSITIVE_INFINITY) <= clock.now()) {
        throw new CredentialError(
          "the resource principal token has ended",
          "The platform renews it; check OCI_RESOURCE_PRINCIPAL_RPST.",
        );
      }
      return { keyId: `ST$${current}`, key };
    },
  };
}

function required(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === "")
    throw new CredentialError(`${name} is not set`, "The platform sets it; check the resource.");
  return value;
}

/** An absolute path is a file that may change; anything else is the value itself. */
async function valueOrFile<Value>(
  text: string,
  make: (text: string) => Value | Promise<Value>,
  clock: Clock,
): Promise<() => Promise<Value>> {
  if (!isAbsolute(text)) {
    const value = await make(text);
    return () => Promise.resolve(value);
  }
  const file = changingFile(text, async (path) => make(await readFile(path, "utf8")), clock);
  await file.read().catch((error: unknown) => {
    if (error instanceof Error && "code" in error)
      throw new CredentialError(`${text} cannot be read (${String(error.code)})`, "Check the path.", error);
    throw error;
  });
  return () => file.read();
}

function checkToken(text: string): string {
  const token = text.trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new CredentialError("OCI_RESOURCE_PRINCIPAL_RPST does not hold a token", "Check the resource.");
  return token;
}
