// F1: requests signed a second of processor time, beside the RSA signatures of `openssl speed` and Oracle's own signer.
// Against openssl in processor time, as it counts itself, so that what else runs here does not decide; best of some rounds.
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { DefaultRequestSigner, SimpleAuthenticationDetailsProvider } from "oci-common";
import { signRequest } from "#lib/oci/signer.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const [tenancy, user, fingerprint] = ["ocid1.tenancy.oc1..t", "ocid1.user.oc1..u", "aa:bb"];
const host = "kms.us-ashburn-1.oraclecloud.com";
const target = "/20180608/vaults/ocid1.vault.oc1.iad.exampleaaaaa.exampleuniqueid";
const roundMs = 350;
const rounds = 3;

interface Rates {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

/** How often `work` runs, by the clock and by processor time of all threads; eight at a time, as a busy server does. */
async function ratesOf(work: () => Promise<unknown>): Promise<Rates> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  let done = 0;
  const lane = async () => {
    while (performance.now() - startedAt < roundMs) {
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (done * 1000) / (performance.now() - startedAt), perCpuSecond: (done * 1e6) / (user + system) };
}

/** Signatures in a second of processor time; null where there is no openssl. */
function opensslRate(): number | null {
  try {
    const output = execFileSync("openssl", ["speed", "-mr", "-seconds", "1", "rsa2048"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    // "+F2:2:2048:SIGNATURES:VERIFICATIONS"; before 3.0 the seconds of each.
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
  const provider = new SimpleAuthenticationDetailsProvider(tenancy, user, fingerprint, pem, null);
  const signer = new DefaultRequestSigner(provider);
  const signOurs = () => signRequest(request, signingKey, Date.now());
  const signTheirs = () =>
    signer.signHttpRequest({ uri: `https://${host}${target}`, method: "GET", headers: new Headers() });
  const ours: Rates[] = [];
  const theirs: Rates[] = [];
  const limits: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await ratesOf(signOurs), await ratesOf(signOurs));
    theirs.push(await ratesOf(signTheirs));
    const limit = opensslRate();
    if (limit !== null) limits.push(limit);
  }
  const perCpuSecond = best(ours.map((rates) => rates.perCpuSecond));
  const perSecond = best(ours.map((rates) => rates.perSecond));
  const limit = limits.length === 0 ? null : best(limits);
  const peer = best(theirs.map((rates) => rates.perSecond));
  return [
    {
      what: "F1 requests signed a CPU second",
      ours: perCpuSecond,
      unit: "/s",
      peer: limit,
      peerName: limit === null ? "no openssl here" : "openssl speed rsa2048",
      ratio: limit === null ? null : perCpuSecond / limit,
      goal: "≥ 0.9",
      met: limit === null ? null : perCpuSecond >= 0.9 * limit,
    },
    {
      what: "F1 requests signed, eight at a time",
      ours: perSecond,
      unit: "/s",
      peer,
      peerName: "oci-common",
      ratio: perSecond / peer,
      goal: "≥ 2",
      met: perSecond >= 2 * peer,
    },
  ];
}
