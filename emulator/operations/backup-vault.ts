import { ociError } from "#lib/contract/errors.ts";
import { findVaultToChange, requireState } from "../access.ts";
import { makeBackupFile } from "../backup-file.ts";
import { findSpot } from "../backup-location.ts";
import type { Rule } from "../call.ts";
import { writeObject } from "../objects.ts";
import { freeChance, regionalOcid } from "../ocids.ts";
import { settling } from "../timeline.ts";
import { answerVault } from "../vault-change.ts";

/**
 * BACKUP_IN_PROGRESS, then ACTIVE; the file appears when it is complete. E6: only virtual private vaults. E20: without a
 * body or location the service keeps the backup to itself and writes nowhere. Keys go in only when asked for.
 */
export const backupVault: Rule<"backupVault"> = (call) => {
  const { world, region, now } = call;
  const place = findVaultToChange(call);
  if (place.vault.vaultType !== "VIRTUAL_PRIVATE") {
    throw ociError(
      "InvalidParameter",
      `Only vaults of type VIRTUAL_PRIVATE can be backed up; this one is ${place.vault.vaultType}.`,
    );
  }
  requireState(place, "ACTIVE");
  const { backupLocation, isIncludeKeys = false } = call.params.body ?? {};
  const doneAt = now + world.settings.settleMs;
  if (backupLocation !== undefined) {
    const { bucket, objectName } = findSpot(call, backupLocation, "write");
    const file = makeBackupFile(world, place.vault, isIncludeKeys, now);
    writeObject(world, bucket, objectName, file, now, doneAt);
  }
  const outcome = answerVault(call, {
    ...place.vault,
    timeline: settling("BACKUP_IN_PROGRESS", "ACTIVE", now, world.settings.settleMs),
    revision: place.vault.revision + 1,
  });
  const workRequestId = regionalOcid(freeChance, "workrequest", region);
  return { ...outcome, headers: { ...outcome.headers, "opc-work-request-id": workRequestId } };
};
