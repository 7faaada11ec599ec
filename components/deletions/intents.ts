import type { Answer } from "#lib/browser/api.ts";
import type { VaultPlaceId } from "#lib/browser/vault.ts";
import type { VaultIntent } from "#lib/browser/vault-action.ts";
import type { Vault } from "#lib/contract/models.ts";
import { stateFacts } from "#lib/vault/lifecycle.ts";

/** The service keeps milliseconds; a second is the same moment to a person. */
const sameMomentMs = 1000;

/** The decision to delete a vault at a time, on the version that was looked at. */
export function scheduleIntent(
  place: VaultPlaceId,
  looked: Answer<Vault>,
  timeMs: number,
  reason: string,
): VaultIntent<"scheduleVaultDeletion"> {
  const isThisDate = (vault: Vault) => Math.abs(Date.parse(vault.timeOfDeletion ?? "") - timeMs) <= sameMomentMs;
  return {
    operation: "scheduleVaultDeletion",
    place,
    etag: looked.etag,
    body: { timeOfDeletion: new Date(timeMs).toISOString() },
    reason,
    isApplied: (vault) =>
      (vault.lifecycleState === "SCHEDULING_DELETION" || vault.lifecycleState === "PENDING_DELETION") &&
      isThisDate(vault),
    isSettled: (vault) => vault.lifecycleState === "PENDING_DELETION" && isThisDate(vault),
  };
}

/** The decision to bring a vault back. */
export function cancelIntent(place: VaultPlaceId, looked: Answer<Vault>): VaultIntent<"cancelVaultDeletion"> {
  const isPending = (vault: Vault) =>
    vault.lifecycleState.includes("DELETION") || vault.lifecycleState.startsWith("DELET");
  return {
    operation: "cancelVaultDeletion",
    place,
    etag: looked.etag,
    isApplied: (vault) => vault.lifecycleState === "CANCELLING_DELETION" || !isPending(vault),
    isSettled: (vault) => !isPending(vault) && !stateFacts(vault.lifecycleState).isTransient,
  };
}
