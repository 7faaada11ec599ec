/**
 * What may be done to a vault, by whom, and the reason why not, in words. The BFF refuses and the UI explains from this
 * one table, so the two can never differ. Pure.
 */

import type { ConsoleRole } from "#lib/contract/api.ts";
import { type OperationName, operationRow, type Role } from "#lib/contract/operations.ts";
import { stateFacts, typeLabel } from "./lifecycle.ts";
import type { VaultSlots } from "./slots.ts";

/** Operations that change an existing vault. */
export const vaultActions = [
  "updateVault",
  "changeVaultCompartment",
  "backupVault",
  "createVaultReplica",
  "deleteVaultReplica",
  "scheduleVaultDeletion",
  "cancelVaultDeletion",
] as const satisfies readonly OperationName[];
export type VaultAction = (typeof vaultActions)[number];

/** The facts a rule needs; from a list row or from GetVault (undefined: not read yet). */
export interface VaultFacts {
  readonly lifecycleState: string;
  readonly vaultType: string;
  readonly isPrimary?: boolean | null;
  readonly isVaultReplicable?: boolean | null;
  readonly hasReplica?: boolean;
  /** Actions a guard rail stands in the way of, and its words. */
  readonly railRefusals?: Readonly<Partial<Record<VaultAction, string>>>;
}

export interface Verdict {
  readonly isAllowed: boolean;
  /** Why not, one plain sentence; empty when allowed. */
  readonly reason: string;
  /** `role`: somebody else may; `state`: nobody may now; `limit`: Oracle's limit is reached; `rail`: the company's own rules forbid it. */
  readonly because: "allowed" | "role" | "state" | "limit" | "rail";
}

const allowed: Verdict = { isAllowed: true, reason: "", because: "allowed" };
const rank: Record<Role, number> = { helpdesk: 0, operator: 1, admin: 2 };
const whoMay: Record<Role, string> = {
  helpdesk: "anyone signed in",
  operator: "an operator or a security admin",
  admin: "a security admin",
};

/** Words for roles, used wherever a person reads one. */
export const roleNames: Record<ConsoleRole, string> = {
  helpdesk: "Help desk",
  operator: "Operator",
  admin: "Security admin",
  auditor: "Auditor",
};

/** Whether a role may ask for an operation at all. Auditors read what the help desk reads and change nothing. */
export function judgeRole(operation: OperationName, role: ConsoleRole): Verdict {
  const row = operationRow(operation);
  if (role === "auditor") {
    if (!row.writes && row.role === "helpdesk") return allowed;
    return {
      isAllowed: false,
      because: "role",
      reason: `Auditors can read everything and change nothing. Ask ${whoMay[row.role]}.`,
    };
  }
  if (rank[role] >= rank[row.role]) return allowed;
  const reason =
    role === "helpdesk"
      ? `The help desk has read-only access. Ask ${whoMay[row.role]}.`
      : `Only ${whoMay[row.role]} can do this.`;
  return { isAllowed: false, because: "role", reason };
}

/** Whether the vault's own facts allow an action now. Rules: contract, sections 1.1, 3 and 7. */
export function judgeState(action: VaultAction, vault: VaultFacts): Verdict {
  const reason = stateReason(action, vault);
  if (reason !== "") return { isAllowed: false, because: "state", reason };
  const rail = vault.railRefusals?.[action];
  return rail === undefined ? allowed : { isAllowed: false, because: "rail", reason: rail };
}

/** Role first, then state, then guard rails: the sentence a person sees, and the answer the BFF gives. */
export function judgeAction(action: VaultAction, vault: VaultFacts, role: ConsoleRole): Verdict {
  const byRole = judgeRole(action, role);
  return byRole.isAllowed ? judgeState(action, vault) : byRole;
}

/** Whether the region has room for one more vault of a type (E21); a count or limit that is not known stands in nobody's way. */
export function judgeRoom(
  slots: VaultSlots | null,
  place: { readonly region: string; readonly vaultType: string },
): Verdict {
  if (slots === null || slots.limit === null || slots.used < slots.limit) return allowed;
  const kind = typeLabel(place.vaultType).toLowerCase();
  return {
    isAllowed: false,
    because: "limit",
    reason: `No slot is free: ${slots.used} of ${slots.limit} ${kind} vaults in ${place.region}. Whoever may schedule deletions can free one; Oracle can raise the limit.`,
  };
}

function stateReason(action: VaultAction, vault: VaultFacts): string {
  const state = vault.lifecycleState;
  if (state === "DELETED") return "The vault is deleted. Nothing can be done to it any more.";
  if (state === "DELETING") return "The vault is being deleted. It can no longer be saved.";
  if (vault.isPrimary === false)
    return "This is a replica and is managed through its source vault. Open the source vault.";
  switch (action) {
    case "cancelVaultDeletion":
      if (state === "PENDING_DELETION") return "";
      if (state === "SCHEDULING_DELETION") return "Deletion is still being scheduled. It can be cancelled in a moment.";
      if (state === "CANCELLING_DELETION") return "The deletion is already being cancelled.";
      return "The vault is not scheduled for deletion.";
    case "updateVault":
      return state === "ACTIVE" || state === "CREATING" ? "" : busyReason(state);
    case "scheduleVaultDeletion":
      if (state === "PENDING_DELETION")
        return "The vault is already scheduled for deletion. To change the date, cancel the deletion first.";
      return activeReason(state);
    case "backupVault":
      if (vault.vaultType !== "VIRTUAL_PRIVATE") return "Only virtual private vaults can be backed up.";
      return activeReason(state);
    case "createVaultReplica":
      if (vault.isVaultReplicable === false)
        return "This vault cannot be replicated: it was created before virtual vaults could be.";
      return activeReason(state);
    case "deleteVaultReplica":
      if (vault.hasReplica === false) return "The vault has no replica.";
      return activeReason(state);
    case "changeVaultCompartment":
      return activeReason(state);
  }
}

function activeReason(state: string): string {
  return state === "ACTIVE" ? "" : busyReason(state);
}

function busyReason(state: string): string {
  const { label, isTransient } = stateFacts(state);
  if (state === "PENDING_DELETION") return "The vault is scheduled for deletion. Cancel the deletion first.";
  if (isTransient) return `The vault is busy (${label.toLowerCase()}). Try again when it is active.`;
  return `The vault must be active; it is ${label.toLowerCase()}.`;
}

const reach = { helpdesk: 0, auditor: 1, operator: 1, admin: 2 } as const satisfies Record<ConsoleRole, number>;

/** Whether the new role may do or see anything the old one may not; taking a role away is the safe direction. */
export function isGrant(from: ConsoleRole, to: ConsoleRole): boolean {
  return reach[to] > reach[from] || (reach[to] === reach[from] && from !== to);
}
