import { type Database, openSqlite } from "./database.ts";
import { openPostgres } from "./postgres.ts";

export interface StoreOptions {
  /** `postgres://…`; null keeps the store in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Hears of connections that broke while nobody used them; the next query makes a new one. */
  readonly onLost?: (error: Error) => void;
}

/** Opens the store that is configured, made or migrated. Throws StoreError when it cannot be used. */
export async function openStore(options: StoreOptions): Promise<Database> {
  if (options.databaseUrl === null) return openSqlite(options.dataDir);
  return openPostgres(options.databaseUrl, options.onLost ?? (() => undefined));
}
