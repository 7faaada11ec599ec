"use client";

import { memo } from "react";
import { StatusBadge } from "#components/ui/badge.tsx";
import { Button, TextLink } from "#components/ui/button.tsx";
import { formatCount, formatSpan, truncateOcids } from "#components/ui/format.ts";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import type { BulkProgress, BulkState } from "#lib/browser/bulk.ts";
import type { VaultPlace } from "#lib/vault/list.ts";

const queued: BulkState = { kind: "queued" };

interface BulkResultsProps {
  places: readonly VaultPlace[];
  progress: BulkProgress;
  /** What has become of a vault: "tagged". */
  done: string;
  onStop: () => void;
  onRetry: () => void;
  onClose: () => void;
}

/** How far it is, and each vault with what came of it; those that failed first. */
export function BulkResults({ places, progress, done, onStop, onRetry, onClose }: BulkResultsProps) {
  const { states, total, ended, failed, isRunning, leftMs } = progress;
  const isFailed = new Set(failed);
  const order = (key: string) => (isFailed.has(key) ? 0 : states.get(key)?.kind === "running" ? 1 : 2);
  const sorted = isRunning ? places : [...places].sort((a, b) => order(a.key) - order(b.key));
  return (
    <div className="space-y-4">
      <div className="space-y-2">
        <div className="nums flex flex-wrap justify-between gap-3 text-sm">
          <span role="status" className="font-medium">
            {isRunning ? `${ended} of ${total}` : summary(progress, done)}
          </span>
          <span className="text-muted">
            {isRunning && leftMs !== null && leftMs > 1_000 ? `${formatSpan(leftMs, 1)} left` : " "}
          </span>
        </div>
        <ProgressBar label="Vaults done" max={total} value={ended} />
      </div>
      <ul
        aria-label="Result per vault"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard
        tabIndex={0}
        className="max-h-80 divide-y divide-line overflow-y-auto rounded-lg border border-line"
      >
        {sorted.map((place) => (
          <ResultRow key={place.key} place={place} state={states.get(place.key) ?? queued} done={done} />
        ))}
      </ul>
      <div className="flex flex-wrap justify-end gap-2">
        {isRunning ? (
          <Button onClick={onStop}>Stop after those under way</Button>
        ) : (
          <>
            {failed.length === 0 ? null : (
              <Button onClick={onRetry}>Try {formatCount(failed.length, "failed vault")} again</Button>
            )}
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

function summary({ states, failed }: BulkProgress, done: string): string {
  const asked = [...states.values()].filter(({ kind }) => kind === "asked").length;
  const good = states.size - failed.length - asked;
  const parts = [
    ...(good > 0 || (asked === 0 && failed.length === 0) ? [`${formatCount(good, "vault")} ${done}`] : []),
    ...(asked > 0 ? [`${formatCount(asked, "vault")} waiting for approval`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed and still selected`] : []),
  ];
  return parts.join(", ");
}

/** Drawn anew only when its own state changes. */
const ResultRow = memo(function ResultRow({
  place,
  state,
  done,
}: {
  place: VaultPlace;
  state: BulkState;
  done: string;
}) {
  const { label, tone, isMoving } = wordsOf(state, done);
  return (
    <li className="px-3 py-2 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <span className="min-w-0 wrap-anywhere">
          <bdi className="font-medium">{place.row.displayName}</bdi>{" "}
          <span className="text-muted">{place.row.region}</span>
        </span>
        <StatusBadge tone={tone} look="plain" isMoving={isMoving}>
          {label}
        </StatusBadge>
      </div>
      {state.kind === "failed" ? (
        <p className="mt-0.5 text-pretty wrap-anywhere text-danger">
          {truncateOcids(state.message)}
          {state.requestId === null ? null : <span className="code text-xs text-muted"> {state.requestId}</span>}
        </p>
      ) : null}
      {state.kind === "asked" ? (
        <TextLink href={`/approvals/${state.approval}`} className="text-xs">
          Open the request
        </TextLink>
      ) : null}
    </li>
  );
});

function wordsOf(
  state: BulkState,
  done: string,
): { label: string; tone: "neutral" | "pending" | "ok" | "warn" | "danger"; isMoving: boolean } {
  switch (state.kind) {
    case "queued":
      return { label: "Waiting for its turn", tone: "neutral", isMoving: false };
    case "running":
      return {
        label: state.isWaiting ? "The service asked to wait" : "Under way",
        tone: "pending",
        isMoving: true,
      };
    case "done":
      return { label: done.charAt(0).toUpperCase() + done.slice(1), tone: "ok", isMoving: false };
    case "asked":
      return { label: "Waiting for approval", tone: "pending", isMoving: false };
    case "accepted":
      return { label: "Accepted, not finished yet", tone: "pending", isMoving: false };
    case "failed":
      return { label: "Failed", tone: "danger", isMoving: false };
    case "stopped":
      return { label: "Not sent", tone: "warn", isMoving: false };
  }
}
