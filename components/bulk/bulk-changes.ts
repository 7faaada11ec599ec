/** The changes that can be made to many vaults at once, and what each says. Pure but for the clock it is given. */
import type { BulkDeletion, Decide } from "#lib/browser/bulk.ts";
import type { AnyIntent } from "#lib/browser/vault-action.ts";
import type { ConsoleRole } from "#lib/contract/api.ts";
import { judgeAction, judgeRole, type VaultAction } from "#lib/vault/actions.ts";
import { backedUp, broughtBack, scheduledFor, taggedWith } from "#lib/vault/outcomes.ts";

export const bulkActions = [
  "updateVault",
  "backupVault",
  "cancelVaultDeletion",
  "scheduleVaultDeletion",
] as const satisfies readonly VaultAction[];
export type BulkAction = (typeof bulkActions)[number];

export const bulkWords: Record<BulkAction, { label: string; verb: string; done: string; keep: string }> = {
  updateVault: { label: "Tag…", verb: "Tag", done: "tagged", keep: "Change no tags" },
  backupVault: { label: "Back up…", verb: "Back up", done: "being backed up", keep: "Make no backups" },
  cancelVaultDeletion: {
    label: "Cancel deletion…",
    verb: "Cancel the deletion of",
    done: "brought back",
    keep: "Keep the deletions scheduled",
  },
  scheduleVaultDeletion: {
    label: "Schedule deletion…",
    verb: "Schedule the deletion of",
    done: "scheduled for deletion",
    keep: "Keep the vaults",
  },
};

/** What the form of a bulk change asks for. */
export interface BulkForm {
  readonly tagKey: string;
  readonly tagValue: string;
  readonly bucket: string;
  readonly namespaces: Readonly<Record<string, string>>;
  readonly includesKeys: boolean;
  /** Null for what is no deletion. */
  readonly deletion: Pick<BulkDeletion, "refused" | "timeAt"> | null;
  readonly reason: string;
  readonly ticket: string;
}

/** Why not even one can be changed by this person; null when some may. */
export function roleProblem(action: BulkAction, role: ConsoleRole): string | null {
  const verdict = judgeRole(action, role);
  return verdict.isAllowed ? null : verdict.reason;
}

/** How every vault is decided: on what it is when its turn comes, by the one table of rules. */
export function decideBy(action: BulkAction, form: BulkForm, role: ConsoleRole, now: () => number): Decide {
  return (looked, place): AnyIntent | string => {
    const vault = looked.body;
    const verdict = judgeAction(action, { ...vault, isPrimary: vault.isPrimary ?? null }, role);
    if (!verdict.isAllowed) return verdict.reason;
    const reason = form.reason.trim();
    const ticket = form.ticket.trim();
    const why = { ...(reason === "" ? {} : { reason }), ...(ticket === "" ? {} : { ticket }) };
    const base = { place, etag: looked.etag, ...why };
    switch (action) {
      case "updateVault": {
        const tag = { [form.tagKey.trim()]: form.tagValue.trim() };
        const tags = { ...(vault.freeformTags as Record<string, string> | null), ...tag };
        if (Object.keys(tags).length > 10) return "It has ten free-form tags already, the most there can be.";
        return {
          ...base,
          operation: action,
          body: { freeformTags: tags },
          ...taggedWith(tag),
        };
      }
      case "backupVault": {
        const namespace = form.namespaces[place.tenancy];
        if (namespace === undefined) return "The namespace of its tenancy could not be read.";
        const stamp = new Date(now()).toISOString().slice(0, 16).replaceAll(":", "");
        // Two vaults may have one name; the end of the OCID keeps their objects apart.
        const objectName = `${vault.displayName.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")}-${vault.id.slice(-6)}-${stamp}Z.backup`;
        const backupLocation = {
          destination: "BUCKET",
          namespace,
          bucketName: form.bucket.trim(),
          objectName,
        } as const;
        const body = { backupLocation, isIncludeKeys: form.includesKeys };
        // That it has begun is enough: a bulk change does not wait for every backup to end.
        return {
          ...base,
          operation: action,
          body,
          isApplied: backedUp.isApplied,
          isSettled: () => true,
        };
      }
      case "cancelVaultDeletion":
        return { ...base, operation: action, ...broughtBack };
      case "scheduleVaultDeletion": {
        const refused = form.deletion?.refused.get(vault.id);
        if (refused !== undefined) return refused;
        const due = form.deletion?.timeAt(now()) ?? null;
        if (due === null) return "The date has become too early: choose a later one.";
        const body = { timeOfDeletion: new Date(due).toISOString() };
        return { ...base, operation: action, body, ...scheduledFor(due) };
      }
    }
  };
}
