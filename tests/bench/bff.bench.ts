// F3, F4: the console's server beside plain node:http doing the same work. F5, F6: what viewers and a scan cost the service.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Pool } from "undici";
import type { Inventory } from "#lib/contract/api.ts";
import type { Figure } from "../../scripts/bench.ts";
import { type Product, startProduct } from "../../scripts/product.ts";

const seconds = 4;
const connections = 16;

interface Calls {
  total: number;
  reads: number;
  byOperation: Record<string, number>;
  byStatus: Record<string, number>;
  calls: { operation: string; tenancy: string }[];
  maxInAnySecond: { reads: number; writes: number };
}

async function signIn(origin: string): Promise<string> {
  const answer = await fetch(`${origin}/api/session`, {
    method: "POST",
    headers: { origin, "x-ovc-request": "1", "content-type": "application/json" },
    body: JSON.stringify({ persona: "helpdesk" }),
  });
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

interface Load {
  readonly perSecond: number;
  readonly p95Ms: number;
}

/** Keeps `connections` requests under way for some seconds, or fewer when `perSecond` bounds them. Throws on any failure. */
async function load(
  url: string,
  headers: Record<string, string>,
  options: { connections: number; forS: number; perSecond?: number },
): Promise<Load> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: options.connections });
  const times: number[] = [];
  const until = performance.now() + options.forS * 1000;
  const pauseMs = options.perSecond === undefined ? 0 : (options.connections / options.perSecond) * 1000;
  const one = async (index: number) => {
    if (pauseMs > 0) await new Promise((wait) => setTimeout(wait, (index / options.connections) * pauseMs));
    while (performance.now() < until) {
      const startedAt = performance.now();
      const answer = await pool.request({ path: pathname, method: "GET", headers });
      await answer.body.dump({ limit: 100_000_000 });
      if (answer.statusCode >= 400) throw new Error(`${url} answered ${answer.statusCode}`);
      times.push(performance.now() - startedAt);
      if (pauseMs > 0) await new Promise((wait) => setTimeout(wait, pauseMs));
    }
  };
  try {
    await Promise.all(Array.from({ length: options.connections }, (_, index) => one(index)));
  } finally {
    await pool.destroy();
  }
  times.sort((a, b) => a - b);
  return { perSecond: times.length / options.forS, p95Ms: times[Math.floor(times.length * 0.95)] ?? Number.NaN };
}

const rate = (url: string, headers: Record<string, string>) => load(url, headers, { connections, forS: seconds });

async function startPeer(product: Product): Promise<{ origin: string; stop: () => void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "peer-server.ts")], {
    env: { ...process.env, DATA_DIR: product.dataDir, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve) => child.stdout.once("data", (text) => resolve(String(text))));
  return { origin: `http://127.0.0.1:${JSON.parse(line).port}`, stop: () => child.kill() };
}

async function readInventory(origin: string, cookie: string): Promise<{ inventory: Inventory; etag: string }> {
  const answer = await fetch(`${origin}/api/inventory`, { headers: { cookie } });
  return { inventory: (await answer.json()) as Inventory, etag: answer.headers.get("etag") ?? "" };
}

const isWhole = ({ tenancies }: Inventory) =>
  tenancies.every((each) => each.partsTotal > 0 && each.partsRead === each.partsTotal);

async function calls(product: Product): Promise<Calls> {
  return (await fetch(`${product.control}/calls`)).json() as Promise<Calls>;
}

function ratio(what: string, ours: number, peer: number, unit: string, peerName: string, least: number): Figure {
  return { what, ours, unit, peer, peerName, ratio: ours / peer, goal: `≥ ${least}`, met: ours / peer >= least };
}

function limit(what: string, ours: number, most: number, unit: string, peerName: string): Figure {
  return { what, ours, unit, peer: most, peerName, ratio: ours / most, goal: `≤ ${most} ${unit}`, met: ours <= most };
}

async function servers(): Promise<Figure[]> {
  const product = await startProduct({ EMULATOR_ARGS: "--no-throttle" });
  try {
    const cookie = await signIn(product.origin);
    let { inventory } = await readInventory(product.origin, cookie);
    while (!isWhole(inventory)) {
      await new Promise((wait) => setTimeout(wait, 200));
      inventory = (await readInventory(product.origin, cookie)).inventory;
    }
    writeFileSync(join(product.dataDir, "inventory.json"), JSON.stringify(inventory));
    const peer = await startPeer(product);
    try {
      const tenancy = inventory.tenancies[0]?.id ?? "";
      const path = `/api/oci/${tenancy}/identity/us-ashburn-1/20160918/tenancies/${tenancy}/regionSubscriptions`;
      const fresh = { cookie, "cache-control": "no-cache" };
      const proxied = await rate(`${product.origin}${path}`, fresh);
      const peerProxied = await rate(`${peer.origin}/proxied`, fresh);
      const zipped = { cookie, "accept-encoding": "gzip" };
      const full = await rate(`${product.origin}/api/inventory`, zipped);
      const peerFull = await rate(`${peer.origin}/inventory`, zipped);
      const { etag } = await readInventory(product.origin, cookie);
      const unchanged = await rate(`${product.origin}/api/inventory`, { ...zipped, "if-none-match": etag });
      const peerUnchanged = await rate(`${peer.origin}/inventory`, { cookie, "if-none-match": '"bench"' });
      return [
        ratio(
          "F3 proxied signed GET, session checked",
          proxied.perSecond,
          peerProxied.perSecond,
          "req/s",
          "node:http, same work",
          0.8,
        ),
        ratio("F4 inventory, 200", full.perSecond, peerFull.perSecond, "req/s", "node:http, same bytes", 0.5),
        ratio("F4 inventory, 304", unchanged.perSecond, peerUnchanged.perSecond, "req/s", "node:http, same check", 0.5),
      ];
    } finally {
      peer.stop();
    }
  } finally {
    await product.stop();
  }
}

/** A cold scan of many parts with the service's throttle on. */
async function scan(): Promise<Figure[]> {
  const product = await startProduct({ EMULATOR_ARGS: "--seed scale:2000" });
  try {
    const startedAt = performance.now();
    const cookie = await signIn(product.origin);
    let firstRowsS = Number.NaN;
    let { inventory } = await readInventory(product.origin, cookie);
    while (!isWhole(inventory)) {
      await new Promise((wait) => setTimeout(wait, 100));
      inventory = (await readInventory(product.origin, cookie)).inventory;
      if (Number.isNaN(firstRowsS) && inventory.vaults.length > 0) firstRowsS = (performance.now() - startedAt) / 1000;
    }
    const scanS = (performance.now() - startedAt) / 1000;
    const counted = await calls(product);
    const lists = Math.max(
      ...inventory.tenancies.map(
        ({ id }) => counted.calls.filter((call) => call.operation === "listVaults" && call.tenancy === id).length,
      ),
    );
    const most = (lists / 10) * 1.1;
    return [
      limit("F5 first rows after a cold start", firstRowsS, 2, "s", "goal"),
      { ...limit("F6 cold scan", scanS, most, "s", `1.1 × ${lists} calls ÷ 10/s`), goal: "≤ 1" },
    ];
  } finally {
    await product.stop();
  }
}

/** One person clicks while the scan runs; then three hundred look. */
async function viewers(): Promise<Figure[]> {
  const product = await startProduct({ EMULATOR_ARGS: "--seed scale:2000" });
  try {
    const cookie = await signIn(product.origin);
    let { inventory } = await readInventory(product.origin, cookie);
    const clickMs: number[] = [];
    while (!isWhole(inventory)) {
      await new Promise((wait) => setTimeout(wait, 250));
      inventory = (await readInventory(product.origin, cookie)).inventory;
      const row = inventory.vaults[clickMs.length * 7];
      if (row === undefined) continue;
      const clickedAt = performance.now();
      const path = `/api/oci/${row.tenancy}/kms/${row.region}/20180608/vaults/${row.id}`;
      await (await fetch(`${product.origin}${path}`, { headers: { cookie } })).text();
      clickMs.push(performance.now() - clickedAt);
    }
    const before = await calls(product);
    const polling = { connections: 300, perSecond: 60, forS: 15 };
    const viewing = await load(`${product.origin}/api/inventory`, { cookie, "accept-encoding": "gzip" }, polling);
    const after = await calls(product);
    return [
      limit("F5 a click while the scan runs, slowest", Math.max(...clickMs) / 1000, 1, "s", "goal"),
      limit("F5 300 viewers polling every 5 s, p95", viewing.p95Ms, 200, "ms", "goal"),
      limit("F5 calls a second while 300 look", (after.reads - before.reads) / 15, 10, "calls", "service's limit"),
      limit("F5 reads in the busiest second", after.maxInAnySecond.reads, 10, "calls", "service's limit"),
      limit("F5 writes in the busiest second", after.maxInAnySecond.writes, 10, "calls", "service's limit"),
      { ...limit("F5 refusals (429) by the service", after.byStatus["429"] ?? 0, 0, "calls", "goal"), ratio: null },
    ];
  } finally {
    await product.stop();
  }
}

export async function bench(): Promise<Figure[]> {
  return [...(await servers()), ...(await scan()), ...(await viewers())];
}
