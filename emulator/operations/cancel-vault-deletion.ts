import { findVaultToChange, requireState } from "../access.ts";
import type { Rule } from "../call.ts";
import { settling } from "../timeline.ts";
import { answerVault } from "../vault-change.ts";

/** CANCELLING_DELETION with the date still shown, then ACTIVE. Keys follow by themselves, see `keyAt`. */
export const cancelVaultDeletion: Rule<"cancelVaultDeletion"> = (call) => {
  const place = findVaultToChange(call);
  requireState(place, "PENDING_DELETION");
  return answerVault(call, {
    ...place.vault,
    timeline: settling("CANCELLING_DELETION", "ACTIVE", call.now, call.world.settings.settleMs),
    revision: place.vault.revision + 1,
  });
};
