/** Secret addresses of calendar feeds: one for each person, kept as a hash. */
import { randomBytes } from "node:crypto";
import type { Database } from "./database.ts";
import { hashSecret } from "./sessions.ts";

export interface StoredFeed {
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** The person's feed, or null. */
export async function findFeed(db: Database, accountId: string): Promise<StoredFeed | null> {
  const row = await db.selectFrom("calendar_feeds").selectAll().where("account_id", "=", accountId).executeTakeFirst();
  if (row === undefined) return null;
  return { createdAt: Number(row.created_at), lastUsedAt: row.last_used_at === null ? null : Number(row.last_used_at) };
}

/** Makes the person's feed and gives its secret (256 random bits, base64url), which is told this once; an earlier one ends. */
export async function makeFeed(db: Database, accountId: string, now: number): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const fresh = { token_hash: hashSecret(token), created_at: now, last_used_at: null };
  await db
    .insertInto("calendar_feeds")
    .values({ account_id: accountId, ...fresh })
    .onConflict((conflict) => conflict.column("account_id").doUpdateSet(fresh))
    .execute();
  return token;
}

/** Ends the person's feed; its address answers nobody any more. */
export async function endFeed(db: Database, accountId: string): Promise<void> {
  await db.deleteFrom("calendar_feeds").where("account_id", "=", accountId).execute();
}

/** Whose feed a secret is, noting that it was used; null for any other text and for people who may not use the console. */
export async function openFeed(db: Database, token: string, now: number): Promise<string | null> {
  const hash = hashSecret(token);
  const row = await db
    .selectFrom("calendar_feeds")
    .innerJoin("accounts", "accounts.id", "calendar_feeds.account_id")
    .select("calendar_feeds.account_id")
    .where("calendar_feeds.token_hash", "=", hash)
    .where("accounts.disabled_at", "is", null)
    .executeTakeFirst();
  if (row === undefined) return null;
  await db.updateTable("calendar_feeds").set({ last_used_at: now }).where("token_hash", "=", hash).execute();
  return row.account_id;
}
