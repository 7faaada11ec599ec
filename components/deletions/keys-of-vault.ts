"use client";

import { type QueryClient, useQueries, useQuery } from "@tanstack/react-query";
import { getKeyQuery, getVaultUsageQuery, listKeysQuery, type VaultPlaceId } from "#lib/browser/vault.ts";
import type { Key, KeySummary, VaultUsage } from "#lib/contract/models.ts";

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
  const details = useQueries({ queries: datedOnTheirOwn(list.data).map((key) => getKeyQuery(place, key.id)) });
  return {
    isPending: usage.isPending || list.isPending || details.some((query) => query.isPending),
    ...keysFrom({
      usage: usage.data?.body,
      list: list.data,
      listError: list.error,
      details: details.map((query) => query.data?.body),
    }),
  };
}

/** The same for one of many vaults, read once; what cannot be read is told as unknown, never thrown. */
export async function readKeysOfVault(
  client: QueryClient,
  place: VaultPlaceId,
  compartmentId: string,
): Promise<KeysOfVault> {
  const [usage, list] = await Promise.allSettled([
    client.fetchQuery(getVaultUsageQuery(place)),
    client.fetchQuery(listKeysQuery({ ...place, compartmentId })),
  ]);
  const keys = list.status === "fulfilled" ? list.value : undefined;
  const details = await Promise.allSettled(
    datedOnTheirOwn(keys).map((key) => client.fetchQuery(getKeyQuery(place, key.id))),
  );
  return {
    isPending: false,
    ...keysFrom({
      usage: usage.status === "fulfilled" ? usage.value.body : undefined,
      list: keys,
      listError: list.status === "rejected" && list.reason instanceof Error ? list.reason : null,
      details: details.map((each) => (each.status === "fulfilled" ? each.value.body : undefined)),
    }),
  };
}

/** The keys whose own deletion dates are looked up. */
function datedOnTheirOwn(list: readonly KeySummary[] | undefined): readonly KeySummary[] {
  return (list ?? []).filter(isDoomed).slice(0, doomedMax);
}

function isDoomed({ lifecycleState }: KeySummary): boolean {
  return lifecycleState === "PENDING_DELETION" || lifecycleState === "SCHEDULING_DELETION";
}

interface KeyReadings {
  readonly usage: VaultUsage | undefined;
  readonly list: readonly KeySummary[] | undefined;
  readonly listError: Error | null;
  /** In the order of `datedOnTheirOwn`. */
  readonly details: readonly (Key | undefined)[];
}

function keysFrom({ usage, list, listError, details }: KeyReadings): Omit<KeysOfVault, "isPending"> {
  const keys = list?.filter((key) => key.lifecycleState !== "DELETED") ?? null;
  const total = usage === undefined ? null : usage.keyCount + (usage.softwareKeyCount ?? 0);
  return {
    keys,
    keysError: listError,
    usage: usage ?? null,
    keysElsewhere: total === null || keys === null ? null : Math.max(0, total - keys.length),
    doomed: (keys ?? []).filter(isDoomed).map((key, index) => {
      const time = Date.parse(details[index]?.timeOfDeletion ?? "");
      return { key, deletionMs: Number.isNaN(time) ? null : time };
    }),
  };
}
