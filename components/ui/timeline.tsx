import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { type Tone, toneSolid } from "./tone.ts";

export interface TimelineEvent {
  id: string;
  title: ReactNode;
  /** A `TimeText`, or "not known". */
  time?: ReactNode;
  /** Who, why, what changed. */
  children?: ReactNode;
  tone?: Tone;
  icon?: ReactNode;
  /** It has not happened yet: drawn hollow. */
  isFuture?: boolean;
}

/** What happened and what will, one under the other. */
export function Timeline({ label, events }: { label: string; events: readonly TimelineEvent[] }) {
  return (
    <ol aria-label={label}>
      {events.map((event, index) => (
        <li key={event.id} className="relative flex gap-3 pb-4 last:pb-0">
          {index < events.length - 1 ? (
            <span
              aria-hidden="true"
              className={cn(
                "absolute top-5 bottom-0 left-2.25 border-l border-line-strong",
                events[index + 1]?.isFuture && "border-dashed",
              )}
            />
          ) : null}
          <span
            aria-hidden="true"
            className={cn(
              "relative z-1 mt-0.5 inline-flex size-4.75 shrink-0 items-center justify-center [&_svg]:size-4",
              toneSolid[event.tone ?? "neutral"],
            )}
          >
            {event.icon ?? (
              <svg viewBox="0 0 12 12" aria-hidden="true" className="size-3!">
                <circle
                  cx="6"
                  cy="6"
                  r="4"
                  stroke="currentColor"
                  strokeWidth="2"
                  className={event.isFuture ? "fill-surface" : "fill-current"}
                />
              </svg>
            )}
          </span>
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <p className={cn("text-sm font-medium", event.isFuture && "text-muted")}>{event.title}</p>
              {event.time ? <span className="text-xs text-muted">{event.time}</span> : null}
            </div>
            {event.children ? <div className="mt-0.5 text-sm text-pretty text-muted">{event.children}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
