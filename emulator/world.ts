/** The emulated realm: documents in memory with the indexes the rules need, written through to a store at each commit. */
import { randomBytes } from "node:crypto";
import { endpointPart } from "./ocids.ts";
import type { RecordKind, Records } from "./records.ts";
import { type BlobChange, type Change, openMemoryStore, type Store } from "./store.ts";

export interface WorldSettings {
  /** E4: how long a transition takes, milliseconds. */
  readonly settleMs: number;
  /** E10. */
  readonly isThrottled: boolean;
}

type Tables = { readonly [Kind in RecordKind]: Map<string, Records[Kind]> };
interface Undo {
  readonly kind: RecordKind;
  readonly id: string;
  readonly before: Records[RecordKind] | undefined;
}

export class World {
  readonly settings: WorldSettings;
  readonly #store: Store;
  readonly #tables: Tables;
  readonly #groups = new Map<string, Set<string>>();
  readonly #undo: Undo[] = [];
  readonly #stagedBlobs = new Map<string, Uint8Array | null>();
  #offsetMs = 0;
  #lastChangeAt = 0;

  constructor(settings: WorldSettings, store: Store = openMemoryStore()) {
    this.settings = settings;
    this.#store = store;
    this.#tables = {
      tenancy: new Map(),
      signingKey: new Map(),
      compartment: new Map(),
      vault: new Map(),
      key: new Map(),
      bucket: new Map(),
      object: new Map(),
      preauthenticated: new Map(),
      retry: new Map(),
      setting: new Map(),
    };
    for (const { kind, id, json } of store.load()) {
      const record = JSON.parse(json) as Records[typeof kind];
      (this.#tables[kind] as Map<string, unknown>).set(id, record);
      this.#index(kind, record, true);
    }
    this.#offsetMs = Number(this.get("setting", "clockOffsetMs")?.value ?? 0);
    this.#lastChangeAt = Number(this.get("setting", "lastChangeAt")?.value ?? 0);
  }

  get isEmpty(): boolean {
    return this.#tables.tenancy.size === 0;
  }

  /** The world's time for a wall-clock time, both epoch milliseconds. Never the same as that of the last change: two changes have an order. */
  now(wallNow: number): number {
    return Math.max(Math.floor(wallNow) + this.#offsetMs, this.#lastChangeAt + 1);
  }

  /** Turns the world's clock forward, for good; milliseconds. */
  advance(ms: number): void {
    this.#offsetMs += ms;
    this.put("setting", { id: "clockOffsetMs", value: String(this.#offsetMs) });
    this.commit();
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  get<Kind extends RecordKind>(kind: Kind, id: string): Records[Kind] | undefined {
    return this.#tables[kind].get(id) as Records[Kind] | undefined;
  }

  all<Kind extends RecordKind>(kind: Kind): IterableIterator<Records[Kind]> {
    return this.#tables[kind].values() as IterableIterator<Records[Kind]>;
  }

  /** Documents under an index key, see `indexKeys`. */
  *group<Kind extends RecordKind>(kind: Kind, key: string): Generator<Records[Kind]> {
    for (const id of this.#groups.get(key) ?? []) {
      const record = this.get(kind, id);
      if (record !== undefined) yield record;
    }
  }

  /** Stores a document; it replaces the one with the same id. Lasting only after `commit`. */
  put<Kind extends RecordKind>(kind: Kind, record: Records[Kind]): void {
    this.#set(kind, record.id, record);
  }

  remove(kind: RecordKind, id: string): void {
    this.#set(kind, id, undefined);
  }

  #set(kind: RecordKind, id: string, record: Records[RecordKind] | undefined): void {
    const table = this.#tables[kind] as Map<string, Records[RecordKind]>;
    const before = table.get(id);
    this.#undo.push({ kind, id, before });
    this.#replace(kind, id, before, record);
  }

  #replace(
    kind: RecordKind,
    id: string,
    before: Records[RecordKind] | undefined,
    after: Records[RecordKind] | undefined,
  ): void {
    const table = this.#tables[kind] as Map<string, Records[RecordKind]>;
    if (before !== undefined) this.#index(kind, before, false);
    if (after === undefined) table.delete(id);
    else {
      table.set(id, after);
      this.#index(kind, after, true);
    }
  }

  #index(kind: RecordKind, record: Records[RecordKind], isPresent: boolean): void {
    for (const key of indexKeys(kind, record)) {
      const group = this.#groups.get(key);
      if (!isPresent) {
        group?.delete(record.id);
        if (group?.size === 0) this.#groups.delete(key);
      } else if (group === undefined) this.#groups.set(key, new Set([record.id]));
      else group.add(record.id);
    }
  }

  /** Keeps bytes under an id that nothing else uses; null deletes. */
  putBlob(id: string, bytes: Uint8Array | null): void {
    this.#stagedBlobs.set(id, bytes);
  }

  readBlob(id: string): Uint8Array {
    const bytes = this.#stagedBlobs.get(id) ?? this.#store.readBlob(id);
    if (bytes === undefined) throw new Error(`the bytes of blob ${id} are not in the store`);
    return bytes;
  }

  /** Makes everything since the last commit durable, as a whole. `at` is the world's time of the change. */
  commit(at?: number): void {
    if (this.#undo.length === 0 && this.#stagedBlobs.size === 0) return;
    if (at !== undefined) {
      this.#lastChangeAt = at;
      this.put("setting", { id: "lastChangeAt", value: String(at) });
    }
    const changes = new Map<string, Change>();
    for (const { kind, id } of this.#undo) {
      const record = this.get(kind, id);
      changes.set(`${kind}\n${id}`, { kind, id, json: record === undefined ? null : JSON.stringify(record) });
    }
    const blobs: BlobChange[] = [...this.#stagedBlobs].map(([id, bytes]) => ({ id, bytes }));
    this.#store.save([...changes.values()], blobs);
    this.#undo.length = 0;
    this.#stagedBlobs.clear();
  }

  /** Undoes everything since the last commit. */
  rollback(): void {
    for (const { kind, id, before } of this.#undo.reverse()) {
      this.#replace(kind, id, this.get(kind, id), before);
    }
    this.#undo.length = 0;
    this.#stagedBlobs.clear();
  }

  /** A secret of this world, made at first use: page tokens and backup files of another world do not fit. */
  secret(name: string): Buffer {
    const id = `secret:${name}`;
    const known = this.get("setting", id);
    if (known !== undefined) return Buffer.from(known.value, "base64");
    const made = randomBytes(32);
    this.put("setting", { id, value: made.toString("base64") });
    return made;
  }

  close(): void {
    this.#store.close();
  }
}

function indexKeys(kind: RecordKind, record: Records[RecordKind]): string[] {
  switch (kind) {
    case "vault": {
      const vault = record as Records["vault"];
      const keys = [placeKey(vault.region, vault.compartmentId), endpointKey(endpointPart(vault.id))];
      if (vault.replica !== null) keys.push(placeKey(vault.replica.region, vault.compartmentId));
      return keys;
    }
    case "key":
      return [`keys:${(record as Records["key"]).vaultId}`];
    case "compartment": {
      const compartment = record as Records["compartment"];
      return [`tree:${compartment.tenancyId}`, `children:${compartment.parentId ?? ""}`];
    }
    case "bucket": {
      const bucket = record as Records["bucket"];
      return [`buckets:${bucket.region}:${bucket.compartmentId}`];
    }
    case "object":
      return [`objects:${(record as Records["object"]).bucketId}`];
    case "preauthenticated": {
      const request = record as Records["preauthenticated"];
      return [`requests:${request.bucketId}`, `secret:${request.secretHash}`];
    }
    default:
      return [];
  }
}

/** Index of the vaults, replicas included, a compartment shows in a region. */
export function placeKey(region: string, compartmentId: string): string {
  return `place:${region}:${compartmentId}`;
}

/** Index of vaults by the head of their endpoints. */
export function endpointKey(part: string): string {
  return `endpoint:${part}`;
}
