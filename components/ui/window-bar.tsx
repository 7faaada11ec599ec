import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { type Tone, toneSolid } from "./tone.ts";

export interface WindowBarProps {
  /** The whole bar in words, for screen readers: "12 of 30 days have passed; it ends on 30 Jan 2027". */
  label: string;
  /** Epoch milliseconds. */
  start: number;
  end: number;
  now: number;
  /** Under the two ends. */
  startLabel?: ReactNode;
  endLabel?: ReactNode;
  tone?: Tone;
  /** Dates on the bar: the earliest allowed, the default, another object's own date. */
  marks?: readonly { at: number; label: string }[];
  className?: string;
}

/** A span of days with today in it: how much has passed, how much is left. */
export function WindowBar({
  label,
  start,
  end,
  now,
  startLabel,
  endLabel,
  tone = "danger",
  marks = [],
  className,
}: WindowBarProps) {
  const share = (at: number) => Math.max(0, Math.min(1, (at - start) / Math.max(1, end - start))) * 100;
  const passed = share(now);
  return (
    <div className={cn("min-w-0", className)}>
      <svg role="img" aria-label={label} viewBox="0 0 100 12" preserveAspectRatio="none" className="block h-3 w-full">
        <rect y="4" width="100" height="4" rx="0.5" className="fill-press" />
        <g className={toneSolid[tone]} fill="currentColor">
          <rect y="4" width={passed} height="4" rx="0.5" />
          {marks.map((mark) => (
            <rect
              key={`${mark.at}-${mark.label}`}
              x={share(mark.at) - 0.15}
              y="1"
              width="0.3"
              height="10"
              className="fill-muted"
            />
          ))}
          <rect x={Math.min(99.5, Math.max(0, passed - 0.25))} width="0.5" height="12" />
        </g>
      </svg>
      {startLabel || endLabel ? (
        <div className="nums mt-1 flex justify-between gap-3 text-xs text-muted">
          <span>{startLabel}</span>
          <span className="text-right">{endLabel}</span>
        </div>
      ) : null}
      {marks.length > 0 ? (
        <ul className="nums mt-0.5 flex flex-wrap gap-x-3 text-xs text-faint">
          {marks.map((mark) => (
            <li key={`${mark.at}-${mark.label}`}>{mark.label}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
