"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { AskNotice } from "#components/ui/asked-outcome.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Textarea, TextField } from "#components/ui/field.tsx";
import { formatCount } from "#components/ui/format.ts";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import { serverNow } from "#lib/browser/api.ts";
import { askReasonMin, useIsAskedFor } from "#lib/browser/approvals.ts";
import { useBulk } from "#lib/browser/bulk.ts";
import { useRole } from "#lib/browser/session.ts";
import { namespacesQuery } from "#lib/browser/storage.ts";
import { judgeState } from "#lib/vault/actions.ts";
import type { VaultPlace } from "#lib/vault/list.ts";
import { type BulkAction, type BulkForm, bulkWords, decideBy } from "./bulk-changes.ts";
import { BulkResults } from "./bulk-results.tsx";

const reasonMax = 500;

interface BulkDialogProps {
  action: BulkAction;
  places: readonly VaultPlace[];
  open: boolean;
  /** The keys of those that failed; null when nothing was begun. */
  onClose: (failed: readonly string[] | null) => void;
}

/** One change to many vaults: the decision, then every vault with what came of it. */
export function BulkDialog({ action, places, open, onClose }: BulkDialogProps) {
  const bulk = useBulk();
  const { progress } = bulk;
  const isBegun = progress.total > 0;
  const words = bulkWords[action];
  const close = () => {
    if (progress.isRunning) return;
    onClose(isBegun ? progress.failed : null);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
      dismissible={!progress.isRunning}
      size="lg"
      title={
        isBegun
          ? `${words.verb} ${formatCount(places.length, "vault")}`
          : `${words.verb} ${formatCount(places.length, "vault")}?`
      }
    >
      {isBegun ? (
        <BulkResults
          places={places}
          progress={progress}
          done={words.done}
          onStop={bulk.stop}
          onRetry={bulk.retry}
          onClose={close}
        />
      ) : (
        <BulkQuestion action={action} places={places} onClose={close} onStart={bulk.start} />
      )}
    </Dialog>
  );
}

interface QuestionProps {
  action: BulkAction;
  places: readonly VaultPlace[];
  onClose: () => void;
  onStart: ReturnType<typeof useBulk>["start"];
}

function BulkQuestion({ action, places, onClose, onStart }: QuestionProps) {
  const role = useRole();
  const isAsked = useIsAskedFor(action);
  const words = bulkWords[action];
  const tenancies = [...new Set(places.map(({ row }) => row.tenancy))];
  const home = places[0]?.row.region ?? "";
  const namespaces = useQuery({ ...namespacesQuery(tenancies, home), enabled: action === "backupVault" });
  const [form, setForm] = useState<Omit<BulkForm, "namespaces">>({
    tagKey: "",
    tagValue: "",
    bucket: "",
    includesKeys: true,
    days: 30,
    reason: "",
  });
  const [typed, setTyped] = useState("");
  const change = (part: Partial<typeof form>) => setForm((now) => ({ ...now, ...part }));
  const blocked = places.filter(
    ({ row }) => !judgeState(action, { ...row, isPrimary: row.details?.isPrimary ?? null }).isAllowed,
  );
  const isNone = blocked.length === places.length;
  const wanted = formatCount(isNone ? places.length : places.length - blocked.length, "vault");
  const problem = findProblem(action, form, { typed, wanted, isAsked, isNone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem !== null) return;
    const whole: BulkForm = { ...form, namespaces: namespaces.data ?? {} };
    onStart(
      places.map(({ key, row }) => ({
        key,
        place: { tenancy: row.tenancy, region: row.region, vaultId: row.id },
      })),
      decideBy(action, whole, role, serverNow),
    );
  };
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      {blocked.length === 0 ? null : (
        <Callout tone="warn" title={`${formatCount(blocked.length, "vault")} cannot be changed in this way now`}>
          {listed(blocked)}. Every vault is judged again when its turn comes; those that cannot be changed stay as they
          are and stay chosen.
        </Callout>
      )}
      <ActionFields action={action} form={form} onChange={change} />
      <Textarea
        label="Why?"
        optional={action !== "scheduleVaultDeletion" && !isAsked}
        required={action === "scheduleVaultDeletion" || isAsked}
        help="Kept with every receipt."
        rows={2}
        maxLength={reasonMax}
        value={form.reason}
        onChange={(event) => change({ reason: event.target.value })}
      />
      {action === "scheduleVaultDeletion" ? (
        <TextField
          label="How many are deleted?"
          help={`Type “${wanted}” to confirm.`}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      ) : null}
      {isAsked ? <AskNotice /> : null}
      <p className="text-sm text-pretty text-muted">
        They are sent a few at a time, within the service's ten writes a second. When this page is closed meanwhile,
        what has been sent goes on, and the rest is not sent.
      </p>
      {problem === null ? null : (
        <p role="status" className="text-sm text-muted">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{words.keep}</Button>
        <Button
          type="submit"
          variant={action === "scheduleVaultDeletion" ? "danger" : "primary"}
          disabledReason={problem ?? undefined}
        >
          {isAsked ? `Ask for approval: ${wanted}` : `${words.verb} ${wanted}`}
        </Button>
      </div>
    </form>
  );
}

function listed(places: readonly VaultPlace[]): string {
  const names = places.slice(0, 3).map(({ row }) => `“${row.displayName}”`);
  return places.length > 3 ? `${names.join(", ")} and ${places.length - 3} more` : names.join(", ");
}

interface FieldsProps {
  action: BulkAction;
  form: Omit<BulkForm, "namespaces">;
  onChange: (part: Partial<Omit<BulkForm, "namespaces">>) => void;
}

function ActionFields({ action, form, onChange }: FieldsProps) {
  switch (action) {
    case "updateVault":
      return (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Tag key"
            help="A free-form tag; one of the same key gets the new value."
            autoComplete="off"
            maxLength={100}
            value={form.tagKey}
            onChange={(event) => onChange({ tagKey: event.target.value })}
          />
          <TextField
            label="Value"
            autoComplete="off"
            maxLength={256}
            value={form.tagValue}
            onChange={(event) => onChange({ tagValue: event.target.value })}
          />
        </div>
      );
    case "backupVault":
      return (
        <>
          <TextField
            label="Bucket"
            help="One of this name in each vault's region. Every vault gets an object of its own, named after it and the time."
            mono
            autoComplete="off"
            value={form.bucket}
            onChange={(event) => onChange({ bucket: event.target.value })}
          />
          <Checkbox
            label="Include the keys"
            help="HSM-protected keys; software-protected keys never are."
            checked={form.includesKeys}
            onCheckedChange={(includesKeys) => onChange({ includesKeys })}
          />
        </>
      );
    case "cancelVaultDeletion":
      return (
        <p className="text-sm text-pretty">
          The vaults and their keys come back, except keys that were scheduled for deletion on their own.
        </p>
      );
    case "scheduleVaultDeletion":
      return (
        <>
          <RadioCards<string>
            label="When are they deleted for good?"
            columns={3}
            value={String(form.days)}
            onChange={(days) => onChange({ days: Number(days) })}
            options={["7", "14", "30"].map((days) => ({ value: days, title: `In ${days} days` }))}
          />
          <p className="text-sm text-pretty">
            At once none of their keys can be used any more; replicas go with them. A vault with a key that is due later
            is refused by the service and stays as it is. Until the date each deletion can be cancelled.
          </p>
        </>
      );
  }
}

interface ProblemParts {
  typed: string;
  wanted: string;
  isAsked: boolean;
  isNone: boolean;
}

function findProblem(action: BulkAction, form: Omit<BulkForm, "namespaces">, parts: ProblemParts): string | null {
  if (parts.isNone) return "None of the chosen vaults can be changed in this way now.";
  if (action === "updateVault" && !/^[^\s.]{1,100}$/.test(form.tagKey.trim()))
    return "Name the tag's key, without spaces and dots.";
  if (action === "backupVault" && form.bucket.trim() === "") return "Name the bucket.";
  const isReasonNeeded = action === "scheduleVaultDeletion" || parts.isAsked;
  if (isReasonNeeded && form.reason.trim().length < askReasonMin)
    return `Say why, in ${askReasonMin} characters or more.`;
  if (action === "scheduleVaultDeletion" && parts.typed.trim() !== parts.wanted) return `Type “${parts.wanted}”.`;
  return null;
}
