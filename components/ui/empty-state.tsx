import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export interface EmptyStateProps {
  icon?: ReactNode;
  /** What is not there: "No vaults match these filters". */
  title: ReactNode;
  /** Why, and what would change it. */
  children?: ReactNode;
  /** The way out: "Clear filters". */
  action?: ReactNode;
  className?: string;
}

/** Nothing to show, said in words, with the way out. */
export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
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
      <p className="text-base font-semibold">{title}</p>
      {children ? <div className="max-w-md text-sm text-pretty text-muted">{children}</div> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
