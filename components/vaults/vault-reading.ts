"use client";

import { useQueries } from "@tanstack/react-query";
import { type Answer, pollEvery } from "#lib/browser/api.ts";
import { getVaultQuery } from "#lib/browser/vault.ts";
import type { Inventory, VaultRow } from "#lib/contract/api.ts";
import type { Vault } from "#lib/contract/models.ts";
import { stateFacts } from "#lib/vault/lifecycle.ts";
import { useVaultIndex } from "./inventory-state.ts";

const settledPollMs = 15_000;
const transientPollMs = 2500;

export interface VaultReading {
  /** Null until it is known which tenancy the vault belongs to. */
  readonly tenancy: string | null;
  readonly tenancyName: string | null;
  /** The row of the inventory, which is there before the vault itself has been read. */
  readonly row: VaultRow | null;
  /** Other regions with the same OCID: the replica, or the source. */
  readonly otherRegions: readonly string[];
  readonly compartmentPath: string | null;
  /** OCIDs of the compartment and everything above it; null while the tree is not known. */
  readonly lineage: readonly string[] | null;
  readonly isReplica: boolean;
  readonly reading: Answer<Vault> | null;
  readonly error: Error | null;
  readonly isFetching: boolean;
  readonly refetch: () => void;
}

/**
 * Everything known of one vault in one region. An OCID does not tell its tenancy: the inventory does; a vault that is not
 * in it (yet) is asked for in each tenancy that uses the region.
 */
export function useVaultReading(region: string, vaultId: string, options: { isPolled: boolean }): VaultReading {
  const { inventory, index, error: inventoryError } = useVaultIndex();
  const place = index?.places.find((one) => one.row.region === region && one.row.id === vaultId) ?? null;
  const candidates = place !== null ? [place.row.tenancy] : candidateTenancies(inventory, region);
  const queries = useQueries({
    queries: candidates.map((tenancy) => ({
      ...getVaultQuery({ tenancy, region, vaultId }),
      refetchInterval: options.isPolled ? pollInterval : (false as const),
    })),
  });
  const found = Math.max(
    queries.findIndex((query) => query.data !== undefined),
    0,
  );
  const tenancy = candidates[found] ?? null;
  const reading = queries[found]?.data ?? null;
  const failure = queries.every((query) => query.error !== null) ? (queries[found]?.error ?? null) : null;
  const compartmentId = reading?.body.compartmentId ?? place?.row.compartmentId;
  const node = compartmentId === undefined ? undefined : index?.tree.byId.get(compartmentId);
  const facts = inventory?.tenancies.find((one) => one.id === tenancy);
  return {
    tenancy,
    tenancyName: facts?.name ?? null,
    row: place?.row ?? null,
    otherRegions: place?.places.filter((one) => one !== place).map((one) => one.row.region) ?? [],
    compartmentPath: node?.path ?? null,
    lineage: node?.lineage ?? null,
    isReplica: reading?.body.isPrimary === false || (reading?.body.isPrimary == null && (place?.isReplica ?? false)),
    reading,
    error:
      queries.length === 0
        ? inventoryError
        : queries[found]?.data === undefined
          ? failure
          : (queries[found]?.error ?? null),
    isFetching: queries.some((query) => query.isFetching),
    refetch: () => {
      for (const query of queries) void query.refetch();
    },
  };
}

const pollInterval = pollEvery(({ data }: { data?: Answer<Vault> | undefined; error: Error | null }) => {
  const state = data?.body.lifecycleState;
  return state !== undefined && stateFacts(state).isTransient ? transientPollMs : settledPollMs;
});

function candidateTenancies(inventory: Inventory | null, region: string): readonly string[] {
  if (inventory === null) return [];
  const using = inventory.tenancies.filter((tenancy) => tenancy.regions.some((one) => one.name === region));
  return (using.length > 0 ? using : inventory.tenancies).map((tenancy) => tenancy.id);
}
