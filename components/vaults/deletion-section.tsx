"use client";

import { Card } from "#components/ui/card.tsx";
import { useNow } from "#components/ui/clock.ts";
import { formatSpan, formatTime } from "#components/ui/format.ts";
import { WindowBar } from "#components/ui/window-bar.tsx";
import type { Vault } from "#lib/contract/models.ts";
import { dayMs, deletionWindowDays } from "#lib/vault/lifecycle.ts";
import type { VaultReading } from "./vault-reading.ts";

/** How much time is left to save the vault, drawn over the longest wait there can be. */
export function DeletionSection({ vault, known }: { vault: Vault; known: VaultReading }) {
  const now = useNow(1000);
  const end = Date.parse(vault.timeOfDeletion ?? "");
  if (Number.isNaN(end)) return null;
  const start = end - deletionWindowDays.maximum * dayMs;
  const at = now === null ? start : now;
  const leftMs = end - at;
  const isCancelling = vault.lifecycleState === "CANCELLING_DELETION";
  const words = isCancelling
    ? "The deletion is being cancelled"
    : leftMs > 0
      ? `${formatSpan(leftMs)} left`
      : "The date has passed";
  return (
    <Card className="border-danger-line p-4">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5">
        <p className="nums text-lg font-semibold">{now === null ? " " : words}</p>
        <p className="nums text-sm text-muted">
          {known.isReplica ? "Deleted with its source" : "Deletion date"}: {formatTime(end)}
        </p>
      </div>
      <WindowBar
        label={`${words}; the vault is deleted on ${formatTime(end)}`}
        start={start}
        end={end}
        now={Math.min(at, end)}
        startLabel="30 days before, the earliest it can have been scheduled"
        endLabel="Deletion"
        tone={isCancelling ? "pending" : "danger"}
      />
    </Card>
  );
}
