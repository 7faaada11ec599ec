import { ociError } from "#lib/contract/errors.ts";
import { findVaultToChange, requireState } from "../access.ts";
import { wireTime } from "../answers.ts";
import type { Rule } from "../call.ts";
import { dayMs, deletionTimeline, keyAt } from "../lifecycle.ts";
import type { VaultRecord } from "../records.ts";
import { answerVault } from "../vault-change.ts";
import type { World } from "../world.ts";

/** 7 to 30 days from arrival, 30 when no date is given (E20: no body means `{}`). Answers SCHEDULING_DELETION with the date set. */
export const scheduleVaultDeletion: Rule<"scheduleVaultDeletion"> = (call) => {
  const { world, now } = call;
  const place = findVaultToChange(call);
  requireState(place, "ACTIVE");
  const asked = call.params.body?.timeOfDeletion;
  const due = asked === undefined ? now + 30 * dayMs : Date.parse(asked);
  if (due < now + 7 * dayMs || due > now + 30 * dayMs) {
    throw ociError(
      "InvalidParameter",
      `timeOfDeletion: must be 7 to 30 days from now, between ${wireTime(now + 7 * dayMs)} and ${wireTime(now + 30 * dayMs)}.`,
    );
  }
  refuseLaterKeys(world, place.vault, due, now);
  return answerVault(call, {
    ...place.vault,
    timeline: deletionTimeline(now, due, world.settings.settleMs),
    timeOfDeletion: due,
    revision: place.vault.revision + 1,
  });
};

/** E5: a key that is to be deleted later than the vault does not heal by waiting, so Conflict and not IncorrectState. */
function refuseLaterKeys(world: World, vault: VaultRecord, due: number, now: number): void {
  for (const key of world.group("key", `keys:${vault.id}`)) {
    const at = keyAt(key, vault, now);
    if (at?.timeOfDeletion === undefined || at.timeOfDeletion === null || at.state === "DELETED") continue;
    if (at.timeOfDeletion <= due) continue;
    throw ociError(
      "Conflict",
      `Key ${key.id} in the vault is scheduled for deletion at ${wireTime(at.timeOfDeletion)}, later than the time given for the vault (${wireTime(due)}).`,
    );
  }
}
