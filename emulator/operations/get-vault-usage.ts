import { findVault } from "../access.ts";
import type { Rule } from "../call.ts";
import { keyAt } from "../lifecycle.ts";

/** E16: counted from the keys in the world, over all compartments, deleted ones not; external keys count with the HSM's. No etag. */
export const getVaultUsage: Rule<"getVaultUsage"> = (call) => {
  const { vault } = findVault(call, call.params.vaultId);
  const usage = { keyCount: 0, keyVersionCount: 0, softwareKeyCount: 0, softwareKeyVersionCount: 0 };
  for (const key of call.world.group("key", `keys:${vault.id}`)) {
    const at = keyAt(key, vault, call.now);
    if (at === undefined || at.state === "DELETED") continue;
    if (key.protectionMode === "SOFTWARE") {
      usage.softwareKeyCount += 1;
      usage.softwareKeyVersionCount += key.versionCount;
    } else {
      usage.keyCount += 1;
      usage.keyVersionCount += key.versionCount;
    }
  }
  return { json: usage };
};
