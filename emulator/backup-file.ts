/**
 * E8: the backup file. Its real form is the service's secret, so this is one of our own: a magic number, then
 * AES-256-GCM with a key only this world has. Inside is JSON.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { ociError } from "#lib/contract/errors.ts";
import type { KeyRecord, VaultRecord } from "./records.ts";
import { stateAt } from "./timeline.ts";
import type { World } from "./world.ts";

const magic = Buffer.from("VLTBKUP\u0001", "latin1");
const nonceBytes = 12;
const tagBytes = 16;

export interface Backup {
  readonly tenancyId: string;
  readonly compartmentId: string;
  readonly region: string;
  readonly vault: VaultRecord;
  /** Empty when the backup was made without keys. */
  readonly keys: readonly KeyRecord[];
  /** Epoch ms. */
  readonly timeOfBackup: number;
}

function sealBackup(world: World, backup: Backup): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", world.secret("backups"), nonce).setAAD(magic);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(backup)), cipher.final()]);
  return Buffer.concat([magic, nonce, cipher.getAuthTag(), sealed]);
}

/** Opens a backup. Throws InvalidParameter for a file that is not one, was altered, or comes from elsewhere. */
export function openBackup(world: World, file: Uint8Array): Backup {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const head = magic.length + nonceBytes + tagBytes;
  if (bytes.length <= head || !bytes.subarray(0, magic.length).equals(magic)) throw unreadable();
  const nonce = bytes.subarray(magic.length, magic.length + nonceBytes);
  const tag = bytes.subarray(magic.length + nonceBytes, head);
  const decipher = createDecipheriv("aes-256-gcm", world.secret("backups"), nonce).setAAD(magic).setAuthTag(tag);
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(head)), decipher.final()]).toString();
    return JSON.parse(text) as Backup;
  } catch {
    throw unreadable();
  }
}

function unreadable(): Error {
  return ociError(
    "InvalidParameter",
    "The backup file cannot be read: it is not a vault backup of this service or was altered.",
  );
}

/** The sealed file of a vault; keys in it are HSM-protected ones, enabled or disabled (contract, section 7). */
export function makeBackupFile(world: World, vault: VaultRecord, isIncludeKeys: boolean, now: number): Uint8Array {
  const isKept = (key: KeyRecord): boolean => {
    const state = stateAt(key.timeline, now);
    return key.protectionMode === "HSM" && (state === "ENABLED" || state === "DISABLED");
  };
  const keys = isIncludeKeys ? [...world.group("key", `keys:${vault.id}`)].filter(isKept) : [];
  const { tenancyId, compartmentId, region } = vault;
  return sealBackup(world, { tenancyId, compartmentId, region, vault, keys, timeOfBackup: now });
}
