"use client";

import { CopyText } from "#components/ui/copy-text.tsx";
import { formatTime } from "#components/ui/format.ts";
import { failureWords, type ReadingState } from "./inventory-state.ts";

/** Which parts could not be read, why, and by which id somebody can look it up. */
export function FailureList({ failures }: Pick<ReadingState, "failures">) {
  return (
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
              {failure.tenancyName ? <span className="font-normal text-muted"> · {failure.tenancyName}</span> : null}
            </p>
            <p className="text-pretty wrap-anywhere text-muted">{failureWords(failure)}</p>
            <p className="flex flex-wrap items-center gap-x-3 text-faint">
              <span className="code">{failure.code}</span>
              <span className="nums">{formatTime(failure.at)}</span>
              {failure.requestId ? <CopyText text={failure.requestId} what="request id" head={8} tail={4} /> : null}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
