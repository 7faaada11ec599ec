/** What both restores do with the bytes of a backup. */
import { ociError } from "#lib/contract/errors.ts";
import { type Backup, openBackup } from "./backup-file.ts";
import type { Outcome, Principal } from "./call.ts";
import type { Endpoints } from "./endpoints.ts";
import { freeChance, keyOcid, regionalOcid, vaultOcid } from "./ocids.ts";
import { settled, settling, stateAt } from "./timeline.ts";
import { answerVault } from "./vault-change.ts";
import { requireVaultSlot } from "./vault-limits.ts";
import type { World } from "./world.ts";

interface RestoreCall {
  readonly world: World;
  readonly principal: Principal;
  readonly region: string;
  readonly now: number;
  readonly endpoints: Endpoints;
}

/**
 * Answers RESTORING, then ACTIVE. Throws InvalidParameter for a file that cannot be read or belongs to another
 * compartment or tenancy (E11), and a 409 that does not heal when the vault still exists (E12, E5).
 */
export function restoreBackup(call: RestoreCall, compartmentId: string, file: Uint8Array): Outcome {
  const { world, principal, region, now } = call;
  const backup = openBackup(world, file);
  requireSameHome(backup, principal, compartmentId);
  const isSameRegion = backup.region === region;
  if (isSameRegion) requireAbsent(world, backup.vault.id, now);
  requireVaultSlot(world, { tenancyId: principal.tenancyId, region, vaultType: backup.vault.vaultType }, now);
  // E13: the same region keeps the OCID, another one gives a new one; both say what was restored.
  const id = isSameRegion ? backup.vault.id : vaultOcid(freeChance, region);
  restoreKeys(call, backup, id);
  const outcome = answerVault(call, {
    ...backup.vault,
    id,
    region,
    compartmentId,
    timeCreated: isSameRegion ? backup.vault.timeCreated : now,
    restoredFromVaultId: backup.vault.id,
    timeline: settling("RESTORING", "ACTIVE", now, world.settings.settleMs),
    timeOfDeletion: null,
    replica: null,
    revision: (world.get("vault", id)?.revision ?? backup.vault.revision) + 1,
  });
  const workRequestId = regionalOcid(freeChance, "workrequest", region);
  return { ...outcome, headers: { ...outcome.headers, "opc-work-request-id": workRequestId } };
}

/** E11: a backup goes back to the tenancy and compartment it came from. */
function requireSameHome(backup: Backup, principal: Principal, compartmentId: string): void {
  if (backup.tenancyId !== principal.tenancyId) {
    throw ociError("InvalidParameter", "The backup belongs to another tenancy.");
  }
  if (backup.compartmentId !== compartmentId) {
    throw ociError(
      "InvalidParameter",
      "compartmentId: a backup can only be restored to the compartment it was made in.",
    );
  }
}

/** E12: 409 as the API text says, although another page speaks of an additive update. */
function requireAbsent(world: World, vaultId: string, now: number): void {
  const present = world.get("vault", vaultId);
  if (present === undefined) return;
  const state = stateAt(present.timeline, now);
  if (state === "DELETED" || state === "GONE") return;
  throw ociError("NotAuthorizedOrResourceAlreadyExists", `The vault ${vaultId} already exists.`);
}

/** E16: restored keys count. What the deleted vault still had of the same keys is replaced. */
function restoreKeys({ world, now }: RestoreCall, backup: Backup, vaultId: string): void {
  const isSameVault = vaultId === backup.vault.id;
  if (isSameVault) for (const old of [...world.group("key", `keys:${vaultId}`)]) world.remove("key", old.id);
  for (const key of backup.keys) {
    world.put("key", {
      ...key,
      id: isSameVault ? key.id : keyOcid(freeChance, "key", vaultId),
      currentKeyVersion: isSameVault ? key.currentKeyVersion : keyOcid(freeChance, "keyversion", vaultId),
      vaultId,
      timeline: settled(stateAt(key.timeline, backup.timeOfBackup), now),
      timeOfDeletion: null,
    });
  }
}
