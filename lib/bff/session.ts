/**
 * Sign-in. The cookie is an iron-session seal around a random id; who that is, and whether it still counts, is a row in the
 * store, asked on every request, so that signing out ends a session at once wherever its cookie is.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sealData, unsealData } from "iron-session";
import { LRUCache } from "lru-cache";
import { type ConsoleRole, consoleRoles, type Persona, type SessionUser } from "#lib/contract/api.ts";
import type { Database } from "#lib/store/database.ts";
import * as sessions from "#lib/store/sessions.ts";
import type { Config } from "./config.ts";
import { Refusal } from "./refusal.ts";

export const absoluteLifetimeMs = 8 * 3_600_000;
/** Idle limits: 30 minutes for those who only read, 15 for those who can change something. */
const idleLimitMs: Record<ConsoleRole, number> = {
  helpdesk: 30 * 60_000,
  auditor: 30 * 60_000,
  operator: 15 * 60_000,
  admin: 15 * 60_000,
};
/** Unsealing costs about 1.5 ms of CPU; a verified seal is remembered this long. The row is still asked every time. */
const sealMemoryMs = 60_000;
const touchEveryMs = 30_000;

export const personas: readonly Persona[] = [
  {
    id: "admin",
    name: "Ada Admin",
    summary: "Security admin. Does everything: creates, moves, restores, replicates and schedules deletions.",
  },
  {
    id: "operator",
    name: "Otto Operator",
    summary: "Operator. Does what can be undone: tags, names, backups, cancelling a deletion.",
  },
  {
    id: "helpdesk",
    name: "Hanna Helpdesk",
    summary: "Help desk. Sees every vault and explains it on the phone; can change nothing.",
  },
  {
    id: "auditor",
    name: "Amir Auditor",
    summary: "Auditor. Reads everything, the receipts of every change included; changes nothing.",
  },
];

export interface SignedIn extends SessionUser {
  readonly role: ConsoleRole;
  readonly sidHash: string;
}

export interface Sessions {
  /** The signed-in person of a request, or null. `isActivity: false` leaves the idle clock alone (polling). */
  identify(request: Request, options?: { isActivity: boolean }): Promise<SignedIn | null>;
  /** Starts a session and gives its Set-Cookie value. Any session the request carries ends. */
  start(request: Request, user: { name: string; role: ConsoleRole }): Promise<string>;
  /** Ends the request's session and gives the Set-Cookie value that clears the cookie. */
  end(request: Request): Promise<string>;
}

/** The iron-session passwords: from configuration, or made once and kept in the data directory with mode 0600. */
export function loadSessionSecrets(config: Config): Record<string, string> {
  if (config.sessionSecrets !== null) return { ...config.sessionSecrets };
  const file = join(config.dataDir, "session.key");
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, randomBytes(48).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return { 1: readFileSync(file, "utf8").trim() };
}

/** Sessions over the store; `clock` in epoch milliseconds. */
export function createSessions(config: Config, db: Database, clock: () => number): Sessions {
  const password = loadSessionSecrets(config);
  const cookieName = config.isHttps ? "__Host-ovc_session" : "ovc_session";
  const attributes = `Path=/; HttpOnly; SameSite=Strict${config.isHttps ? "; Secure" : ""}`;
  const verified = new LRUCache<string, string>({ max: 5000, ttl: sealMemoryMs });

  async function sidOf(request: Request): Promise<string | null> {
    const seal = readCookie(request, cookieName);
    if (seal === null || seal.length > 1024) return null;
    const key = createHash("sha256").update(seal).digest("base64");
    const known = verified.get(key);
    if (known !== undefined) return known;
    const data = await unsealData<{ sid?: unknown }>(seal, { password, ttl: absoluteLifetimeMs / 1000 }).catch(() => ({
      sid: undefined,
    }));
    if (typeof data.sid !== "string") return null;
    verified.set(key, data.sid);
    return data.sid;
  }

  async function identify(request: Request, options = { isActivity: true }): Promise<SignedIn | null> {
    const sid = await sidOf(request);
    if (sid === null) return null;
    const row = await sessions.findSession(db, sid);
    const role = consoleRoles.find((known) => known === row?.role);
    if (row === null || role === undefined) return null;
    const now = clock();
    if (now - row.createdAt >= absoluteLifetimeMs || now - row.lastSeenAt >= idleLimitMs[role]) return null;
    if (options.isActivity && now - row.lastSeenAt > touchEveryMs) await sessions.touchSession(db, row.sidHash, now);
    return { name: row.userName, role, signedInAt: row.createdAt, sidHash: row.sidHash };
  }

  async function end(request: Request): Promise<string> {
    const signedIn = await identify(request, { isActivity: false });
    if (signedIn !== null) await sessions.revokeSession(db, signedIn.sidHash, clock());
    return `${cookieName}=; ${attributes}; Max-Age=0`;
  }

  async function start(request: Request, user: { name: string; role: ConsoleRole }): Promise<string> {
    await end(request);
    const now = clock();
    await sessions.forgetSessions(db, now - 2 * absoluteLifetimeMs);
    const sid = await sessions.createSession(db, user, now);
    const seal = await sealData({ sid }, { password, ttl: absoluteLifetimeMs / 1000 });
    return `${cookieName}=${seal}; ${attributes}; Max-Age=${absoluteLifetimeMs / 1000}`;
  }

  return { identify, start, end };
}

function readCookie(request: Request, name: string): string | null {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const mark = part.indexOf("=");
    if (mark > 0 && part.slice(0, mark).trim() === name) return part.slice(mark + 1).trim();
  }
  return null;
}

/** The refusal everybody without a session gets. */
export function notSignedIn(): Refusal {
  return new Refusal(401, "NotSignedIn", "You are not signed in, or your session has ended.", {
    action: "Sign in and try again.",
  });
}
