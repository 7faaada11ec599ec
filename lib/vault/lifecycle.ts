/** What a vault's state means: whether it is settling, usable, and how a person would say it. Pure. */
import type { VaultLifecycleState, VaultType } from "#lib/contract/models.ts";

export type StateTone = "ok" | "pending" | "danger" | "neutral";

interface StateFacts {
  readonly label: string;
  readonly tone: StateTone;
  /** True while the service is at work and the state will change by itself. */
  readonly isTransient: boolean;
  /** True when the keys in the vault can be used. */
  readonly areKeysUsable: boolean;
}

const facts: Record<VaultLifecycleState, StateFacts> = {
  CREATING: { label: "Creating", tone: "pending", isTransient: true, areKeysUsable: false },
  ACTIVE: { label: "Active", tone: "ok", isTransient: false, areKeysUsable: true },
  UPDATING: { label: "Updating", tone: "pending", isTransient: true, areKeysUsable: true },
  BACKUP_IN_PROGRESS: { label: "Backup in progress", tone: "pending", isTransient: true, areKeysUsable: true },
  RESTORING: { label: "Restoring", tone: "pending", isTransient: true, areKeysUsable: false },
  SCHEDULING_DELETION: { label: "Scheduling deletion", tone: "danger", isTransient: true, areKeysUsable: false },
  PENDING_DELETION: { label: "Pending deletion", tone: "danger", isTransient: false, areKeysUsable: false },
  CANCELLING_DELETION: { label: "Cancelling deletion", tone: "pending", isTransient: true, areKeysUsable: false },
  DELETING: { label: "Deleting", tone: "danger", isTransient: true, areKeysUsable: false },
  DELETED: { label: "Deleted", tone: "neutral", isTransient: false, areKeysUsable: false },
};

/** Facts of a state; a state this version does not know is shown by its own name and treated as settled. */
export function stateFacts(state: string): StateFacts {
  const known = (facts as Record<string, StateFacts | undefined>)[state];
  if (known !== undefined) return known;
  return {
    label: sentenceCase(state),
    tone: "neutral",
    isTransient: false,
    areKeysUsable: false,
  };
}

const typeLabels: Record<VaultType, string> = {
  DEFAULT: "Virtual",
  VIRTUAL_PRIVATE: "Virtual private",
  EXTERNAL: "External",
};

/** The service's name for a vault type; a type this version does not know is shown by its own name. */
export function typeLabel(type: string): string {
  return (typeLabels as Record<string, string | undefined>)[type] ?? sentenceCase(type);
}

function sentenceCase(constant: string): string {
  const words = constant.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** States whose deletion date only GetVault tells (contract, finding 6). */
export function hasDeletionDate(state: string): boolean {
  return (
    state === "PENDING_DELETION" ||
    state === "SCHEDULING_DELETION" ||
    state === "CANCELLING_DELETION" ||
    state === "DELETING"
  );
}

export const dayMs = 86_400_000;
/** The service counts the window when the request arrives: 7 to 30 days, default 30 (contract, section 2). */
export const deletionWindowDays = { minimum: 7, maximum: 30, default: 30 } as const;
/**
 * What the console adds at the short end and takes off at the long end, so that a request which travels, waits for its
 * turn and meets a clock that differs still lands inside the window.
 */
export const deletionWindowMarginMs = 10 * 60_000;

/** The earliest and latest moment the console sends, epoch milliseconds, counted from `nowMs`. */
export function deletionWindow(nowMs: number): { earliestMs: number; latestMs: number } {
  return {
    earliestMs: nowMs + deletionWindowDays.minimum * dayMs + deletionWindowMarginMs,
    latestMs: nowMs + deletionWindowDays.maximum * dayMs - deletionWindowMarginMs,
  };
}

/** The whole minute a preset of days stands for, kept inside the window; milliseconds. Compute it when the button is pressed. */
export function deletionTimeOf(days: number, nowMs: number): number {
  const { earliestMs, latestMs } = deletionWindow(nowMs);
  const minute = Math.ceil(Math.max(nowMs + days * dayMs, earliestMs) / minuteMs) * minuteMs;
  return minute > latestMs ? Math.floor(latestMs / minuteMs) * minuteMs : minute;
}

const minuteMs = 60_000;
