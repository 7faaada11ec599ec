/** The changes that can be made to many vaults at once, and what each says. Pure but for the clock it is given. */
import type { Decide } from "#lib/browser/bulk.ts";
import type { VaultIntent } from "#lib/browser/vault-action.ts";
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
  readonly days: number;
  readonly reason: string;
}

/** Why not even one can be changed by this person; null when some may. */
export function roleProblem(action: BulkAction, role: ConsoleRole): string | null {
  const verdict = judgeRole(action, role);
  return verdict.isAllowed ? null : verdict.reason;
}

/** How every vault is decided: on what it is when its turn comes, by the one table of rules. */
export function decideBy(action: BulkAction, form: BulkForm, role: ConsoleRole, now: () => number): Decide {
  return (looked, place): VaultIntent | string => {
    const vault = looked.body;
    const verdict = judgeAction(action, { ...vault, isPrimary: vault.isPrimary ?? null }, role);
    if (!verdict.isAllowed) return verdict.reason;
    const base = { place, etag: looked.etag, ...(form.reason.trim() === "" ? {} : { reason: form.reason.trim() }) };
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
        } as unknown as VaultIntent;
      }
      case "backupVault": {
        const namespace = form.namespaces[place.tenancy];
        if (namespace === undefined) return "The namespace of its tenancy could not be read.";
        const stamp = new Date(now()).toISOString().slice(0, 16).replaceAll(":", "");
        const objectName = `${vault.displayName.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")}-${stamp}Z.backup`;
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
        } as unknown as VaultIntent;
      }
      case "cancelVaultDeletion":
        return { ...base, operation: action, ...broughtBack } as unknown as VaultIntent;
      case "scheduleVaultDeletion": {
        // Counted when the request arrives: whole minutes, with a margin for the way there.
        const timeMs =
          Math.ceil((now() + form.days * 86_400_000 + (form.days <= 7 ? 20 * 60_000 : 0)) / 60_000) * 60_000;
        const latest = now() + 30 * 86_400_000 - 10 * 60_000;
        const due = Math.min(timeMs, Math.floor(latest / 60_000) * 60_000);
        const body = { timeOfDeletion: new Date(due).toISOString() };
        return { ...base, operation: action, body, ...scheduledFor(due) } as unknown as VaultIntent;
      }
    }
  };
}
