/** Session rows: the truth about who is signed in. The cookie only carries a sealed random id. */
import { createHash, randomBytes } from "node:crypto";
import type { Database } from "./database.ts";

/** A session that has not been ended and whose person may still use the console. */
export interface SessionRow {
  readonly sidHash: string;
  readonly accountId: string;
  readonly issuer: string;
  readonly subject: string;
  readonly userName: string;
  /** The account's role now, not the one at sign-in. */
  readonly role: string;
  /** The account's groups now. */
  readonly groups: readonly string[];
  readonly createdAt: number;
  readonly authAt: number;
  readonly lastSeenAt: number;
  readonly idpSid: string | null;
  readonly addressHash: string;
  readonly agentHash: string;
  readonly device: string;
}

export interface NewSession {
  readonly accountId: string;
  /** The account's epoch at sign-in. */
  readonly epoch: number;
  /** Epoch milliseconds. */
  readonly authAt: number;
  readonly idpSid: string | null;
  readonly addressHash: string;
  readonly agentHash: string;
  readonly device: string;
}

/** What is stored of a secret: enough to recognise it, not enough to use it. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** Makes a session and returns its id (256 random bits, base64url), which is stored only as a hash. `now` in epoch ms. */
export async function createSession(db: Database, session: NewSession, now: number): Promise<string> {
  const sid = randomBytes(32).toString("base64url");
  await db
    .insertInto("sessions")
    .values({
      sid_hash: hashSecret(sid),
      account_id: session.accountId,
      epoch: session.epoch,
      created_at: now,
      auth_at: session.authAt,
      last_seen_at: now,
      ended_at: null,
      ended_why: null,
      idp_sid: session.idpSid,
      address_hash: session.addressHash,
      agent_hash: session.agentHash,
      device: session.device,
    })
    .execute();
  return sid;
}

/** Live rows: not ended, the person not disabled, and nothing happened to the account that ends its sessions. */
function liveSessions(db: Database) {
  return db
    .selectFrom("sessions")
    .innerJoin("accounts", "accounts.id", "sessions.account_id")
    .select([
      "sessions.sid_hash",
      "sessions.account_id",
      "sessions.created_at",
      "sessions.auth_at",
      "sessions.last_seen_at",
      "sessions.idp_sid",
      "sessions.address_hash",
      "sessions.agent_hash",
      "sessions.device",
      "accounts.issuer",
      "accounts.subject",
      "accounts.name",
      "accounts.role",
      "accounts.idp_groups",
    ])
    .where("sessions.ended_at", "is", null)
    .where("accounts.disabled_at", "is", null)
    .whereRef("sessions.epoch", "=", "accounts.epoch");
}

type LiveRow = Awaited<ReturnType<ReturnType<typeof liveSessions>["execute"]>>[number];

function fromRow(row: LiveRow): SessionRow {
  return {
    sidHash: row.sid_hash,
    accountId: row.account_id,
    issuer: row.issuer,
    subject: row.subject,
    userName: row.name,
    role: row.role,
    groups: JSON.parse(row.idp_groups),
    createdAt: Number(row.created_at),
    authAt: Number(row.auth_at),
    lastSeenAt: Number(row.last_seen_at),
    idpSid: row.idp_sid,
    addressHash: row.address_hash,
    agentHash: row.agent_hash,
    device: row.device,
  };
}

/** The live row of a session id, or null. Time limits are the caller's policy. */
export async function findSession(db: Database, sid: string): Promise<SessionRow | null> {
  const row = await liveSessions(db).where("sessions.sid_hash", "=", hashSecret(sid)).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** The live row behind a stored hash, or null. */
export async function findSessionByHash(db: Database, sidHash: string): Promise<SessionRow | null> {
  const row = await liveSessions(db).where("sessions.sid_hash", "=", sidHash).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Live sessions of one account, or of everybody, last used first. */
export async function listSessions(db: Database, accountId: string | null): Promise<SessionRow[]> {
  let query = liveSessions(db).orderBy("sessions.last_seen_at", "desc").limit(1000);
  if (accountId !== null) query = query.where("sessions.account_id", "=", accountId);
  return (await query.execute()).map(fromRow);
}

/** Notes that the person did something now (epoch ms). */
export async function touchSession(db: Database, sidHash: string, now: number): Promise<void> {
  await db.updateTable("sessions").set({ last_seen_at: now }).where("sid_hash", "=", sidHash).execute();
}

/** Why a session ended; kept with its row. */
export type EndReason =
  | "signed-out"
  | "signed-in-again"
  | "confirmed"
  | "ended-by-person"
  | "ended-by-admin"
  | "password"
  | "provider";

/** Which sessions to end: one, those of an account (perhaps but one), or those of an identity provider's session. */
export type WhichSessions =
  | { readonly sidHash: string }
  | { readonly accountId: string; readonly except?: string }
  | { readonly issuer: string; readonly subject?: string | undefined; readonly idpSid?: string | undefined };

/** Ends sessions at once, wherever their cookies are, and says how many. */
export async function endSessions(db: Database, which: WhichSessions, why: EndReason, now: number): Promise<number> {
  let query = db.updateTable("sessions").set({ ended_at: now, ended_why: why }).where("ended_at", "is", null);
  if ("sidHash" in which) query = query.where("sid_hash", "=", which.sidHash);
  else if ("accountId" in which) {
    query = query.where("account_id", "=", which.accountId);
    if (which.except !== undefined) query = query.where("sid_hash", "!=", which.except);
  } else {
    const { issuer, subject, idpSid } = which;
    if (subject === undefined && idpSid === undefined) return 0;
    query = query.where("account_id", "in", (from) => {
      const people = from.selectFrom("accounts").select("id").where("issuer", "=", issuer);
      return subject === undefined ? people : people.where("subject", "=", subject);
    });
    if (idpSid !== undefined) query = query.where("idp_sid", "=", idpSid);
  }
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}

/** Removes rows nobody can use any more: older than the absolute lifetime (ms). */
export async function forgetSessions(db: Database, olderThan: number): Promise<void> {
  await db.deleteFrom("sessions").where("created_at", "<", olderThan).execute();
}
