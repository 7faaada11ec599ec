import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { formatNumber, formatPercent } from "./format.ts";
import { type Tone, toneSolid } from "./tone.ts";

/** From here on a gauge warns, and from here on it is nearly full; shares of the limit. */
const warnShare = 0.8;
const dangerShare = 0.95;

function fillTone(value: number, limit: number): Tone | null {
  const share = limit > 0 ? value / limit : 1;
  if (share >= dangerShare) return "danger";
  return share >= warnShare ? "warn" : null;
}

const radius = 34;
/** Three quarters of a circle, open at the bottom. */
const arcLength = 2 * Math.PI * radius * 0.75;

export interface GaugeProps {
  /** What is counted: "Key versions". */
  label: string;
  value: number;
  /** Leave out when nobody knows it: the gauge says so instead of guessing. */
  limit?: number | undefined;
  /** Where the limit comes from, or what is counted in. */
  note?: ReactNode;
  className?: string;
}

/** A count against its limit. Without a limit: the number, and "limit unknown". */
export function Gauge({ label, value, limit, note, className }: GaugeProps) {
  const isKnown = limit !== undefined;
  const share = isKnown && limit > 0 ? Math.min(1, value / limit) : 0;
  const tone = isKnown ? fillTone(value, limit) : null;
  const filled = arcLength * share;
  return (
    <figure className={cn("flex min-w-0 flex-col items-center gap-1 text-center", className)}>
      <div className="relative size-24">
        <svg viewBox="0 0 80 80" aria-hidden="true" className="size-24">
          <g transform="rotate(135 40 40)" fill="none" strokeLinecap="round" strokeWidth="6">
            <circle
              cx="40"
              cy="40"
              r={radius}
              className="stroke-press"
              strokeDasharray={isKnown ? `${arcLength} 1000` : "1 8.6"}
              pathLength={isKnown ? undefined : arcLength * (4 / 3)}
            />
            {filled > 0.5 ? (
              <circle
                cx="40"
                cy="40"
                r={radius}
                stroke="currentColor"
                strokeDasharray={`${filled} 1000`}
                className={tone ? toneSolid[tone] : "text-accent-fill"}
              />
            ) : null}
          </g>
        </svg>
        <div className="absolute inset-0 flex flex-col items-center justify-center">
          <span className={cn("nums font-semibold", value > 9999 ? "text-lg" : "text-xl")}>{formatNumber(value)}</span>
          {isKnown ? <span className="text-xs text-faint">of {formatNumber(limit)}</span> : null}
        </div>
      </div>
      {isKnown ? (
        <meter className="sr-only" aria-label={label} min={0} max={limit} value={Math.min(value, limit)} />
      ) : null}
      <figcaption className="w-full text-sm">
        <span className="font-medium">{label}</span>
        <span className="block text-xs text-muted">
          {isKnown ? `${formatPercent(limit > 0 ? value / limit : 0)} used` : "Limit unknown"}
        </span>
        {note ? <span className="block text-xs text-faint">{note}</span> : null}
      </figcaption>
    </figure>
  );
}
