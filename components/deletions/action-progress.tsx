"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Arrival } from "#components/ui/arrival.tsx";
import { Button, TextLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { useNow } from "#components/ui/clock.ts";
import { CopyText } from "#components/ui/copy-text.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { formatSpan, formatTime } from "#components/ui/format.ts";
import { Spinner } from "#components/ui/spinner.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { vaultActivityQuery } from "#lib/browser/activity.ts";
import { type Answer, type ApiError, serverNow } from "#lib/browser/api.ts";
import type { ActionPhase } from "#lib/browser/vault-action.ts";
import type { Vault } from "#lib/contract/models.ts";
import { diffVaults } from "#lib/vault/changes.ts";
import { stateFacts } from "#lib/vault/lifecycle.ts";
import { operationLabel } from "#lib/vault/operation-words.ts";

/** True while a decision is on its way and nothing else may be pressed. */
export function isUnderWay({ kind }: ActionPhase): boolean {
  return kind === "sending" || kind === "waiting" || kind === "checking";
}

interface TroubleProps {
  phase: ActionPhase;
  /** The version the decision was made on. */
  looked: Answer<Vault>;
  /** What was asked for, as a noun: "deletion", "cancellation". */
  what: string;
  onResend: () => void;
  onStop: () => void;
  /** Decide again, on the version there is now; absent when that version does not allow it, with the reason. */
  again: { readonly label: string; readonly run: () => void } | { readonly reason: string };
}

/** Everything between pressing the button and the service having accepted: waiting, refusals, somebody else's change. */
export function ActionTrouble({ phase, looked, what, onResend, onStop, again }: TroubleProps) {
  switch (phase.kind) {
    case "sending":
      return <Sending phase={phase} />;
    case "waiting":
      return <Waiting phase={phase} onResend={onResend} onStop={onStop} />;
    case "checking":
      return (
        <Callout
          tone="warn"
          role="status"
          icon={<Spinner />}
          title="No answer came; reading the vault to see what happened"
        >
          {phase.error.message} The {what} may or may not have been made. Nothing is sent again until that is known.
        </Callout>
      );
    case "lost":
      return (
        <ErrorBlock
          title={
            phase.reading === null
              ? "It is not known whether the change was made"
              : "The vault does not show the change"
          }
          why={phase.error.why ?? phase.error.message}
          whatToDo={
            phase.reading === null
              ? `The vault could not be read either. Sending again is safe: ${onlyOnce}`
              : `The vault was read at ${phase.reading.readAtMs === null ? "an unknown time" : formatTime(phase.reading.readAtMs)} and is as before. Sending again is safe: ${onlyOnce}`
          }
          code={phase.error.code}
          requestId={phase.error.requestId}
          onRetry={onResend}
          retryLabel="Send again"
        />
      );
    case "changed":
      return <Changed before={looked.body} current={phase.current} error={phase.error} again={again} />;
    case "refused":
      return <Refused error={phase.error} onResend={onResend} />;
    default:
      return null;
  }
}

/** True of every repeat: a retry token, or (an edit takes none) the version it was decided on. */
const onlyOnce = "the request names its retry token or the version it was decided on, so it can take effect only once.";

const slowMs = 3000;

/** Most answers come at once; one that does not is explained, for the console may be waiting for its turn. */
function Sending({ phase }: { phase: Extract<ActionPhase, { kind: "sending" }> }) {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), Math.max(0, phase.sinceMs + slowMs - serverNow()));
    return () => {
      clearTimeout(timer);
      setIsSlow(false);
    };
  }, [phase.sinceMs]);
  if (!isSlow) return null;
  return (
    <Callout tone="pending" role="status" icon={<Spinner />} title="Sent; the service has not answered yet">
      When the service asks for patience, the console waits as long as it says and repeats the request: {onlyOnce}
    </Callout>
  );
}

interface WaitingProps {
  phase: Extract<ActionPhase, { kind: "waiting" }>;
  onResend: () => void;
  onStop: () => void;
}

function Waiting({ phase, onResend, onStop }: WaitingProps) {
  const now = useNow(1000);
  const seconds = now === null ? null : Math.max(0, Math.ceil((phase.untilMs - now) / 1000));
  return (
    <Callout
      tone="warn"
      role="status"
      title={<span className="nums">Waiting{seconds === null ? "" : `, sent again in ${seconds} s`}</span>}
    >
      <p>
        {phase.error.message}{" "}
        {phase.error.outcome === "unknown"
          ? "It is not certain whether the change was made. The same request is sent again by itself"
          : "Nothing has been changed yet; the same request is sent again by itself"}{" "}
        (try {phase.attempt + 1}): {onlyOnce}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="sm" onClick={onResend}>
          Send now
        </Button>
        <Button size="sm" variant="ghost" onClick={onStop}>
          Stop waiting
        </Button>
      </div>
    </Callout>
  );
}

/** 409 and everything else that was said no to. What the service says is shown in its own words. */
function Refused({ error, onResend }: { error: ApiError; onResend: () => void }) {
  const isConflict = error.status === 409;
  // By the time this is read, the question who one is has been answered.
  const isSignedOut = error.status === 401;
  const canRepeat =
    error.status === 0 || error.status === 401 || error.status >= 500 || error.code === "IncorrectState";
  return (
    <ErrorBlock
      title={
        isConflict
          ? "The service refused: something stands in the way"
          : isSignedOut
            ? "Your session had ended, so nothing was sent"
            : error.message
      }
      why={isConflict ? [error.message, error.why].filter(Boolean).join(" ") : error.why}
      whatToDo={isSignedOut ? "Signed in again, send it again: what you filled in is as it was." : error.action}
      code={error.code}
      requestId={error.requestId}
      {...(canRepeat ? { onRetry: onResend, retryLabel: "Send again" } : {})}
    />
  );
}

interface ChangedProps {
  before: Vault;
  current: Answer<Vault>;
  error: ApiError;
  again: TroubleProps["again"];
}

/** 412: the vault is no longer what the person looked at. What differs, field by field, and the question once more. */
function Changed({ before, current, error, again }: ChangedProps) {
  const changes = diffVaults(before, current.body);
  return (
    <Callout tone="warn" role="alert" title="The vault was changed while this page was open. Nothing was sent on.">
      <div className="space-y-3">
        {changes.length === 0 ? (
          <p>
            Every field reads the same as before; only the version is another. Somebody changed it and changed it back.
          </p>
        ) : (
          <table className="w-full table-fixed text-left text-xs">
            <thead className="text-muted">
              <tr>
                <th scope="col" className="w-1/4 py-1 pr-3 font-medium">
                  Field
                </th>
                <th scope="col" className="py-1 pr-3 font-medium">
                  When you looked
                </th>
                <th scope="col" className="py-1 font-medium">
                  Now
                </th>
              </tr>
            </thead>
            <tbody className="align-top text-ink">
              {changes.map((change) => (
                <tr key={change.field} className="border-t border-warn-line">
                  <th scope="row" className="py-1 pr-3 font-normal wrap-anywhere">
                    {change.field}
                  </th>
                  <td className="py-1 pr-3 wrap-anywhere text-muted">
                    <bdi>{change.before ?? "Nothing"}</bdi>
                  </td>
                  <td className="py-1 font-medium wrap-anywhere">
                    <bdi>{change.after ?? "Nothing"}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {"run" in again ? (
          <Button size="sm" onClick={again.run}>
            {again.label}
          </Button>
        ) : again.reason === "" ? null : (
          <p className="text-ink">{again.reason}</p>
        )}
        <WhoChanged vault={current.body} />
        {error.requestId ? (
          <p className="flex items-center gap-1 text-xs">
            Request id <CopyText text={error.requestId} what="request id" head={8} tail={4} />
          </p>
        ) : null}
      </div>
    </Callout>
  );
}

/** Who it was, when it was done through this console: its receipts say. */
function WhoChanged({ vault }: { vault: Vault }) {
  const { data } = useQuery(vaultActivityQuery(vault.id));
  if (data === undefined) return null;
  const last = data.entries.find(({ result, operation }) => result === "ok" && operation !== "reveal");
  return (
    <p className="text-ink">
      {last === undefined ? (
        "This console has no receipt of a change to this vault: it was made elsewhere. OCI's own audit log says by whom."
      ) : (
        <>
          The last change through this console: {operationLabel(last.operation).toLowerCase()} by{" "}
          <bdi>{last.actor}</bdi>, <TimeText time={last.at} show="relative" />.
        </>
      )}
    </p>
  );
}

interface OutcomeProps {
  phase: Extract<ActionPhase, { kind: "submitted" | "confirmed" | "unconfirmed" }>;
  /** What was submitted, as a sentence: "Deletion submitted". */
  submitted: string;
  confirmed: string;
}

/** Submitted and confirmed are two things: which one holds, with everything to look it up by. */
export function ActionOutcome({ phase, submitted, confirmed }: OutcomeProps) {
  const vault = phase.reading?.body ?? null;
  return (
    <Arrival label="Outcome" className="space-y-3 rounded-lg">
      <OutcomeHead phase={phase} submitted={submitted} confirmed={confirmed} />
      <Facts className="rounded-lg border border-line bg-surface p-4">
        <Fact name="State, as the service says">
          {vault === null ? "Not read yet" : stateFacts(vault.lifecycleState).label}
        </Fact>
        {vault?.timeOfDeletion == null ? null : (
          <Fact name="Deletion date">
            <TimeText time={vault.timeOfDeletion} precise />
          </Fact>
        )}
        <Fact name="Etag">
          {phase.reading?.etag == null ? "Not read yet" : <CopyText text={phase.reading.etag} what="etag" />}
        </Fact>
        <Fact name="Read back">
          {phase.reading?.readAtMs == null ? "Not read yet" : <TimeText time={phase.reading.readAtMs} />}
        </Fact>
        <Fact name="Request id of the change">
          {phase.answer?.requestId == null ? (
            "The answer was lost"
          ) : (
            <CopyText text={phase.answer.requestId} what="request id" />
          )}
        </Fact>
        <Fact name="Request id of the reading">
          {phase.reading?.requestId == null ? (
            "Not read yet"
          ) : (
            <CopyText text={phase.reading.requestId} what="request id" />
          )}
        </Fact>
        <Fact name="Receipt" wide>
          {phase.answer?.receiptId == null ? (
            "The answer was lost; the receipt is in the console's log"
          ) : (
            <span className="flex flex-wrap items-center gap-x-3">
              <CopyText text={phase.answer.receiptId} what="receipt id" full />
              <TextLink href={`/activity/${phase.answer.receiptId}`}>Open the receipt</TextLink>
            </span>
          )}
        </Fact>
      </Facts>
    </Arrival>
  );
}

/** How long it has been followed; a backup or a replica takes minutes, and the page stays with it. */
function Following({ phase }: { phase: Extract<ActionPhase, { kind: "submitted" }> }) {
  const now = useNow(1000);
  const seconds = now === null ? 0 : Math.floor((now - phase.sinceMs) / 1000);
  if (seconds < 15) return null;
  return (
    <p className="nums">
      {stateFacts(phase.reading?.body.lifecycleState ?? "UNKNOWN").label}, followed for {formatSpan(seconds * 1000)}.
      The service goes on with it when this page is closed.
    </p>
  );
}

function OutcomeHead({ phase, submitted, confirmed }: OutcomeProps) {
  if (phase.kind === "confirmed") {
    return (
      <Callout tone="ok" role="status" title={confirmed}>
        {phase.wasLost
          ? "The answer to the request was lost, but the vault was read afterwards and shows the change."
          : "The service accepted the change, and the vault was read back to make sure."}
      </Callout>
    );
  }
  if (phase.kind === "submitted") {
    return (
      <Callout tone="pending" role="status" icon={<Spinner />} title={`${submitted}. Reading it back…`}>
        The service accepted the change. It counts as confirmed when the service shows it.
        <Following phase={phase} />
      </Callout>
    );
  }
  return (
    <Callout tone="warn" role="status" title={`${submitted}, not confirmed yet`}>
      {phase.reading === null
        ? `The vault could not be read back${phase.error === null ? "" : `: ${phase.error.message}`} The service accepted the change; look at the vault again in a moment.`
        : `The service accepted the change; when it was last read, it said “${stateFacts(phase.reading.body.lifecycleState).label}”. Its page shows how it goes on.`}
    </Callout>
  );
}
