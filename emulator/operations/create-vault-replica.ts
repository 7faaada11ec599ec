import { ociError } from "#lib/contract/errors.ts";
import { findVaultToChange, requireState } from "../access.ts";
import type { Rule } from "../call.ts";
import { replicaAt } from "../lifecycle.ts";
import { freeChance, regionalOcid } from "../ocids.ts";
import { findRegion } from "../regions.ts";
import { settling } from "../timeline.ts";
import { changeVault } from "../vault-change.ts";
import { requireVaultSlot } from "../vault-limits.ts";

/** One replica in another subscribed region; the same region again is a no-op. The answer has no body and no etag (E1: 202). */
export const createVaultReplica: Rule<"createVaultReplica"> = (call) => {
  const { world, principal, region, now } = call;
  const place = findVaultToChange(call);
  const { replicaRegion, replicaVaultMetadata } = call.params.body;
  const { vault } = place;
  requireTarget(replicaRegion, region, world.get("tenancy", principal.tenancyId)?.regions ?? []);
  if (!vault.isVaultReplicable) {
    throw ociError(
      "InvalidParameter",
      "The vault cannot be replicated: it was created before replication of virtual vaults.",
    );
  }
  if ((vault.vaultType === "EXTERNAL") !== (replicaVaultMetadata !== undefined)) {
    throw ociError(
      "InvalidParameter",
      "replicaVaultMetadata: is required for EXTERNAL vaults and refused for the others.",
    );
  }
  const accepted = {
    headers: { "opc-work-request-id": regionalOcid(freeChance, "workrequest", region) },
    vaultId: vault.id,
  };
  const existing = replicaAt(vault, now);
  if (existing?.status === "DELETING") {
    throw ociError("IncorrectState", `The replica in ${existing.region} is being deleted.`);
  }
  if (existing?.region === replicaRegion) return accepted;
  // E5: a second region does not heal by waiting.
  if (existing !== undefined) {
    throw ociError(
      "Conflict",
      `The vault already has a replica in ${existing.region}. Delete it before choosing another region.`,
    );
  }
  requireState(place, "ACTIVE");
  requireVaultSlot(world, { ...vault, region: replicaRegion }, now);
  changeVault(call, {
    ...vault,
    replica: {
      region: replicaRegion,
      replicationId: regionalOcid(freeChance, "vaultreplication", region),
      timeline: settling("CREATING", "CREATED", now, world.settings.settleMs),
    },
    revision: vault.revision + 1,
  });
  return accepted;
};

function requireTarget(target: string, source: string, subscribed: readonly string[]): void {
  if (target === source) throw ociError("InvalidParameter", "replicaRegion: must differ from the region of the vault.");
  if (findRegion(target) === undefined) {
    throw ociError("InvalidParameter", `replicaRegion: ${target} is not a region of this realm.`);
  }
  if (!subscribed.includes(target)) {
    throw ociError("InvalidParameter", `replicaRegion: the tenancy is not subscribed to ${target}.`);
  }
}
