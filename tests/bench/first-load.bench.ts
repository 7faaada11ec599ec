import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Figure } from "../../scripts/bench.ts";

// F10: the JavaScript a browser loads before the first click, gzipped at level 9, against the budget of each page.
const budgets: Record<string, number> = { "/vaults": 190, "/sign-in": 150 };

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const squeeze = promisify(gzip);

type RouteStats = { route: string; firstLoadChunkPaths: string[] };

async function gzippedKb(paths: string[]): Promise<number> {
  const sizes = await Promise.all(
    [...new Set(paths)].map(async (path) => (await squeeze(await readFile(join(root, path)), { level: 9 })).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

/** Sizes of the last build. */
export async function bench(): Promise<Figure[]> {
  const stats = JSON.parse(
    await readFile(join(root, ".next/diagnostics/route-bundle-stats.json"), "utf8"),
  ) as RouteStats[];
  const pages = stats.filter(
    ({ route, firstLoadChunkPaths }) => firstLoadChunkPaths.length > 0 && !route.startsWith("/_"),
  );
  const shared =
    pages[0]?.firstLoadChunkPaths.filter((path) => pages.every((page) => page.firstLoadChunkPaths.includes(path))) ??
    [];
  const floor = await gzippedKb(shared);
  return Promise.all(
    pages.map(async ({ route, firstLoadChunkPaths }) => {
      const ours = await gzippedKb(firstLoadChunkPaths);
      const budget = budgets[route];
      return {
        what: `first-load JS of ${route}, gzipped`,
        ours,
        unit: "kB",
        peer: floor,
        peerName: "what every page shares",
        ratio: ours / floor,
        goal: budget === undefined ? "" : `≤ ${budget} kB`,
        met: budget === undefined ? null : ours <= budget,
      };
    }),
  );
}
