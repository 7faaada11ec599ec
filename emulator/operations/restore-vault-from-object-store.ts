import { ociError } from "#lib/contract/errors.ts";
import { openCompartment } from "../access.ts";
import { readBackupObject } from "../backup-location.ts";
import type { Rule } from "../call.ts";
import { restoreBackup } from "../restore-backup.ts";

/** E20: a body is optional in the API, but without a location there is nothing to restore: 400. */
export const restoreVaultFromObjectStore: Rule<"restoreVaultFromObjectStore"> = (call) => {
  openCompartment(call.world, call.principal, call.params.compartmentId);
  const location = call.params.body?.backupLocation;
  if (location === undefined) throw ociError("MissingParameter", "backupLocation is required.");
  return restoreBackup(call, call.params.compartmentId, readBackupObject(call, location));
};
