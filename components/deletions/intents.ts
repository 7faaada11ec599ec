import type { Answer } from "#lib/browser/api.ts";
import type { VaultPlaceId } from "#lib/browser/vault.ts";
import type { VaultIntent } from "#lib/browser/vault-action.ts";
import type { Vault } from "#lib/contract/models.ts";
import { broughtBack, scheduledFor } from "#lib/vault/outcomes.ts";

/** The decision to delete a vault at a time, on the version that was looked at. */
export function scheduleIntent(
  place: VaultPlaceId,
  looked: Answer<Vault>,
  timeMs: number,
  why: { readonly reason: string; readonly ticket: string },
): VaultIntent<"scheduleVaultDeletion"> {
  const body = { timeOfDeletion: new Date(timeMs).toISOString() };
  const { reason, ticket } = why;
  return {
    operation: "scheduleVaultDeletion",
    place,
    etag: looked.etag,
    body,
    reason,
    ...(ticket === "" ? {} : { ticket }),
    ...scheduledFor(timeMs),
  };
}

/** The decision to bring a vault back. */
export function cancelIntent(
  place: VaultPlaceId,
  looked: Answer<Vault>,
  why: { readonly reason?: string; readonly ticket?: string } = {},
): VaultIntent<"cancelVaultDeletion"> {
  return { operation: "cancelVaultDeletion", place, etag: looked.etag, ...why, ...broughtBack };
}
