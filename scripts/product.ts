// Starts the real product (server.ts with the built console and the emulator) for browser tests, screenshots and benches.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The JSON line of the emulator, as kept in `DATA_DIR/emulator.json`. */
export type EmulatorLine = {
  regions: Record<string, { kms: string; identity: string; objectstorage: string; limits: string }>;
  control: string;
  config: string;
  tenancies: { tenancy: string; compartments: string[] }[];
};

export type Product = {
  /** Where a browser goes, e.g. http://127.0.0.1:41234 */
  origin: string;
  /** The emulator's control address: /clock, /faults, /calls. */
  control: string;
  emulator: EmulatorLine;
  dataDir: string;
  /** Of the server's process. */
  pid: number;
  /** From `node server.ts` to the first 200 of /api/ready. */
  startedInMs: number;
  /** Everything the product has printed. */
  output: () => string;
  /** Ends it as Ctrl-C does; resolves to its exit code. Its data stay when the settings named their directory. */
  stop: () => Promise<number | null>;
  /** Ends it at once, as a power cut would. */
  kill: () => Promise<void>;
};

const nowhere: EmulatorLine = { regions: {}, control: "", config: "", tenancies: [] };

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const readyWithinMs = 60_000;
const drainedWithinMs = 20_000;

/** A loopback port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === "string") throw new Error("The machine gave no port.");
  return address.port;
}

// Settings of whoever runs the tests must not leak in: a real OCI configuration above all.
function cleanEnv(home: string): NodeJS.ProcessEnv {
  const kept = ["PATH", "Path", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LANG", "CI"];
  const env: NodeJS.ProcessEnv = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", HOME: home };
  for (const name of kept) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/**
 * Starts the product on a free loopback port, with data of its own unless the settings name a `DATA_DIR`, and waits until
 * it is ready. Throws with what it printed when it does not get there. `null` for a console that has no rehearsal: its
 * `emulator` is then empty.
 */
export async function startProduct(settings: Record<string, string> = {}, rehearsal?: null): Promise<Product> {
  const isOwnDir = settings.DATA_DIR === undefined;
  const dataDir = settings.DATA_DIR ?? (await mkdtemp(join(tmpdir(), "vault-console-")));
  const port = settings.PORT === undefined ? await freePort() : Number(settings.PORT);
  const origin = `http://127.0.0.1:${port}`;
  const since = performance.now();
  const child = spawn(
    process.execPath,
    [`--import=${new URL("./launch/follow-parent.mjs", import.meta.url)}`, join(root, "server.ts")],
    {
      cwd: root,
      env: { ...cleanEnv(dataDir), HOST: "127.0.0.1", PORT: String(port), DATA_DIR: dataDir, ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed = (printed + text).slice(-200_000);
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
    child.on("error", () => resolve(null));
  });
  const isEnded = () => child.exitCode !== null || child.signalCode !== null;

  async function stop(): Promise<number | null> {
    if (!isEnded()) child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), drainedWithinMs);
    const code = await ended;
    clearTimeout(timer);
    if (isOwnDir) await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    return code;
  }

  async function kill(): Promise<void> {
    child.kill("SIGKILL");
    await ended;
  }

  try {
    await waitUntilReady(origin, isEnded);
    const startedInMs = performance.now() - since;
    const emulator =
      rehearsal === null
        ? nowhere
        : (JSON.parse(await readFile(join(dataDir, "emulator.json"), "utf8")) as EmulatorLine);
    return {
      origin,
      control: emulator.control,
      emulator,
      dataDir,
      pid: child.pid ?? 0,
      startedInMs,
      output: () => printed,
      stop,
      kill,
    };
  } catch (error) {
    await stop();
    throw new Error(
      `The product did not get ready: ${error instanceof Error ? error.message : error}\n--- what it printed ---\n${printed || "(nothing)"}`,
    );
  }
}

async function waitUntilReady(origin: string, isEnded: () => boolean): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  let last = "no answer";
  while (performance.now() < deadline) {
    if (isEnded()) throw new Error("it ended.");
    try {
      const answer = await fetch(`${origin}/api/ready`, { signal: AbortSignal.timeout(5_000) });
      if (answer.ok) return;
      last = `/api/ready answers ${answer.status}: ${await answer.text()}`;
    } catch (error) {
      last = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${readyWithinMs / 1000} s were not enough; ${last}`);
}
