// Oracle's own provider, driven against a metadata and a federation service that stand on loopback.
import { execFileSync, spawnSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instancePrincipalCredential, okeWorkloadIdentityCredential } from "#lib/oci/federated.ts";
import { answer, type ScriptedServer, scriptedServer } from "./scripted-server.ts";

const tenancy = "ocid1.tenancy.oc1..aaaaaaaainstance";
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
let server: ScriptedServer;
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

/** Certificates only openssl can make: Node reads them, it does not write them. */
function leafCertificate(): { certificate: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), "oci-leaf-"));
  try {
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const subject = `/CN=instance/OU=opc-tenant:${tenancy}`;
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", subject, "-keyout", key, "-out", cert],
      {
        stdio: "ignore",
      },
    );
    return { certificate: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("instance principal", () => {
  it.skipIf(!hasOpenssl)("signs with the federation's token and the session key it is for", async () => {
    const leaf = leafCertificate();
    let issued = 0;
    let sessionKey = "";
    server.script((response, arrived) => {
      if (arrived.url.endsWith("/key.pem")) return answer(200, leaf.key)(response, arrived);
      if (arrived.url.startsWith("/opc/v2/identity/")) return answer(200, leaf.certificate)(response, arrived);
      sessionKey = JSON.parse(arrived.body.toString()).publicKey;
      issued++;
      // Each token is over at once, so that every signature renews it.
      const claims = { "opc-tenant": tenancy, exp: 1, jti: issued };
      const token = `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
      return answer(200, JSON.stringify({ token }))(response, arrived);
    });
    const metadataUrl = `${server.origin}/opc/v2/`;
    const credential = await instancePrincipalCredential({ metadataUrl, federationUrl: server.origin });
    expect(credential.describe).toMatchObject({ kind: "instance_principal", tenancy });
    const before = issued;
    const keys = await Promise.all(Array.from({ length: 5 }, () => credential.signingKey()));
    expect(issued).toBe(before + 1);
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(1);
    expect(keys[0]?.keyId).toMatch(/^ST\$e30\./);
    const ours = createPublicKey(keys[0]!.key).export({ type: "spki", format: "der" }).toString("base64");
    expect(sessionKey.replaceAll(/\s/g, "")).toBe(ours);
  });

  it("says where it works when it does not", async () => {
    server.script(answer(404));
    const metadataUrl = `${server.origin}/opc/v2/`;
    await expect(instancePrincipalCredential({ metadataUrl, federationUrl: server.origin })).rejects.toMatchObject({
      name: "CredentialError",
      message: "instance principal: no token could be obtained",
      hint: "Instance principals work on OCI compute instances only.",
    });
  });
});

describe("OKE workload identity", () => {
  it("says where it works when it does not", async () => {
    await expect(okeWorkloadIdentityCredential()).rejects.toMatchObject({
      name: "CredentialError",
      hint: "OKE workload identity works inside enhanced OKE clusters only.",
    });
  });
});
