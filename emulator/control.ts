/** The emulator's own port beside the service: turn the clock, order faults, see what came. Loopback only. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { CallLog } from "./calls.ts";
import { type Faults, readFaultRules } from "./faults.ts";
import { makeSessionToken } from "./signing-keys.ts";
import { setVaultLimit, type VaultLimitName, vaultLimit, vaultLimitNames } from "./vault-limits.ts";
import type { World } from "./world.ts";

export interface ControlPort {
  readonly world: World;
  readonly faults: Faults;
  readonly calls: CallLog;
}

interface Reply {
  readonly status: number;
  readonly json: unknown;
}

const bodyBytesMax = 256 * 1024;
const advanceSecondsMax = 10 * 365 * 86_400;

/** The control server, not yet listening. */
export function makeControlServer(control: ControlPort): Server {
  return createServer((message, response) => {
    answer(control, message)
      .catch((error: unknown) => ({ status: 400, json: { error: error instanceof Error ? error.message : "refused" } }))
      .then((reply) => send(response, reply))
      .catch(() => response.destroy());
  });
}

function send(response: ServerResponse, { status, json }: Reply): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(`${JSON.stringify(json)}\n`);
}

async function answer(control: ControlPort, message: IncomingMessage): Promise<Reply> {
  if (!isFromHere(message)) {
    return {
      status: 403,
      json: { error: "Only programs on this machine may ask, by its loopback name, and no browser page." },
    };
  }
  const path = (message.url ?? "/").split("?", 1)[0];
  const body = message.method === "POST" ? await readJson(message) : undefined;
  switch (`${message.method} ${path}`) {
    case "GET /clock":
      return clock(control.world);
    case "POST /clock":
      return turnClock(control.world, body);
    case "GET /faults":
      return { status: 200, json: { rules: control.faults.list() } };
    case "POST /faults":
      control.faults.add(readFaultRules(body));
      return { status: 200, json: { rules: control.faults.list() } };
    case "DELETE /faults":
      control.faults.clear();
      return { status: 200, json: { rules: [] } };
    case "GET /calls":
      return { status: 200, json: control.calls.report() };
    case "DELETE /calls":
      control.calls.clear();
      return { status: 200, json: control.calls.report() };
    case "GET /limits":
      return limits(control.world);
    case "POST /limits":
      return setLimits(control.world, body);
    case "POST /session-tokens":
      return sessionToken(control.world, body);
    default:
      return { status: 404, json: { error: "There is no such control. See docs/emulator.md." } };
  }
}

/** A page in a browser cannot pass for a program here: it sends Origin or Sec-Fetch-Site, or a host name of its own. */
function isFromHere({ headers }: IncomingMessage): boolean {
  const isLoopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(headers.host ?? "");
  const site = headers["sec-fetch-site"];
  return isLoopback && headers.origin === undefined && (site === undefined || site === "none");
}

async function readJson(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > bodyBytesMax) throw new Error("the body is too large");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new Error("the body must be JSON");
  }
}

function clock(world: World): Reply {
  const now = world.now(Date.now());
  return { status: 200, json: { now: new Date(now).toISOString(), offsetSeconds: world.offsetMs / 1000 } };
}

function turnClock(world: World, body: unknown): Reply {
  const seconds = (body as { advanceSeconds?: unknown } | null)?.advanceSeconds;
  if (typeof seconds !== "number" || !(seconds >= 0 && seconds <= advanceSecondsMax)) {
    throw new Error(`advanceSeconds must be a number from 0 to ${advanceSecondsMax}`);
  }
  world.advance(Math.round(seconds * 1000));
  return clock(world);
}

function limits(world: World): Reply {
  return { status: 200, json: Object.fromEntries(vaultLimitNames.map((name) => [name, vaultLimit(world, name)])) };
}

/** Limits by name, e.g. `{"virtual-vault-count": 3}`; the others stay. */
function setLimits(world: World, body: unknown): Reply {
  const asked = Object.entries((body ?? {}) as Record<string, unknown>);
  for (const [name, value] of asked) {
    if (!vaultLimitNames.some((known) => known === name)) {
      throw new Error(`${name} is not a limit; there are ${vaultLimitNames.join(", ")}`);
    }
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
      throw new Error(`${name} must be a whole number from 0`);
    }
  }
  for (const [name, value] of asked) setVaultLimit(world, name as VaultLimitName, value as number);
  world.commit();
  return limits(world);
}

/** Stands for the sign-in service: a session token for a public key, trusted from now on. */
function sessionToken(world: World, body: unknown): Reply {
  const { tenancy, user, publicKey, seconds = 3600 } = (body ?? {}) as Record<string, unknown>;
  if (typeof tenancy !== "string" || world.get("tenancy", tenancy) === undefined)
    throw new Error("tenancy is not known");
  if (typeof user !== "string" || typeof publicKey !== "string") throw new Error("user and publicKey (PEM) are needed");
  if (typeof seconds !== "number" || !(seconds > 0 && seconds <= 86_400)) throw new Error("seconds must be 1 to 86400");
  const { token, key } = makeSessionToken(tenancy, user, publicKey, Date.now() + seconds * 1000);
  world.put("signingKey", key);
  world.commit();
  return { status: 200, json: { token } };
}
