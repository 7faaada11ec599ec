"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { formatNumber } from "./format.ts";

export interface ChipProps {
  /** Pressed: the filter is on. */
  pressed: boolean;
  onPressedChange: (pressed: boolean) => void;
  /** How many there are; stands in its own place so the chip keeps its width while it changes. */
  count?: number | undefined;
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A filter that is on or off, with how many it would leave. */
export function Chip({ pressed, onPressedChange, count, icon, className, children }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={() => onPressedChange(!pressed)}
      className={cn(
        "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border px-2.5 text-xs font-medium whitespace-nowrap transition-colors touch-target [&_svg]:size-3.5 [&_svg]:shrink-0",
        pressed
          ? "border-accent bg-accent-soft text-accent"
          : "border-line-strong bg-surface text-muted hover:bg-hover hover:text-ink",
        className,
      )}
    >
      {icon}
      {children}
      {count === undefined ? null : (
        <span className={cn("nums min-w-[1ch] text-right font-normal", pressed ? "text-accent" : "text-faint")}>
          {formatNumber(count)}
        </span>
      )}
    </button>
  );
}

export interface RemovableChipProps {
  /** What is chosen: "Region: us-ashburn-1". */
  children: ReactNode;
  /** Name of the remove button: "Remove filter Region us-ashburn-1". */
  removeLabel: string;
  onRemove: () => void;
  className?: string;
}

/** A choice that was made elsewhere and can be taken back here. */
export function RemovableChip({ children, removeLabel, onRemove, className }: RemovableChipProps) {
  return (
    <span
      className={cn(
        "inline-flex h-7 max-w-full shrink-0 items-center gap-1 rounded-full border border-accent-line bg-accent-soft pr-1 pl-2.5 text-xs font-medium text-accent",
        className,
      )}
    >
      <span className="truncate">{children}</span>
      <button
        type="button"
        aria-label={removeLabel}
        onClick={onRemove}
        className="inline-flex size-6 items-center justify-center rounded-full hover:bg-selected"
      >
        <X aria-hidden="true" className="size-3.5" />
      </button>
    </span>
  );
}
