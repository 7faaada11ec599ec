"use client";

import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { AskedOutcome, AskNotice } from "#components/ui/asked-outcome.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Section } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { useNow } from "#components/ui/clock.ts";
import { CopyButton } from "#components/ui/copy-text.tsx";
import { Textarea, TextField } from "#components/ui/field.tsx";
import { formatTime } from "#components/ui/format.ts";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { Timeline } from "#components/ui/timeline.tsx";
import { TicketField } from "#components/ui/why-fields.tsx";
import { type Answer, serverNow } from "#lib/browser/api.ts";
import { useIsAskedFor } from "#lib/browser/approvals.ts";
import { useRole } from "#lib/browser/session.ts";
import type { VaultPlaceId } from "#lib/browser/vault.ts";
import { useVaultAction } from "#lib/browser/vault-action.ts";
import type { Vault } from "#lib/contract/models.ts";
import { judgeAction, type VaultFacts } from "#lib/vault/actions.ts";
import { isSameName, nameWarnings } from "#lib/vault/names.ts";
import { ActionOutcome, ActionTrouble, isUnderWay } from "./action-progress.tsx";
import { type DateChoice, DeletionDate, type LongWait, readDateChoice } from "./deletion-date.tsx";
import { DeletionImpact, failedLookUps, laterKeys, useFailedLists } from "./deletion-impact.tsx";
import { scheduleIntent } from "./intents.ts";
import { type KeysOfVault, useKeysOfVault } from "./keys-of-vault.ts";

export interface ScheduleDeletionProps {
  place: VaultPlaceId;
  /** The version the person looks at; it does not change under them. */
  looked: Answer<Vault>;
  facts: VaultFacts;
  longWait: LongWait | null;
  otherRegions: readonly string[];
  compartmentPath: string;
  vaultHref: string;
}

const reasonMin = 10;
const reasonMax = 500;

/** Deciding to delete a vault: everything it does, when, why, and its name typed out. A page, not a small dialog. */
export function ScheduleDeletionPage(props: ScheduleDeletionProps) {
  const { place, vaultHref, otherRegions, compartmentPath } = props;
  const [looked, setLooked] = useState(props.looked);
  const vault = looked.body;
  const action = useVaultAction();
  const { phase } = action;
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
            {isDone ? "Deletion" : "Schedule deletion"} of “<bdi>{vault.displayName}</bdi>”{isDone ? "" : "?"}
          </>
        }
        description={
          isDone
            ? undefined
            : `In ${place.region}, compartment ${compartmentPath}. The vault is deleted after 7 to 30 days; until then it can be brought back.`
        }
      />
      {phase.kind === "asked" ? (
        <>
          <AskedOutcome {...phase.asked} />
          <ButtonLink href={vaultHref} className="self-start">
            Back to the vault
          </ButtonLink>
        </>
      ) : isDone ? (
        <>
          <ActionOutcome phase={phase} submitted="Deletion submitted" confirmed="Deletion scheduled and confirmed" />
          <WhatFollows phase={phase} />
          <div className="flex flex-wrap gap-2">
            <ButtonLink href={vaultHref} variant="primary">
              Open the vault
            </ButtonLink>
            <ButtonLink href="/vaults">All vaults</ButtonLink>
          </div>
        </>
      ) : (
        <ScheduleForm
          {...props}
          looked={looked}
          otherRegions={otherRegions}
          action={action}
          onLookedAgain={setLooked}
        />
      )}
    </Page>
  );
}

/** From the request to the end: what has happened, and what will unless somebody cancels. */
function WhatFollows({ phase }: { phase: Parameters<typeof ActionOutcome>[0]["phase"] }) {
  const end = phase.reading?.body.timeOfDeletion ?? phase.answer?.body?.timeOfDeletion ?? null;
  if (end === null) return null;
  const isConfirmed = phase.kind === "confirmed";
  return (
    <Section title="What follows">
      <Timeline
        label="From the request to the deletion"
        events={[
          { id: "submitted", title: "Accepted by the service", tone: "pending" },
          {
            id: "confirmed",
            title: isConfirmed ? "Read back: the vault is pending deletion" : "To be read back from the vault",
            tone: isConfirmed ? "ok" : "pending",
            isFuture: !isConfirmed,
            time:
              isConfirmed && phase.reading.readAtMs !== null ? <TimeText time={phase.reading.readAtMs} /> : undefined,
          },
          {
            id: "window",
            title: "Until the date it can be brought back",
            children: "By an operator or a security admin, from the vault's page or from the list.",
            tone: "neutral",
            isFuture: true,
          },
          {
            id: "end",
            title: "Deleted for good",
            tone: "danger",
            isFuture: true,
            time: <TimeText time={end} precise />,
          },
        ]}
      />
    </Section>
  );
}

interface FormProps extends ScheduleDeletionProps {
  action: ReturnType<typeof useVaultAction>;
  onLookedAgain: (reading: Answer<Vault>) => void;
}

function ScheduleForm({
  place,
  looked,
  facts,
  longWait,
  otherRegions,
  compartmentPath,
  vaultHref,
  action,
  onLookedAgain,
}: FormProps) {
  const vault = looked.body;
  const role = useRole();
  const keys = useKeysOfVault(place, vault.compartmentId);
  const tick = useNow(10_000);
  const nowMs = tick === null ? serverNow() : tick;
  const [choice, setChoice] = useState<DateChoice>({ kind: "days", days: 30 });
  const [reason, setReason] = useState("");
  const [ticket, setTicket] = useState("");
  const [typed, setTyped] = useState("");
  const [isTried, setIsTried] = useState(false);
  const [isUnknownTaken, setIsUnknownTaken] = useState(false);
  const failedLists = useFailedLists(vault);
  const unknowns = [...failedLookUps(keys), ...failedLists];
  const isAsked = useIsAskedFor("scheduleVaultDeletion");
  const { phase } = action;
  const date = readDateChoice(choice, nowMs, longWait);
  const problems = findProblems({
    vault,
    reason,
    typed,
    keys,
    date,
    isUnknownLeft: unknowns.length > 0 && !isUnknownTaken,
  });
  const verdict = judgeAction("scheduleVaultDeletion", { ...facts, lifecycleState: vault.lifecycleState }, role);

  const send = (on: Answer<Vault>) => {
    // The window is counted when the request arrives: the date is worked out now, not when the page was opened.
    const { timeMs } = readDateChoice(choice, serverNow(), longWait);
    if (timeMs !== null)
      action.start(scheduleIntent(place, on, timeMs, { reason: reason.trim(), ticket: ticket.trim() }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (Object.values(problems).every((problem) => problem === null) && !isUnderWay(phase)) send(looked);
  };
  const current = phase.kind === "changed" ? phase.current : null;
  const blocked = blockedReason(problems, phase.kind);

  if (!verdict.isAllowed && current === null) return <Blocked reason={verdict.reason} vaultHref={vaultHref} />;
  return (
    <form onSubmit={submit} noValidate className="grid grid-cols-1 items-start gap-4 lg:grid-cols-5">
      <div className="flex min-w-0 flex-col gap-4 lg:col-span-3">
        <Section title="Date">
          <DeletionDate
            label="When is the vault deleted for good?"
            choice={choice}
            onChange={setChoice}
            nowMs={nowMs}
            longWait={longWait}
          />
        </Section>
        <Section title="What this does" flush>
          <DeletionImpact
            vault={vault}
            region={place.region}
            keys={keys}
            otherRegions={otherRegions}
            compartmentPath={compartmentPath}
            timeMs={date.timeMs}
          />
        </Section>
      </div>
      <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-16 lg:col-span-2">
        <Section title="Decision">
          <div className="space-y-4">
            <Textarea
              label="Why is it deleted?"
              help="Kept with the receipt, for whoever asks later."
              required
              minLength={reasonMin}
              maxLength={reasonMax}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              aside={`${reason.trim().length} / ${reasonMin} at least`}
              error={isTried ? problems.reason : undefined}
            />
            <TicketField value={ticket} onChange={setTicket} />
            <NameField vault={vault} typed={typed} onChange={setTyped} error={isTried ? problems.name : undefined} />
            {unknowns.length === 0 ? null : (
              <Checkbox
                label={`Go on without knowing ${unknowns.join("; ")}`}
                checked={isUnknownTaken}
                onCheckedChange={setIsUnknownTaken}
              />
            )}
            {isTried && problems.unknown !== null ? (
              <p className="text-sm text-danger" role="status">
                {problems.unknown}
              </p>
            ) : null}
            {isAsked ? <AskNotice /> : null}
            <ActionTrouble
              phase={phase}
              looked={looked}
              what="deletion"
              onResend={action.resend}
              onStop={action.stop}
              again={againAfterChange({ current, facts, role, onLookedAgain, action })}
            />
            {blocked === undefined ? null : (
              <p className="text-sm text-pretty text-danger" role="status">
                {blocked}
              </p>
            )}
            <Button
              type="submit"
              variant="danger"
              size="lg"
              icon={<Trash2 aria-hidden="true" />}
              loading={isUnderWay(phase)}
              disabledReason={blocked}
              className="h-auto min-h-10 w-full py-2 whitespace-normal"
            >
              {scheduleLabel(date.timeMs, isAsked)}
            </Button>
            <ButtonLink href={vaultHref} className="w-full">
              Keep the vault
            </ButtonLink>
          </div>
        </Section>
      </div>
    </form>
  );
}

/** Verb and noun; what is asked for says so. */
function scheduleLabel(timeMs: number | null, isAsked: boolean): string {
  const what = timeMs === null ? "deletion" : `deletion for ${formatTime(timeMs)}`;
  return isAsked ? `Ask for approval: ${what}` : `Schedule ${what}`;
}

interface Problems {
  readonly date: string | null;
  readonly reason: string | null;
  readonly name: string | null;
  readonly keys: string | null;
  readonly unknown: string | null;
}

interface ProblemParts {
  vault: Vault;
  reason: string;
  typed: string;
  keys: KeysOfVault;
  date: ReturnType<typeof readDateChoice>;
  /** Something could not be looked up, and nobody has said to go on without it. */
  isUnknownLeft: boolean;
}

function findProblems({ vault, reason, typed, keys, date, isUnknownLeft }: ProblemParts): Problems {
  const later = laterKeys(keys, date.timeMs);
  return {
    date: date.problem,
    reason: reason.trim().length >= reasonMin ? null : `Say why, in at least ${reasonMin} characters.`,
    name: isSameName(typed, vault.displayName)
      ? null
      : typed === ""
        ? "Type the vault's name, or paste it."
        : "This is not the vault's name. Capitals, spaces and accents count.",
    unknown: isUnknownLeft
      ? "Not everything could be looked up: say that you go on without it, or load the page again."
      : null,
    keys: keys.isPending
      ? "What goes with the vault is still being read."
      : later.length === 0
        ? null
        : "A key is due to be deleted later than this date; the service would refuse.",
  };
}

/** Only what is not plain to see keeps the button off; unfilled fields are said when it is pressed. */
function blockedReason(problems: Problems, kind: string): string | undefined {
  if (kind === "changed") return "The vault was changed: look at what changed first.";
  return problems.date ?? problems.keys ?? undefined;
}

interface AgainParts {
  current: Answer<Vault> | null;
  facts: VaultFacts;
  role: Parameters<typeof judgeAction>[2];
  onLookedAgain: (reading: Answer<Vault>) => void;
  action: ReturnType<typeof useVaultAction>;
}

function againAfterChange({ current, facts, role, onLookedAgain, action }: AgainParts) {
  if (current === null) return { reason: "" };
  const verdict = judgeAction("scheduleVaultDeletion", { ...facts, lifecycleState: current.body.lifecycleState }, role);
  if (!verdict.isAllowed) return { reason: verdict.reason };
  return {
    label: "I have seen it: go on with the vault as it is now",
    run: () => {
      onLookedAgain(current);
      action.reset();
    },
  };
}

interface NameFieldProps {
  vault: Vault;
  typed: string;
  onChange: (typed: string) => void;
  error: string | null | undefined;
}

function NameField({ vault, typed, onChange, error }: NameFieldProps) {
  const warnings = nameWarnings(vault.displayName);
  return (
    <div className="space-y-2">
      <TextField
        label="Type the vault's name to confirm"
        help={
          <>
            Exactly as it is: “<bdi className="font-medium text-ink">{vault.displayName}</bdi>”. Pasting is fine.
          </>
        }
        mono
        required
        dir="auto"
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => onChange(event.target.value)}
        error={error}
      />
      {warnings.length > 0 ? (
        <Callout tone="warn" title="This name is hard to type">
          {warnings.join(" ")} Copy it instead.
        </Callout>
      ) : null}
      <CopyButton text={vault.displayName} what="Name" size="sm">
        Copy name
      </CopyButton>
    </div>
  );
}

/** The page was opened although the action may not be taken: why, and the way back. */
function Blocked({ reason, vaultHref }: { reason: string; vaultHref: string }) {
  return (
    <Callout
      tone="info"
      title="Deletion cannot be scheduled"
      action={<ButtonLink href={vaultHref}>Back to the vault</ButtonLink>}
    >
      {reason}
    </Callout>
  );
}
