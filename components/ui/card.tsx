import { type ReactNode, useId } from "react";
import { cn } from "./cn.ts";

/** A plain surface. */
export function Card({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={cn("rounded-lg border border-line bg-surface", className)}>{children}</div>;
}

export interface SectionProps {
  title: ReactNode;
  /** One sentence under the title. */
  description?: ReactNode;
  /** Buttons at the end of the title row. */
  actions?: ReactNode;
  /** A number beside the title: how many replicas, tags, backups. */
  count?: number | undefined;
  /** `flush`: no padding around the content (tables, lists). */
  flush?: boolean;
  level?: 2 | 3;
  className?: string;
  children: ReactNode;
}

/** A titled surface: one subject of a page. */
export function Section({
  title,
  description,
  actions,
  count,
  flush = false,
  level = 2,
  className,
  children,
}: SectionProps) {
  const titleId = useId();
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section aria-labelledby={titleId} className={cn("rounded-lg border border-line bg-surface", className)}>
      <div className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2">
        <div className="min-w-0 grow basis-40">
          <Heading id={titleId} className="text-base">
            {title}{" "}
            {count === undefined ? null : <span className="nums ml-2 text-sm font-normal text-faint">{count}</span>}
          </Heading>
          {description ? <p className="text-xs text-muted">{description}</p> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
      <div className={flush ? undefined : "p-4"}>{children}</div>
    </section>
  );
}
