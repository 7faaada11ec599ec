"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import { AskedOutcome, AskNotice } from "#components/ui/asked-outcome.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Section } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { givenWhy, noWhy, WhyFields } from "#components/ui/why-fields.tsx";
import type { Answer } from "#lib/browser/api.ts";
import { askReasonMin, useIsAskedFor } from "#lib/browser/approvals.ts";
import { useRole } from "#lib/browser/session.ts";
import type { VaultPlaceId } from "#lib/browser/vault.ts";
import {
  type ActionPhase,
  type RepeatableAction,
  useVaultAction,
  type VaultIntent,
} from "#lib/browser/vault-action.ts";
import type { Vault } from "#lib/contract/models.ts";
import { judgeAction, type VaultAction, type VaultFacts } from "#lib/vault/actions.ts";

export type DonePhase = Extract<ActionPhase, { kind: "submitted" | "confirmed" | "unconfirmed" }>;

/** What a page about one change is given: the vault as it was looked at, and how trouble and outcome are drawn. */
export interface ChangeProps {
  place: VaultPlaceId;
  looked: Answer<Vault>;
  facts: VaultFacts;
  vaultHref: string;
  renderTrouble: (parts: {
    phase: ActionPhase;
    looked: Answer<Vault>;
    onResend: () => void;
    onStop: () => void;
    again: { readonly label: string; readonly run: () => void } | { readonly reason: string };
  }) => ReactNode;
  renderOutcome: (phase: DonePhase) => ReactNode;
}

interface ChangePageProps<Name extends RepeatableAction> extends ChangeProps {
  action: Name & VaultAction;
  /** A question that names the vault. */
  title: ReactNode;
  description: ReactNode;
  /** The form's own fields. */
  fields: ReactNode;
  /** What happens, one sentence each. */
  effects: readonly ReactNode[];
  /** Verb and noun. */
  submitLabel: string;
  keepLabel: string;
  tone?: "primary" | "danger";
  /** Why it cannot be sent yet, in words. */
  problem: string | null;
  /** The decision on that version; why it is made comes from the form. */
  intentOn: (looked: Answer<Vault>) => VaultIntent<Name>;
  /** Under the outcome, once the change is confirmed. */
  afterwards?: (phase: DonePhase) => ReactNode;
}

/** One change of one vault: what it does, the decision, and what the service then says. */
export function ChangePage<Name extends RepeatableAction>(props: ChangePageProps<Name>) {
  const { looked, facts, vaultHref, action: name, title, description, renderOutcome, afterwards } = props;
  const [base, setBase] = useState(looked);
  const action = useVaultAction();
  const role = useRole();
  const { phase } = action;
  const verdict = judgeAction(name, { ...facts, lifecycleState: base.body.lifecycleState }, role);
  const isDone = phase.kind === "submitted" || phase.kind === "confirmed" || phase.kind === "unconfirmed";
  const crumbs = [
    { label: "Vaults", href: "/vaults" },
    { label: <bdi>{base.body.displayName}</bdi>, href: vaultHref },
  ];
  return (
    <Page>
      <PageHeader crumbs={crumbs} title={title} description={description} />
      {phase.kind === "asked" ? (
        <Section title="Outcome">
          <div className="space-y-4">
            <AskedOutcome {...phase.asked} />
            <ButtonLink href={vaultHref}>Back to the vault</ButtonLink>
          </div>
        </Section>
      ) : isDone ? (
        <Section title="Outcome">
          <div className="space-y-4">
            {renderOutcome(phase)}
            {afterwards?.(phase)}
            <ButtonLink href={vaultHref} variant="primary">
              Open the vault
            </ButtonLink>
          </div>
        </Section>
      ) : verdict.isAllowed ? (
        <Decision {...props} base={base} onLookedAgain={setBase} run={action} />
      ) : (
        <Section title="Not now, or not you">
          <EmptyState
            title="This cannot be done"
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

interface DecisionProps<Name extends RepeatableAction> extends ChangePageProps<Name> {
  base: Answer<Vault>;
  onLookedAgain: (reading: Answer<Vault>) => void;
  run: ReturnType<typeof useVaultAction>;
}

function Decision<Name extends RepeatableAction>(props: DecisionProps<Name>) {
  const {
    base,
    fields,
    effects,
    submitLabel,
    keepLabel,
    tone = "primary",
    intentOn,
    vaultHref,
    renderTrouble,
    run,
  } = props;
  const [why, setWhy] = useState(noWhy);
  const isAsked = useIsAskedFor(props.action);
  const problem =
    props.problem ??
    (isAsked && why.reason.trim().length < askReasonMin ? `Say why, in ${askReasonMin} characters or more.` : null);
  const { phase } = run;
  const current = phase.kind === "changed" ? phase.current : null;
  const isUnderWay = phase.kind === "sending" || phase.kind === "waiting" || phase.kind === "checking";
  const send = (on: Answer<Vault>) => run.start({ ...intentOn(on), ...givenWhy(why) });
  const blocked = current === null ? problem : "The vault was changed: look at what changed first.";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (blocked === null && !isUnderWay) send(base);
  };
  return (
    <form onSubmit={submit} noValidate className="grid grid-cols-1 items-start gap-4 lg:grid-cols-5">
      <div className="flex min-w-0 flex-col gap-4 lg:col-span-3">
        {fields}
        <Section title="What this does">
          <ul className="list-disc space-y-1.5 pl-5 text-sm">
            {effects.map((effect, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list of sentences
              <li key={index}>{effect}</li>
            ))}
          </ul>
        </Section>
      </div>
      <div className="min-w-0 lg:sticky lg:top-16 lg:col-span-2">
        <Section title="Decision">
          <div className="space-y-4">
            <WhyFields value={why} onChange={setWhy} isAsked={isAsked} />
            {isAsked ? <AskNotice /> : null}
            {renderTrouble({
              phase,
              looked: base,
              onResend: run.resend,
              onStop: run.stop,
              again:
                current === null
                  ? { reason: "" }
                  : {
                      label: "I have seen it: go on with this version",
                      run: () => {
                        props.onLookedAgain(current);
                        send(current);
                      },
                    },
            })}
            {blocked === null ? null : (
              <p role="status" className="text-sm text-pretty text-muted">
                {blocked}
              </p>
            )}
            <Button
              type="submit"
              variant={tone}
              size="lg"
              loading={isUnderWay}
              disabledReason={blocked ?? undefined}
              className="h-auto min-h-10 w-full py-2 whitespace-normal"
            >
              {isAsked
                ? `Ask for approval: ${submitLabel.charAt(0).toLowerCase()}${submitLabel.slice(1)}`
                : submitLabel}
            </Button>
            <ButtonLink href={vaultHref} className="w-full">
              {keepLabel}
            </ButtonLink>
          </div>
        </Section>
      </div>
    </form>
  );
}
