"use client";

import { useNow } from "./clock.ts";
import { cn } from "./cn.ts";
import { formatRelative, formatTime, formatTimeWithoutZone, toEpochMs } from "./format.ts";
import { useIsBrowser } from "./media.ts";
import { Tooltip } from "./tooltip.tsx";

export interface TimeTextProps {
  /** Epoch milliseconds or RFC 3339. */
  time: number | string;
  /**
   * `both`: "30 Jan 2027, 14:00 UTC · in 6 days" (facts). `absolute`: only the first (columns). `relative`: only the
   * second, the first as tooltip (ages).
   */
  show?: "both" | "absolute" | "relative";
  /** Two units in the relative part: "in 6 days 23 hours". */
  precise?: boolean;
  /** Columns whose header names the zone. */
  hideZone?: boolean;
  /** The reader's own zone instead of UTC; UTC is then the tooltip. */
  local?: boolean;
  className?: string;
}

/** A moment, written the same way everywhere: UTC with the zone named, and how far away it is. */
export function TimeText({
  time,
  show = "both",
  precise = false,
  hideZone = false,
  local = false,
  className,
}: TimeTextProps) {
  const isBrowser = useIsBrowser();
  const now = useNow(1000);
  const at = toEpochMs(time);
  if (Number.isNaN(at)) return <span className={className}>{String(time)}</span>;

  const ownZone = isBrowser ? Intl.DateTimeFormat().resolvedOptions().timeZone : "UTC";
  const zone = local ? ownZone : "UTC";
  const absolute = hideZone ? formatTimeWithoutZone(at, zone) : formatTime(at, zone);
  const relative = now === null ? "" : formatRelative(at, now, precise ? 2 : 1);
  const other = local || ownZone === "UTC" ? formatTime(at, "UTC") : formatTime(at, ownZone);
  const hint =
    show === "relative" ? formatTime(at, zone) : show === "absolute" && relative ? `${other} · ${relative}` : other;

  return (
    <Tooltip text={hint} says="name">
      <time dateTime={new Date(at).toISOString()} className={cn("nums", className)}>
        {show === "relative" ? relative || absolute : absolute}
        {show === "both" && relative ? <span className="text-muted"> · {relative}</span> : null}
      </time>
    </Tooltip>
  );
}
