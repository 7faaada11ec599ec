/** Checkpoints: the head of the trail, signed, into a file outside the store, so that a store put back to an earlier day is found out. */
import { mkdirSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { type Checkpoint, type Head, signCheckpoint } from "./chain.ts";
import type { Database } from "./database.ts";
import { auditKeyOf, onAppended } from "./trail.ts";

export interface CheckpointOptions {
  /** Lines are appended to this file. */
  readonly file: string;
  readonly clock: () => number;
  /** Hears of each checkpoint written, to log it: a log kept elsewhere is a witness too. */
  readonly onWritten: (checkpoint: Checkpoint) => void;
  readonly onFailed: (error: unknown) => void;
  readonly everyMs?: number;
  readonly everyRows?: number;
}

export interface Checkpoints {
  /** Writes one now when the trail has grown since the last. */
  write(): Promise<void>;
  /** Writes the last one and ends. */
  close(): Promise<void>;
}

/** Begins to keep checkpoints of a store: after so many rows of this process, and so often while there is anything new. */
export async function keepCheckpoints(db: Database, options: CheckpointOptions): Promise<Checkpoints> {
  const { file, everyMs = 60_000, everyRows = 100 } = options;
  const key = auditKeyOf(db);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let written: Head = (await readHead(db)) ?? { seq: 0, hash: "" };
  let underWay: Promise<void> = Promise.resolve();

  async function writeNow(): Promise<void> {
    try {
      const head = await readHead(db);
      if (head === null || head.seq <= written.seq) return;
      const checkpoint = signCheckpoint(key, head.store, head, options.clock());
      await appendLine(file, JSON.stringify(checkpoint));
      written = head;
      options.onWritten(checkpoint);
    } catch (error) {
      options.onFailed(error);
    }
  }
  const write = () => {
    underWay = underWay.then(writeNow);
    return underWay;
  };
  const stopListening = onAppended(db, (head) => {
    if (head.seq - written.seq >= everyRows) void write();
  });
  const timer = setInterval(() => void write(), everyMs);
  timer.unref();
  return {
    write,
    async close() {
      clearInterval(timer);
      stopListening();
      await write();
    },
  };
}

async function readHead(db: Database): Promise<(Head & { store: string }) | null> {
  return (await db.selectFrom("receipts_head").select(["seq", "hash", "store"]).executeTakeFirst()) ?? null;
}

async function appendLine(file: string, line: string): Promise<void> {
  const handle = await open(file, "a", 0o600);
  try {
    await handle.appendFile(`${line}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The checkpoints of a file, oldest first; none when there is no file. A line that is no checkpoint is given as null. */
export function readCheckpoints(file: string): (Checkpoint | null)[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(parseCheckpoint);
}

function parseCheckpoint(line: string): Checkpoint | null {
  try {
    const { store, seq, hash, at, signature } = JSON.parse(line) as Record<string, unknown>;
    if ([store, hash, at, signature].some((field) => typeof field !== "string") || !Number.isSafeInteger(seq))
      return null;
    return { store, seq, hash, at, signature } as Checkpoint;
  } catch {
    return null;
  }
}
