"use client";

import { useQuery } from "@tanstack/react-query";
import { type ComponentType, type FormEvent, type ReactNode, Suspense, useMemo, useState } from "react";
import { AskNotice } from "#components/ui/asked-outcome.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Textarea, TextField } from "#components/ui/field.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TicketField } from "#components/ui/why-fields.tsx";
import { serverNow } from "#lib/browser/api.ts";
import { askReasonMin, useIsAskedFor } from "#lib/browser/approvals.ts";
import { type BulkDeletion, useBulk } from "#lib/browser/bulk.ts";
import { useRole } from "#lib/browser/session.ts";
import { namespacesQuery } from "#lib/browser/storage.ts";
import { judgeState } from "#lib/vault/actions.ts";
import type { VaultPlace } from "#lib/vault/list.ts";
import { BucketNameField } from "./bucket-name-field.tsx";
import { type BulkAction, type BulkForm, bulkWords, decideBy } from "./bulk-changes.ts";
import { BulkResults } from "./bulk-results.tsx";

const reasonMax = 500;

/** Asks when many vaults are deleted, and shows what goes with each. */
export type DeletionQuestion = ComponentType<{
  places: readonly VaultPlace[];
  children: (deletion: BulkDeletion) => ReactNode;
}>;

interface BulkDialogProps {
  action: BulkAction;
  DeletionQuestion: DeletionQuestion | undefined;
  places: readonly VaultPlace[];
  open: boolean;
  /** The keys of those that failed; null when nothing was begun. */
  onClose: (failed: readonly string[] | null) => void;
}

/** One change to many vaults: the decision, then every vault with what came of it. */
export function BulkDialog({ action, DeletionQuestion, places, open, onClose }: BulkDialogProps) {
  const bulk = useBulk();
  const { progress } = bulk;
  const isBegun = progress.total > 0;
  const words = bulkWords[action];
  const [changeable, blocked] = useMemo(() => {
    const isChangeable = ({ row }: VaultPlace) =>
      judgeState(action, { ...row, isPrimary: row.details?.isPrimary ?? null }).isAllowed;
    return [places.filter(isChangeable), places.filter((place) => !isChangeable(place))] as const;
  }, [action, places]);
  const close = () => {
    if (progress.isRunning) return;
    onClose(isBegun ? progress.failed : null);
  };
  const question = { action, places, blocked, onClose: close, onStart: bulk.start };
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
      dismissible={!progress.isRunning}
      size="lg"
      // With nothing chosen any more, the bar that opened this is gone: on with the page's first stop.
      finalFocus={() => (isBegun && progress.failed.length === 0 ? document.getElementById("main") : null)}
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
      ) : action === "scheduleVaultDeletion" && DeletionQuestion !== undefined ? (
        <Suspense fallback={<Skeleton className="h-40" />}>
          <DeletionQuestion places={changeable}>
            {(deletion) => <BulkQuestion {...question} deletion={deletion} />}
          </DeletionQuestion>
        </Suspense>
      ) : (
        <BulkQuestion {...question} deletion={null} />
      )}
    </Dialog>
  );
}

/** What the person fills in here; the rest is looked up or asked elsewhere. */
type BulkFields = Omit<BulkForm, "namespaces" | "deletion">;

interface QuestionProps {
  action: BulkAction;
  places: readonly VaultPlace[];
  /** Those of them that cannot be changed in this way now. */
  blocked: readonly VaultPlace[];
  deletion: BulkDeletion | null;
  onClose: () => void;
  onStart: ReturnType<typeof useBulk>["start"];
}

function BulkQuestion({ action, places, blocked, deletion, onClose, onStart }: QuestionProps) {
  const role = useRole();
  const isAsked = useIsAskedFor(action);
  const words = bulkWords[action];
  const tenancies = [...new Set(places.map(({ row }) => row.tenancy))];
  const home = places[0]?.row.region ?? "";
  const namespaces = useQuery({ ...namespacesQuery(tenancies, home), enabled: action === "backupVault" });
  const [form, setForm] = useState<BulkFields>({
    tagKey: "",
    tagValue: "",
    bucket: "",
    includesKeys: true,
    reason: "",
    ticket: "",
  });
  const [typed, setTyped] = useState("");
  const change = (part: Partial<typeof form>) => setForm((now) => ({ ...now, ...part }));
  const going = places.length - blocked.length - (deletion?.refused.size ?? 0);
  const isNone = going === 0;
  const wanted = formatCount(isNone ? places.length : going, "vault");
  const problem = findProblem(action, form, { typed, wanted, isAsked, isNone, deletion });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem !== null) return;
    const whole: BulkForm = { ...form, namespaces: namespaces.data ?? {}, deletion };
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
          are and stay selected.
        </Callout>
      )}
      {deletion === null ? (
        <>
          <ChosenVaults places={places} />
          {action === "backupVault" ? (
            <BucketNameField
              places={places}
              namespaces={namespaces.isPending ? null : (namespaces.data ?? {})}
              value={form.bucket}
              onChange={(bucket) => change({ bucket })}
            />
          ) : null}
          <ActionFields action={action} form={form} onChange={change} />
        </>
      ) : (
        deletion.fields
      )}
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
      <TicketField what="every receipt" value={form.ticket} onChange={(ticket) => change({ ticket })} />
      {deletion !== null ? (
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

/** Every one of them by name: what the button is about to change. */
function ChosenVaults({ places }: { places: readonly VaultPlace[] }) {
  return (
    <ul
      aria-label="Selected vaults"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard
      tabIndex={0}
      className="scroll-thin max-h-32 divide-y divide-line overflow-y-auto rounded-lg border border-line text-sm"
    >
      {places.map(({ key, row, compartmentPath }) => (
        <li key={key} className="px-3 py-1.5 wrap-anywhere">
          <bdi className="font-medium">{row.displayName}</bdi>{" "}
          <span className="text-muted">
            {row.region}, <bdi>{compartmentPath}</bdi>
          </span>
        </li>
      ))}
    </ul>
  );
}

function listed(places: readonly VaultPlace[]): string {
  const names = places.slice(0, 3).map(({ row }) => `“${row.displayName}”`);
  return places.length > 3 ? `${names.join(", ")} and ${places.length - 3} more` : names.join(", ");
}

interface FieldsProps {
  action: BulkAction;
  form: BulkFields;
  onChange: (part: Partial<BulkFields>) => void;
}

function ActionFields({ action, form, onChange }: FieldsProps) {
  switch (action) {
    case "updateVault":
      return (
        <div className="grid items-end gap-4 sm:grid-cols-2">
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
        <Checkbox
          label="Include the keys"
          help="HSM-protected keys; software-protected keys never are."
          checked={form.includesKeys}
          onCheckedChange={(includesKeys) => onChange({ includesKeys })}
        />
      );
    case "cancelVaultDeletion":
      return (
        <p className="text-sm text-pretty">
          The vaults and their keys come back, except keys that were scheduled for deletion on their own.
        </p>
      );
    case "scheduleVaultDeletion":
      return null;
  }
}

interface ProblemParts {
  typed: string;
  wanted: string;
  isAsked: boolean;
  isNone: boolean;
  deletion: BulkDeletion | null;
}

function findProblem(action: BulkAction, form: BulkFields, parts: ProblemParts): string | null {
  if (parts.deletion?.problem != null) return parts.deletion.problem;
  if (parts.isNone) return "None of the selected vaults can be changed in this way now.";
  if (action === "updateVault" && !/^[^\s.]{1,100}$/.test(form.tagKey.trim()))
    return "Name the tag's key, without spaces and dots.";
  if (action === "backupVault" && form.bucket.trim() === "") return "Name the bucket.";
  const isReasonNeeded = action === "scheduleVaultDeletion" || parts.isAsked;
  if (isReasonNeeded && form.reason.trim().length < askReasonMin)
    return `Say why, in ${askReasonMin} characters or more.`;
  if (action === "scheduleVaultDeletion" && parts.typed.trim() !== parts.wanted) return `Type “${parts.wanted}”.`;
  return null;
}
