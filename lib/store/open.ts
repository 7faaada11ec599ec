import { type Database, openSqlite, openSqliteToRead } from "./database.ts";
import { openPostgres } from "./postgres.ts";

export interface StoreOptions {
  /** `postgres://…`; null keeps the store in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Secret the receipts are chained with; null: a file in `dataDir`, made once. */
  readonly receiptsKey: string | null;
  /** Hears of connections that broke while nobody used them; the next query makes a new one. */
  readonly onLost?: (error: Error) => void;
}

/** Opens the store that is configured, made or migrated. Throws StoreError when it cannot be used. */
export async function openStore(options: StoreOptions): Promise<Database> {
  if (options.databaseUrl === null) return openSqlite(options.dataDir, options.receiptsKey);
  return openPostgres(options.databaseUrl, options, options.onLost ?? (() => undefined));
}

/** Opens the store as it is, to read: nothing is made, migrated or repaired. Throws StoreError when it cannot be used. */
export async function openStoreToRead(options: StoreOptions): Promise<Database> {
  if (options.databaseUrl === null) return openSqliteToRead(options.dataDir, options.receiptsKey);
  return openPostgres(options.databaseUrl, options, options.onLost ?? (() => undefined), true);
}
