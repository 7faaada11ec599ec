import type { Tone } from "#components/ui/tone.ts";
import type { Approval, ApprovalState, ConsoleRole } from "#lib/contract/api.ts";
import { roleNames } from "#lib/vault/actions.ts";

const states: Record<ApprovalState, { label: string; tone: Tone }> = {
  pending: { label: "Waiting", tone: "pending" },
  approved: { label: "Agreed, not carried out", tone: "warn" },
  executing: { label: "Being carried out", tone: "pending" },
  done: { label: "Carried out", tone: "ok" },
  failed: { label: "Agreed, but failed", tone: "danger" },
  denied: { label: "Denied", tone: "neutral" },
  withdrawn: { label: "Withdrawn", tone: "neutral" },
  expired: { label: "Expired", tone: "neutral" },
  void: { label: "Void", tone: "warn" },
};

/** Where a request stands, in words and colour. */
export function stateWords(state: ApprovalState): { label: string; tone: Tone } {
  return states[state];
}

/** The name of what a request is about, as the console knew it; its OCID when it knew none. */
export function nameOf({ before, target }: Approval): string {
  const name = before?.displayName ?? before?.name;
  return typeof name === "string" ? name : target;
}

/** A date the change names, epoch ms; null when it names none. */
export function dueOf({ params }: Approval): number | null {
  const body = params.body as { timeOfDeletion?: unknown } | undefined;
  return typeof body?.timeOfDeletion === "string" ? Date.parse(body.timeOfDeletion) : null;
}

/** What happens when somebody agrees, one sentence each; dates are shown beside them. */
export function effectsOf(approval: Approval): string[] {
  const { operation, params, region } = approval;
  const body = (params.body ?? {}) as Record<string, unknown>;
  switch (operation) {
    case "scheduleVaultDeletion":
      return [
        "The vault becomes Pending deletion at once. None of its keys can be used from then on.",
        dueOf(approval) === null
          ? "It is deleted for good 30 days later, with its keys and its replica."
          : "It is deleted for good on the date, with its keys and its replica.",
        "Until then one person alone can cancel the deletion.",
      ];
    case "changeVaultCompartment":
      return [
        `The vault moves to the compartment ${String(body.compartmentId)}.`,
        "Who may use or manage it is then decided by the policies of that compartment. OCID and endpoints stay.",
      ];
    case "deleteVaultReplica":
      return [
        `The replica in ${String(body.replicaRegion)} is deleted. Programs that use it there lose their keys.`,
        "The vault itself stays; a replica can be created again.",
      ];
    case "restoreVaultFromObjectStore":
    case "restoreVaultFromFile":
      return [
        `A vault is restored in ${region}, into the compartment ${String(params.compartmentId)}.`,
        operation === "restoreVaultFromFile"
          ? "The person who asked then sends the file named below; any other file is refused."
          : "The service reads the backup from object storage.",
      ];
    case "changeRole":
      return [`${nameOf(approval)} gets the role ${roleNames[params.role as ConsoleRole].toLowerCase()}.`];
    default:
      return [];
  }
}
