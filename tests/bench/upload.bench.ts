// F7: a restore upload of 1 GiB through the console beside receiving, hashing and sending it once. F8: hashing it in the browser.
import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import pino from "pino";
import { loadConfig } from "#lib/bff/config.ts";
import { openTenancies } from "#lib/bff/tenancies.ts";
import type { Inventory } from "#lib/contract/api.ts";
import { OciError } from "#lib/contract/errors.ts";
import type { Figure } from "../../scripts/bench.ts";
import { launchChromium } from "../../scripts/launch-chromium.ts";
import { type Product, startProduct } from "../../scripts/product.ts";

const gibibyte = 1024 ** 3;
const headers = (product: Product) => ({ origin: product.origin, "x-ovc-request": "1" });

interface Sent {
  readonly status: number;
  readonly seconds: number;
  readonly text: string;
}

/** Uploads a file as it is read from disk. Resolves with status 0 when it was given up. */
function upload(url: string, path: string, sent: Record<string, string>, signal?: AbortSignal): Promise<Sent> {
  const since = performance.now();
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method: "POST", headers: { ...sent, "content-length": gibibyte }, signal },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (piece: string) => {
          text += piece;
        });
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, seconds: (performance.now() - since) / 1000, text }),
        );
      },
    );
    call.on("error", (error) => (signal?.aborted ? resolve({ status: 0, seconds: 0, text: "" }) : reject(error)));
    pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), call).catch(() => undefined);
  });
}

/** Receiving once: a bare server that writes the body to disk. */
async function receiveOnce(path: string, folder: string): Promise<number> {
  const server = createServer((incoming, response) => {
    void pipeline(incoming, createWriteStream(join(folder, "received"))).then(() => response.end("done"));
  }).listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  const { port } = server.address() as AddressInfo;
  const { seconds } = await upload(`http://127.0.0.1:${port}/`, path, {});
  server.close();
  await rm(join(folder, "received"));
  return seconds;
}

/** Sending once: signed by the same client, from disk, without the console. */
async function sendOnce(product: Product, path: string, md5: string, sha256: string): Promise<number> {
  const settings = loadConfig({ DATA_DIR: product.dataDir, NODE_ENV: "production" });
  const tenancies = await openTenancies(settings, product.emulator, pino({ level: "silent" }));
  const tenancy = tenancies.all[0];
  if (tenancy === undefined) throw new Error("there is no tenancy");
  const stream = () => createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>;
  const body = { byteLength: gibibyte, sha256Base64: sha256, stream };
  const call = {
    operation: "restoreVaultFromFile",
    params: { compartmentId: tenancy.id, contentMd5: md5, body },
  } as const;
  const since = performance.now();
  const outcome = await tenancy
    .write(call, tenancy.homeRegion, { timeoutMs: 300_000 })
    .catch((error: unknown) => error);
  const seconds = (performance.now() - since) / 1000;
  await tenancies.close();
  if (!(outcome instanceof OciError) || outcome.code !== "InvalidParameter") throw new Error(String(outcome));
  return seconds;
}

function digest(name: "md5" | "sha256", path: string): { base64: string; seconds: number } {
  const since = performance.now();
  const bytes = execFileSync("openssl", ["dgst", `-${name}`, "-binary", path]);
  return { base64: bytes.toString("base64"), seconds: (performance.now() - since) / 1000 };
}

const rssMiB = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN) / 1024;

async function whileWatching<Value>(
  pid: number,
  work: () => Promise<Value>,
): Promise<{ value: Value; peakMiB: number }> {
  let peakMiB = 0;
  const timer = setInterval(() => {
    peakMiB = Math.max(peakMiB, rssMiB(pid));
  }, 100);
  try {
    return { value: await work(), peakMiB };
  } finally {
    clearInterval(timer);
  }
}

async function restoreAddress(product: Product, cookie: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`${product.origin}/api/inventory`, { headers: { cookie } });
    const { tenancies } = (await answer.json()) as Inventory;
    const { id, homeRegion, partsTotal } = tenancies[0] ?? { id: "", homeRegion: "", partsTotal: 0 };
    if (partsTotal > 0) {
      return `${product.origin}/api/oci/${id}/kms/${homeRegion}/20180608/vaults/actions/restoreFromFile?compartmentId=${id}`;
    }
    await new Promise((wait) => setTimeout(wait, 200));
  }
}

async function server(product: Product, cookie: string, path: string, folder: string): Promise<Figure[]> {
  const url = await restoreAddress(product, cookie);
  const md5 = digest("md5", path);
  const sha256 = digest("sha256", path);
  const sent = {
    ...headers(product),
    cookie,
    "content-type": "application/octet-stream",
    "content-md5": md5.base64,
  };
  const once = await receiveOnce(path, folder);
  const sentOnce = await sendOnce(product, path, md5.base64, sha256.base64);
  const before = rssMiB(product.pid);
  const { value, peakMiB } = await whileWatching(product.pid, () => upload(url, path, sent));
  // The emulator has checked signature, SHA-256 and MD5 of what arrived before it says that this is no backup.
  if (value.status !== 400 || !value.text.includes("InvalidParameter")) {
    throw new Error(`the upload was answered ${value.status}: ${value.text.slice(0, 300)}`);
  }
  const control = new AbortController();
  const cut = upload(url, path, sent, control.signal);
  await new Promise((wait) => setTimeout(wait, once * 300));
  control.abort();
  await cut;
  const cutAt = performance.now();
  const uploads = join(product.dataDir, "uploads");
  while (readdirSync(uploads).length > 0 && performance.now() - cutAt < 10_000) {
    await new Promise((wait) => setTimeout(wait, 10));
  }
  const freedS = (performance.now() - cutAt) / 1000;
  const peer = once + sentOnce + Math.max(md5.seconds, sha256.seconds);
  return [
    {
      what: "F7 restore upload of 1 GiB",
      ours: value.seconds,
      unit: "s",
      peer,
      peerName: "receive once + openssl once + send once",
      ratio: value.seconds / peer,
      goal: "≤ 1.3",
      met: value.seconds / peer <= 1.3,
    },
    atMost("F7 server memory growth during it", peakMiB - before, 64, "MiB"),
    atMost("F7 everything freed after a cancel", freedS, 1, "s"),
  ];
}

function atMost(what: string, ours: number, most: number, unit: string): Figure {
  return {
    what,
    ours,
    unit,
    peer: most,
    peerName: "goal",
    ratio: ours / most,
    goal: `≤ ${most} ${unit}`,
    met: ours <= most,
  };
}

async function browser(product: Product, path: string): Promise<Figure[]> {
  const started = await launchChromium();
  try {
    const page = await started.newPage();
    await page.request.post(`${product.origin}/api/session`, { headers: headers(product), data: { persona: "admin" } });
    await page.goto(`${product.origin}/restore`);
    await page.getByRole("button", { name: /^Compartment: / }).click();
    await page.locator("[role=option]:visible").nth(1).click();
    await page.getByLabel("Backup file").setInputFiles(path);
    await page.evaluate(() => {
      const seen = { longestMs: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.longestMs = Math.max(seen.longestMs, entry.duration);
      }).observe({ type: "longtask" });
    });
    const since = performance.now();
    await page.getByRole("button", { name: /^Restore vault in/ }).click();
    await page.getByText("Uploading").waitFor({ timeout: 120_000 });
    const seconds = (performance.now() - since) / 1000;
    await page.getByRole("button", { name: "Cancel the upload" }).click();
    const longestMs = await page.evaluate(() => (window as unknown as { seen: { longestMs: number } }).seen.longestMs);
    const md5 = digest("md5", path);
    const rate = gibibyte / 1e6 / seconds;
    const peer = gibibyte / 1e6 / md5.seconds;
    return [
      {
        what: "F8 MD5 and SHA-256 in the browser",
        ours: rate,
        unit: "MB/s",
        peer,
        peerName: "openssl md5",
        ratio: rate / peer,
        goal: "≥ 100 MB/s",
        met: rate >= 100,
      },
      atMost("F8 longest task of the page meanwhile", longestMs, 50, "ms"),
    ];
  } finally {
    await started.close();
  }
}

/** Needs openssl and Linux's /proc. */
export async function bench(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "upload-bench-"));
  const path = join(folder, "gibibyte");
  const product = await startProduct({ UPLOAD_BYTES_MAX: String(2 * gibibyte) });
  try {
    const file = await open(path, "w");
    const block = crypto.getRandomValues(new Uint8Array(65_536));
    const piece = Buffer.concat(Array.from({ length: 64 }, () => block));
    for (let at = 0; at < gibibyte; at += piece.length) await file.write(piece);
    await file.close();
    const answer = await fetch(`${product.origin}/api/session`, {
      method: "POST",
      headers: { ...headers(product), "content-type": "application/json" },
      body: JSON.stringify({ persona: "admin" }),
    });
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    return [...(await server(product, cookie, path, folder)), ...(await browser(product, path))];
  } finally {
    await product.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
