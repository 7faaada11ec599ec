"use client";

import { RestorePage } from "#components/changes/restore-page.tsx";
import { useVaultIndex } from "#components/vaults/inventory-state.ts";
import { compartmentsOf } from "#lib/vault/compartments.ts";

/** The form for a restore, with the places there are. */
export function RestoreScreen() {
  const { inventory, index } = useVaultIndex();
  const tenancies = (inventory?.tenancies ?? []).map(({ id, name, homeRegion, regions }) => ({
    id,
    name,
    homeRegion,
    regions: regions.map((region) => region.name),
    compartments: compartmentsOf(index, id),
  }));
  return <RestorePage tenancies={tenancies} />;
}
