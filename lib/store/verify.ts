/** Verification of the trail: finds any edit, deletion, reorder, insert, truncation and rollback, and names the first bad row. */
import {
  type AuditKey,
  type Checkpoint,
  genesis,
  type Head,
  hashRow,
  isCheckpointGenuine,
  type ReceiptRow,
  sealHead,
} from "./chain.ts";
import type { Database } from "./database.ts";

export interface TrailFault {
  /** The first row that is not what it was; the one that is missing, when one is. */
  readonly seq: number;
  readonly what: string;
}

export interface TrailVerdict {
  readonly isIntact: boolean;
  readonly rows: number;
  /** Where the trail ends. */
  readonly head: Head;
  /** Checkpoints it was held against. */
  readonly checkpoints: number;
  /** Time of the newest of them, ISO 8601. */
  readonly lastCheckpointAt: string | null;
  readonly fault: TrailFault | null;
  readonly tookMs: number;
}

export interface VerifyOptions {
  readonly key: AuditKey;
  /** As read from the file; null is a line that is none. */
  readonly checkpoints: readonly (Checkpoint | null)[];
}

const pageRows = 2_000;

/** Reads the whole trail once, while it may go on growing. Throws only when the store cannot be read at all. */
export async function verifyReceipts(db: Database, options: VerifyOptions): Promise<TrailVerdict> {
  const startedAt = performance.now();
  const { store } = (await readHead(db)) ?? { store: "" };
  const usable = options.checkpoints.filter((each) => each !== null && isOf(options.key, store, each)) as Checkpoint[];
  const walked = await walk(db, options.key, createWitness(usable));
  const fault = walked.fault ?? (await judgeEnd(db, options, walked.last));
  return {
    isIntact: fault === null,
    rows: walked.rows,
    head: walked.last,
    checkpoints: usable.length,
    lastCheckpointAt: usable.at(-1)?.at ?? null,
    fault,
    tookMs: performance.now() - startedAt,
  };
}

function isOf(key: AuditKey, store: string, checkpoint: Checkpoint): boolean {
  return checkpoint.store === store && isCheckpointGenuine(key, checkpoint);
}

type Witness = (row: ReceiptRow) => TrailFault | null;

/** Holds rows against the checkpoints of their number. */
function createWitness(checkpoints: readonly Checkpoint[]): Witness {
  const bySeq = new Map(checkpoints.map((each) => [each.seq, each]));
  return (row) => {
    const said = bySeq.get(row.seq);
    if (said === undefined || said.hash === row.hash) return null;
    return {
      seq: row.seq,
      what: `Row ${row.seq} is not the one the checkpoint of ${said.at} saw: the trail was written anew at or before it.`,
    };
  };
}

async function walk(db: Database, key: AuditKey, witness: Witness) {
  let last: Head = genesis;
  let rows = 0;
  // Nothing stands before row 1; whatever does was put there.
  let after = Number.MIN_SAFE_INTEGER;
  let limit = pageRows;
  for (;;) {
    let page: ReceiptRow[];
    try {
      page = await readPage(db, after, limit);
    } catch (error) {
      // A value no receipt can hold, such as a number beyond the engine's reach.
      if (!isUnreadable(error)) throw error;
      // One by one, to find which.
      if (limit > 1) {
        limit = 1;
        continue;
      }
      return {
        last,
        rows,
        fault: { seq: last.seq + 1, what: `Row ${last.seq + 1} cannot be read: ${(error as Error).message}.` },
      };
    }
    for (const row of page) {
      const fault = judgeRow(key, last, row) ?? witness(row);
      if (fault !== null) return { last, rows, fault };
      last = { seq: row.seq, hash: row.hash };
      rows += 1;
    }
    after = last.seq;
    if (page.length < limit) return { last, rows, fault: null };
  }
}

/** One value is out of reach, as against a store that does not answer. */
function isUnreadable(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === "ERR_OUT_OF_RANGE" || code?.startsWith("22") === true;
}

function readPage(db: Database, after: number, limit: number): Promise<ReceiptRow[]> {
  return db.selectFrom("receipts").selectAll().where("seq", ">", after).orderBy("seq").limit(limit).execute();
}

function judgeRow(key: AuditKey, last: Head, row: ReceiptRow): TrailFault | null {
  if (row.seq <= last.seq) return { seq: row.seq, what: `Row ${row.seq} was put in before row 1.` };
  if (row.seq !== last.seq + 1) {
    const gap = row.seq - last.seq === 2 ? `Row ${last.seq + 1} is` : `Rows ${last.seq + 1} to ${row.seq - 1} are`;
    return { seq: last.seq + 1, what: `${gap} missing.` };
  }
  if (row.hash !== hashRow(key, row))
    return { seq: row.seq, what: `Row ${row.seq} was edited, moved, or not written by the console.` };
  if (row.prev_hash !== last.hash) {
    return { seq: row.seq, what: `Row ${row.seq} does not follow row ${last.seq}: one of them was replaced.` };
  }
  return null;
}

/** The end: the head's own seal, nothing behind it, nothing before it gone, and every checkpoint reached. */
async function judgeEnd(db: Database, { key, checkpoints }: VerifyOptions, walked: Head): Promise<TrailFault | null> {
  let last = walked;
  let head = await readHead(db);
  // Rows that were written meanwhile are judged like the others.
  while (head !== undefined && head.seq > last.seq) {
    const page = await readPage(db, last.seq, pageRows);
    if (page.length === 0) break;
    for (const row of page) {
      const fault = judgeRow(key, last, row);
      if (fault !== null) return fault;
      last = { seq: row.seq, hash: row.hash };
    }
    head = await readHead(db);
  }
  if (head === undefined)
    return { seq: last.seq + 1, what: "The head of the trail is gone, so its end cannot be known." };
  if (head.seal !== sealHead(key, head.store, head)) {
    return { seq: last.seq + 1, what: "The head of the trail was edited, so rows may be missing at its end." };
  }
  if (head.seq > last.seq) {
    return { seq: last.seq + 1, what: `The trail is cut off: rows ${last.seq + 1} to ${head.seq} are missing.` };
  }
  if (head.seq < last.seq) return { seq: head.seq + 1, what: `Row ${head.seq + 1} was added behind the trail's end.` };
  if (head.hash !== last.hash) return { seq: last.seq, what: `Row ${last.seq} is not the one the head names.` };
  return judgeCheckpoints(key, checkpoints, head.store, last);
}

function readHead(db: Database) {
  return db.selectFrom("receipts_head").selectAll().executeTakeFirst();
}

function judgeCheckpoints(
  key: AuditKey,
  checkpoints: VerifyOptions["checkpoints"],
  store: string,
  last: Head,
): TrailFault | null {
  for (const [index, each] of checkpoints.entries()) {
    if (each === null || !isCheckpointGenuine(key, each)) {
      return {
        seq: each?.seq ?? 0,
        what: `Line ${index + 1} of the checkpoints was edited, or is signed with another key.`,
      };
    }
    if (each.store !== store) {
      return {
        seq: 1,
        what: `The checkpoint of ${each.at} is of another store: this one was made anew, and the earlier trail of ${each.seq} rows is gone.`,
      };
    }
    if (each.seq > last.seq) {
      return {
        seq: last.seq + 1,
        what: `The store was put back or cut off: the checkpoint of ${each.at} saw row ${each.seq}, and the trail ends at ${last.seq}.`,
      };
    }
  }
  return null;
}
