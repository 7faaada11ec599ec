import { ociError } from "#lib/contract/errors.ts";
import { findVaultToChange, openCompartment, requireState } from "../access.ts";
import { vaultEtag } from "../answers.ts";
import type { Rule } from "../call.ts";
import { settling } from "../timeline.ts";
import { changeVault } from "../vault-change.ts";

/** UPDATING, then ACTIVE in the other compartment. Keys stay in their own compartments. No body in the answer (E1: 204). */
export const changeVaultCompartment: Rule<"changeVaultCompartment"> = (call) => {
  const { world, principal, now } = call;
  const place = findVaultToChange(call);
  const target = openCompartment(world, principal, call.params.body.compartmentId);
  if (target.id === place.vault.compartmentId) {
    throw ociError("InvalidParameter", "compartmentId: the vault is already in this compartment.");
  }
  requireState(place, "ACTIVE");
  const moved = changeVault(call, {
    ...place.vault,
    compartmentId: target.id,
    timeline: settling("UPDATING", "ACTIVE", now, world.settings.settleMs),
    revision: place.vault.revision + 1,
  });
  return { headers: { etag: vaultEtag(moved, now) }, vaultId: moved.vault.id };
};
