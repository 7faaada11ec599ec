/** Where the world is kept: one SQLite file, a row for each document, written before the answer leaves. */
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RecordKind } from "./records.ts";

export interface StoredDocument {
  readonly kind: RecordKind;
  readonly id: string;
  readonly json: string;
}
export interface Change {
  readonly kind: RecordKind;
  readonly id: string;
  /** Null deletes. */
  readonly json: string | null;
}
export interface BlobChange {
  readonly id: string;
  /** Null deletes. */
  readonly bytes: Uint8Array | null;
}

export interface Store {
  load(): StoredDocument[];
  /** All or nothing; on disk when it returns. */
  save(changes: readonly Change[], blobs: readonly BlobChange[]): void;
  readBlob(id: string): Uint8Array | undefined;
  close(): void;
}

/** A world that ends with the process. */
export function openMemoryStore(): Store {
  const blobs = new Map<string, Uint8Array>();
  return {
    load: () => [],
    save(_changes, blobChanges) {
      for (const { id, bytes } of blobChanges) {
        if (bytes === null) blobs.delete(id);
        else blobs.set(id, bytes);
      }
    },
    readBlob: (id) => blobs.get(id),
    close: () => blobs.clear(),
  };
}

/** A world in `directory`. WAL with synchronous=FULL: what was answered survives kill -9 and a power cut. Throws when it cannot be opened. */
export function openDirectoryStore(directory: string): Store {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, "world.sqlite");
  const database = new DatabaseSync(file);
  chmodSync(file, 0o600);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000;");
  database.exec("PRAGMA locking_mode = EXCLUSIVE;");
  database.exec(
    "CREATE TABLE IF NOT EXISTS document (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id));" +
      "CREATE TABLE IF NOT EXISTS blob (id TEXT PRIMARY KEY, bytes BLOB NOT NULL);",
  );
  // An update keeps its row, so that a world read again lists things in the order they were made.
  const put = database.prepare(
    "INSERT INTO document (kind, id, json) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json",
  );
  const remove = database.prepare("DELETE FROM document WHERE kind = ? AND id = ?");
  const putBlob = database.prepare("INSERT OR REPLACE INTO blob (id, bytes) VALUES (?, ?)");
  const removeBlob = database.prepare("DELETE FROM blob WHERE id = ?");
  const getBlob = database.prepare("SELECT bytes FROM blob WHERE id = ?");
  return {
    load: () =>
      database.prepare("SELECT kind, id, json FROM document ORDER BY rowid").all() as unknown as StoredDocument[],
    save(changes, blobs) {
      database.exec("BEGIN IMMEDIATE");
      try {
        for (const { kind, id, json } of changes) {
          if (json === null) remove.run(kind, id);
          else put.run(kind, id, json);
        }
        for (const { id, bytes } of blobs) {
          if (bytes === null) removeBlob.run(id);
          else putBlob.run(id, bytes);
        }
        database.exec("COMMIT");
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
    readBlob: (id) => (getBlob.get(id) as { bytes: Uint8Array } | undefined)?.bytes,
    close: () => database.close(),
  };
}
