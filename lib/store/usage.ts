/** What vaults held over time: small rows taken when somebody looks. */
import type { Database } from "./database.ts";

export interface UsagePlace {
  readonly tenancy: string;
  readonly region: string;
  readonly vault: string;
}

export interface UsageRow {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly counts: Readonly<Record<string, number>>;
}

const of = (db: Database, { tenancy, region, vault }: UsagePlace) =>
  db
    .selectFrom("usage_snapshots")
    .where("tenancy", "=", tenancy)
    .where("region", "=", region)
    .where("vault", "=", vault);

/** Keeps the counts unless there are some from less than `everyMs` ago, and forgets what is older than `keepMs`. */
export async function noteUsage(
  db: Database,
  place: UsagePlace,
  row: UsageRow,
  { everyMs, keepMs }: { readonly everyMs: number; readonly keepMs: number },
): Promise<void> {
  const recent = await of(db, place)
    .select("at")
    .where("at", ">", Math.trunc(row.at - everyMs))
    .limit(1)
    .executeTakeFirst();
  if (recent !== undefined) return;
  await db
    .insertInto("usage_snapshots")
    .values({ ...place, at: Math.trunc(row.at), counts: JSON.stringify(row.counts) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await db
    .deleteFrom("usage_snapshots")
    .where("at", "<", Math.trunc(row.at - keepMs))
    .execute();
}

/** The latest `limit` rows of a vault, oldest first. */
export async function listUsage(db: Database, place: UsagePlace, limit: number): Promise<UsageRow[]> {
  const rows = await of(db, place).select(["at", "counts"]).orderBy("at", "desc").limit(limit).execute();
  return rows.reverse().map(({ at, counts }) => ({ at: Number(at), counts: JSON.parse(counts) }));
}
