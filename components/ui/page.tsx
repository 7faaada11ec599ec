import type { Route } from "next";
import Link from "next/link";
import { Fragment, type ReactNode } from "react";
import { cn } from "./cn.ts";

export interface PageProps {
  /** `reading`: at most 1152 px (a vault, a form). `wide`: the whole width. */
  width?: "reading" | "wide";
  className?: string;
  children: ReactNode;
}

/** The body of a page that scrolls: gutters, width, and space between its sections. */
export function Page({ width = "reading", className, children }: PageProps) {
  return (
    <div
      className={cn(
        "mx-auto flex w-full flex-col gap-4 px-4 py-4 sm:px-6 sm:py-5",
        width === "reading" && "max-w-6xl",
        className,
      )}
    >
      {children}
    </div>
  );
}

/**
 * The body of a page that fills the window (one long table): from 640 px up the page itself does not scroll, the
 * part inside that has `min-h-0 flex-1` does. Below, it is an ordinary page.
 */
export function FillPage({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div data-fill="" className={cn("flex w-full min-w-0 flex-col", className)}>
      {children}
    </div>
  );
}

export interface Crumb {
  label: ReactNode;
  href: string;
}

export interface PageHeaderProps {
  title: ReactNode;
  /** The way back up. */
  crumbs?: readonly Crumb[];
  /** Beside the title: the state. */
  badges?: ReactNode;
  /** One sentence under the title: what this is, what state it is in. */
  description?: ReactNode;
  /** Buttons; the main one last. */
  actions?: ReactNode;
  className?: string;
}

/** Where one is, what it is, and what can be done: the top of a page. Names wrap, they are never cut. */
export function PageHeader({ title, crumbs, badges, description, actions, className }: PageHeaderProps) {
  return (
    <header className={cn("flex flex-wrap items-start gap-x-6 gap-y-3", className)}>
      <div className="min-w-0 flex-1 basis-72">
        {crumbs?.length ? (
          <nav aria-label="Breadcrumb" className="mb-1">
            <ol className="flex flex-wrap items-center gap-x-1.5 text-xs text-muted">
              {crumbs.map((crumb, index) => (
                <Fragment key={crumb.href}>
                  <li>
                    <Link
                      href={crumb.href as Route}
                      className="inline-flex min-h-6 items-center rounded-xs hover:text-accent hover:underline"
                    >
                      {crumb.label}
                    </Link>
                  </li>
                  {index < crumbs.length - 1 ? (
                    <li aria-hidden="true" className="text-faint">
                      /
                    </li>
                  ) : null}
                </Fragment>
              ))}
            </ol>
          </nav>
        ) : null}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl tracking-tight wrap-anywhere">{title}</h1>
          {badges ? <div className="flex flex-wrap items-center gap-1.5">{badges}</div> : null}
        </div>
        {description ? <div className="mt-1 max-w-3xl text-sm text-pretty text-muted">{description}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}

/** A row of controls over a list: search first, filters, and at the end what concerns the whole list. */
export function Toolbar({
  label,
  end,
  className,
  children,
}: {
  /** Name for screen readers: "Filters". */
  label: string;
  end?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this groups the controls of a list
    <div role="group" aria-label={label} className={cn("flex flex-wrap items-center gap-2", className)}>
      {children}
      {end ? <div className="ml-auto flex flex-wrap items-center gap-2">{end}</div> : null}
    </div>
  );
}
