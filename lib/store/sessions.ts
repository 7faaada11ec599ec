/** Session rows: the truth about who is signed in. The cookie only carries a sealed random id. */
import { createHash, randomBytes } from "node:crypto";
import type { Database } from "./database.ts";

export interface SessionRow {
  readonly sidHash: string;
  readonly userName: string;
  readonly role: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
}

/** What is stored of a secret: enough to recognise it, not enough to use it. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** Makes a session and returns its id (256 random bits, base64url), which is stored only as a hash. `now` in epoch ms. */
export async function createSession(db: Database, user: { name: string; role: string }, now: number): Promise<string> {
  const sid = randomBytes(32).toString("base64url");
  await db
    .insertInto("sessions")
    .values({
      sid_hash: hashSecret(sid),
      user_name: user.name,
      role: user.role,
      created_at: now,
      last_seen_at: now,
      revoked_at: null,
    })
    .execute();
  return sid;
}

/** The live row of a session id, or null when there is none or it was revoked. Time-outs are the caller's policy. */
export async function findSession(db: Database, sid: string): Promise<SessionRow | null> {
  const row = await db
    .selectFrom("sessions")
    .selectAll()
    .where("sid_hash", "=", hashSecret(sid))
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    sidHash: row.sid_hash,
    userName: row.user_name,
    role: row.role,
    createdAt: Number(row.created_at),
    lastSeenAt: Number(row.last_seen_at),
  };
}

/** Notes that the person did something now (epoch ms). */
export async function touchSession(db: Database, sidHash: string, now: number): Promise<void> {
  await db.updateTable("sessions").set({ last_seen_at: now }).where("sid_hash", "=", sidHash).execute();
}

/** Ends a session at once, wherever its cookie is. */
export async function revokeSession(db: Database, sidHash: string, now: number): Promise<void> {
  await db.updateTable("sessions").set({ revoked_at: now }).where("sid_hash", "=", sidHash).execute();
}

/** Removes rows nobody can use any more: older than the absolute lifetime (ms). */
export async function forgetSessions(db: Database, olderThan: number): Promise<void> {
  await db.deleteFrom("sessions").where("created_at", "<", olderThan).execute();
}

/** Makes a one-time sign-in token (256 random bits) and makes every earlier one useless. */
export async function mintSignInToken(db: Database, now: number): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom("sign_in_tokens").execute();
    await trx
      .insertInto("sign_in_tokens")
      .values({ token_hash: hashSecret(token), created_at: now, claimed_at: null })
      .execute();
  });
  return token;
}

/** Takes a one-time token; true exactly once. */
export async function claimSignInToken(db: Database, token: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable("sign_in_tokens")
    .set({ claimed_at: now })
    .where("token_hash", "=", hashSecret(token))
    .where("claimed_at", "is", null)
    .executeTakeFirst();
  return Number(result.numUpdatedRows) === 1;
}
