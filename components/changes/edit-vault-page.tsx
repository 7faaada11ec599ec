"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Section } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { TextField } from "#components/ui/field.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { givenWhy, noWhy, WhyFields } from "#components/ui/why-fields.tsx";
import type { Answer } from "#lib/browser/api.ts";
import { useRole } from "#lib/browser/session.ts";
import type { VaultPlaceId } from "#lib/browser/vault.ts";
import { type ActionPhase, useVaultAction, type VaultIntent } from "#lib/browser/vault-action.ts";
import type { UpdateVaultDetails, Vault } from "#lib/contract/models.ts";
import { judgeAction, type VaultFacts } from "#lib/vault/actions.ts";
import { diffVaults, type FieldChange } from "#lib/vault/changes.ts";
import { stateFacts } from "#lib/vault/lifecycle.ts";
import { mergeEdits, type Side } from "#lib/vault/merge.ts";
import { EditConflicts } from "./edit-conflict.tsx";
import { TagEditor } from "./tag-editor.tsx";
import { countProblem, problemOf, rowsOf, type TagMaps, tagsOfRows } from "./tag-rows.ts";

type DonePhase = Extract<ActionPhase, { kind: "submitted" | "confirmed" | "unconfirmed" }>;

export interface EditVaultProps {
  place: VaultPlaceId;
  looked: Answer<Vault>;
  facts: VaultFacts;
  vaultHref: string;
  /** Draws what stands between the button and the service having accepted. */
  renderTrouble: (parts: {
    phase: ActionPhase;
    looked: Answer<Vault>;
    onResend: () => void;
    onStop: () => void;
    again: { readonly label: string; readonly run: () => void } | { readonly reason: string };
  }) => ReactNode;
  renderOutcome: (phase: DonePhase) => ReactNode;
}

/** Name and tags of a vault: what will be added, changed and removed is shown before anything is sent. */
export function EditVaultPage(props: EditVaultProps) {
  const { place, vaultHref, renderOutcome } = props;
  const [looked, setLooked] = useState(props.looked);
  const action = useVaultAction();
  const role = useRole();
  const { phase } = action;
  const vault = looked.body;
  const verdict = judgeAction("updateVault", { ...props.facts, lifecycleState: vault.lifecycleState }, role);
  const isDone = phase.kind === "submitted" || phase.kind === "confirmed" || phase.kind === "unconfirmed";
  return (
    <Page>
      <PageHeader
        crumbs={[
          { label: "Vaults", href: "/vaults" },
          { label: <bdi>{vault.displayName}</bdi>, href: vaultHref },
        ]}
        title={
          <>
            Edit “<bdi>{(isDone ? phase.reading?.body.displayName : null) ?? vault.displayName}</bdi>”
          </>
        }
        description={`In ${place.region}. The name need not be unique; applications know a vault by its OCID and endpoints, which stay.`}
      />
      {isDone ? (
        <Done
          looked={looked}
          phase={phase}
          vaultHref={vaultHref}
          renderOutcome={renderOutcome}
          action={action}
          onUndone={setLooked}
          place={place}
        />
      ) : verdict.isAllowed ? (
        <EditForm {...props} looked={looked} action={action} onLookedAgain={setLooked} />
      ) : (
        <Section title="Not now, or not you">
          <EmptyState
            title="The name and tags cannot be edited"
            level={3}
            action={<ButtonLink href={vaultHref}>Back to the vault</ButtonLink>}
          >
            {verdict.reason}
          </EmptyState>
        </Section>
      )}
    </Page>
  );
}

const mapsOf = (vault: Vault): TagMaps => ({
  freeformTags: vault.freeformTags ?? {},
  definedTags: vault.definedTags ?? {},
});

/** Only what differs is sent; a map is sent whole, because the service replaces it whole. */
function detailsOf(before: Vault, displayName: string, tags: TagMaps): UpdateVaultDetails {
  const was = mapsOf(before);
  return {
    ...(displayName === before.displayName ? {} : { displayName }),
    ...(isSame(tags.freeformTags, was.freeformTags) ? {} : { freeformTags: tags.freeformTags }),
    ...(isSame(tags.definedTags, was.definedTags) ? {} : { definedTags: tags.definedTags }),
  };
}

function isSame(one: unknown, other: unknown): boolean {
  const sorted = (value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, item]) => [key, sorted(item)]),
        )
      : value;
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function updateIntent(
  place: VaultPlaceId,
  looked: Answer<Vault>,
  body: UpdateVaultDetails,
  why: ReturnType<typeof givenWhy>,
): VaultIntent<"updateVault"> {
  const isApplied = (vault: Vault) =>
    (body.displayName === undefined || vault.displayName === body.displayName) &&
    (body.freeformTags === undefined || isSame(vault.freeformTags ?? {}, body.freeformTags)) &&
    (body.definedTags === undefined || isSame(vault.definedTags ?? {}, body.definedTags));
  return {
    operation: "updateVault",
    place,
    etag: looked.etag,
    body,
    ...why,
    isApplied,
    isSettled: (vault) => isApplied(vault) && !stateFacts(vault.lifecycleState).isTransient,
  };
}

interface FormProps extends EditVaultProps {
  action: ReturnType<typeof useVaultAction>;
  onLookedAgain: (reading: Answer<Vault>) => void;
}

function EditForm({ place, looked, vaultHref, action, renderTrouble, onLookedAgain }: FormProps) {
  const vault = looked.body;
  const [name, setName] = useState(vault.displayName);
  const [rows, setRows] = useState(() => rowsOf(mapsOf(vault)));
  const [why, setWhy] = useState(noWhy);
  const [isTried, setIsTried] = useState(false);
  const [choices, setChoices] = useState<Readonly<Record<string, Side>>>({});
  const { phase } = action;
  const tags = tagsOfRows(rows, mapsOf(vault));
  const body = detailsOf(vault, name, tags);
  const changes = diffVaults(vault, { ...vault, displayName: name, ...tags });
  const nameProblem = name.trim() === "" ? "A vault needs a name." : null;
  const isValid =
    nameProblem === null && countProblem(rows) === null && rows.every((row) => problemOf(row, rows) === null);
  const isUnderWay = phase.kind === "sending" || phase.kind === "waiting" || phase.kind === "checking";
  const blocked =
    phase.kind === "changed"
      ? "The vault was changed: put your edits on the version there is now first."
      : changes.length === 0
        ? "Nothing has been changed yet."
        : !isValid
          ? "Correct what is marked first."
          : undefined;
  const current = phase.kind === "changed" ? phase.current : null;
  const merge =
    current === null
      ? null
      : mergeEdits(
          { displayName: vault.displayName, ...mapsOf(vault) },
          { displayName: name, ...tags },
          { displayName: current.body.displayName, ...mapsOf(current.body) },
          choices,
        );
  const rebase = () => {
    if (merge === null || current === null) return;
    setName(merge.merged.displayName);
    setRows(rowsOf(merge.merged));
    setChoices({});
    onLookedAgain(current);
    action.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (isValid && changes.length > 0 && !isUnderWay) action.start(updateIntent(place, looked, body, givenWhy(why)));
  };
  return (
    <form onSubmit={submit} noValidate className="grid grid-cols-1 items-start gap-4 lg:grid-cols-5">
      <div className="flex min-w-0 flex-col gap-4 lg:col-span-3">
        <Section title="Name">
          <TextField
            label="Display name"
            required
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={nameProblem}
          />
        </Section>
        <TagEditor rows={rows} onChange={setRows} isTried={isTried || changes.length > 0} />
      </div>
      <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-16 lg:col-span-2">
        <Section title="What changes" count={changes.length}>
          <div className="space-y-4">
            <ChangeList changes={changes} />
            <WhyFields value={why} onChange={setWhy} />
            {renderTrouble({
              phase,
              looked,
              onResend: action.resend,
              onStop: action.stop,
              again: { reason: "" },
            })}
            {merge === null ? null : (
              <EditConflicts
                conflicts={merge.conflicts}
                choices={choices}
                onChoose={(key, side) => setChoices({ ...choices, [key]: side })}
                onMerge={rebase}
              />
            )}
            <Button
              type="submit"
              variant="primary"
              size="lg"
              loading={isUnderWay}
              disabledReason={blocked}
              className="w-full"
            >
              {changes.length === 0 ? "Save" : `Save ${formatCount(changes.length, "change")}`}
            </Button>
            <ButtonLink href={vaultHref} className="w-full">
              Leave it as it is
            </ButtonLink>
          </div>
        </Section>
      </div>
    </form>
  );
}

/** What the service will be asked to add, change and remove. */
function ChangeList({ changes }: { changes: readonly FieldChange[] }) {
  if (changes.length === 0) return <p className="text-sm text-muted">Nothing yet.</p>;
  return (
    <ul aria-label="Changes" className="space-y-2 text-sm">
      {changes.map(({ field, before, after }) => (
        <li key={field} className="wrap-anywhere">
          <span className="font-medium">{field}</span>{" "}
          {before === null ? (
            <>
              is added: <bdi>{after}</bdi>
            </>
          ) : after === null ? (
            <>
              is removed; it was <bdi>{before}</bdi>
            </>
          ) : (
            <>
              was <bdi>{before}</bdi>, becomes <bdi>{after}</bdi>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

interface DoneProps {
  looked: Answer<Vault>;
  phase: DonePhase;
  place: VaultPlaceId;
  vaultHref: string;
  renderOutcome: EditVaultProps["renderOutcome"];
  action: ReturnType<typeof useVaultAction>;
  onUndone: (reading: Answer<Vault>) => void;
}

/** Saved; and the way back, as long as nobody else has changed the vault since. */
function Done({ looked, phase, place, vaultHref, renderOutcome, action, onUndone }: DoneProps) {
  const reading = phase.reading;
  const undo = () => {
    if (reading === null) return;
    const was = looked.body;
    onUndone(reading);
    action.start(
      updateIntent(place, reading, detailsOf(reading.body, was.displayName, mapsOf(was)), {
        reason: "Undone right after saving",
      }),
    );
  };
  return (
    <Section title="Outcome">
      <div className="space-y-4">
        {renderOutcome(phase)}
        <div className="flex flex-wrap gap-2">
          <ButtonLink href={vaultHref} variant="primary">
            Open the vault
          </ButtonLink>
          {phase.kind === "confirmed" && reading !== null ? <Button onClick={undo}>Undo this edit</Button> : null}
        </div>
      </div>
    </Section>
  );
}
