// F10: when a page shows its largest part and how much it shifts, beside a bare Next page served by the same machine.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "@playwright/test";
import type { Inventory } from "#lib/contract/api.ts";
import type { Figure } from "../../scripts/bench.ts";
import { launchChromium } from "../../scripts/launch-chromium.ts";
import { freePort, startProduct } from "../../scripts/product.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const turns = 7;
/** The page has settled by then: rows have come, dates were read. */
const settledMs = 5_000;
const next = join(root, "node_modules/next/dist/bin/next");

/** The least a Next page can be: built and served as ours. */
async function startBare(): Promise<{ origin: string; stop: () => Promise<void> }> {
  const folder = join(root, ".cache/bare-next");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "app"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true,"type":"module"}');
  writeFileSync(join(folder, "next.config.js"), `export default { turbopack: { root: ${JSON.stringify(root)} } };\n`);
  const layout =
    'export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }\n';
  writeFileSync(join(folder, "app/layout.jsx"), layout);
  const page =
    '"use client";\nexport default function Page() { return <main><h1>Vaults</h1><p>Nothing here.</p></main>; }\n';
  writeFileSync(join(folder, "app/page.jsx"), page);
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  const building = spawn(process.execPath, [next, "build"], {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((ended) => building.on("close", ended));
  if (code !== 0) throw new Error(`the bare page was not built: ${code}`);
  const port = await freePort();
  const serving = spawn(process.execPath, [next, "start", "-p", String(port), "-H", "127.0.0.1"], {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const origin = `http://127.0.0.1:${port}`;
  for (let turn = 0; ; turn += 1) {
    if ((await fetch(origin).catch(() => undefined))?.ok) break;
    if (turn > 200) throw new Error("the bare page did not come up");
    await new Promise((wait) => setTimeout(wait, 100));
  }
  const stop = async () => {
    serving.kill("SIGTERM");
    if (serving.exitCode === null) await new Promise((ended) => serving.on("close", ended));
    rmSync(folder, { recursive: true, force: true });
  };
  return { origin, stop };
}

interface Painting {
  /** Milliseconds from the start of the navigation. */
  readonly lcpMs: number;
  readonly fcpMs: number;
  /** What every task took beyond 50 ms, added up, after the first paint: Lighthouse's blocking time, without its throttling. */
  readonly blockedMs: number;
  readonly shift: number;
}

/** One visit with nothing in the browser's cache. */
async function visit(browser: Browser, origin: string, path: string, isSignedIn: boolean): Promise<Painting> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    if (isSignedIn) {
      const headers = { origin, "x-ovc-request": "1" };
      await context.request.post(`${origin}/api/session`, { headers, data: { persona: "helpdesk" } });
    }
    const page = await context.newPage();
    await page.addInitScript(() => {
      const seen = { lcpMs: 0, fcpMs: 0, blockedMs: 0, shift: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.lcpMs = Math.max(seen.lcpMs, entry.startTime);
      }).observe({ type: "largest-contentful-paint", buffered: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntriesByName("first-contentful-paint")) seen.fcpMs = entry.startTime;
      }).observe({ type: "paint", buffered: true });
      new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries()) {
          if (startTime + duration > seen.fcpMs) seen.blockedMs += Math.max(0, duration - 50);
        }
      }).observe({ type: "longtask", buffered: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value;
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(`${origin}${path}`);
    await page.waitForTimeout(settledMs);
    return (await page.evaluate("seen")) as Painting;
  } finally {
    await context.close();
  }
}

/** The median of the times, the largest of the shifts. */
async function visits(browser: Browser, origin: string, path: string, isSignedIn: boolean): Promise<Painting> {
  await visit(browser, origin, path, isSignedIn);
  const seen: Painting[] = [];
  for (let turn = 0; turn < turns; turn += 1) seen.push(await visit(browser, origin, path, isSignedIn));
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(turns / 2)] ?? Number.NaN;
  return {
    lcpMs: median(seen.map(({ lcpMs }) => lcpMs)),
    fcpMs: median(seen.map(({ fcpMs }) => fcpMs)),
    blockedMs: median(seen.map(({ blockedMs }) => blockedMs)),
    shift: Math.max(...seen.map(({ shift }) => shift)),
  };
}

export async function bench(): Promise<Figure[]> {
  const browser = await launchChromium();
  const bare = await startBare();
  const product = await startProduct();
  try {
    const peer = await visits(browser, bare.origin, "/", false);
    const signIn = await fetch(`${product.origin}/api/session`, {
      method: "POST",
      headers: { origin: product.origin, "x-ovc-request": "1", "content-type": "application/json" },
      body: JSON.stringify({ persona: "helpdesk" }),
    });
    const cookie = signIn.headers.get("set-cookie")?.split(";")[0] ?? "";
    const inventory = await (await fetch(`${product.origin}/api/inventory`, { headers: { cookie } })).json();
    const [vault] = (inventory as Inventory).vaults;
    const pages = [
      ["/sign-in", "/sign-in", false],
      ["/vaults", "/vaults", true],
      ["a vault", `/vaults/${vault?.region}/${vault?.id}`, true],
    ] as const;
    const figures: Figure[] = [];
    for (const [name, address, isSignedIn] of pages) {
      const { lcpMs, fcpMs, blockedMs, shift } = await visits(browser, product.origin, address, isSignedIn);
      figures.push({
        what: `F10 largest paint of ${name}`,
        ours: lcpMs,
        unit: "ms",
        peer: peer.lcpMs,
        peerName: "a bare Next page",
        ratio: lcpMs / peer.lcpMs,
        goal: "≤ 1.3",
        met: lcpMs / peer.lcpMs <= 1.3,
      });
      figures.push({
        what: `F10 first paint of ${name}`,
        ours: fcpMs,
        unit: "ms",
        peer: peer.fcpMs,
        peerName: "a bare Next page",
        ratio: fcpMs / peer.fcpMs,
        goal: "",
        met: null,
      });
      figures.push({
        what: `F10 blocked after the first paint of ${name}`,
        ours: blockedMs,
        unit: "ms",
        peer: peer.blockedMs,
        peerName: "a bare Next page",
        ratio: peer.blockedMs === 0 ? null : blockedMs / peer.blockedMs,
        goal: "",
        met: null,
      });
      figures.push({
        what: `F10 layout shift of ${name}`,
        ours: Math.round(shift * 10_000) / 10_000,
        unit: "",
        peer: peer.shift,
        peerName: "a bare Next page",
        ratio: null,
        goal: "0",
        met: shift === 0,
      });
    }
    return figures;
  } finally {
    await browser.close();
    await bare.stop();
    await product.stop();
  }
}
