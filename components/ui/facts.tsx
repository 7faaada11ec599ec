import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export interface FactsProps {
  /** Columns from 640 px up; one below. */
  columns?: 1 | 2 | 3;
  className?: string;
  /** `Fact` elements. */
  children: ReactNode;
}

const columnClass = { 1: "", 2: "sm:grid-cols-2", 3: "sm:grid-cols-2 xl:grid-cols-3" } as const;

/** A description list: what is known about a thing, name over value. */
export function Facts({ columns = 2, className, children }: FactsProps) {
  return <dl className={cn("grid grid-cols-1 gap-x-8 gap-y-3.5", columnClass[columns], className)}>{children}</dl>;
}

export interface FactProps {
  name: ReactNode;
  /** A word or two about where the value comes from. */
  note?: ReactNode;
  /** Takes the whole width. */
  wide?: boolean;
  /** The value. Nothing at all is shown as "None". */
  children: ReactNode;
}

/** One name and its value. */
export function Fact({ name, note, wide = false, children }: FactProps) {
  const isEmpty = children === null || children === undefined || children === "";
  return (
    <div className={cn("min-w-0", wide && "sm:col-span-full")}>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="mt-0.5 min-w-0 text-sm wrap-anywhere">
        {isEmpty ? <span className="text-faint">None</span> : children}
        {note ? <p className="mt-0.5 text-xs text-faint">{note}</p> : null}
      </dd>
    </div>
  );
}
