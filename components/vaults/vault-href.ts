import type { VaultRow } from "#lib/contract/api.ts";

/** The page of a vault in a region; a page below it by its name ("schedule-deletion"). */
export function vaultHref(vault: Pick<VaultRow, "region" | "id">, page?: string): string {
  const base = `/vaults/${encodeURIComponent(vault.region)}/${encodeURIComponent(vault.id)}`;
  return page === undefined ? base : `${base}/${page}`;
}
