// F9: scrolling ten thousand vaults in the browser, and what they cost the server's memory.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import type { Inventory } from "#lib/contract/api.ts";
import type { Figure } from "../../scripts/bench.ts";
import { launchChromium } from "../../scripts/launch-chromium.ts";
import { type Product, startProduct } from "../../scripts/product.ts";

const vaults = 10_000;
/** How long is scrolled, one step of three rows a frame. */
const scrolledMs = 6_000;
const stepPixels = 108;
const restMs = 5_000;

/** What the server still holds after a full collection, from a heap snapshot it writes when asked by signal. */
async function liveMiB(pid: number, folder: string): Promise<number> {
  process.kill(pid, "SIGUSR2");
  const path = await new Promise<string>((found, failed) => {
    let last = -1;
    let turns = 0;
    const timer = setInterval(() => {
      const [name] = readdirSync(folder).filter((each) => each.endsWith(".heapsnapshot"));
      const size = name === undefined ? -1 : statSync(join(folder, name)).size;
      turns += 1;
      // Written bit by bit: whole when it has not grown for two seconds.
      if (name !== undefined && size > 0 && size === last) {
        clearInterval(timer);
        found(join(folder, name));
      } else if (turns > 60) {
        clearInterval(timer);
        failed(new Error("the server wrote no heap snapshot"));
      }
      last = size;
    }, 2_000);
  });
  const { snapshot, nodes } = JSON.parse(readFileSync(path, "utf8")) as {
    snapshot: { meta: { node_fields: string[] } };
    nodes: number[];
  };
  const width = snapshot.meta.node_fields.length;
  let bytes = 0;
  for (let at = snapshot.meta.node_fields.indexOf("self_size"); at < nodes.length; at += width) bytes += nodes[at] ?? 0;
  return bytes / 1024 / 1024;
}

async function signIn(context: BrowserContext, { origin }: Product): Promise<void> {
  const headers = { origin, "x-ovc-request": "1" };
  await context.request.post(`${origin}/api/session`, { headers, data: { persona: "helpdesk" } });
}

/** Looks until every compartment has been read; gives how many vaults there are. */
async function readAll(context: BrowserContext, { origin }: Product): Promise<number> {
  for (let turn = 0; turn < 600; turn += 1) {
    const { tenancies, vaults: rows } = (await (
      await context.request.get(`${origin}/api/inventory`)
    ).json()) as Inventory;
    if (tenancies.length > 0 && tenancies.every((each) => each.partsTotal > 0 && each.partsRead === each.partsTotal))
      return rows.length;
    await new Promise((wait) => setTimeout(wait, 500));
  }
  throw new Error("the inventory was not read within five minutes");
}

/** A table of as many rows with one word each: what scrolling costs this browser on this machine in any case. */
async function openPlain(page: Page): Promise<void> {
  const rows = `<tr><td style="height:36px">vault</td></tr>`.repeat(vaults);
  await page.setContent(`<div style="height:800px;overflow:auto"><table>${rows}</table></div>`);
}

async function openList(page: Page, { origin }: Product): Promise<void> {
  await page.goto(`${origin}/vaults`);
  await page.getByRole("row").nth(10).waitFor();
}

/** Times between frames while the table of the page scrolls, milliseconds, sorted. */
async function scrollFrames(context: BrowserContext, open: (page: Page) => Promise<void>): Promise<readonly number[]> {
  const page = await context.newPage();
  await open(page);
  await new Promise((wait) => setTimeout(wait, restMs));
  const times = await page.evaluate(
    ({ forMs, step }) =>
      new Promise<number[]>((done) => {
        const scroller = document.querySelector("table")?.parentElement as HTMLElement;
        const frames: number[] = [];
        const since = performance.now();
        let last = since;
        const tick = (now: number) => {
          frames.push(now - last);
          last = now;
          scroller.scrollTop += step;
          if (now - since < forMs) requestAnimationFrame(tick);
          else done(frames.slice(2));
        };
        requestAnimationFrame(tick);
      }),
    { forMs: scrolledMs, step: stepPixels },
  );
  await page.close();
  return times.sort((a, b) => a - b);
}

const share = (times: readonly number[], at: number) => times[Math.floor((times.length - 1) * at)] ?? Number.NaN;

export async function bench(): Promise<Figure[]> {
  const browser = await launchChromium();
  try {
    const rest = async (seed: string, look: (context: BrowserContext, product: Product) => Promise<void>) => {
      const folder = mkdtempSync(join(tmpdir(), "heap-"));
      const product = await startProduct({
        EMULATOR_ARGS: `--seed ${seed}`,
        NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${folder}`,
      });
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      try {
        await signIn(context, product);
        const count = await readAll(context, product);
        await new Promise((wait) => setTimeout(wait, restMs));
        await look(context, product);
        return { count, mib: await liveMiB(product.pid, folder) };
      } finally {
        await context.close();
        await product.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    };
    const empty = await rest("empty", async () => undefined);
    let frames: readonly number[] = [];
    let plain: readonly number[] = [];
    const full = await rest(`scale:${vaults}`, async (context, product) => {
      plain = await scrollFrames(context, openPlain);
      frames = await scrollFrames(context, (page) => openList(page, product));
    });
    const grownMiB = ((full.mib - empty.mib) * 10_000) / full.count;
    const p95 = share(frames, 0.95);
    return [
      {
        what: `F9 frame while scrolling ${full.count.toLocaleString("en")} vaults, p95`,
        ours: p95,
        unit: "ms",
        peer: share(plain, 0.95),
        peerName: "a plain table of as many rows",
        ratio: p95 / share(plain, 0.95),
        goal: "≤ 16.7 ms",
        met: p95 <= 16.8,
      },
      {
        what: "F9 live memory of the server for 10,000 vaults",
        ours: grownMiB,
        unit: "MiB",
        peer: empty.mib,
        peerName: "with none",
        ratio: full.mib / empty.mib,
        goal: "≤ 30 MiB",
        met: grownMiB <= 30,
      },
    ];
  } finally {
    await browser.close();
  }
}
