/**
 * The arithmetic of the receipts' chain. Each row's hash is an HMAC over its own columns and the hash before it, so a row
 * cannot be changed, removed, moved or added without the audit key; the head carries a seal of its own, so the end cannot be cut
 * off; checkpoints, signed and kept elsewhere, tell when the whole store was put back to an earlier day. Pure: no store, no clock.
 */
import { createPrivateKey, createPublicKey, hash, hkdfSync, type KeyObject, sign, verify } from "node:crypto";
import type { Selectable } from "kysely";
import type { Tables } from "./database.ts";

export type ReceiptRow = Selectable<Tables["receipts"]>;

/** The audit key, apart from every other secret. */
export interface AuditKey {
  /** Names the key without giving it away. */
  readonly id: string;
  readonly chain: HmacKey;
  /** Ed25519; signs checkpoints. */
  readonly signing: KeyObject;
  readonly verifying: KeyObject;
}

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** Said in one place besides the store: so far had the trail come at that time. */
export interface Checkpoint extends Head {
  /** Which store. */
  readonly store: string;
  /** ISO 8601. */
  readonly at: string;
  /** Ed25519 over the other fields, base64url. */
  readonly signature: string;
}

/** What stands before the first row. */
export const genesis: Head = { seq: 0, hash: "0".repeat(64) };

const pkcs8Ed25519 = Buffer.from("302e020100300506032b657004220420", "hex");

/** Derives the audit key from a secret of at least 32 characters. */
export function deriveAuditKey(secret: string): AuditKey {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", secret, "vault console receipts", purpose, 32));
  const signing = createPrivateKey({
    key: Buffer.concat([pkcs8Ed25519, derive("checkpoints")]),
    format: "der",
    type: "pkcs8",
  });
  return {
    id: derive("name").toString("hex").slice(0, 16),
    chain: prepareHmac(derive("chain")),
    signing,
    verifying: createPublicKey(signing),
  };
}

/** The two padded keys of RFC 2104. */
interface HmacKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

/** For keys of at most 64 bytes. */
export function prepareHmac(key: Uint8Array): HmacKey {
  const padded = (byte: number) => Buffer.alloc(64, byte).map((each, at) => each ^ (key[at] ?? 0)) as Buffer;
  return { inner: padded(0x36), outer: padded(0x5c) };
}

/** HMAC-SHA256 in hex: two one-shot hashes take a fifth of the time of node:crypto's Hmac, and verification is mostly this. */
export function hmac(key: HmacKey, text: string): string {
  const inner = hash("sha256", Buffer.concat([key.inner, Buffer.from(text)]), "buffer");
  return hash("sha256", Buffer.concat([key.outer, inner]), "hex");
}

/** Every column but the hash itself, in this order for ever. */
function canonical(row: ReceiptRow): string {
  return JSON.stringify([
    row.prev_hash,
    row.seq,
    row.receipt_id,
    row.phase,
    row.at,
    row.actor,
    row.role,
    row.operation,
    row.tenancy,
    row.region,
    row.target,
    row.reason,
    row.request_id,
    row.details,
    row.result,
    row.status,
    row.opc_request_id,
  ]);
}

/** The hash a row must have. */
export function hashRow(key: AuditKey, row: ReceiptRow): string {
  return hmac(key.chain, canonical(row));
}

/** Text as both engines give it back: no NUL, no half characters. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}

/** Puts rows in line behind `head`: numbers and hashes them. Their order is the trail's. */
export function link(key: AuditKey, head: Head, rows: readonly Omit<ReceiptRow, "seq" | "prev_hash" | "hash">[]) {
  let last = head;
  const linked = rows.map((row) => {
    const next: ReceiptRow = { ...row, seq: last.seq + 1, prev_hash: last.hash, hash: "" };
    next.hash = hashRow(key, next);
    last = next;
    return next;
  });
  return { linked, head: { seq: last.seq, hash: last.hash } };
}

/** Only who has the key can say where the trail ends. */
export function sealHead(key: AuditKey, store: string, head: Head): string {
  return hmac(key.chain, JSON.stringify(["head", store, head.seq, head.hash]));
}

export function signCheckpoint(key: AuditKey, store: string, head: Head, now: number): Checkpoint {
  const said = { store, seq: head.seq, hash: head.hash, at: new Date(now).toISOString() };
  return { ...said, signature: sign(null, checkpointBytes(said), key.signing).toString("base64url") };
}

export function isCheckpointGenuine(key: AuditKey, checkpoint: Checkpoint): boolean {
  return verify(null, checkpointBytes(checkpoint), key.verifying, Buffer.from(checkpoint.signature, "base64url"));
}

function checkpointBytes({ store, seq, hash, at }: Omit<Checkpoint, "signature">): Buffer {
  return Buffer.from(JSON.stringify(["vault console checkpoint", store, seq, hash, at]));
}
