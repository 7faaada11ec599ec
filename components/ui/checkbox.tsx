"use client";

import { Check, Minus } from "lucide-react";
import { type InputHTMLAttributes, type ReactNode, useId } from "react";
import { cn } from "./cn.ts";

interface BoxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "onChange" | "checked"> {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  /** Some but not all: shown as a dash. */
  indeterminate?: boolean;
}

/** The bare box: give it an `aria-label`. The target is 24 px wide even though the box is 16. */
export function CheckboxBox({ checked, onCheckedChange, indeterminate = false, className, ...input }: BoxProps) {
  return (
    <span className={cn("relative inline-flex size-6 shrink-0 items-center justify-center", className)}>
      <input
        {...input}
        ref={(element) => {
          if (element) element.indeterminate = indeterminate;
        }}
        type="checkbox"
        checked={checked}
        onChange={(event) => onCheckedChange(event.target.checked)}
        className="peer absolute inset-0 m-auto size-4 appearance-none rounded-xs border border-edge bg-surface transition-colors before:absolute before:-inset-1.5 checked:border-accent-fill checked:bg-accent-fill indeterminate:border-accent-fill indeterminate:bg-accent-fill hover:border-accent disabled:border-line-strong disabled:bg-sunken"
      />
      {indeterminate ? (
        <Minus aria-hidden="true" strokeWidth={3} className="pointer-events-none relative size-3 text-accent-ink" />
      ) : (
        <Check
          aria-hidden="true"
          strokeWidth={3}
          className="pointer-events-none relative hidden size-3 text-accent-ink peer-checked:block peer-disabled:text-faint"
        />
      )}
    </span>
  );
}

export interface CheckboxProps extends BoxProps {
  label: ReactNode;
  help?: ReactNode;
}

/** A box with its words; the words can be clicked too. */
export function Checkbox({ label, help, className, ...box }: CheckboxProps) {
  const id = useId();
  return (
    <div className={cn("flex items-start gap-1.5", className)}>
      <CheckboxBox {...box} id={id} aria-describedby={help ? `${id}-help` : undefined} className="-mt-0.5 -ml-1" />
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm wrap-anywhere">
          {label}
        </label>
        {help ? (
          <p id={`${id}-help`} className="text-xs text-pretty text-muted">
            {help}
          </p>
        ) : null}
      </div>
    </div>
  );
}
