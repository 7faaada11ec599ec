/** `--tenancies FILE`: public keys to trust, so that a client's own config file works, and compartments that then exist. */
import { readFileSync } from "node:fs";
import { ocidPattern } from "#lib/contract/models.ts";
import type { SigningKeyRecord } from "./records.ts";
import { trustedKey } from "./signing-keys.ts";

export interface TenanciesFile {
  readonly keys: readonly SigningKeyRecord[];
  /** OCIDs; they belong to the tenancy of the first key. */
  readonly compartments: readonly string[];
}

/** Reads `{"keys": {"tenancy/user/fingerprint": "PEM"}, "compartments": ["ocid"]}`. Throws an Error that names file and field. */
export function readTenanciesFile(path: string): TenanciesFile {
  const text = readText(path);
  const value = parse(path, text);
  const keys = Object.entries(value.keys ?? {}).map(([keyId, pem]) => {
    if (typeof pem !== "string") throw new Error(`${path}: keys[${JSON.stringify(keyId)}] must be a PEM text`);
    try {
      return trustedKey(keyId, pem);
    } catch (error) {
      throw new Error(`${path}: ${error instanceof Error ? error.message : "unusable key"}`);
    }
  });
  if (keys.length === 0) throw new Error(`${path}: "keys" must name at least one key`);
  const compartments = value.compartments ?? [];
  if (!Array.isArray(compartments) || !compartments.every((id) => typeof id === "string" && ocidPattern.test(id))) {
    throw new Error(`${path}: "compartments" must be a list of OCIDs`);
  }
  return { keys, compartments };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"})`);
  }
}

function parse(path: string, text: string): { keys?: Record<string, unknown>; compartments?: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${path}: is not JSON`);
  }
  const keys = (value as { keys?: unknown } | null)?.keys;
  if (typeof value !== "object" || value === null || typeof keys !== "object" || keys === null || Array.isArray(keys)) {
    throw new Error(`${path}: must be {"keys": {"tenancy/user/fingerprint": "PEM"}, "compartments": ["ocid"]}`);
  }
  return value as { keys: Record<string, unknown>; compartments?: unknown };
}
