/** How a reading of a vault shows that a change was made, or is finished. Pure. */
import type { Vault } from "#lib/contract/models.ts";
import { stateFacts } from "./lifecycle.ts";

/** The service keeps milliseconds; a second is the same moment to a person. */
const sameMomentMs = 1000;

/** What to look for in a vault after a change. */
export interface Outcome {
  /** The change shows at all, settled or not. */
  readonly isApplied: (vault: Vault) => boolean;
  /** The change is finished. */
  readonly isSettled: (vault: Vault) => boolean;
}

/** Pending deletion for exactly this time, epoch milliseconds. */
export function scheduledFor(timeMs: number): Outcome {
  const isThisDate = (vault: Vault) => Math.abs(Date.parse(vault.timeOfDeletion ?? "") - timeMs) <= sameMomentMs;
  return {
    isApplied: (vault) =>
      (vault.lifecycleState === "SCHEDULING_DELETION" || vault.lifecycleState === "PENDING_DELETION") &&
      isThisDate(vault),
    isSettled: (vault) => vault.lifecycleState === "PENDING_DELETION" && isThisDate(vault),
  };
}

/** Not on its way out any more. */
export const broughtBack: Outcome = {
  isApplied: (vault) => vault.lifecycleState === "CANCELLING_DELETION" || !isGoing(vault),
  isSettled: (vault) => !isGoing(vault) && !stateFacts(vault.lifecycleState).isTransient,
};

/** A backup is being made, and then no more. */
export const backedUp: Outcome = {
  isApplied: (vault) => vault.lifecycleState === "BACKUP_IN_PROGRESS",
  isSettled: (vault) => !stateFacts(vault.lifecycleState).isTransient,
};

/** Every one of these free-form tags is there with its value. */
export function taggedWith(tags: Readonly<Record<string, string>>): Outcome {
  const isThere = (vault: Vault) =>
    Object.entries(tags).every(
      ([key, value]) => (vault.freeformTags as Record<string, string> | null)?.[key] === value,
    );
  return { isApplied: isThere, isSettled: (vault) => isThere(vault) && !stateFacts(vault.lifecycleState).isTransient };
}

function isGoing({ lifecycleState }: Vault): boolean {
  return lifecycleState.includes("DELETION") || lifecycleState.startsWith("DELET");
}
