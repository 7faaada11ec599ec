// F13: two consoles that share a PostgreSQL beside one. Two processes and their load on a machine of two cores say little about
// throughput, so requests are counted by the CPU seconds the consoles spent on them: what is lost there is lost anywhere.
import { readFileSync } from "node:fs";
import { Pool } from "undici";
import type { Figure } from "../../scripts/bench.ts";
import { type Product, startProduct } from "../../scripts/product.ts";
import { startPostgres } from "../start-postgres.ts";

const seconds = 6;
const connections = 16;
/** Of the kernel's clock, a second (`getconf CLK_TCK`): 100 on every Linux that Node runs on. */
const ticks = 100;

function cpuSeconds(pid: number): number {
  // Behind the name, which may hold anything: the 12th and 13th fields are user and system time.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

interface Whole {
  readonly cookie: string;
  readonly etag: string;
}

async function readWhole({ origin }: Product): Promise<Whole> {
  const session = await fetch(`${origin}/api/session`, {
    method: "POST",
    headers: { origin, "x-ovc-request": "1", "content-type": "application/json" },
    body: JSON.stringify({ persona: "helpdesk" }),
  });
  const cookie = session.headers.get("set-cookie")?.split(";")[0] ?? "";
  for (;;) {
    const answer = await fetch(`${origin}/api/inventory`, { headers: { cookie } });
    const { tenancies } = (await answer.json()) as { tenancies: { partsTotal: number; partsRead: number }[] };
    if (tenancies.every(({ partsTotal, partsRead }) => partsTotal > 0 && partsRead === partsTotal))
      return { cookie, etag: answer.headers.get("etag") ?? "" };
    await new Promise((wait) => setTimeout(wait, 200));
  }
}

/** Snapshot reads answered for each CPU second, all consoles asked at once. */
async function load(products: readonly Product[], wholes: readonly Whole[]): Promise<number> {
  const before = products.map(({ pid }) => cpuSeconds(pid));
  const until = performance.now() + seconds * 1000;
  const counts = await Promise.all(
    products.map(async ({ origin }, at) => {
      const pool = new Pool(origin, { connections });
      const headers = { cookie: wholes[at]?.cookie ?? "", "accept-encoding": "gzip" };
      let count = 0;
      const one = async () => {
        while (performance.now() < until) {
          const answer = await pool.request({ path: "/api/inventory", method: "GET", headers });
          await answer.body.dump({ limit: 100_000_000 });
          if (answer.statusCode !== 200) throw new Error(`${origin} answered ${answer.statusCode}`);
          count += 1;
        }
      };
      await Promise.all(Array.from({ length: connections }, one));
      await pool.destroy();
      return count;
    }),
  );
  const spent = products.reduce((sum, { pid }, at) => sum + cpuSeconds(pid) - (before[at] ?? 0), 0);
  return counts.reduce((sum, count) => sum + count, 0) / spent;
}

async function busiestSecond(product: Product): Promise<number> {
  const answer = await fetch(`${product.control}/calls`);
  return ((await answer.json()) as { maxInAnySecond: { reads: number } }).maxInAnySecond.reads;
}

export async function bench(): Promise<Figure[]> {
  const postgres = await startPostgres();
  const products: Product[] = [];
  try {
    const settings = {
      DATABASE_URL: await postgres.newDatabase(),
      SESSION_SECRETS: "one-secret-for-all-instances-of-the-bench",
      RECEIPTS_KEY: "one-key-for-all-receipts-of-the-bench-run",
    };
    products.push(await startProduct(settings));
    const first = await readWhole(products[0] as Product);
    const alone = await load(products, [first]);
    products.push(await startProduct(settings));
    const second = await readWhole(products[1] as Product);
    const together = await load(products, [first, second]);
    await Promise.all(products.map(({ control }) => fetch(`${control}/calls`, { method: "DELETE" })));
    await new Promise((wait) => setTimeout(wait, 15_000));
    const reads = (await Promise.all(products.map(busiestSecond))).reduce((sum, each) => sum + each, 0);
    return [
      {
        what: "F13 snapshot reads a CPU second, two instances",
        ours: together,
        unit: "/s",
        peer: alone,
        peerName: "one instance",
        ratio: together / alone,
        goal: "≥ 0.9",
        met: together / alone >= 0.9,
      },
      {
        what: "F13 reads in the busiest second, both instances",
        ours: reads,
        unit: "calls",
        peer: 10,
        peerName: "service's limit",
        ratio: reads / 10,
        goal: "≤ 10 calls",
        met: reads <= 10,
      },
    ];
  } finally {
    await Promise.all(products.map((product) => product.stop()));
    await postgres.stop();
  }
}
