/**
 * The database behind everything remembered. One set of queries through Kysely over two engines: the embedded default is
 * SQLite in a file (WAL, synchronous=FULL: a receipt is on disk before the call it belongs to leaves); postgres.ts has the other.
 */
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { Kysely, SqliteDialect } from "kysely";
import { type AuditKeySource, findAuditKey } from "./audit-key.ts";
import { type AuditKey, genesis, link, type ReceiptRow, sealHead } from "./chain.ts";
import { StoreError } from "./store-error.ts";
import { bindTrail, commitAtOnce } from "./trail.ts";

export interface Tables {
  accounts: {
    id: string;
    /** Who vouches for the person: `local`, `rehearsal`, or the identity provider's issuer. */
    issuer: string;
    /** The person's name for ever there; unique with the issuer. */
    subject: string;
    name: string;
    role: string;
    /** JSON list of the identity provider's groups the policy speaks of, sorted. */
    idp_groups: string;
    /** PHC-like string; null until one is set, and for people of an identity provider. */
    password: string | null;
    /** A session counts only while its epoch is this one. */
    epoch: number;
    disabled_at: number | null;
    created_at: number;
    last_sign_in_at: number | null;
  };
  /** What a vault held at some time, as GetVaultUsage said. */
  usage_snapshots: {
    tenancy: string;
    region: string;
    vault: string;
    at: number;
    /** JSON of the service's own fields. */
    counts: string;
  };
  /** Consoles that share this store, by the store's own clock. */
  instances: {
    id: string;
    seen_at: number;
  };
  calendar_feeds: {
    /** One for each person. */
    account_id: string;
    /** SHA-256 of the secret in its address. */
    token_hash: string;
    created_at: number;
    last_used_at: number | null;
  };
  sessions: {
    /** SHA-256 of the session id; the id itself is only in the sealed cookie. */
    sid_hash: string;
    account_id: string;
    epoch: number;
    created_at: number;
    /** When the person last proved who they are. */
    auth_at: number;
    last_seen_at: number;
    ended_at: number | null;
    ended_why: string | null;
    /** The identity provider's own session, which it can end. */
    idp_sid: string | null;
    /** SHA-256 of the network address and of the browser's name of itself. */
    address_hash: string;
    agent_hash: string;
    /** Browser and system in words. */
    device: string;
  };
  sign_in_tokens: {
    token_hash: string;
    purpose: string;
    account_id: string | null;
    created_at: number;
    expires_at: number;
    claimed_at: number | null;
  };
  sign_in_tries: {
    key: string;
    tries: number;
    since: number;
    blocked_until: number;
  };
  /** What may be taken once (logout tokens), and where somebody has signed in before. */
  seen: {
    key: string;
    at: number;
  };
  /** What one person asked for and another has to agree to; see approvals.ts. */
  approvals: {
    id: string;
    state: string;
    operation: string;
    tenancy: string;
    region: string;
    target: string;
    requester_id: string;
    requester_name: string;
    reason: string;
    /** What exactly will be sent, sealed: it may hold an address that is a secret. */
    payload: string;
    payload_hash: string;
    /** The same without secrets, for people, and the vault's row as it was; JSON. */
    shown: string;
    etag: string | null;
    created_at: number;
    expires_at: number;
    decider_id: string | null;
    decider_name: string | null;
    decided_at: number | null;
    /** When somebody began to carry it out. */
    taken_at: number | null;
    decision_reason: string | null;
    ended_at: number | null;
    receipt_id: string | null;
    outcome: string | null;
  };
  receipts: {
    /** 1, 2, 3, … without gaps. */
    seq: number;
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
    /** The hash of the row before; see chain.ts. */
    prev_hash: string;
    hash: string;
  };
  /** One row: where the chain of receipts ends. */
  receipts_head: {
    id: number;
    seq: number;
    hash: string;
    /** Random name of this store, so that checkpoints of another are told apart. */
    store: string;
    key_id: string;
    seal: string;
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
  [
    `ALTER TABLE receipts ADD COLUMN prev_hash TEXT NOT NULL DEFAULT ''`,
    `ALTER TABLE receipts ADD COLUMN hash TEXT NOT NULL DEFAULT ''`,
    // Numbers come from the chain's head: the engine's own have gaps.
    { sqlite: null, postgres: "ALTER TABLE receipts ALTER COLUMN seq DROP IDENTITY" },
    `CREATE TABLE receipts_head (
      id INTEGER PRIMARY KEY CHECK (id = 1), seq BIGINT NOT NULL, hash TEXT NOT NULL, store TEXT NOT NULL,
      key_id TEXT NOT NULL, seal TEXT NOT NULL)`,
  ],
  [`CREATE INDEX receipts_unsettled ON receipts (seq) WHERE result IN ('pending', 'unknown')`],
  // People, and sessions that belong to them. Sessions of the first shape end.
  [
    `DROP TABLE sessions`,
    `DROP TABLE sign_in_tokens`,
    `CREATE TABLE accounts (
      id TEXT PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, password TEXT,
      epoch INTEGER NOT NULL, disabled_at BIGINT, created_at BIGINT NOT NULL, last_sign_in_at BIGINT)`,
    `CREATE UNIQUE INDEX accounts_by_identity ON accounts (issuer, subject)`,
    `CREATE TABLE sessions (
      sid_hash TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id), epoch INTEGER NOT NULL,
      created_at BIGINT NOT NULL, auth_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL, ended_at BIGINT, ended_why TEXT,
      idp_sid TEXT, address_hash TEXT NOT NULL, agent_hash TEXT NOT NULL, device TEXT NOT NULL)`,
    `CREATE INDEX sessions_by_account ON sessions (account_id)`,
    `CREATE TABLE sign_in_tokens (
      token_hash TEXT PRIMARY KEY, purpose TEXT NOT NULL, account_id TEXT, created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL, claimed_at BIGINT)`,
    `CREATE TABLE sign_in_tries (key TEXT PRIMARY KEY, tries INTEGER NOT NULL, since BIGINT NOT NULL, blocked_until BIGINT NOT NULL)`,
    `CREATE TABLE seen (key TEXT PRIMARY KEY, at BIGINT NOT NULL)`,
  ],
  [
    `CREATE TABLE approvals (
      id TEXT PRIMARY KEY, state TEXT NOT NULL, operation TEXT NOT NULL, tenancy TEXT NOT NULL, region TEXT NOT NULL,
      target TEXT NOT NULL, requester_id TEXT NOT NULL, requester_name TEXT NOT NULL, reason TEXT NOT NULL,
      payload TEXT NOT NULL, payload_hash TEXT NOT NULL, shown TEXT NOT NULL, etag TEXT,
      created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, decider_id TEXT, decider_name TEXT, decided_at BIGINT,
      decision_reason TEXT, ended_at BIGINT, receipt_id TEXT, outcome TEXT)`,
    `CREATE INDEX approvals_by_time ON approvals (created_at)`,
  ],
  [`ALTER TABLE accounts ADD COLUMN idp_groups TEXT NOT NULL DEFAULT '[]'`],
  [
    `CREATE TABLE calendar_feeds (
      account_id TEXT PRIMARY KEY REFERENCES accounts (id), token_hash TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL,
      last_used_at BIGINT)`,
  ],
  [`CREATE TABLE instances (id TEXT PRIMARY KEY, seen_at BIGINT NOT NULL)`],
  [
    `ALTER TABLE approvals ADD COLUMN taken_at BIGINT`,
    `CREATE TABLE usage_snapshots (
      tenancy TEXT NOT NULL, region TEXT NOT NULL, vault TEXT NOT NULL, at BIGINT NOT NULL, counts TEXT NOT NULL,
      PRIMARY KEY (tenancy, region, vault, at))`,
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

/** What a store without a head gets: its rows chained, its head, and the statements around them. */
export interface FirstChain {
  readonly unlock: string;
  readonly rows: readonly { readonly was: number; readonly row: ReceiptRow }[];
  readonly lock: string;
  readonly head: Tables["receipts_head"];
}

/** Chains the rows a store has when its chain begins; `store` is its new random name. */
export function beginChain(engine: Engine, key: AuditKey, store: string, rows: readonly ReceiptRow[]): FirstChain {
  const { linked, head } = link(key, genesis, rows);
  const [keepUpdate] = appendOnly("receipts");
  return {
    unlock:
      engine === "sqlite" ? "DROP TRIGGER receipts_keep_update" : "ALTER TABLE receipts DISABLE TRIGGER receipts_keep",
    lock:
      engine === "sqlite"
        ? (keepUpdate as { sqlite: string }).sqlite
        : "ALTER TABLE receipts ENABLE TRIGGER receipts_keep",
    rows: linked.map((row, index) => ({ was: rows[index]?.seq ?? row.seq, row })),
    head: { id: 1, ...head, store, key_id: key.id, seal: sealHead(key, store, head) },
  };
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
 * not a database, its audit key is not there, or it comes from a newer version of the console.
 */
export function openSqlite(dataDir: string, receiptsKey: string | null = null): Database {
  const file = join(dataDir, sqliteFile);
  return openFile(file, () => {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const sqlite = new DatabaseSync(file);
    return [
      sqlite,
      () => {
        sqlite.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        sqlite.exec("PRAGMA foreign_keys = ON;");
        return migrate(sqlite, { dataDir, receiptsKey });
      },
    ];
  });
}

/** Opens the SQLite store as it is, without changing anything. Throws StoreError when it is not there or not up to date. */
export function openSqliteToRead(dataDir: string, receiptsKey: string | null = null): Database {
  const file = join(dataDir, sqliteFile);
  if (!existsSync(file)) throw new StoreError(`There is no store ${file}.`, "Name the data directory: DATA_DIR=…");
  return openFile(file, () => {
    const sqlite = new DatabaseSync(file, { readOnly: true });
    return [
      sqlite,
      () => {
        sqlite.exec("PRAGMA busy_timeout = 5000;");
        const row = sqlite.prepare("PRAGMA user_version").get() as { user_version: number };
        refuseOutdated(outstanding("sqlite", row.user_version));
        return findAuditKey({ dataDir, receiptsKey }, knownKey(sqlite) ?? "none");
      },
    ];
  });
}

/** Refuses to read a store that the console has yet to bring up to date. */
export function refuseOutdated(statements: readonly string[]): void {
  if (statements.length === 0) return;
  throw new StoreError(
    "The store was made by an older version of the console.",
    "Start the console once; it migrates.",
  );
}

const sqliteFile = "console.sqlite";

function openFile(file: string, open: () => [DatabaseSync, () => AuditKey]): Database {
  let opened: DatabaseSync | undefined;
  try {
    const [sqlite, prepare] = open();
    opened = sqlite;
    const key = prepare();
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(sqlite) }) });
    return bindTrail(db, key, commitAtOnce(db, sqlite, key));
  } catch (error) {
    opened?.close();
    if (error instanceof StoreError) throw error;
    throw new StoreError(
      `The store ${file} cannot be used: ${(error as Error).message}.`,
      "The data directory must belong to whoever runs the console and have room; a damaged file is replaced from a backup.",
      { cause: error },
    );
  }
}

function knownKey(sqlite: DatabaseSync): string | null {
  const head = sqlite.prepare("SELECT key_id FROM receipts_head").get() as { key_id: string } | undefined;
  return head?.key_id ?? null;
}

function migrate(sqlite: DatabaseSync, source: AuditKeySource): AuditKey {
  sqlite.exec("BEGIN IMMEDIATE");
  try {
    const row = sqlite.prepare("PRAGMA user_version").get() as { user_version: number };
    for (const sql of outstanding("sqlite", row.user_version)) sqlite.exec(sql);
    sqlite.exec(`PRAGMA user_version = ${migrations.length}`);
    const key = adopt(sqlite, source);
    sqlite.exec("COMMIT");
    return key;
  } catch (error) {
    sqlite.exec("ROLLBACK");
    throw error;
  }
}

function adopt(sqlite: DatabaseSync, source: AuditKeySource): AuditKey {
  const known = knownKey(sqlite);
  const key = findAuditKey(source, known);
  if (known !== null) return key;
  const rows = sqlite.prepare("SELECT * FROM receipts ORDER BY seq").all() as unknown as ReceiptRow[];
  const { unlock, lock, rows: chained, head } = beginChain("sqlite", key, randomUUID(), rows);
  sqlite.exec(unlock);
  const update = sqlite.prepare("UPDATE receipts SET seq = ?, prev_hash = ?, hash = ? WHERE seq = ?");
  for (const { was, row } of chained) update.run(row.seq, row.prev_hash, row.hash, was);
  sqlite.exec(lock);
  sqlite
    .prepare("INSERT INTO receipts_head (id, seq, hash, store, key_id, seal) VALUES (?, ?, ?, ?, ?, ?)")
    .run(head.id, head.seq, head.hash, head.store, head.key_id, head.seal);
  return key;
}
