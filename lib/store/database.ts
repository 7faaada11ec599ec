/**
 * The database behind everything remembered. One set of queries through Kysely; the embedded default is SQLite in a
 * file (WAL, synchronous=FULL: a receipt is on disk before the call it belongs to leaves).
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

/** Statements by schema version; append only. The text is plain SQL both engines take. */
const migrations: readonly (readonly string[])[] = [
  [
    `CREATE TABLE sessions (
      sid_hash TEXT PRIMARY KEY, user_name TEXT NOT NULL, role TEXT NOT NULL,
      created_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL, revoked_at BIGINT)`,
    `CREATE TABLE sign_in_tokens (token_hash TEXT PRIMARY KEY, created_at BIGINT NOT NULL, claimed_at BIGINT)`,
    `CREATE TABLE receipts (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, receipt_id TEXT NOT NULL, phase TEXT NOT NULL, at BIGINT NOT NULL,
      actor TEXT NOT NULL, role TEXT NOT NULL, operation TEXT NOT NULL, tenancy TEXT NOT NULL, region TEXT NOT NULL,
      target TEXT NOT NULL, reason TEXT, request_id TEXT NOT NULL, details TEXT NOT NULL, result TEXT NOT NULL,
      status INTEGER, opc_request_id TEXT)`,
    `CREATE INDEX receipts_by_target ON receipts (target, seq)`,
    `CREATE INDEX receipts_by_receipt ON receipts (receipt_id)`,
    `CREATE TRIGGER receipts_keep_update BEFORE UPDATE ON receipts BEGIN SELECT RAISE(ABORT, 'receipts are append only'); END`,
    `CREATE TRIGGER receipts_keep_delete BEFORE DELETE ON receipts BEGIN SELECT RAISE(ABORT, 'receipts are append only'); END`,
  ],
];

/** Kysely speaks to better-sqlite3's shape; Node's own SQLite needs the parameters spread. */
function adapt(database: DatabaseSync) {
  return {
    close: () => database.close(),
    prepare(sql: string) {
      const statement = database.prepare(sql);
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
 * Opens (and makes or migrates) the SQLite store in a directory. Throws when the directory cannot be written, the file is
 * not a database, or it comes from a newer version of the console.
 */
export function openSqlite(dataDir: string): Database {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const sqlite = new DatabaseSync(join(dataDir, "console.sqlite"));
  try {
    sqlite.exec(
      "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
    );
    migrate(sqlite);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(sqlite) }) });
}

function migrate(sqlite: DatabaseSync): void {
  sqlite.exec("BEGIN IMMEDIATE");
  try {
    const row = sqlite.prepare("PRAGMA user_version").get() as { user_version: number };
    if (row.user_version > migrations.length) {
      throw new Error(
        `the store has schema version ${row.user_version}; this console knows up to ${migrations.length}`,
      );
    }
    for (const statements of migrations.slice(row.user_version)) for (const sql of statements) sqlite.exec(sql);
    sqlite.exec(`PRAGMA user_version = ${migrations.length}`);
    sqlite.exec("COMMIT");
  } catch (error) {
    sqlite.exec("ROLLBACK");
    throw error;
  }
}
