import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { type Tone, toneSolid, toneText, toneTint } from "./tone.ts";

export interface BadgeProps {
  tone?: Tone;
  /** A lucide icon element; sized here. */
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A word in a tinted box: a type, a role, "Read-only". */
export function Badge({ tone = "neutral", icon, className, children }: BadgeProps) {
  return (
    <span
      className={cn(
        "inline-flex h-5 max-w-full items-center gap-1 rounded-sm border px-1.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3 [&_svg]:shrink-0",
        toneTint[tone],
        className,
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}

export interface StatusBadgeProps extends BadgeProps {
  tone: Tone;
  /** Something is under way: the dot breathes. */
  isMoving?: boolean;
  /** `plain` has no box: for tables, where sixty boxes would shout. */
  look?: "tinted" | "plain";
}

/** A state: dot or icon, and the word. The tone repeats the word, it never replaces it. */
export function StatusBadge({ tone, icon, isMoving = false, look = "tinted", className, children }: StatusBadgeProps) {
  const mark = icon ?? (
    <svg viewBox="0 0 8 8" aria-hidden="true" className={cn("size-2!", toneSolid[tone])}>
      <circle cx="4" cy="4" r="3.5" fill="currentColor" />
    </svg>
  );
  return (
    <span
      className={cn(
        "inline-flex h-5 max-w-full items-center gap-1.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3.5 [&_svg]:shrink-0",
        look === "tinted" ? cn("rounded-full border px-2", toneTint[tone]) : cn("text-sm font-normal", toneText[tone]),
        className,
      )}
    >
      <span className={cn("inline-flex", isMoving && "animate-breathe")}>{mark}</span>
      <span className="truncate">{children}</span>
    </span>
  );
}
