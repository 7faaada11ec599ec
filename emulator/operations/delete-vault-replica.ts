import { ociError } from "#lib/contract/errors.ts";
import { findVaultToChange, requireState } from "../access.ts";
import type { Rule } from "../call.ts";
import { replicaAt } from "../lifecycle.ts";
import { freeChance, regionalOcid } from "../ocids.ts";
import { settling } from "../timeline.ts";
import { changeVault } from "../vault-change.ts";

/** The replica goes to DELETING, then out of the list. The answer has no body and no etag (E1: 202). */
export const deleteVaultReplica: Rule<"deleteVaultReplica"> = (call) => {
  const { world, region, now } = call;
  const place = findVaultToChange(call);
  const { replicaRegion } = call.params.body;
  const { vault } = place;
  const existing = replicaAt(vault, now);
  if (existing?.region !== replicaRegion || vault.replica === null) {
    throw ociError("NotAuthorizedOrNotFound", `The vault has no replica in ${replicaRegion}.`);
  }
  requireState(place, "ACTIVE");
  if (existing.status !== "CREATED") {
    throw ociError("IncorrectState", `The replica is ${existing.status}; the operation needs CREATED.`);
  }
  changeVault(call, {
    ...vault,
    replica: { ...vault.replica, timeline: settling("DELETING", "DELETED", now, world.settings.settleMs) },
    revision: vault.revision + 1,
  });
  return {
    headers: { "opc-work-request-id": regionalOcid(freeChance, "workrequest", region) },
    vaultId: vault.id,
  };
};
