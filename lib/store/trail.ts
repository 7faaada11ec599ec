/**
 * Appending to the receipts. Rows that arrive together share one commit, in the order they came; the head row is held while they
 * are linked, so that instances over one PostgreSQL, or two processes over one file, write one chain.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { type AuditKey, type Head, link, type ReceiptRow, sealHead, storable } from "./chain.ts";
import type { Database } from "./database.ts";
import { StoreError } from "./store-error.ts";

export type NewRow = Omit<ReceiptRow, "seq" | "prev_hash" | "hash">;

interface Waiting {
  readonly row: NewRow;
  readonly resolve: (row: ReceiptRow) => void;
  readonly reject: (error: unknown) => void;
}

interface Linked {
  readonly linked: readonly ReceiptRow[];
  readonly head: Head;
}

/** Links rows to the head and stores both in one commit. */
export type CommitRows = (rows: readonly NewRow[]) => Promise<Linked>;

interface Trail {
  readonly key: AuditKey;
  readonly commit: CommitRows;
  readonly waiting: Waiting[];
  isWriting: boolean;
  /** The last try to write failed: the process should not be given work. */
  isFailing: boolean;
  readonly listeners: Set<(head: Head) => void>;
}

const trails = new WeakMap<Database, Trail>();
const commitRowsMax = 200;

/** Ties an opened store to its audit key; done once, where it is opened. */
export function bindTrail(db: Database, key: AuditKey, commit: CommitRows): Database {
  trails.set(db, { key, commit, waiting: [], isWriting: false, isFailing: false, listeners: new Set() });
  return db;
}

/** The audit key of an opened store. */
export function auditKeyOf(db: Database): AuditKey {
  return trailOf(db).key;
}

/** False after a receipt could not be written, until one could again. */
export function isTrailWell(db: Database): boolean {
  return !trailOf(db).isFailing;
}

/** Hears of the head after each commit of this process; gives the way to stop. */
export function onAppended(db: Database, listener: (head: Head) => void): () => void {
  const { listeners } = trailOf(db);
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Appends one row; when this resolves it is durable and chained. */
export function append(db: Database, row: NewRow): Promise<ReceiptRow> {
  const trail = trailOf(db);
  return new Promise((resolve, reject) => {
    trail.waiting.push({ row: clean(row), resolve, reject });
    if (!trail.isWriting) void drain(trail);
  });
}

function trailOf(db: Database): Trail {
  const trail = trails.get(db);
  if (trail === undefined) throw new Error("receipts are written to an opened store, not to a transaction on it");
  return trail;
}

async function drain(trail: Trail): Promise<void> {
  trail.isWriting = true;
  while (trail.waiting.length > 0) {
    const batch = trail.waiting.splice(0, commitRowsMax);
    try {
      const { linked, head } = await trail.commit(batch.map(({ row }) => row));
      trail.isFailing = false;
      for (const [index, { resolve }] of batch.entries()) resolve(linked[index] as ReceiptRow);
      for (const listener of trail.listeners) listener(head);
    } catch (error) {
      trail.isFailing = true;
      for (const { reject } of batch) reject(error);
    }
  }
  trail.isWriting = false;
}

/** In PostgreSQL: whoever holds the head row is next; the others wait for it. */
export function commitInTransaction(db: Database, key: AuditKey): CommitRows {
  return (rows) =>
    db.transaction().execute(async (trx) => {
      const head = await trx.selectFrom("receipts_head").selectAll().forUpdate().executeTakeFirst();
      if (head?.key_id !== key.id) throw headGone();
      const result = link(key, head, rows);
      await trx.insertInto("receipts").values(result.linked).execute();
      await trx
        .updateTable("receipts_head")
        .set({ ...result.head, seal: sealHead(key, head.store, result.head) })
        .execute();
      return result;
    });
}

/** In SQLite: in one go on its one connection, so that the file's lock is never held while something else is waited for. */
export function commitAtOnce(db: Database, sqlite: DatabaseSync, key: AuditKey): CommitRows {
  const readHead = sqlite.prepare("SELECT seq, hash, store, key_id FROM receipts_head");
  const insert = sqlite.prepare(
    `INSERT INTO receipts (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
  );
  const moveHead = sqlite.prepare("UPDATE receipts_head SET seq = ?, hash = ?, seal = ?");
  const commit = (rows: readonly NewRow[]): Linked => {
    sqlite.exec("BEGIN IMMEDIATE");
    try {
      const head = readHead.get() as (Head & { store: string; key_id: string }) | undefined;
      if (head?.key_id !== key.id) throw headGone();
      const result = link(key, head, rows);
      for (const row of result.linked) insert.run(...columns.map((name) => row[name] as SQLInputValue));
      moveHead.run(result.head.seq, result.head.hash, sealHead(key, head.store, result.head));
      sqlite.exec("COMMIT");
      return result;
    } catch (error) {
      if (sqlite.isTransaction) sqlite.exec("ROLLBACK");
      throw error;
    }
  };
  return (rows) => db.connection().execute(async () => commit(rows));
}

const columns = [
  "seq",
  "receipt_id",
  "phase",
  "at",
  "actor",
  "role",
  "operation",
  "tenancy",
  "region",
  "target",
  "reason",
  "request_id",
  "details",
  "result",
  "status",
  "opc_request_id",
  "prev_hash",
  "hash",
] as const satisfies readonly (keyof ReceiptRow)[];

function headGone(): StoreError {
  return new StoreError("The head of the receipts is gone or has another key.", "Run npm run verify-receipts.");
}

function clean(row: NewRow): NewRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === "string" ? storable(value) : value]),
  ) as NewRow;
}
