import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readOciConfig } from "#lib/oci/config-file.ts";
import { delegatedCredential } from "#lib/oci/delegation.ts";
import { resourcePrincipalCredential } from "#lib/oci/resource-principal.ts";
import { sessionTokenCredential } from "#lib/oci/session-token.ts";
import { handClock } from "./hand-clock.ts";

const folder = mkdtempSync(join(tmpdir(), "oci-credentials-"));
afterAll(() => rmSync(folder, { recursive: true }));
const tenancy = "ocid1.tenancy.oc1..aaaaaaaatenancy";
const pem = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;
const token = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe("session token", () => {
  it("is read again, with its key, when the files change", async () => {
    const clock = handClock();
    const settings = { tenancy, tokenFile: put("token", "first\n"), keyFile: put("session.pem", pem()) };
    const credential = await sessionTokenCredential(settings, clock);
    const before = await credential.signingKey();
    expect(before.keyId).toBe("ST$first");
    put("token", "second-token\n");
    put("session.pem", pem());
    expect((await credential.signingKey()).keyId).toBe("ST$first");
    await clock.advance(1001);
    const after = await credential.signingKey();
    expect(after.keyId).toBe("ST$second-token");
    expect(after.key.equals(before.key)).toBe(false);
    expect(credential.describe).toMatchObject({ kind: "session_token", tenancy });
  });

  it("keeps the last good token while the file is gone or half written", async () => {
    const clock = handClock();
    const settings = { tenancy, tokenFile: put("token2", "good"), keyFile: put("session2.pem", pem()) };
    const credential = await sessionTokenCredential(settings, clock);
    put("token2", "half written token\n with spaces");
    await clock.advance(1001);
    expect((await credential.signingKey()).keyId).toBe("ST$good");
    rmSync(settings.tokenFile);
    await clock.advance(1001);
    expect((await credential.signingKey()).keyId).toBe("ST$good");
  });

  it("says how to renew one that ended", async () => {
    const clock = handClock(1_000_000);
    const tokenFile = put("token3", token({ exp: 2000 }));
    const credential = await sessionTokenCredential(
      { tenancy, tokenFile, keyFile: put("session3.pem", pem()), profile: "DEV" },
      clock,
    );
    await expect(credential.signingKey()).resolves.toBeDefined();
    await clock.advance(1_000_001);
    await expect(credential.signingKey()).rejects.toMatchObject({
      name: "CredentialError",
      hint: "Run: oci session authenticate --profile DEV",
    });
  });

  it("is what a profile with security_token_file means, without user", async () => {
    const config = put(
      "config",
      `[S]\ntenancy=${tenancy}\nregion=us-ashburn-1\nkey_file=${put("s.pem", pem())}\nsecurity_token_file=${put("s.token", "tok")}\nfingerprint=whatever\n`,
    );
    const [profile] = await readOciConfig(config);
    expect(profile?.kind).toBe("session_token");
    expect((await profile!.credential.signingKey()).keyId).toBe("ST$tok");
  });
});

describe("resource principal 2.2", () => {
  const rpst = token({ res_tenant: tenancy, exp: 5000 });

  it("takes values", async () => {
    const key = pem();
    const env = {
      OCI_RESOURCE_PRINCIPAL_VERSION: "2.2",
      OCI_RESOURCE_PRINCIPAL_RPST: rpst,
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: key,
      OCI_RESOURCE_PRINCIPAL_REGION: "us-phoenix-1",
    };
    const credential = await resourcePrincipalCredential(env, handClock(0));
    expect(credential.describe).toEqual({ kind: "resource_principal", tenancy, region: "us-phoenix-1" });
    expect((await credential.signingKey()).keyId).toBe(`ST$${rpst}`);
  });

  it("takes absolute paths and reads them again", async () => {
    const clock = handClock(0);
    const env = {
      OCI_RESOURCE_PRINCIPAL_VERSION: "2.2",
      OCI_RESOURCE_PRINCIPAL_RPST: put("rpst", rpst),
      OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: put("rp.pem", pem()),
    };
    const credential = await resourcePrincipalCredential(env, clock);
    const renewed = token({ res_tenant: tenancy, exp: 9000 });
    put("rpst", `${renewed}\n`);
    await clock.advance(1001);
    expect((await credential.signingKey()).keyId).toBe(`ST$${renewed}`);
    await clock.advance(9_000_000);
    await expect(credential.signingKey()).rejects.toMatchObject({ name: "CredentialError" });
  });

  it.each([
    [{}, /VERSION is not set/],
    [{ OCI_RESOURCE_PRINCIPAL_VERSION: "1.1" }, /is not 2\.2/],
    [{ OCI_RESOURCE_PRINCIPAL_VERSION: "2.2" }, /RPST is not set/],
    [{ OCI_RESOURCE_PRINCIPAL_VERSION: "2.2", OCI_RESOURCE_PRINCIPAL_RPST: rpst }, /PRIVATE_PEM is not set/],
    [
      {
        OCI_RESOURCE_PRINCIPAL_VERSION: "2.2",
        OCI_RESOURCE_PRINCIPAL_RPST: "/nowhere",
        OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: "x",
      },
      /\/nowhere cannot be read/,
    ],
    [
      {
        OCI_RESOURCE_PRINCIPAL_VERSION: "2.2",
        OCI_RESOURCE_PRINCIPAL_RPST: rpst,
        OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: "x",
      },
      /PRIVATE_PEM does not hold a PEM key/,
    ],
  ])("complains about %j", async (env, words) => {
    await expect(resourcePrincipalCredential(env)).rejects.toThrow(words);
  });
});

describe("delegation", () => {
  it("adds opc-obo-token and reads it again", async () => {
    const clock = handClock();
    const signer = await sessionTokenCredential(
      { tenancy, tokenFile: put("t4", "tok"), keyFile: put("k4.pem", pem()) },
      clock,
    );
    const credential = await delegatedCredential(signer, put("obo", "delegated"), clock);
    expect((await credential.signingKey()).headers).toEqual({ "opc-obo-token": "delegated" });
    put("obo", "delegated-again");
    await clock.advance(1001);
    expect((await credential.signingKey()).headers).toEqual({ "opc-obo-token": "delegated-again" });
    expect(credential.describe.isDelegated).toBe(true);
  });
});
