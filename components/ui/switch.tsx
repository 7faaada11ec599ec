"use client";

import { type ReactNode, useId } from "react";
import { cn } from "./cn.ts";

export interface SwitchProps {
  label: ReactNode;
  help?: ReactNode;
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  disabled?: boolean;
  className?: string;
}

/** On or off, at once: no save button. */
export function Switch({ label, help, checked, onCheckedChange, disabled = false, className }: SwitchProps) {
  const id = useId();
  return (
    <div className={cn("flex items-start justify-between gap-4", className)}>
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {help ? (
          <p id={`${id}-help`} className="text-xs text-pretty text-muted">
            {help}
          </p>
        ) : null}
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={checked}
        checked={checked}
        disabled={disabled}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => onCheckedChange(event.target.checked)}
        className="relative mt-px inline-block h-5 w-9 shrink-0 appearance-none rounded-full border border-edge bg-press transition-colors before:absolute before:top-1/2 before:left-0.5 before:size-3.5 before:-translate-y-1/2 before:rounded-full before:bg-edge before:transition-transform after:absolute after:-inset-1 checked:border-accent-fill checked:bg-accent-fill checked:before:translate-x-4 checked:before:bg-accent-ink disabled:opacity-50"
      />
    </div>
  );
}
