"use client";

import type { TenancyChoice } from "#components/changes/create-vault-page.tsx";
import { useVaultIndex } from "#components/vaults/inventory-state.ts";
import { compartmentsOf } from "#lib/vault/compartments.ts";

/** Where a new vault can be put; null until anything was read. */
export function useTenancyChoices(): readonly TenancyChoice[] | null {
  const { inventory, index } = useVaultIndex();
  if (inventory === null) return null;
  return inventory.tenancies.map(({ id, name, homeRegion, regions }) => ({
    id,
    name,
    homeRegion,
    regions: regions.map((region) => region.name),
    compartments: compartmentsOf(index, id),
  }));
}
