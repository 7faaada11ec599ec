/** OCIDs in the shape of real ones (contract, section 2), from a chance that can be seeded. */
import { randomFillSync } from "node:crypto";
import { findRegion } from "./regions.ts";

/** Whole number from 0 to below `limit`. */
export type Chance = (limit: number) => number;

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** Unpredictable. */
export const freeChance: Chance = (limit) => (randomFillSync(new Uint32Array(1))[0] ?? 0) % limit;

/** The same sequence for the same seed (mulberry32): seeded worlds have the same OCIDs everywhere. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

function letters(chance: Chance, count: number): string {
  let text = "";
  for (let index = 0; index < count; index++) text += alphabet[chance(32)];
  return text;
}

/** OCID of a thing without a region: tenancy, user, compartment. */
export function globalOcid(chance: Chance, type: string): string {
  return `ocid1.${type}.oc1..aaaaaaaa${letters(chance, 52)}`;
}

/** OCID of a thing in a region that is not a vault or key. */
export function regionalOcid(chance: Chance, type: string, region: string): string {
  return `ocid1.${type}.oc1.${findRegion(region)?.ocidPart ?? region}.aaaaaaaa${letters(chance, 52)}`;
}

/** A vault's OCID: its fourth part is also the head of its two endpoints. */
export function vaultOcid(chance: Chance, region: string): string {
  return `ocid1.vault.oc1.${findRegion(region)?.ocidPart ?? region}.b${letters(chance, 12)}.abuwcl${letters(chance, 54)}`;
}

/** OCID of a key or key version inside a vault, which carries the vault's part. */
export function keyOcid(chance: Chance, type: "key" | "keyversion", vaultId: string): string {
  return `ocid1.${type}.oc1.${vaultId.split(".")[3]}.${endpointPart(vaultId)}.abuwcl${letters(chance, 54)}`;
}

/** The part of a vault's OCID its endpoints begin with. */
export function endpointPart(vaultId: string): string {
  return vaultId.split(".")[4] ?? "";
}
