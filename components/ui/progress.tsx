import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { type Tone, toneSolid } from "./tone.ts";

export interface ProgressBarProps {
  /** What is progressing; shown over the bar unless `hideLabel`. */
  label: string;
  /** Done so far; leave out while the end is not known. */
  value?: number | undefined;
  max?: number;
  /** In words, at the end of the label row: "31 of 48 compartments". */
  detail?: ReactNode;
  hideLabel?: boolean;
  tone?: Tone;
  className?: string;
}

/** How far something has come. Without `value` it only says that work goes on. */
export function ProgressBar({ label, value, max = 100, detail, hideLabel = false, tone, className }: ProgressBarProps) {
  return (
    <div className={cn("min-w-0", className)}>
      {hideLabel ? null : (
        <div className="mb-1 flex items-baseline justify-between gap-3 text-xs">
          <span className="truncate text-muted">{label}</span>
          {detail ? <span className="nums shrink-0 text-faint">{detail}</span> : null}
        </div>
      )}
      {value === undefined ? (
        <div
          role="progressbar"
          aria-label={label}
          className="h-1.5 overflow-hidden rounded-full bg-press forced-colors:border"
        >
          <div className={cn("h-full w-2/5 animate-slide rounded-full bg-accent-fill", tone && toneSolid[tone])} />
        </div>
      ) : (
        <progress aria-label={label} value={value} max={max} className={cn("bar", tone && toneSolid[tone])} />
      )}
    </div>
  );
}
