"use client";

import { ChevronDown } from "lucide-react";
import type { ReactNode, Ref, SelectHTMLAttributes } from "react";
import { cn } from "./cn.ts";
import { controlClass, Field } from "./field.tsx";

export interface SelectOption {
  value: string;
  label: string;
  disabled?: boolean;
}

export interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, "id" | "onChange" | "size"> {
  label: ReactNode;
  hideLabel?: boolean;
  help?: ReactNode;
  error?: ReactNode;
  options: readonly SelectOption[];
  value: string;
  onChange: (value: string) => void;
  ref?: Ref<HTMLSelectElement>;
  className?: string;
}

/**
 * One of a few. The browser's own select: right on every phone, with every screen reader, before any script has run.
 * For many options, or several at once, use `Picker`.
 */
export function Select({
  label,
  hideLabel = false,
  help,
  error,
  options,
  value,
  onChange,
  className,
  ...select
}: SelectProps) {
  const control = (ids: object) => (
    <div className="relative">
      <select
        {...select}
        {...ids}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={cn(controlClass, "h-8 appearance-none truncate pr-8 pl-2.5 pointer-coarse:h-10")}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-faint"
      />
    </div>
  );
  if (hideLabel) {
    return <div className={className}>{control({ "aria-label": typeof label === "string" ? label : undefined })}</div>;
  }
  return (
    <Field label={label} help={help} error={error} {...(className ? { className } : {})}>
      {control}
    </Field>
  );
}
