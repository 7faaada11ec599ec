/** One-time tokens: the first admin's, and invitations. Only their hashes are stored. */
import { randomBytes } from "node:crypto";
import type { Database } from "./database.ts";
import { hashSecret } from "./sessions.ts";

export interface TokenKind {
  /** `setup` makes an admin; `invite` lets the person of an account choose a password. */
  readonly purpose: "setup" | "invite";
  readonly accountId: string | null;
}

/** Makes a token (256 random bits) that works once within `lifeMs`; earlier ones of the same kind become useless. */
export async function mintToken(db: Database, kind: TokenKind, lifeMs: number, now: number): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await db.transaction().execute(async (trx) => {
    let earlier = trx.deleteFrom("sign_in_tokens").where("purpose", "=", kind.purpose);
    if (kind.accountId !== null) earlier = earlier.where("account_id", "=", kind.accountId);
    await earlier.execute();
    await trx
      .insertInto("sign_in_tokens")
      .values({
        token_hash: hashSecret(token),
        purpose: kind.purpose,
        account_id: kind.accountId,
        created_at: now,
        expires_at: now + lifeMs,
        claimed_at: null,
      })
      .execute();
  });
  return token;
}

/** What a token is for, or null when it is unknown, used or too old. */
export async function findToken(db: Database, token: string, now: number): Promise<TokenKind | null> {
  const row = await db
    .selectFrom("sign_in_tokens")
    .selectAll()
    .where("token_hash", "=", hashSecret(token))
    .where("claimed_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return row === undefined ? null : { purpose: row.purpose as TokenKind["purpose"], accountId: row.account_id };
}

/** Takes a token; true exactly once, however many ask at a time. */
export async function claimToken(db: Database, token: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable("sign_in_tokens")
    .set({ claimed_at: now })
    .where("token_hash", "=", hashSecret(token))
    .where("claimed_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return Number(result.numUpdatedRows) === 1;
}

/** Whether a token of this purpose waits to be used. */
export async function hasToken(db: Database, purpose: TokenKind["purpose"], now: number): Promise<boolean> {
  const row = await db
    .selectFrom("sign_in_tokens")
    .select("token_hash")
    .where("purpose", "=", purpose)
    .where("claimed_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return row !== undefined;
}
