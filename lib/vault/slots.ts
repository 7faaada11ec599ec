/**
 * Vault slots: how many vaults of a type a region of a tenancy has room for. The Limits service knows the limit (contract,
 * section 2.7); a vault takes its slot until it is deleted for good (E21), so those pending deletion count.
 */
import type { VaultRow } from "#lib/contract/api.ts";
import type { LimitValueSummary } from "#lib/contract/models.ts";

/** Oracle's names of the limits. External vaults have none that is known. */
const limitNames: Readonly<Record<string, string>> = {
  DEFAULT: "virtual-vault-count",
  VIRTUAL_PRIVATE: "virtual-private-vault-count",
};
/** Types that take slots. */
export const slotTypes = ["DEFAULT", "VIRTUAL_PRIVATE"] as const;

export interface VaultSlots {
  readonly used: number;
  /** Of those used: pending deletion. */
  readonly pending: number;
  /** Null when the Limits service does not say. */
  readonly limit: number | null;
  /** Epoch milliseconds at which the next pending deletion frees a slot; null when none is known. */
  readonly nextFreeAt: number | null;
}

/** The slots of one type in one region; null for a type that takes none. Rows of a replica count where they are. */
export function countSlots(
  rows: readonly VaultRow[],
  place: { readonly tenancy: string; readonly region: string; readonly vaultType: string },
  limits: readonly LimitValueSummary[] | null,
): VaultSlots | null {
  const name = limitNames[place.vaultType];
  if (name === undefined) return null;
  const held = rows.filter(
    (row) =>
      row.tenancy === place.tenancy &&
      row.region === place.region &&
      row.vaultType === place.vaultType &&
      row.lifecycleState !== "DELETED",
  );
  const pending = held.filter((row) => row.lifecycleState === "PENDING_DELETION" || row.lifecycleState === "DELETING");
  const dates = pending.flatMap((row) => {
    const at = Date.parse(row.details?.timeOfDeletion ?? "");
    return Number.isNaN(at) ? [] : [at];
  });
  return {
    used: held.length,
    pending: pending.length,
    limit: limits?.find((each) => each.name === name)?.value ?? null,
    nextFreeAt: dates.length === 0 ? null : Math.min(...dates),
  };
}
