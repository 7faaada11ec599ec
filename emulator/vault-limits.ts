/**
 * How many vaults a tenancy may have in a region, as the Limits service tells it. The names are the ones seen in a live
 * tenancy; E21: the values, and that a vault counts against its type's limit until it is DELETED, a replica in its own region.
 */
import { ociError } from "#lib/contract/errors.ts";
import { placeAt } from "./lifecycle.ts";
import type { VaultRecord } from "./records.ts";
import type { World } from "./world.ts";

/** Limit name to what a region starts with. A real tenancy begins far lower; here nobody should meet them by chance. */
export const vaultLimitDefaults = {
  "virtual-private-vault-count": 2_000,
  "virtual-vault-count": 10_000,
  "virtual-vault-softwarekeyversion-count": 1_000_000,
} as const;
export type VaultLimitName = keyof typeof vaultLimitDefaults;
export const vaultLimitNames = Object.keys(vaultLimitDefaults) as VaultLimitName[];

/** The value of a limit: the same in every region of every tenancy of this world. */
export function vaultLimit(world: World, name: VaultLimitName): number {
  return Number(world.get("setting", settingId(name))?.value ?? vaultLimitDefaults[name]);
}

/** Sets a limit for good, as a service request to Oracle would. */
export function setVaultLimit(world: World, name: VaultLimitName, value: number): void {
  world.put("setting", { id: settingId(name), value: String(value) });
}

/** Throws LimitExceeded when `region` has no slot for one more vault of this type. External vaults have no known limit. */
export function requireVaultSlot(
  world: World,
  { tenancyId, region, vaultType }: Pick<VaultRecord, "tenancyId" | "region" | "vaultType">,
  now: number,
): void {
  const name = limitOfType(vaultType);
  if (name === undefined) return;
  const limit = vaultLimit(world, name);
  let used = 0;
  for (const vault of world.all("vault")) {
    if (vault.tenancyId !== tenancyId || limitOfType(vault.vaultType) !== name) continue;
    // A replica takes one in its own region.
    const state = placeAt(vault, region, now)?.lifecycleState;
    if (state !== undefined && state !== "DELETED") used += 1;
  }
  if (used >= limit) throw ociError("LimitExceeded", `The following service limits were exceeded: ${name}.`);
}

function limitOfType(type: VaultRecord["vaultType"]): VaultLimitName | undefined {
  if (type === "VIRTUAL_PRIVATE") return "virtual-private-vault-count";
  return type === "EXTERNAL" ? undefined : "virtual-vault-count";
}

const settingId = (name: VaultLimitName) => `limit:${name}`;
