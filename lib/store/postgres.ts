/** The store in PostgreSQL, for several instances of the console behind one address. Same tables and queries as SQLite. */
import { randomUUID } from "node:crypto";
import { CompiledQuery, Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { type AuditKeySource, findAuditKey } from "./audit-key.ts";
import type { AuditKey, ReceiptRow } from "./chain.ts";
import { beginChain, type Database, migrations, outstanding, refuseOutdated, type Tables } from "./database.ts";
import { StoreError } from "./store-error.ts";
import { bindTrail, commitInTransaction } from "./trail.ts";

const connectMs = 5_000;
const queryMs = 15_000;
/** Instances that start together migrate one after the other. */
const migrationLock = 0x0c1_7a17;
const migrationMs = 60_000;
const oldestServer = 140_000;

/**
 * Connects, and makes or migrates the tables in the connection's schema. Throws StoreError, in words, when the server does not
 * answer, does not let the user in, or the store comes from a newer console. `onLost` hears of idle connections that broke; with
 * `isToRead` nothing is made or changed, and the store must be up to date.
 */
export async function openPostgres(
  url: string,
  source: AuditKeySource,
  onLost: (error: Error) => void,
  isToRead = false,
): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "vault-console",
    max: 10,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    query_timeout: queryMs,
    types: { getTypeParser: parserOf },
  });
  pool.on("error", onLost);
  try {
    const key = await (isToRead ? inspect(pool, source) : migrate(pool, source));
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool, onCreateConnection: keepDurable }) });
    return bindTrail(db, key, commitInTransaction(db, key));
  } catch (error) {
    await pool.end();
    throw error instanceof StoreError ? error : explainPostgres(error, url);
  }
}

/** BIGINT is a number here: times and counts stay far below 2^53. */
const parserOf: typeof pg.types.getTypeParser = ((oid: number, format?: "text" | "binary") =>
  oid === pg.types.builtins.INT8
    ? Number
    : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser;

/** A commit that answers is on disk, whatever the role's or database's default says. */
async function keepDurable(connection: { executeQuery(query: CompiledQuery): Promise<unknown> }): Promise<void> {
  await connection.executeQuery(
    CompiledQuery.raw(
      "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    ),
  );
}

async function migrate(pool: pg.Pool, source: AuditKeySource): Promise<AuditKey> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await refuseOldServer(client);
    await client.query(`SET LOCAL lock_timeout = ${migrationMs}`);
    await client.query("SELECT pg_advisory_xact_lock($1)", [migrationLock]);
    const version = await readVersion(client);
    const statements = outstanding("postgres", version);
    if (version === 0) await client.query("CREATE TABLE console_schema (version INTEGER NOT NULL)");
    for (const sql of statements) await client.query({ text: sql, query_timeout: migrationMs } as pg.QueryConfig);
    if (version === 0) await client.query("INSERT INTO console_schema VALUES ($1)", [migrations.length]);
    else if (statements.length > 0) await client.query("UPDATE console_schema SET version = $1", [migrations.length]);
    const key = await adopt(client, source);
    await client.query("COMMIT");
    client.release();
    return key;
  } catch (error) {
    // The connection goes, and with it the transaction and its lock.
    client.release(true);
    throw error;
  }
}

async function inspect(pool: pg.Pool, source: AuditKeySource): Promise<AuditKey> {
  const client = await pool.connect();
  try {
    const version = await readVersion(client);
    if (version === 0)
      throw new StoreError("DATABASE_URL: the database holds no store yet.", "Start the console once.");
    refuseOutdated(outstanding("postgres", version));
    return findAuditKey(source, (await knownKey(client)) ?? "none");
  } finally {
    client.release();
  }
}

async function knownKey(client: pg.PoolClient): Promise<string | null> {
  const { rows } = await client.query<{ key_id: string }>("SELECT key_id FROM receipts_head");
  return rows[0]?.key_id ?? null;
}

async function adopt(client: pg.PoolClient, source: AuditKeySource): Promise<AuditKey> {
  const known = await knownKey(client);
  const key = findAuditKey(source, known);
  if (known !== null) return key;
  const { rows } = await client.query<ReceiptRow>("SELECT * FROM receipts ORDER BY seq");
  const { unlock, lock, rows: chained, head } = beginChain("postgres", key, randomUUID(), rows);
  await client.query(unlock);
  for (const { was, row } of chained) {
    await client.query("UPDATE receipts SET seq = $1, prev_hash = $2, hash = $3 WHERE seq = $4", [
      row.seq,
      row.prev_hash,
      row.hash,
      was,
    ]);
  }
  await client.query(lock);
  await client.query("INSERT INTO receipts_head (id, seq, hash, store, key_id, seal) VALUES ($1, $2, $3, $4, $5, $6)", [
    head.id,
    head.seq,
    head.hash,
    head.store,
    head.key_id,
    head.seal,
  ]);
  return key;
}

async function refuseOldServer(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query("SHOW server_version_num");
  if (Number(rows[0]?.server_version_num) >= oldestServer) return;
  throw new StoreError(
    `The PostgreSQL server has version ${rows[0]?.server_version_num}; the console needs 14 or newer.`,
    "Upgrade the server.",
  );
}

async function readVersion(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query("SELECT to_regclass('console_schema') IS NOT NULL AS is_there");
  if (!rows[0]?.is_there) return 0;
  const found = await client.query<{ version: number }>("SELECT version FROM console_schema");
  return found.rows[0]?.version ?? 0;
}

/** Turns what the driver throws into words without the password. */
function explainPostgres(error: unknown, address: string): StoreError {
  const url = new URL(address);
  const place = `${url.hostname}:${url.port || 5432}`;
  const user = decodeURIComponent(url.username);
  const database = decodeURIComponent(url.pathname.slice(1));
  const { code = "", message = "" } = (error ?? {}) as { code?: string; message?: string };
  const say = (what: string, hint: string) => new StoreError(`DATABASE_URL: ${what}`, hint, { cause: error });
  const isSilent = /timeout|terminated unexpectedly/i.test(message);
  if (
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|EHOSTUNREACH|ENETUNREACH|57P03)$/.test(code) ||
    isSilent
  ) {
    return say(
      `PostgreSQL at ${place} does not answer (${code || "timeout"}).`,
      "Start the server, or correct host and port. Without DATABASE_URL the console keeps its store in DATA_DIR.",
    );
  }
  if (/^28/.test(code) || /password/i.test(message)) {
    return say(`PostgreSQL at ${place} does not let the user "${user}" in.`, "Correct the user or its password.");
  }
  if (code === "3D000") {
    return say(
      `PostgreSQL at ${place} has no database "${database}".`,
      `Create it, e.g. createdb --owner=${user || "console"} ${database}`,
    );
  }
  if (code === "42501") {
    return say(
      `the user "${user}" may not make the console's tables in "${database}".`,
      `Let it own the database or the schema, e.g. GRANT CREATE ON SCHEMA public TO "${user}"`,
    );
  }
  if (/certificate|SSL|TLS/i.test(`${code} ${message}`)) {
    return say(
      `TLS with PostgreSQL at ${place} failed: ${message}.`,
      "Name the authority with sslrootcert=FILE in the address, or correct the server's certificate.",
    );
  }
  return say(`the store at ${place} cannot be used: ${message}.`, "Correct what it says, then start again.");
}
