"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { getKeyQuery, getVaultUsageQuery, listKeysQuery, type VaultPlaceId } from "#lib/browser/vault.ts";
import type { KeySummary, VaultUsage } from "#lib/contract/models.ts";

/** A key that is to be deleted on its own; its date is only told by GetKey. */
export interface DoomedKey {
  readonly key: KeySummary;
  /** Epoch milliseconds; null while not read or not told. */
  readonly deletionMs: number | null;
}

export interface KeysOfVault {
  readonly isPending: boolean;
  /** Keys in the vault's own compartment that still exist; null when they could not be read. */
  readonly keys: readonly KeySummary[] | null;
  readonly keysError: Error | null;
  /** Counts over all compartments; null when they could not be read. */
  readonly usage: VaultUsage | null;
  /** Keys the counts know and the list does not: they lie in other compartments. */
  readonly keysElsewhere: number | null;
  readonly doomed: readonly DoomedKey[];
}

/** Key dates looked up at most; the rest is said to be unread. */
const doomedMax = 20;

/** The keys of a vault as far as they can be seen: its own compartment's, and how many lie elsewhere. */
export function useKeysOfVault(place: VaultPlaceId, compartmentId: string | null): KeysOfVault {
  const usage = useQuery(getVaultUsageQuery(place));
  const list = useQuery({
    ...listKeysQuery({ ...place, compartmentId: compartmentId ?? "" }),
    enabled: compartmentId !== null,
  });
  const keys = list.data?.filter((key) => key.lifecycleState !== "DELETED") ?? null;
  const pending = (keys ?? []).filter(
    (key) => key.lifecycleState === "PENDING_DELETION" || key.lifecycleState === "SCHEDULING_DELETION",
  );
  const details = useQueries({ queries: pending.slice(0, doomedMax).map((key) => getKeyQuery(place, key.id)) });
  const counts = usage.data?.body ?? null;
  const total = counts === null ? null : counts.keyCount + (counts.softwareKeyCount ?? 0);
  return {
    isPending: usage.isPending || list.isPending || details.some((query) => query.isPending),
    keys,
    keysError: list.error,
    usage: counts,
    keysElsewhere: total === null || keys === null ? null : Math.max(0, total - keys.length),
    doomed: pending.map((key, index) => {
      const time = Date.parse(details[index]?.data?.body.timeOfDeletion ?? "");
      return { key, deletionMs: Number.isNaN(time) ? null : time };
    }),
  };
}
