import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { request } from "#lib/contract/request.ts";
import { apiKeyCredential } from "#lib/oci/api-key.ts";
import { createOciClient } from "#lib/oci/client.ts";
import { createEndpoints } from "#lib/oci/endpoints.ts";

const region = "us-ashburn-1";
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
let server: Server | undefined;
let origin = "";
let asked = 0;

beforeAll(async () => {
  if (!hasOpenssl) return;
  const folder = mkdtempSync(join(tmpdir(), "oci-tls-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const options = ["-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", ...options], { stdio: "ignore" });
  const made = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
    asked++;
    response.end('"ns"');
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  origin = `https://127.0.0.1:${(made.address() as AddressInfo).port}`;
  rmSync(folder, { recursive: true });
});
afterAll(() => server?.close());

it.skipIf(!hasOpenssl)(
  "sends nothing to a certificate nobody vouches for, even when the environment says not to look",
  async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const client = createOciClient({
      credential: apiKeyCredential({ tenancy: "t", user: "u", fingerprint: "f", key: privateKey }),
      endpoints: createEndpoints({ overrides: { [region]: { objectstorage: origin } } }),
      random: () => 0,
    });
    await expect(client.call(request("getNamespace", {}), { region, priority: "interactive" })).rejects.toMatchObject({
      kind: "unreachable",
      message: `Object Storage in us-ashburn-1 cannot be reached at ${new URL(origin).host}: no trusted TLS connection (DEPTH_ZERO_SELF_SIGNED_CERT).`,
    });
    expect(asked).toBe(0);
    await client.close();
  },
);
