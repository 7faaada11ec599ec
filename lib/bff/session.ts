/**
 * Sessions. The cookie is an iron-session seal around a random id; who that is, and whether it still counts, is a row in the
 * store, asked on every request, so that a session ends at once wherever its cookie is.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sealData, unsealData } from "iron-session";
import { LRUCache } from "lru-cache";
import { type ConsoleRole, consoleRoles, type SessionUser } from "#lib/contract/api.ts";
import { type Account, noteSignIn } from "#lib/store/accounts.ts";
import type { Database } from "#lib/store/database.ts";
import * as store from "#lib/store/sessions.ts";
import type { Config } from "./config.ts";
import { addressOf, deviceWords } from "./device.ts";
import { acceptedIssuers, viaOf } from "./identities.ts";
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

export interface SignedIn extends SessionUser {
  readonly role: ConsoleRole;
  readonly sidHash: string;
  readonly accountId: string;
  /** The identity two people are told apart by: who vouches, and the person's name for ever there. */
  readonly issuer: string;
  readonly subject: string;
  /** Groups of the identity provider the policy speaks of. */
  readonly groups: readonly string[];
}

/** How a session came about, beyond the account. */
export interface SignInFacts {
  /** When the person proved who they are, epoch ms; now when left out. */
  readonly authAt?: number;
  readonly idpSid?: string | null;
  /** Why the session the request carries ends. */
  readonly endsBecause?: store.EndReason;
  /** The session that ends when the request cannot carry it (an identity provider's answer). */
  readonly replaces?: string;
}

export interface Sessions {
  /** The signed-in person of a request, or null. `isActivity: false` leaves the idle clock alone (polling). */
  identify(request: Request, options?: { isActivity: boolean }): Promise<SignedIn | null>;
  /** The person of a live session by its stored hash, or null. */
  findByHash(sidHash: string): Promise<SignedIn | null>;
  /** Starts a session with a new id and gives its Set-Cookie value. Any session the request carries ends. */
  start(request: Request, account: Account, facts?: SignInFacts): Promise<string>;
  /** Ends the request's session and gives the Set-Cookie value that clears the cookie. */
  end(request: Request): Promise<string>;
  /**
   * A text of its own for every cookie known to be sealed here, of one instance's memory and asking nobody; null for one that
   * is not, or has not been opened yet. Says nothing about whether the session still counts.
   */
  recognize(cookies: string | undefined): string | null;
  /** Sessions of one account (null: of everybody) that are within their time limits. */
  list(accountId: string | null): Promise<store.SessionRow[]>;
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
  const issuers = acceptedIssuers(config);
  const verified = new LRUCache<string, string>({ max: 5000, ttl: sealMemoryMs });

  const keyOf = (seal: string) => createHash("sha256").update(seal).digest("base64");

  function sealIn(cookies: string | null | undefined): string | null {
    const seal = readCookie(cookies, cookieName);
    return seal === null || seal.length > 1024 ? null : seal;
  }

  async function sidOf(request: Request): Promise<string | null> {
    const seal = sealIn(request.headers.get("cookie"));
    if (seal === null) return null;
    const key = keyOf(seal);
    const known = verified.get(key);
    if (known !== undefined) return known;
    const sid = await unsealSid(seal, password);
    if (sid !== null) verified.set(key, sid);
    return sid;
  }

  /** Time limits are judged here, on every request, whatever the cookie says. */
  function isInTime(row: store.SessionRow, role: ConsoleRole): boolean {
    const now = clock();
    return now - row.createdAt < absoluteLifetimeMs && now - row.lastSeenAt < idleLimitMs[role];
  }

  function judge(row: store.SessionRow | null): SignedIn | null {
    const role = consoleRoles.find((known) => known === row?.role);
    if (row === null || role === undefined || !issuers.includes(row.issuer) || !isInTime(row, role)) return null;
    return {
      id: row.accountId,
      name: row.userName,
      role,
      signedInAt: row.createdAt,
      authAt: row.authAt,
      via: viaOf(row.issuer),
      sidHash: row.sidHash,
      accountId: row.accountId,
      issuer: row.issuer,
      subject: row.subject,
      groups: row.groups,
    };
  }

  async function identify(request: Request, options = { isActivity: true }): Promise<SignedIn | null> {
    const sid = await sidOf(request);
    if (sid === null) return null;
    const row = await store.findSession(db, sid);
    const who = judge(row);
    if (row === null || who === null) return null;
    const now = clock();
    if (options.isActivity && now - row.lastSeenAt > touchEveryMs) await store.touchSession(db, row.sidHash, now);
    return who;
  }

  async function end(request: Request, why: store.EndReason = "signed-out"): Promise<string> {
    const sid = await sidOf(request);
    if (sid !== null) await store.endSessions(db, { sidHash: store.hashSecret(sid) }, why, clock());
    return `${cookieName}=; ${attributes}; Max-Age=0`;
  }

  async function start(request: Request, account: Account, facts: SignInFacts = {}): Promise<string> {
    const now = clock();
    const why = facts.endsBecause ?? "signed-in-again";
    await end(request, why);
    if (facts.replaces !== undefined) await store.endSessions(db, { sidHash: facts.replaces }, why, now);
    await store.forgetSessions(db, now - 2 * absoluteLifetimeMs);
    const agent = request.headers.get("user-agent") ?? "";
    const session = {
      accountId: account.id,
      epoch: account.epoch,
      authAt: facts.authAt ?? now,
      idpSid: facts.idpSid ?? null,
      addressHash: store.hashSecret(addressOf(request)),
      agentHash: store.hashSecret(agent),
      device: deviceWords(agent),
    };
    const sid = await store.createSession(db, session, now);
    await noteSignIn(db, account.id, now);
    const seal = await sealData({ sid }, { password, ttl: absoluteLifetimeMs / 1000 });
    return `${cookieName}=${seal}; ${attributes}; Max-Age=${absoluteLifetimeMs / 1000}`;
  }

  return {
    identify,
    findByHash: async (sidHash) => judge(await store.findSessionByHash(db, sidHash)),
    start,
    end: (request) => end(request),
    recognize(cookies) {
      const seal = sealIn(cookies);
      const key = seal === null ? null : keyOf(seal);
      return key !== null && verified.has(key) ? key : null;
    },
    list: async (accountId) => (await store.listSessions(db, accountId)).filter((row) => judge(row) !== null),
  };
}

/** Whatever a stranger puts into the cookie: a session id that was sealed here, or null. */
async function unsealSid(seal: string, password: Record<string, string>): Promise<string | null> {
  // The version at the end is not covered by the seal: only the one made here is taken.
  if (!/^Fe26\.2\*[^~]+~2$/.test(seal)) return null;
  // Base64 may spell the same bytes in several ways; only the one that was made here is taken.
  const mac = seal.slice(seal.lastIndexOf("*") + 1, -2);
  if (Buffer.from(mac, "base64url").toString("base64url") !== mac) return null;
  try {
    const data: unknown = await unsealData(seal, { password, ttl: absoluteLifetimeMs / 1000 });
    const sid = (data as { sid?: unknown } | null)?.sid;
    return typeof sid === "string" && sid.length === 43 ? sid : null;
  } catch {
    return null;
  }
}

/** The value of one cookie of a Cookie header, or null. */
export function readCookie(cookies: string | null | undefined, name: string): string | null {
  for (const part of (cookies ?? "").split(";")) {
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
