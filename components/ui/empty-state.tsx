import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export interface EmptyStateProps {
  icon?: ReactNode;
  /** What is not there: "No vaults match these filters". */
  title: ReactNode;
  /** The title is a heading of this level: when the emptiness is the page (1) or a part of it. */
  level?: 1 | 2 | 3;
  /** Why, and what would change it. */
  children?: ReactNode;
  /** The way out: "Clear filters". */
  action?: ReactNode;
  className?: string;
}

/** Nothing to show, said in words, with the way out. */
export function EmptyState({ icon, title, level, children, action, className }: EmptyStateProps) {
  const Title = level ? (`h${level}` as const) : "p";
  return (
    <div className={cn("flex flex-col items-center gap-1 px-6 py-12 text-center", className)}>
      {icon ? (
        <span
          aria-hidden="true"
          className="mb-2 inline-flex size-10 items-center justify-center rounded-lg border border-line bg-sunken text-faint [&_svg]:size-5"
        >
          {icon}
        </span>
      ) : null}
      <Title className="text-base font-semibold wrap-anywhere">{title}</Title>
      {children ? <div className="max-w-md text-sm text-pretty text-muted">{children}</div> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
