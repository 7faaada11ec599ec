/**
 * Starts the console: settings, store, the emulator when no tenancy is configured, Next behind the front door; and ends it
 * without losing what is under way. Run by Node itself (type stripping), never bundled.
 */
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { dirname, join, resolve } from "node:path";
import next from "next";
import pino from "pino";
import { type Config, loadConfig } from "#lib/bff/config.ts";
import { type Console, createConsole } from "#lib/bff/console.ts";
import { addressHeader } from "#lib/bff/device.ts";
import { closedHeaders, createFrontDoor } from "#lib/bff/front-door.ts";
import { answerRead, readHandler } from "#lib/bff/read-lane.ts";
import { type Rehearsal, startRehearsal } from "#lib/bff/rehearsal.ts";
import { setConsole } from "#lib/bff/runtime.ts";
import { SettingError } from "#lib/bff/setting-error.ts";
import { keepSetupToken } from "#lib/bff/setup-token.ts";
import { openTenancies } from "#lib/bff/tenancies.ts";
import { createTurns } from "#lib/bff/turns.ts";
import type { InventoryTenancy } from "#lib/contract/api.ts";

const drainMs = 15_000;
const firstLookEveryMs = 500;

interface Running {
  readonly config: Config;
  readonly server: Server;
  readonly console: Console;
  readonly rehearsal: Rehearsal | null;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function start(): Promise<Running> {
  const config = loadConfig();
  if (!config.isDevelopment && !existsSync(join(import.meta.dirname, ".next", "BUILD_ID"))) {
    throw new SettingError(
      "NODE_ENV",
      "is production, but the console has not been built.",
      "Start it with npm start, which builds it first.",
    );
  }
  makeDataDir(config.dataDir);
  // The port first: when it is taken, nothing else needs to start.
  const server = createServer({
    maxHeaderSize: 16_384,
    // A request without a host is refused by the front door, with its headers.
    requireHostHeader: false,
    headersTimeout: 10_000,
    // Files may take long; how long a body may take or stand still is for those who read it.
    requestTimeout: 0,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 2_000,
  });
  await listen(server, config);
  const rehearsal =
    config.live === null ? await startRehearsal(config, (why) => say(`The emulator ended: ${why}`)) : null;
  const log = pino({ level: config.logLevel, redact: ["*.authorization", "*.cookie", "*.token", "*.uri"] });
  const tenancies = await openTenancies(config, rehearsal?.emulator ?? null, log);
  const running = await createConsole({
    config,
    tenancies,
    log,
    mode: rehearsal === null ? "live" : "rehearsal",
    announceToken: (token) => announceToken(config, token),
  });
  setConsole(running);
  const app = next({ dev: config.isDevelopment, dir: import.meta.dirname, hostname: config.host, port: config.port });
  await app.prepare();
  openDoor(server, config, running, app);
  return { config, server, console: running, rehearsal };
}

/** One after the other: Node's own `recursive` never comes back where a file system refuses new entries, as /proc does. */
function makeDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  makeDirectory(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** The directory of everything kept, for this user alone. Throws SettingError when it cannot be made or written. */
function makeDataDir(dataDir: string): void {
  const hint = "Name a directory this user can write.";
  try {
    makeDirectory(resolve(dataDir));
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "EEXIST" || code === "ENOTDIR" ? "is not a directory" : `cannot be used (${code})`;
    throw new SettingError("DATA_DIR", `${dataDir} ${why}.`, hint);
  }
}

function openDoor(server: Server, config: Config, running: Console, app: ReturnType<typeof next>): void {
  const door = createFrontDoor(config);
  const handle = app.getRequestHandler();
  server.removeAllListeners("request");
  const takeTurn = createTurns();
  server.on("request", (request, response) => {
    if (!door.admit(request, response)) return;
    // Who is not signed in stands in one row with all others at the same address; so does who makes cookies up.
    const who = running.recognize(request.headers.cookie) ?? String(request.headers[addressHeader]);
    takeTurn(who, () => {
      const read = readHandler(running, request);
      if (read === null) void handle(request, response);
      else answerRead(read, request, response).catch(() => response.destroy());
    });
  });
  server.on("checkExpectation", door.refuseExpectation);
  server.on("clientError", door.rejectBroken);
  if (config.isDevelopment) {
    const upgrade = app.getUpgradeHandler();
    server.on("upgrade", (request, socket, head) => void upgrade(request, socket, head));
  } else {
    server.on("upgrade", (_request, socket) => socket.destroy());
  }
}

async function listen(server: Server, config: Config): Promise<void> {
  // Until everything is up, whoever asks is told to come back.
  server.on("request", (_request, response) => {
    response.writeHead(503, { ...closedHeaders(config), "retry-after": "2", "content-type": "text/plain" });
    response.end("The console is starting.\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(config.port, config.host, () => resolve());
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE") {
      throw new SettingError(
        "PORT",
        `${config.port} is taken by another program.`,
        `Stop that program, or choose another port: PORT=${config.port + 1} npm start`,
      );
    }
    if (error.code === "EACCES")
      throw new SettingError("PORT", `${config.port} may not be used by this user.`, "Choose a port above 1023.");
    if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
      throw new SettingError(
        "HOST",
        `${config.host} is not an address of this machine.`,
        "Use 127.0.0.1, or one of the machine's own addresses.",
      );
    }
    throw error;
  });
}

/** One-time tokens for the first admin: to the terminal, and to a file only this user can read. */
function announceToken(config: Config, token: string): void {
  const file = keepSetupToken(config, token);
  say(`
  Nobody can administer this console yet. Open ${config.origins[0]}/setup within 15 minutes with this one-time token
  (also in ${file}):
  ${token}
`);
}

function greet({ config, rehearsal }: Running): void {
  const address = config.origins[0];
  if (rehearsal === null) {
    say(`\n  Vault Console for OCI is ready:  ${address}\n`);
    return;
  }
  say(`
  Vault Console for OCI is ready:  ${address}

  This is the rehearsal tenancy: a built-in emulator answers, nothing in it is real.
  To connect a real tenancy:  OCI_CONFIG_FILE=~/.oci/config OCI_PROFILES=DEFAULT npm start
  (more ways: .env.example and docs/operations.md). Ctrl-C stops it; the rehearsal is kept in ${config.dataDir}.
`);
}

/**
 * Says in the terminal, once for each real tenancy, whether it could be read: a wrong endpoint, clock or policy is met by whoever
 * starts the console. The pages say it, too, and go on saying it.
 */
async function tellFirstLook({ console: running }: Running): Promise<void> {
  const told = new Set<string>();
  while (told.size < running.tenancies().length) {
    await new Promise((later) => setTimeout(later, firstLookEveryMs).unref());
    for (const tenancy of running.tenancies()) {
      if (told.has(tenancy.id) || tenancy.isScanning) continue;
      told.add(tenancy.id);
      say(firstLook(tenancy));
    }
  }
}

function firstLook({
  profile,
  name,
  partsRead,
  partsTotal,
  failures,
  regions,
  compartments,
}: InventoryTenancy): string {
  const [failure] = failures;
  if (failure === undefined) {
    return `  Profile ${profile}: ${name} was read: compartments ${compartments.length}, regions ${regions.length}.`;
  }
  const what = partsRead === 0 ? "could not be read" : `was read in part (${partsRead} of ${partsTotal})`;
  return `  Profile ${profile}: the tenancy ${what}. ${failure.region}: ${failure.message}${failure.why === null ? "" : `\n  ${failure.why}`}
  The console runs and keeps trying; /status in the browser shows how it stands.`;
}

/** Refuses new connections, lets requests under way finish, then ends everything behind them. */
async function stop(running: Running): Promise<void> {
  running.console.drain();
  const closed = new Promise<void>((resolve) => running.server.close(() => resolve()));
  // A connection whose request has ended would otherwise be kept for the next one, and the stop would wait for it.
  const sweep = setInterval(() => running.server.closeIdleConnections(), 100);
  const timer = setTimeout(() => running.server.closeAllConnections(), drainMs);
  timer.unref();
  await closed;
  clearInterval(sweep);
  await running.console.close();
  await running.rehearsal?.stop();
}

try {
  const running = await start();
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      stop(running).then(
        () => process.exit(0),
        (error) => {
          say(String(error));
          process.exit(1);
        },
      );
    });
  }
  greet(running);
  if (running.rehearsal === null) void tellFirstLook(running);
} catch (error) {
  const hint = error instanceof Error && "hint" in error ? String(error.hint) : "";
  const isOurs = error instanceof Error && "hint" in error;
  const words = isOurs ? error.message : ((error as Error).stack ?? String(error));
  say(`\n  The console did not start.\n  ${words}${hint === "" || words.endsWith(hint) ? "" : `\n  ${hint}`}\n`);
  process.exit(1);
}
