/** Where the audit key comes from: a setting, or a file of its own in the data directory, made once. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AuditKey, deriveAuditKey } from "./chain.ts";
import { StoreError } from "./store-error.ts";

export interface AuditKeySource {
  /** The setting RECEIPTS_KEY, or null for the file. */
  readonly receiptsKey: string | null;
  readonly dataDir: string;
}

const fileName = "receipts.key";

/**
 * The key of a store. `known` is the id its receipts are chained with, or null for a new store, for which a key file is made. Throws
 * StoreError when the key is missing, readable by others, or another one.
 */
export function findAuditKey({ receiptsKey, dataDir }: AuditKeySource, known: string | null): AuditKey {
  const file = join(dataDir, fileName);
  const key = deriveAuditKey(receiptsKey ?? readKeyFile(file, dataDir, known === null));
  if (known === null || key.id === known) return key;
  throw new StoreError(
    `The receipts in this store are chained with another key than ${receiptsKey === null ? `the one in ${file}` : "RECEIPTS_KEY"}.`,
    "Every instance of the console needs the key the store began with: copy its receipts.key, or set the same RECEIPTS_KEY on each.",
  );
}

function readKeyFile(file: string, dataDir: string, mayMake: boolean): string {
  if (mayMake) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  const secret = readIfThere(file);
  if (secret === null) {
    throw new StoreError(
      `The key of the receipts, ${file}, is missing.`,
      "Restore it from a backup of the data directory, copy it from the instance that made the store, or set RECEIPTS_KEY.",
    );
  }
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    throw new StoreError(`The key of the receipts, ${file}, can be read by others.`, `Close it: chmod 600 ${file}`);
  }
  if (secret.length < 32) throw new StoreError(`${file} does not hold a key.`, "Restore it from a backup.");
  return secret;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
