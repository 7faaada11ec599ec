"use client";

import { useQuery } from "@tanstack/react-query";
import { inventoryAgesQuery, inventoryQuery } from "#lib/browser/inventory.ts";
import type { Inventory, InventoryFailure } from "#lib/contract/api.ts";
import { buildVaultIndex, type VaultIndex } from "#lib/vault/list.ts";

/** The vaults read so far, indexed once for each version. Null while nothing has arrived. */
export function useVaultIndex() {
  const { data, error, refetch, isFetching } = useQuery(inventoryQuery);
  const index = data === undefined ? null : indexOf(data);
  return { inventory: data ?? null, index, error, refetch, isFetching };
}

const indexes = new WeakMap<Inventory, VaultIndex>();

/** One index for each version, however many components ask. */
function indexOf(inventory: Inventory): VaultIndex {
  let index = indexes.get(inventory);
  if (index === undefined) {
    index = buildVaultIndex(inventory);
    indexes.set(inventory, index);
  }
  return index;
}

export interface ReadingState {
  readonly partsRead: number;
  readonly partsTotal: number;
  /** Epoch milliseconds by the server's clock; null while nothing has been read. */
  readonly oldestReadAt: number | null;
  readonly isScanning: boolean;
  readonly failures: readonly (InventoryFailure & { readonly tenancyName: string; readonly where: string })[];
}

/** How complete and how old what is shown is, over all tenancies. */
export function useReadingState(inventory: Inventory): ReadingState {
  const ages = useQuery(inventoryAgesQuery).data ?? null;
  const times = inventory.tenancies.flatMap((tenancy) => ages?.get(tenancy.id) ?? tenancy.oldestReadAt ?? []);
  return {
    partsRead: sum(inventory, "partsRead"),
    partsTotal: sum(inventory, "partsTotal"),
    oldestReadAt: times.length === 0 ? null : Math.min(...times),
    isScanning: inventory.tenancies.some((tenancy) => tenancy.isScanning),
    failures: inventory.tenancies.flatMap((tenancy) =>
      tenancy.failures.map((failure) => ({
        ...failure,
        tenancyName: tenancy.name,
        where:
          failure.compartmentId === null
            ? "The whole region"
            : (tenancy.compartments.find((one) => one.id === failure.compartmentId)?.name ?? failure.compartmentId),
      })),
    ),
  };
}

function sum(inventory: Inventory, field: "partsRead" | "partsTotal"): number {
  return inventory.tenancies.reduce((total, tenancy) => total + tenancy[field], 0);
}

/** What happened and why. */
export function failureWords({ message, why }: InventoryFailure): string {
  return why === null ? message : `${message} ${why}`;
}
