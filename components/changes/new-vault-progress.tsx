"use client";

import { Arrival } from "#components/ui/arrival.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Section } from "#components/ui/card.tsx";
import { useNow } from "#components/ui/clock.ts";
import { CopyText } from "#components/ui/copy-text.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import type { NewVaultPhase } from "#lib/browser/new-vault.ts";
import { stateFacts } from "#lib/vault/lifecycle.ts";

interface TroubleProps {
  phase: NewVaultPhase;
  onResend: () => void;
  /** Where the order goes: a refusal that names a vault links to it. */
  region?: string;
}

/** Waiting and refusals, with the same retry token behind "Send again". */
export function NewVaultTrouble({ phase, onResend, region }: TroubleProps) {
  if (phase.kind === "waiting") return <Waiting untilMs={phase.untilMs} words={phase.error.message} />;
  if (phase.kind !== "refused") return null;
  const { error } = phase;
  const existing = error.status === 409 ? /ocid1\.vault\.[\w.-]*\w/.exec(error.message)?.[0] : undefined;
  return (
    <ErrorBlock
      title={error.message}
      why={error.why}
      whatToDo={
        error.outcome === "unknown"
          ? "Sending again is safe: it carries the same retry token, so that at most one vault is made."
          : error.action
      }
      code={error.code}
      requestId={error.requestId}
      onRetry={onResend}
      retryLabel="Send again"
      {...(existing === undefined || region === undefined
        ? {}
        : { actions: <ButtonLink href={`/vaults/${region}/${existing}`}>Open the vault that exists</ButtonLink> })}
    />
  );
}

function Waiting({ untilMs, words }: { untilMs: number; words: string }) {
  const now = useNow(1000);
  const seconds = now === null ? null : Math.max(0, Math.ceil((untilMs - now) / 1000));
  return (
    <Callout tone="pending" role="status" icon={<Spinner />} title={`Sent again in ${seconds ?? "some"} s`}>
      {words}
    </Callout>
  );
}

interface OutcomeProps {
  phase: Extract<NewVaultPhase, { kind: "following" | "done" | "unconfirmed" }>;
  region: string;
  /** "Vault created". */
  made: string;
  onAnother: () => void;
}

/** The vault the service made, as it was last read. */
export function NewVaultOutcome({ phase, region, made, onAnother }: OutcomeProps) {
  const vault = phase.reading?.body ?? phase.answer.body;
  const isDone = phase.kind === "done";
  return (
    <Section title="Outcome">
      <Arrival label="Outcome" className="space-y-4 rounded-lg">
        <Callout
          tone={isDone ? "ok" : "pending"}
          role="status"
          title={
            isDone
              ? `${made}: it is ${stateFacts(vault.lifecycleState).label.toLowerCase()}`
              : "Accepted by the service"
          }
          {...(phase.kind === "following" ? { icon: <Spinner /> } : {})}
        >
          {isDone
            ? "Read back from the service."
            : phase.kind === "following"
              ? "The vault is read until it is ready."
              : "It was not ready within a minute, or could not be read. Its page shows how it goes on."}
        </Callout>
        <Facts className="rounded-lg border border-line bg-surface p-4">
          <Fact name="Name">
            <bdi>{vault.displayName}</bdi>
          </Fact>
          <Fact name="State, as the service says">{stateFacts(vault.lifecycleState).label}</Fact>
          <Fact name="OCID" wide>
            <CopyText text={vault.id} what="OCID" full />
          </Fact>
          <Fact name="Read back">
            {phase.reading?.readAtMs == null ? "Not read yet" : <TimeText time={phase.reading.readAtMs} />}
          </Fact>
          {phase.answer.contentMd5 === null ? null : (
            <Fact name="MD5 the service computed">
              <CopyText text={phase.answer.contentMd5} what="MD5" full />
            </Fact>
          )}
          <Fact name="Request id">
            {phase.answer.requestId === null ? "None" : <CopyText text={phase.answer.requestId} what="request id" />}
          </Fact>
        </Facts>
        <div className="flex flex-wrap gap-2">
          <ButtonLink href={`/vaults/${region}/${vault.id}`} variant="primary">
            Open the vault
          </ButtonLink>
          {phase.answer.receiptId === null ? null : (
            <ButtonLink href={`/activity/${phase.answer.receiptId}`}>Receipt</ButtonLink>
          )}
          <Button onClick={onAnother}>Another one</Button>
        </div>
      </Arrival>
    </Section>
  );
}
