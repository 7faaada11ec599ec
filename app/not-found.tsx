import { SearchX } from "lucide-react";
import type { Metadata } from "next";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <EmptyState
        icon={<SearchX />}
        title="There is no such page"
        level={1}
        action={<ButtonLink href="/vaults">Go to the vaults</ButtonLink>}
      >
        The address may be mistyped, or the page has moved. A vault's own page is found from the list of vaults.
      </EmptyState>
    </main>
  );
}
