import type { ReactNode } from "react";
import { Page, PageHeader, type PageHeaderProps } from "./page.tsx";
import { Skeleton } from "./skeleton.tsx";

/** Two columns of sections that are on their way: a form and its decision. */
export function FormSkeleton() {
  return (
    <div aria-busy="true" className="grid grid-cols-1 items-start gap-4 lg:grid-cols-5">
      <Skeleton className="h-112 rounded-lg lg:col-span-3" />
      <Skeleton className="h-48 rounded-lg lg:col-span-2" />
    </div>
  );
}

/** A page of which only the head is known. */
export function PageSkeleton({ children, ...header }: PageHeaderProps & { children?: ReactNode }) {
  return (
    <Page>
      <PageHeader {...header} />
      {children ?? (
        <div aria-busy="true">
          <Skeleton className="h-64 w-full rounded-lg" />
        </div>
      )}
    </Page>
  );
}
