"use client";

import { CreateVaultPage } from "#components/changes/create-vault-page.tsx";
import { useVaultIndex } from "#components/vaults/inventory-state.ts";
import { compartmentsOf } from "#lib/vault/compartments.ts";

/** The form for a new vault, with the places there are. */
export function CreateScreen() {
  const { inventory, index } = useVaultIndex();
  const tenancies = (inventory?.tenancies ?? []).map(({ id, name, homeRegion, regions }) => ({
    id,
    name,
    homeRegion,
    regions: regions.map((region) => region.name),
    compartments: compartmentsOf(index, id),
  }));
  return <CreateVaultPage tenancies={tenancies} />;
}
