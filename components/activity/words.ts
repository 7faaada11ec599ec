import type { Tone } from "#components/ui/tone.ts";
import type { ActivityEntry } from "#lib/contract/api.ts";

const verbs: Readonly<Record<string, string>> = {
  createVault: "Create vault",
  updateVault: "Edit vault",
  changeVaultCompartment: "Move vault",
  backupVault: "Back up vault",
  restoreVaultFromFile: "Restore vault from file",
  restoreVaultFromObjectStore: "Restore vault from object storage",
  createVaultReplica: "Create replica",
  deleteVaultReplica: "Delete replica",
  scheduleVaultDeletion: "Schedule deletion",
  cancelVaultDeletion: "Cancel deletion",
  putObject: "Put object",
  deleteObject: "Delete object",
  createPreauthenticatedRequest: "Create pre-authenticated request",
  signIn: "Sign in",
  makeFirstAdmin: "Set up first admin",
  acceptInvitation: "Accept invitation",
  changePassword: "Change password",
  addPerson: "Add person",
  invitePerson: "Invite person anew",
  changeRole: "Change role",
  disablePerson: "Disable person",
  enablePerson: "Enable person",
  endSessions: "End sessions",
};

/** What was asked for, as a person would say it. */
export function operationLabel(operation: string): string {
  return verbs[operation] ?? operation;
}

const results: Record<ActivityEntry["result"], { label: string; tone: Tone }> = {
  ok: { label: "Done", tone: "ok" },
  failed: { label: "Failed", tone: "danger" },
  unknown: { label: "Outcome unknown", tone: "warn" },
  refused: { label: "Refused by the console", tone: "neutral" },
  reconciled: { label: "Looked up afterwards", tone: "warn" },
  pending: { label: "Under way", tone: "pending" },
};

/** How it ended, in words and colour. */
export function resultWords(result: ActivityEntry["result"]): { label: string; tone: Tone } {
  return results[result];
}

/** The name the vault had, when the console knew it. */
export function targetName(entry: ActivityEntry): string | null {
  const name = entry.before?.displayName ?? entry.after?.displayName;
  return typeof name === "string" ? name : null;
}
