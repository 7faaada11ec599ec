// The BFF in this process against the real emulator on real sockets, without Next and without a browser.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterAll, beforeAll, describe } from "vitest";
import { type StartOptions, startEmulator } from "#emulator/start.ts";
import { type Config, loadConfig } from "#lib/bff/config.ts";
import { type Console, createConsole, encodingHeader, requestIdHeader, targetHeader } from "#lib/bff/console.ts";
import { openTenancies, type Tenancies } from "#lib/bff/tenancies.ts";
import type { Inventory, PersonaId, VaultRow } from "#lib/contract/api.ts";
import type { Database, Engine } from "#lib/store/database.ts";
import { openStore } from "#lib/store/open.ts";
import { engineNames, startEngine, type TestEngine } from "#tests/store/engines.ts";

export const origin = "http://localhost:3000";

export interface TestConsole {
  readonly console: Console;
  readonly emulator: Awaited<ReturnType<typeof startEmulator>>;
  readonly dataDir: string;
  readonly config: Config;
  /** One-time tokens for a first admin, as printed. */
  readonly tokens: string[];
  /** Every line the console has logged so far, at the level `debug`. */
  readonly logged: string[];
  /** Turns the console's clock; the emulator keeps its own. */
  readonly clock: { offsetMs: number };
  readonly tenancy: string;
  /** The emulator's OCI configuration file, and its addresses by region. */
  readonly configFile: string;
  readonly regions: Record<string, Record<string, string>>;
  readonly control: string;
  readonly db: Database;
  readonly tenancies: Tenancies;
  /** Sends a request as the browser does; the answer's body is parsed when it is JSON. */
  ask(
    method: string,
    target: string,
    options?: AskOptions,
  ): Promise<{ status: number; headers: Headers; body: unknown; bytes: Uint8Array }>;
  signIn(role: PersonaId): Promise<string>;
  /** Waits until every part has been read, then gives the inventory. */
  inventory(cookie: string): Promise<Inventory>;
  /** Calls the service has counted so far. */
  calls(): Promise<{
    total: number;
    byOperation: Record<string, number>;
    maxInAnySecond: { reads: number; writes: number };
  }>;
  faults(body: unknown): Promise<void>;
  stop(): Promise<void>;
}

export interface AskOptions {
  readonly cookie?: string;
  readonly body?: unknown;
  /** A raw body, in place of `body`. */
  readonly bytes?: Uint8Array;
  readonly headers?: Record<string, string>;
}

const handlers = {
  oci: "/api/oci/",
  inventory: "/api/inventory",
  session: "/api/session",
  verifyActivity: "/api/activity/verify",
  exportActivity: "/api/activity/export",
  activity: "/api/activity",
  people: "/api/people",
  approvals: "/api/approvals",
  ready: "/api/ready",
  reveal: "/api/reveal",
  feeds: "/api/feeds",
  usage: "/api/usage",
  status: "/api/status",
  cspReport: "/api/csp-report",
} as const;

/** With `beside` the console stands beside another one, in front of the same emulator. */
export async function startTestConsole(
  options: Partial<StartOptions> & { readonly beside?: TestConsole } = {},
  env: Record<string, string> = {},
): Promise<TestConsole> {
  const { beside, ...emulation } = options;
  const emulator =
    beside?.emulator ??
    (await startEmulator({ seed: { kind: "demo" }, settleMs: 100, isThrottled: true, ...emulation }));
  const dataDir = mkdtempSync(join(tmpdir(), "ovc-console-"));
  const config = loadConfig({ DATA_DIR: dataDir, LOG_LEVEL: "silent", NODE_ENV: "production", ...env });
  const logged: string[] = [];
  const log = pino({ level: "debug" }, { write: (line) => void logged.push(line) });
  const tenancies = await openTenancies(
    config,
    { ...emulator.announcement, regions: { ...emulator.announcement.regions }, tenancies: [] },
    log,
  );
  const tokens: string[] = [];
  const clock = { offsetMs: 0 };
  const console = await createConsole({
    config,
    tenancies,
    log,
    mode: config.live === null ? "rehearsal" : "live",
    announceToken: (token) => tokens.push(token),
    clock: () => Date.now() + clock.offsetMs,
  });
  const db = await openStore(config);
  const { control, tenancies: places } = emulator.announcement;
  let counter = 0;

  async function ask(method: string, target: string, { cookie, body, bytes, headers = {} }: AskOptions = {}) {
    counter += 1;
    const isWrite = method !== "GET" && method !== "HEAD";
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const request = new Request(`${origin}${target}`, {
      method,
      body: bytes === undefined ? text : (bytes as BodyInit),
      headers: {
        [targetHeader]: target,
        [requestIdHeader]: `test${counter}`,
        ...(isWrite ? { origin, "sec-fetch-site": "same-origin", "x-ovc-request": "1" } : {}),
        ...(text === undefined
          ? {}
          : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) }),
        ...(cookie === undefined ? {} : { cookie }),
        ...headers,
      },
    });
    for (const [name, value] of Object.entries(headers)) if (value === "") request.headers.delete(name);
    const name = (Object.keys(handlers) as (keyof typeof handlers)[]).find((each) => target.startsWith(handlers[each]));
    if (name === undefined) throw new Error(`no handler for ${target}`);
    const answer = await console[name](request);
    const answerBytes = new Uint8Array(await answer.arrayBuffer());
    const answerText = new TextDecoder().decode(answerBytes);
    const isJson =
      answer.headers.get("content-type") === "application/json" && answer.headers.get(encodingHeader) === null;
    return {
      status: answer.status,
      bytes: answerBytes,
      headers: answer.headers,
      body: isJson && answerText !== "" ? JSON.parse(answerText) : answerText,
    };
  }

  async function signIn(role: PersonaId): Promise<string> {
    const answer = await ask("POST", "/api/session", { body: { persona: role } });
    if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}`);
    return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  }

  async function inventory(cookie: string): Promise<Inventory> {
    for (let turn = 0; turn < 500; turn += 1) {
      const { body } = await ask("GET", "/api/inventory", { cookie });
      const found = body as Inventory;
      if (found.tenancies.every((each) => each.partsTotal > 0 && each.partsRead === each.partsTotal)) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("the inventory was not read in 50 s");
  }

  return {
    console,
    emulator,
    config,
    tokens,
    logged,
    clock,
    dataDir,
    tenancy: places[0]?.tenancy ?? "",
    configFile: emulator.announcement.config,
    regions: { ...emulator.announcement.regions } as unknown as Record<string, Record<string, string>>,
    control,
    db,
    tenancies,
    ask,
    signIn,
    inventory,
    calls: async () => (await fetch(`${control}/calls`)).json() as ReturnType<TestConsole["calls"]>,
    async faults(body) {
      const answer = await fetch(`${control}/faults`, {
        method: body === null ? "DELETE" : "POST",
        body: body === null ? undefined : JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async stop() {
      await console.close();
      await db.destroy();
      if (beside === undefined) await emulator.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** A vault of the first tenancy that is active and no replica, of a type when one is named. */
export async function activeVault(app: TestConsole, cookie: string, vaultType?: string): Promise<VaultRow> {
  const { vaults } = await app.inventory(cookie);
  const found = vaults.find(
    (each) =>
      each.tenancy === app.tenancy &&
      each.lifecycleState === "ACTIVE" &&
      each.details?.isPrimary !== false &&
      (vaultType === undefined || each.vaultType === vaultType),
  );
  if (found === undefined) throw new Error("the demo has no such vault");
  return found;
}

/** The console's address of a vault's path. */
export function kmsPath(row: Pick<VaultRow, "tenancy" | "region" | "id">, action = ""): string {
  return `/api/oci/${row.tenancy}/kms/${row.region}/20180608/vaults/${row.id}${action}`;
}

/**
 * Runs the same tests on each engine of the store. `newStore` gives the settings of a console with an empty store of its own; the
 * server behind them is there as long as the tests of its engine run.
 */
export function eachStore(tests: (newStore: () => Promise<Record<string, string>>, engine: Engine) => void): void {
  describe.each(engineNames)("with the store in %s", (name) => {
    let engine: TestEngine;
    beforeAll(async () => {
      engine = await startEngine(name);
    });
    afterAll(() => engine.stop());
    const newStore = async (): Promise<Record<string, string>> =>
      engine.postgres === null ? {} : { DATABASE_URL: await engine.postgres.newDatabase() };
    tests(newStore, name);
  });
}
