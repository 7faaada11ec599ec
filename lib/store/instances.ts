/** Which consoles share a PostgreSQL store right now, by the clock of the store: clocks of machines differ. */
import { sql } from "kysely";
import type { Database } from "./database.ts";

const storeNow = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** Says that an instance is there, and answers how many were within the last `livesMs`, this one included. PostgreSQL only. */
export async function noteInstance(db: Database, id: string, livesMs: number): Promise<number> {
  await db
    .insertInto("instances")
    .values({ id, seen_at: storeNow })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ seen_at: storeNow }))
    .execute();
  await db.deleteFrom("instances").where("seen_at", "<", sql<number>`${storeNow} - 600000`).execute();
  const { count } = await db
    .selectFrom("instances")
    .select((from) => from.fn.countAll().as("count"))
    .where("seen_at", ">", sql<number>`${storeNow} - ${livesMs}`)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Takes an instance that ends off the list. */
export async function forgetInstance(db: Database, id: string): Promise<void> {
  await db.deleteFrom("instances").where("id", "=", id).execute();
}
