/**
 * The database behind everything remembered. One set of queries through Kysely over two engines: the embedded default is
 * SQLite in a file (WAL, synchronous=FULL: a receipt is on disk before the call it belongs to leaves); postgres.ts has the other.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type Generated, Kysely, SqliteDialect } from "kysely";

export interface Tables {
  sessions: {
    /** SHA-256 of the session id; the id itself is only in the sealed cookie. */
    sid_hash: string;
    user_name: string;
    role: string;
    created_at: number;
    last_seen_at: number;
    revoked_at: number | null;
  };
  sign_in_tokens: {
    token_hash: string;
    created_at: number;
    claimed_at: number | null;
  };
  receipts: {
    seq: Generated<number>;
    /** Ties the rows of one action together. */
    receipt_id: string;
    phase: string;
    at: number;
    actor: string;
    role: string;
    operation: string;
    tenancy: string;
    region: string;
    target: string;
    reason: string | null;
    request_id: string;
    details: string;
    result: string;
    status: number | null;
    opc_request_id: string | null;
  };
}
export type Database = Kysely<Tables>;

export type Engine = "sqlite" | "postgres";
/** One statement for both engines, or one for each where they differ; null: nothing to do on that engine. */
export type Statement = string | Readonly<Record<Engine, string | null>>;

/** Statements by schema version; append only. Plain SQL both engines take, wherever that is possible. */
export const migrations: readonly (readonly Statement[])[] = [
  [
    `CREATE TABLE sessions (
      sid_hash TEXT PRIMARY KEY, user_name TEXT NOT NULL, role TEXT NOT NULL,
      created_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL, revoked_at BIGINT)`,
    `CREATE TABLE sign_in_tokens (token_hash TEXT PRIMARY KEY, created_at BIGINT NOT NULL, claimed_at BIGINT)`,
    numberedTable(
      (numbered) => `CREATE TABLE receipts (
      seq ${numbered}, receipt_id TEXT NOT NULL, phase TEXT NOT NULL, at BIGINT NOT NULL,
      actor TEXT NOT NULL, role TEXT NOT NULL, operation TEXT NOT NULL, tenancy TEXT NOT NULL, region TEXT NOT NULL,
      target TEXT NOT NULL, reason TEXT, request_id TEXT NOT NULL, details TEXT NOT NULL, result TEXT NOT NULL,
      status INTEGER, opc_request_id TEXT)`,
    ),
    `CREATE INDEX receipts_by_target ON receipts (target, seq)`,
    `CREATE INDEX receipts_by_receipt ON receipts (receipt_id)`,
    ...appendOnly("receipts"),
  ],
];

/** A table whose rows are numbered by the engine, upwards and never twice. */
function numberedTable(create: (numbered: string) => string): Statement {
  return {
    sqlite: create("INTEGER PRIMARY KEY AUTOINCREMENT"),
    postgres: create("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
  };
}

/** The engine itself refuses to change or remove rows of the table. */
function appendOnly(table: string): Statement[] {
  const sqlite = (event: string) =>
    `CREATE TRIGGER ${table}_keep_${event.toLowerCase()} BEFORE ${event} ON ${table} BEGIN SELECT RAISE(ABORT, '${table} are append only'); END`;
  const keep = `CREATE FUNCTION ${table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${table} are append only'; END $$`;
  const trigger = `CREATE TRIGGER ${table}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION ${table}_keep()`;
  return [
    { sqlite: sqlite("UPDATE"), postgres: keep },
    { sqlite: sqlite("DELETE"), postgres: trigger },
  ];
}

/** What brings a store of `version` up to date on an engine. Throws when it comes from a newer console. */
export function outstanding(engine: Engine, version: number): string[] {
  if (version > migrations.length) {
    throw new StoreError(
      `The store has schema version ${version}; this console knows up to ${migrations.length}.`,
      "Start the newer version of the console, or restore a backup made with this one.",
    );
  }
  return migrations
    .slice(version)
    .flat()
    .map((statement) => (typeof statement === "string" ? statement : statement[engine]))
    .filter((sql) => sql !== null);
}

/** A store that cannot be used: what, and in `hint` what to do. Never carries a password. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** Kysely speaks to better-sqlite3's shape; Node's own SQLite needs the parameters spread. */
function adapt(database: DatabaseSync) {
  return {
    close: () => database.close(),
    prepare(sql: string) {
      // A transaction takes its place in line at once: one that read first could not write after somebody else did.
      const statement = database.prepare(sql === "begin" ? "begin immediate" : sql);
      const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
      return {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...values(parameters)),
        run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
      };
    },
  };
}

/**
 * Opens (and makes or migrates) the SQLite store in a directory. Throws StoreError when the directory cannot be written, the file is
 * not a database, or it comes from a newer version of the console.
 */
export function openSqlite(dataDir: string): Database {
  const file = join(dataDir, "console.sqlite");
  let sqlite: DatabaseSync | undefined;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    sqlite = new DatabaseSync(file);
    sqlite.exec(
      "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
    );
    migrate(sqlite);
  } catch (error) {
    sqlite?.close();
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      `The store ${file} cannot be used: ${(error as Error).message}.`,
      "The data directory must belong to whoever runs the console and have room; a damaged file is replaced from a backup.",
      { cause: error },
    );
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(sqlite) }) });
}

function migrate(sqlite: DatabaseSync): void {
  sqlite.exec("BEGIN IMMEDIATE");
  try {
    const row = sqlite.prepare("PRAGMA user_version").get() as { user_version: number };
    for (const sql of outstanding("sqlite", row.user_version)) sqlite.exec(sql);
    sqlite.exec(`PRAGMA user_version = ${migrations.length}`);
    sqlite.exec("COMMIT");
  } catch (error) {
    sqlite.exec("ROLLBACK");
    throw error;
  }
}
