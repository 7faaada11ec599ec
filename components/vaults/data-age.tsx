"use client";

import { CircleAlert, LoaderCircle } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.ts";
import { cn } from "#components/ui/cn.ts";
import { CopyText } from "#components/ui/copy-text.tsx";
import { formatCount, formatNumber, formatSpan, formatTime } from "#components/ui/format.ts";
import { Popover } from "#components/ui/popover.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import type { Inventory } from "#lib/contract/api.ts";
import { type ReadingState, useReadingState } from "./inventory-state.ts";

/** Parts are read about every half minute; three misses are worth a colour. */
const oldMs = 120_000;

/** How old what one sees is, and whether it is all: always on screen, so that a short list is never a silent one. */
export function DataAge({ inventory }: { inventory: Inventory }) {
  const state = useReadingState(inventory);
  const isPartial = state.partsRead < state.partsTotal || state.partsTotal === 0;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
      <Age oldestReadAt={state.oldestReadAt} />
      <Tooltip text="Every compartment is read once in every region the tenancy uses.">
        <button type="button" className="nums inline-flex items-center gap-1.5 rounded-xs">
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
        className={cn("nums min-w-28 rounded-xs text-left", ageMs > oldMs && "font-medium text-warn")}
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
          {formatCount(failures.length, "part")} not read
        </Button>
      }
    >
      {() => (
        <div className="scroll-thin max-h-96 overflow-y-auto">
          <p className="border-b border-line px-3 py-2 text-xs text-pretty text-muted">
            What was read before is still shown. The console asks again by itself every 15 seconds.
          </p>
          <ul>
            {failures.map((failure) => (
              <li
                key={`${failure.tenancyName} ${failure.region} ${failure.compartmentId}`}
                className="space-y-0.5 border-b border-line px-3 py-2 text-xs last:border-b-0"
              >
                <p className="font-medium wrap-anywhere">
                  <bdi>{failure.where}</bdi> in {failure.region}
                  {failure.tenancyName ? (
                    <span className="font-normal text-muted"> · {failure.tenancyName}</span>
                  ) : null}
                </p>
                <p className="text-pretty wrap-anywhere text-muted">{failure.message}</p>
                <p className="flex flex-wrap items-center gap-x-3 text-faint">
                  <span className="code">{failure.code}</span>
                  <span className="nums">{formatTime(failure.at)}</span>
                  {failure.requestId ? <CopyText text={failure.requestId} what="request id" head={8} tail={4} /> : null}
                </p>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Popover>
  );
}
