import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figure } from "../../scripts/bench.ts";
import { freePort } from "../../scripts/product.ts";

// F12: from the typed command to the first 200 of /api/ready. Cold (a clone, packages and build included) only with BENCH_COLD=1: it takes minutes.
const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

async function run(command: string, args: string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  const code = await new Promise((ended) => child.on("close", ended));
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}`);
}

/** Seconds from starting the launcher in `folder` until the console is ready. */
async function secondsToReady(folder: string, limitSeconds: number): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), "vault-console-"));
  const port = await freePort();
  const since = performance.now();
  const child = spawn(process.execPath, [join(folder, "scripts/run.mjs"), "start"], {
    cwd: folder,
    env: { ...process.env, HOST: "127.0.0.1", PORT: String(port), DATA_DIR: dataDir },
    stdio: "ignore",
  });
  try {
    while (performance.now() - since < limitSeconds * 1000) {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
      const answer = await fetch(`http://127.0.0.1:${port}/api/ready`).catch(() => undefined);
      if (answer?.ok) return (performance.now() - since) / 1000;
      await new Promise((wait) => setTimeout(wait, 20));
    }
    throw new Error(`not ready after ${limitSeconds} s`);
  } finally {
    child.kill("SIGTERM");
    if (child.exitCode === null) await new Promise((ended) => child.on("close", ended));
    await rm(dataDir, { recursive: true, force: true });
  }
}

function figure(what: string, seconds: number, limit: number): Figure {
  return {
    what,
    ours: seconds,
    unit: "s",
    peer: limit,
    peerName: "limit",
    ratio: seconds / limit,
    goal: `≤ ${limit} s`,
    met: seconds <= limit,
  };
}

/** The median of three warm starts; the cold one when asked for. */
export async function bench(): Promise<Figure[]> {
  const times = [];
  for (let turn = 0; turn < 3; turn++) times.push(await secondsToReady(root, 30));
  const figures = [figure("npm start to ready, warm", times.sort((a, b) => a - b)[1] ?? Number.NaN, 3)];
  if (process.env.BENCH_COLD === "1") {
    const clone = await mkdtemp(join(tmpdir(), "vault-console-clone-"));
    try {
      await run("git", ["clone", "--quiet", "--no-hardlinks", root, clone], root);
      figures.push(figure("npm start to ready, from a fresh clone", await secondsToReady(clone, 600), 110));
    } finally {
      await rm(clone, { recursive: true, force: true });
    }
  }
  return figures;
}
