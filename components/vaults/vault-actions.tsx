"use client";

import { Archive, Copy, CopyX, FolderInput, Pencil, RotateCcw, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { VaultAction } from "#lib/vault/actions.ts";

export interface VaultActionRow {
  readonly action: VaultAction;
  /** Verb and noun. */
  readonly label: string;
  /** What it is for, one short sentence. */
  readonly hint: string;
  readonly icon: ReactNode;
  readonly tone: "primary" | "routine" | "danger";
  /** `page`: an address below the vault's own; `dialog`: one confirm in place. */
  readonly confirm: { readonly kind: "page"; readonly page: string } | { readonly kind: "dialog" };
  /** In these states it is what one came for: the main button of the vault's page. */
  readonly mainIn: readonly string[];
  /** In these states it has no place at all: undoing what was never done. */
  readonly absentIn: readonly string[];
}

const withoutDeletion = ["CREATING", "ACTIVE", "UPDATING", "BACKUP_IN_PROGRESS", "RESTORING", "DELETED"];
const withDeletion = ["SCHEDULING_DELETION", "PENDING_DELETION", "CANCELLING_DELETION", "DELETING", "DELETED"];

/** How each action is called, looks and asks. What may be done, and why not, is in `lib/vault/actions.ts`. */
export const vaultActionRows: readonly VaultActionRow[] = [
  {
    action: "updateVault",
    label: "Edit name and tags",
    hint: "Shows what will change before anything is sent.",
    icon: <Pencil aria-hidden="true" />,
    tone: "routine",
    confirm: { kind: "page", page: "edit" },
    mainIn: [],
    absentIn: ["DELETING", "DELETED"],
  },
  {
    action: "cancelVaultDeletion",
    label: "Cancel deletion",
    hint: "Brings the vault and its keys back.",
    icon: <RotateCcw aria-hidden="true" />,
    tone: "primary",
    confirm: { kind: "dialog" },
    mainIn: ["PENDING_DELETION", "SCHEDULING_DELETION", "CANCELLING_DELETION"],
    absentIn: withoutDeletion,
  },
  {
    action: "backupVault",
    label: "Back up",
    hint: "Into a bucket, or to a pre-authenticated URL.",
    icon: <Archive aria-hidden="true" />,
    tone: "routine",
    confirm: { kind: "page", page: "backup" },
    mainIn: [],
    absentIn: withDeletion,
  },
  {
    action: "createVaultReplica",
    label: "Create replica",
    hint: "A copy in another region, kept in step.",
    icon: <Copy aria-hidden="true" />,
    tone: "routine",
    confirm: { kind: "page", page: "create-replica" },
    mainIn: [],
    absentIn: withDeletion,
  },
  {
    action: "changeVaultCompartment",
    label: "Move",
    hint: "To another compartment; OCID and endpoints stay.",
    icon: <FolderInput aria-hidden="true" />,
    tone: "routine",
    confirm: { kind: "page", page: "move" },
    mainIn: [],
    absentIn: withDeletion,
  },
  {
    action: "deleteVaultReplica",
    label: "Delete replica",
    hint: "Programs in the replica’s region lose their keys.",
    icon: <CopyX aria-hidden="true" />,
    tone: "danger",
    confirm: { kind: "page", page: "delete-replica" },
    mainIn: [],
    absentIn: withDeletion,
  },
  {
    action: "scheduleVaultDeletion",
    label: "Schedule deletion",
    hint: "Deletes the vault and its keys after 7 to 30 days. It can be cancelled until then.",
    icon: <Trash2 aria-hidden="true" />,
    tone: "danger",
    confirm: { kind: "page", page: "schedule-deletion" },
    mainIn: [],
    absentIn: withDeletion,
  },
];

/** The rows that have a place in a state. A state this console does not know keeps them all, with their reasons. */
export function actionRowsFor(state: string): readonly VaultActionRow[] {
  return vaultActionRows.filter((row) => !row.absentIn.includes(state));
}
