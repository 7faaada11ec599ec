"use client";

import { type ReactNode, useId } from "react";
import { cn } from "./cn.ts";

export interface RadioCard<Value extends string> {
  value: Value;
  title: ReactNode;
  /** What choosing it means. */
  description?: ReactNode;
  /** At the end of the title: a price, a date. */
  aside?: ReactNode;
  disabledReason?: ReactNode;
}

export interface RadioCardsProps<Value extends string> {
  /** The question. */
  label: ReactNode;
  hideLabel?: boolean;
  help?: ReactNode;
  options: readonly RadioCard<Value>[];
  value: Value | null;
  onChange: (value: Value) => void;
  columns?: 1 | 2 | 3 | 4;
  className?: string;
}

const columnClass = { 1: "", 2: "sm:grid-cols-2", 3: "sm:grid-cols-3", 4: "sm:grid-cols-2 lg:grid-cols-4" } as const;

/** One of a few, each with a sentence about what it means. Arrow keys move the choice. */
export function RadioCards<Value extends string>({
  label,
  hideLabel = false,
  help,
  options,
  value,
  onChange,
  columns = 1,
  className,
}: RadioCardsProps<Value>) {
  const name = useId();
  return (
    <fieldset className={cn("min-w-0", className)} aria-describedby={help ? `${name}-help` : undefined}>
      <legend className={hideLabel ? "sr-only" : "text-sm font-medium"}>{label}</legend>
      {help ? (
        <p id={`${name}-help`} className="text-xs text-pretty text-muted">
          {help}
        </p>
      ) : null}
      <div className={cn("grid grid-cols-1 gap-2", !hideLabel && "mt-1.5", columnClass[columns])}>
        {options.map((option) => {
          const id = `${name}-${option.value}`;
          const isOff = Boolean(option.disabledReason);
          return (
            <div
              key={option.value}
              className={cn(
                "relative flex items-start gap-2.5 rounded-lg border border-line-strong bg-surface p-3 transition-colors has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
                isOff ? "bg-sunken" : "hover:border-edge",
              )}
            >
              <input
                id={id}
                type="radio"
                name={name}
                value={option.value}
                checked={value === option.value}
                disabled={isOff}
                onChange={() => onChange(option.value)}
                aria-describedby={option.description || isOff ? `${id}-help` : undefined}
                className="relative z-1 mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-edge bg-surface outline-none checked:border-5 checked:border-accent-fill"
              />
              <div className="min-w-0 flex-1">
                <div className="flex items-baseline justify-between gap-2">
                  <label htmlFor={id} className="text-sm font-medium after:absolute after:inset-0">
                    {option.title}
                  </label>
                  {option.aside ? <span className="nums text-xs text-faint">{option.aside}</span> : null}
                </div>
                {option.description || isOff ? (
                  <div id={`${id}-help`} className="text-xs text-pretty text-muted">
                    {option.disabledReason ?? option.description}
                  </div>
                ) : null}
              </div>
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
