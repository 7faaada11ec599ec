import { formatCount, formatNumber, formatSpan } from "#components/ui/format.ts";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import type { BudgetStatus } from "#lib/contract/api.ts";

/** How much of a budget the last second spent, who waits for it, and whether the service asked for a pause. */
export function BudgetBar({ label, budget }: { label: string; budget: BudgetStatus }) {
  const { limit, usedInLastSecond, waiting, pausedForMs, pausesTotal } = budget;
  return (
    <div className="min-w-0">
      <div className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="text-sm font-medium">{label} in the last second</span>
        <span className="nums text-sm">
          {formatNumber(usedInLastSecond)} of {formatNumber(limit)}
        </span>
      </div>
      <ProgressBar label={`${label} in the last second`} value={usedInLastSecond} max={limit} />
      <p className="nums mt-1.5 text-xs text-muted">
        {`${formatCount(waiting.interactive, "call")} of people and ${formatNumber(waiting.background)} of the scan wait. `}
        {pausedForMs > 0
          ? `Oracle asked for a pause: ${formatSpan(Math.max(1_000, pausedForMs), 1)} more.`
          : pausesTotal === 0
            ? "Oracle never asked for a pause."
            : `Oracle asked for ${formatCount(pausesTotal, "pause")} since the start.`}
      </p>
    </div>
  );
}
