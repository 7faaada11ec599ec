"use client";

import { CircleAlert, LoaderCircle } from "lucide-react";
import { lazy, Suspense } from "react";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.ts";
import { cn } from "#components/ui/cn.ts";
import { formatCount, formatNumber, formatSpan, formatTime } from "#components/ui/format.ts";
import { patiently } from "#components/ui/patiently.ts";
import { Popover } from "#components/ui/popover.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import type { Inventory } from "#lib/contract/api.ts";
import { type ReadingState, useReadingState } from "./inventory-state.ts";

const FailureList = lazy(() =>
  patiently(() => import("./failure-list.tsx")).then((module) => ({ default: module.FailureList })),
);

/** Parts are read about every half minute; three misses are worth a colour. */
const oldMs = 120_000;

/** How old what one sees is, and whether it is all: always on screen, so that a short list is never a silent one. */
export function DataAge({ inventory }: { inventory: Inventory }) {
  const state = useReadingState(inventory);
  const isPartial = state.partsRead < state.partsTotal || state.partsTotal === 0;
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted max-sm:min-h-13 max-sm:content-start">
      <Age oldestReadAt={state.oldestReadAt} />
      <Tooltip text="Every compartment is read once in every region the tenancy uses.">
        <button type="button" className="nums inline-flex items-center gap-1.5 rounded-xs text-left">
          {state.isScanning ? (
            <LoaderCircle aria-hidden="true" className="size-3.5 animate-spin text-accent motion-reduce:animate-none" />
          ) : null}
          <span className={cn(isPartial && "font-medium text-ink")}>
            {formatNumber(state.partsRead)} of {formatNumber(state.partsTotal)} compartments read
          </span>
        </button>
      </Tooltip>
      {state.failures.length > 0 ? <Failures state={state} /> : null}
      <span role="status" className="sr-only">
        {state.isScanning
          ? "Still reading"
          : isPartial || state.failures.length > 0
            ? "Not everything could be read"
            : "Everything has been read"}
      </span>
    </div>
  );
}

function Age({ oldestReadAt }: { oldestReadAt: number | null }) {
  const now = useNow(1000);
  if (oldestReadAt === null) return <span className="nums">Nothing read yet</span>;
  const ageMs = now === null ? 0 : Math.max(0, now - oldestReadAt);
  return (
    <Tooltip text={`The oldest part of this list was read ${formatTime(oldestReadAt)}.`}>
      <button
        type="button"
        className={cn("nums min-w-33 rounded-xs text-left", ageMs > oldMs && "font-medium text-warn")}
      >
        {ageMs < 2000 ? "Read just now" : `Read ${formatSpan(ageMs, 1)} ago`}
      </button>
    </Tooltip>
  );
}

function Failures({ state }: { state: ReadingState }) {
  const { failures } = state;
  return (
    <Popover
      label="Parts that could not be read"
      align="start"
      padding="none"
      className="w-96"
      trigger={
        <Button size="sm" variant="danger-quiet" icon={<CircleAlert aria-hidden="true" />}>
          {formatCount(failures.length, "failed reading")}
        </Button>
      }
    >
      {() => (
        <Suspense fallback={<p className="p-3 text-xs text-muted">Loading…</p>}>
          <FailureList failures={failures} />
        </Suspense>
      )}
    </Popover>
  );
}
