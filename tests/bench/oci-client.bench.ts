// F2: signed GETs a second through lib/oci, beside Oracle's TypeScript client and bare undici with one signature.
import { generateKeyPairSync } from "node:crypto";
import { Worker } from "node:worker_threads";
import { SimpleAuthenticationDetailsProvider } from "oci-common";
import { KmsVaultClient } from "oci-keymanagement";
import { Agent } from "undici";
import { request } from "#lib/contract/request.ts";
import { apiKeyCredential } from "#lib/oci/api-key.ts";
import { createOciClient } from "#lib/oci/client.ts";
import { createEndpoints } from "#lib/oci/endpoints.ts";
import { createPace, type Pace } from "#lib/oci/pace.ts";
import { signRequest } from "#lib/oci/signer.ts";

const region = "us-ashburn-1";
const vaultId = "ocid1.vault.oc1.iad.bzrgvxubaadcw.abuwcljrexampleexampleexampleexampleexampleexampleexample";
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const [tenancy, user, fingerprint] = ["ocid1.tenancy.oc1..t", "ocid1.user.oc1..u", "aa:bb"];
const roundMs = 750;
const rounds = 3;

/** A server in a thread of its own, so that it does not spend the client's time. */
const serverCode = `
  const { createServer } = require("node:http");
  const { parentPort } = require("node:worker_threads");
  const body = JSON.stringify({
    id: "${vaultId}", compartmentId: "ocid1.compartment.oc1..aaaaaaaaexample", displayName: "payments-prod",
    vaultType: "DEFAULT", lifecycleState: "ACTIVE", timeCreated: "2026-01-02T03:04:05.678Z",
    cryptoEndpoint: "https://bzrgvxubaadcw-crypto.kms.us-ashburn-1.oraclecloud.com",
    managementEndpoint: "https://bzrgvxubaadcw-management.kms.us-ashburn-1.oraclecloud.com",
    wrappingkeyId: "", freeformTags: { team: "payments" }, definedTags: {}, timeOfDeletion: null,
    restoredFromVaultId: null, replicaDetails: null, isPrimary: true, isVaultReplicable: true,
    externalKeyManagerMetadataSummary: null });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), etag: "e", "opc-request-id": "R" };
  const server = createServer((request, response) => { response.writeHead(200, headers); response.end(body); });
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

async function ratePerSecond(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  const lane = async () => {
    while (performance.now() - startedAt < roundMs) {
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return (done * 1000) / (performance.now() - startedAt);
}

/** The limit is the service's, not the code's: here every place is free at once. */
function freePace(): Pace {
  const grant = { waitedMs: 0, leaving: () => undefined, arrived: () => undefined, unused: () => undefined };
  return { take: () => Promise.resolve(grant), pause: () => undefined, state: createPace().state };
}

const median = (figures: number[]) => figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;

export async function bench() {
  const server = new Worker(serverCode, { eval: true });
  const port = await new Promise<number>((resolve) => server.once("message", resolve));
  const origin = `http://127.0.0.1:${port}`;
  const client = createOciClient({
    credential: apiKeyCredential({ tenancy, user, fingerprint, key: privateKey }),
    endpoints: createEndpoints({ overrides: { [region]: { kms: origin } } }),
    pace: freePace(),
  });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const provider = new SimpleAuthenticationDetailsProvider(tenancy, user, fingerprint, pem, null);
  const oracles = new KmsVaultClient({ authenticationDetailsProvider: provider });
  oracles.endpoint = origin;
  const agent = new Agent({ connections: 32, pipelining: 1, allowH2: false });
  const target = `/20180608/vaults/${vaultId}`;
  const signingKey = { keyId: `${tenancy}/${user}/${fingerprint}`, key: privateKey };
  const bare = async () => {
    const unsigned = { method: "GET", host: `127.0.0.1:${port}`, target, headers: {}, body: undefined };
    const headers = await signRequest(unsigned, signingKey, Date.now());
    const { body } = await agent.request({ origin, path: target, method: "GET", headers });
    await body.text();
  };
  const contenders = {
    ours: () => client.call(request("getVault", { vaultId }), { region, priority: "interactive" }),
    bare,
    oracles: () => oracles.getVault({ vaultId }),
  };
  const figures = { ours: [] as number[], bare: [] as number[], oracles: [] as number[] };
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const name of ["ours", "bare", "oracles"] as const) {
        const rate = await ratePerSecond(contenders[name]);
        // The first round only warms up.
        if (round > 0) figures[name].push(rate);
      }
    }
  } finally {
    oracles.close();
    await Promise.all([client.close(), agent.close()]);
    await server.terminate();
  }
  const [ours, undici, sdk] = [median(figures.ours), median(figures.bare), median(figures.oracles)];
  const what = "F2 signed GETs answered";
  return [
    {
      what,
      ours,
      unit: "/s",
      peer: undici,
      peerName: "bare undici, one signature",
      ratio: ours / undici,
      goal: "≥ 0.85",
      met: ours >= 0.85 * undici,
    },
    {
      what,
      ours,
      unit: "/s",
      peer: sdk,
      peerName: "oci-keymanagement",
      ratio: ours / sdk,
      goal: "≥ 2",
      met: ours >= 2 * sdk,
    },
  ];
}
