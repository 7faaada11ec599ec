"use client";

import { type InputHTMLAttributes, type ReactNode, type Ref, type TextareaHTMLAttributes, useId } from "react";
import { cn } from "./cn.ts";

/** The look of everything one types into. */
export const controlClass =
  "block w-full min-w-0 rounded-md border border-edge bg-surface text-sm text-ink transition-colors hover:border-muted focus-visible:border-accent focus-visible:outline-offset-0 aria-invalid:border-danger disabled:border-line-strong disabled:bg-sunken disabled:text-muted [&:is(input,textarea):read-only]:bg-sunken pointer-coarse:text-lg";

interface FieldParts {
  label: ReactNode;
  /** Under the label, before one types: what it is for, what is allowed. */
  help?: ReactNode | undefined;
  /** What is wrong and how to put it right. */
  error?: ReactNode | undefined;
  /** Beside the label: "optional". */
  optional?: boolean | undefined;
  /** At the end of the label row: a counter, a link. */
  aside?: ReactNode | undefined;
}

export interface FieldProps extends FieldParts {
  className?: string;
  /** Draws the control with the ids it must carry. */
  children: (ids: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": true | undefined;
  }) => ReactNode;
}

/** Label, help, control and error, tied together for screen readers. The error's line is announced when it appears. */
export function Field({ label, help, error, optional = false, aside, className, children }: FieldProps) {
  const id = useId();
  const helpId = `${id}-help`;
  const errorId = `${id}-error`;
  return (
    <div className={cn("min-w-0", className)}>
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium wrap-anywhere">
          {label}
          {optional ? <span className="font-normal text-faint"> · optional</span> : null}
        </label>
        {aside ? <span className="nums shrink-0 text-xs text-faint">{aside}</span> : null}
      </div>
      {help ? (
        <p id={helpId} className="text-xs text-pretty text-muted">
          {help}
        </p>
      ) : null}
      <div className="mt-1">
        {children({
          id,
          "aria-describedby": cn(help && helpId, error && errorId) || undefined,
          "aria-invalid": error ? true : undefined,
        })}
      </div>
      <p id={errorId} role="alert" className={error ? "mt-1 text-xs text-danger" : "hidden"}>
        {error}
      </p>
    </div>
  );
}

export interface TextFieldProps extends FieldParts, Omit<InputHTMLAttributes<HTMLInputElement>, "size" | "id"> {
  /** For OCIDs, names that must match exactly, tokens. */
  mono?: boolean;
  ref?: Ref<HTMLInputElement>;
  /** On the wrapper, for layout. */
  className?: string;
}

/** One line of text, with its label. Every prop of `<input>` is passed on. */
export function TextField({ label, help, error, optional, aside, mono = false, className, ...input }: TextFieldProps) {
  return (
    <Field
      label={label}
      help={help}
      error={error}
      optional={optional}
      aside={aside}
      {...(className ? { className } : {})}
    >
      {(ids) => (
        <input
          type="text"
          {...input}
          {...ids}
          className={cn(controlClass, "h-8 px-2.5 pointer-coarse:h-10", mono && "font-mono")}
        />
      )}
    </Field>
  );
}

export interface TextareaProps extends FieldParts, Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "id"> {
  ref?: Ref<HTMLTextAreaElement>;
  className?: string;
}

/** Several lines of text, with their label; grows with what is written. */
export function Textarea({ label, help, error, optional, aside, className, rows = 3, ...textarea }: TextareaProps) {
  return (
    <Field
      label={label}
      help={help}
      error={error}
      optional={optional}
      aside={aside}
      {...(className ? { className } : {})}
    >
      {(ids) => (
        <textarea
          rows={rows}
          {...textarea}
          {...ids}
          className={cn(controlClass, "field-sizing-content max-h-60 min-h-16 resize-y px-2.5 py-1.5")}
        />
      )}
    </Field>
  );
}
