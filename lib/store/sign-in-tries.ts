/** Counting guesses, shared by all instances of the console; and things that may be seen once. */
import type { Database } from "./database.ts";

/** How many tries are free, and how long to wait after more. Times in milliseconds. */
export interface TryRule {
  readonly freeTries: number;
  /** Tries are forgotten this long after the first (`fixed`) or after the last one. */
  readonly forgetMs: number;
  readonly isFixed: boolean;
  /** The first wait; it doubles with every further try. Fixed windows wait for their end instead. */
  readonly firstWaitMs: number;
  readonly waitMaxMs: number;
}

/**
 * Counts a try before it is judged, so that many at once cannot all be first. Gives 0 when it may be judged, otherwise
 * the milliseconds to wait; a try that has to wait is not counted.
 */
export async function takeTry(db: Database, key: string, rule: TryRule, now: number): Promise<number> {
  for (let turn = 0; turn < 50; turn += 1) {
    const row = await db.selectFrom("sign_in_tries").selectAll().where("key", "=", key).executeTakeFirst();
    const blockedUntil = Number(row?.blocked_until ?? 0);
    if (blockedUntil > now) return blockedUntil - now;
    const isForgotten = row === undefined || now - Number(row.since) >= rule.forgetMs;
    const tries = isForgotten ? 1 : row.tries + 1;
    const since = rule.isFixed && !isForgotten ? Number(row.since) : now;
    const next = { tries, since, blocked_until: tries < rule.freeTries ? 0 : waitUntil(rule, tries, since, now) };
    const result =
      row === undefined
        ? await db
            .insertInto("sign_in_tries")
            .values({ key, ...next })
            .onConflict((conflict) => conflict.column("key").doNothing())
            .executeTakeFirst()
            .then((inserted) => Number(inserted.numInsertedOrUpdatedRows))
        : await db
            .updateTable("sign_in_tries")
            .set(next)
            .where("key", "=", key)
            .where("tries", "=", row.tries)
            .where("since", "=", row.since)
            .where("blocked_until", "=", row.blocked_until)
            .executeTakeFirst()
            .then((updated) => Number(updated.numUpdatedRows));
    if (result === 1) return 0;
  }
  return 1000;
}

function waitUntil(rule: TryRule, tries: number, since: number, now: number): number {
  if (rule.isFixed) return since + rule.forgetMs;
  return now + Math.min(rule.waitMaxMs, rule.firstWaitMs * 2 ** Math.min(tries - rule.freeTries, 30));
}

/** Takes back one try that turned out right; `all` forgets every one. */
export async function forgiveTries(db: Database, key: string, how: "one" | "all"): Promise<void> {
  if (how === "all") {
    await db.deleteFrom("sign_in_tries").where("key", "=", key).execute();
    return;
  }
  await db
    .updateTable("sign_in_tries")
    .set((from) => ({ tries: from("tries", "-", 1), blocked_until: 0 }))
    .where("key", "=", key)
    .where("tries", ">", 0)
    .execute();
}

/** True the first time, however many ask at once. */
export async function seeOnce(db: Database, key: string, now: number): Promise<boolean> {
  const result = await db
    .insertInto("seen")
    .values({ key, at: now })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows) === 1;
}

/** Notes that something was seen now. */
export async function noteSeen(db: Database, key: string, now: number): Promise<void> {
  await db
    .insertInto("seen")
    .values({ key, at: now })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ at: now }))
    .execute();
}

/** Whether it was seen since (epoch ms). */
export async function wasSeen(db: Database, key: string, since: number): Promise<boolean> {
  const row = await db
    .selectFrom("seen")
    .select("key")
    .where("key", "=", key)
    .where("at", ">=", since)
    .executeTakeFirst();
  return row !== undefined;
}

/** Removes what no rule asks about any more: tries, and things seen, from before these times (epoch ms). */
export async function forgetTries(
  db: Database,
  { tries, seen }: { readonly tries: number; readonly seen: number },
): Promise<void> {
  await db.deleteFrom("sign_in_tries").where("since", "<", tries).where("blocked_until", "<", tries).execute();
  await db.deleteFrom("seen").where("at", "<", seen).execute();
}
