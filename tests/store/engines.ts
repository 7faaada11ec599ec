// Both engines of the store behind one face, for suites that must hold on each.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import type { Database, Engine } from "#lib/store/database.ts";
import { openStore } from "#lib/store/open.ts";
import { type Postgres, startPostgres } from "#tests/start-postgres.ts";

export const engineNames: readonly Engine[] = ["sqlite", "postgres"];

export interface TestStore {
  /** Opens the same store once more, as a restart or another instance does. The directory stays this store's. */
  open(): Promise<Database>;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  remove(): Promise<void>;
}

export interface TestEngine {
  newStore(): Promise<TestStore>;
  /** The server; null where there is none. */
  readonly postgres: Postgres | null;
  stop(): Promise<void>;
}

export async function startEngine(engine: Engine): Promise<TestEngine> {
  const postgres = engine === "postgres" ? await startPostgres() : null;
  return {
    postgres,
    async newStore() {
      const dataDir = mkdtempSync(join(tmpdir(), "ovc-store-"));
      const databaseUrl = (await postgres?.newDatabase()) ?? null;
      const opened: Database[] = [];
      return {
        dataDir,
        databaseUrl,
        async open() {
          const db = await openStore({ databaseUrl, dataDir, receiptsKey: null });
          opened.push(db);
          return db;
        },
        async remove() {
          for (const db of opened) await db.destroy();
          rmSync(dataDir, { recursive: true, force: true });
        },
      };
    },
    stop: async () => postgres?.stop(),
  };
}

/** Runs statements as somebody with the database in hand would. */
export async function tamper(db: Database, ...statements: string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
