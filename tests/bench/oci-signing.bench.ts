// F1: requests signed a second, beside the RSA signatures `openssl speed` makes on the same cores and Oracle's own signer.
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { availableParallelism } from "node:os";
import { DefaultRequestSigner, SimpleAuthenticationDetailsProvider } from "oci-common";
import { signRequest } from "#lib/oci/signer.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const [tenancy, user, fingerprint] = ["ocid1.tenancy.oc1..t", "ocid1.user.oc1..u", "aa:bb"];
const host = "kms.us-ashburn-1.oraclecloud.com";
const target = "/20180608/vaults/ocid1.vault.oc1.iad.exampleaaaaa.exampleuniqueid";
const roundMs = 1000;
const rounds = 2;

/** Times `work` runs a second, eight at a time: the signatures of ours are made on the thread pool. */
async function ratePerSecond(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  const lane = async () => {
    while (performance.now() - startedAt < roundMs) {
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return (done * 1000) / (performance.now() - startedAt);
}

/** Signatures a second on all cores; null where there is no openssl. */
function opensslRate(): number | null {
  try {
    const cores = String(Math.min(4, availableParallelism()));
    const output = execFileSync("openssl", ["speed", "-mr", "-seconds", "1", "-multi", cores, "rsa2048"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    // "+F2:2:2048:SIGNATURES:VERIFICATIONS", the last line the sum of the processes; before 3.0 seconds for each.
    const figure = Number(/^\+F2:\d+:2048:([\d.e-]+)/m.exec(output)?.[1]);
    if (!(figure > 0)) return null;
    return figure > 1 ? figure : 1 / figure;
  } catch {
    return null;
  }
}

const best = (figures: readonly number[]) => Math.max(...figures);

export async function bench() {
  const signingKey = { keyId: `${tenancy}/${user}/${fingerprint}`, key: privateKey };
  const request = { method: "GET", host, target, headers: {}, body: undefined };
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const oracles = new DefaultRequestSigner(
    new SimpleAuthenticationDetailsProvider(tenancy, user, fingerprint, pem, null),
  );
  const ours: number[] = [];
  const theirs: number[] = [];
  const limits: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const limit = opensslRate();
    if (limit !== null) limits.push(limit);
    ours.push(await ratePerSecond(() => signRequest(request, signingKey, Date.now())));
    theirs.push(
      await ratePerSecond(() =>
        oracles.signHttpRequest({ uri: `https://${host}${target}`, method: "GET", headers: new Headers() }),
      ),
    );
  }
  const rate = best(ours);
  const limit = limits.length === 0 ? null : best(limits);
  const peer = best(theirs);
  return [
    {
      what: "F1 requests signed",
      ours: rate,
      unit: "/s",
      peer: limit,
      peerName: limit === null ? "no openssl here" : "openssl speed rsa2048, all cores",
      ratio: limit === null ? null : rate / limit,
      goal: "≥ 0.9",
      met: limit === null ? null : rate >= 0.9 * limit,
    },
    {
      what: "F1 requests signed",
      ours: rate,
      unit: "/s",
      peer,
      peerName: "oci-common",
      ratio: rate / peer,
      goal: "≥ 2",
      met: rate >= 2 * peer,
    },
  ];
}
