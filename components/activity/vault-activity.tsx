"use client";

import { useQuery } from "@tanstack/react-query";
import { Section } from "#components/ui/card.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { vaultActivityQuery } from "#lib/browser/activity.ts";
import { wordsOf } from "#lib/browser/api.ts";
import { useRevealed } from "#lib/browser/reveal.ts";
import type { RevealBody } from "#lib/contract/api.ts";
import { EntryTable } from "./activity-page.tsx";

/** What was done to one vault through this console, by whom and why; for everybody. */
export function VaultActivity({ place }: { place: RevealBody }) {
  const { data, error, refetch, isFetching } = useQuery(vaultActivityQuery(place.vaultId));
  const actors = useRevealed(place)?.actors ?? {};
  return (
    <Section
      title="Activity"
      description="Changes made or tried through this console."
      count={data?.entries.length}
      flush
    >
      {data === undefined ? (
        error === null ? (
          <div className="space-y-2 p-4" aria-busy="true">
            <Skeleton className="w-1/2" />
            <Skeleton className="w-1/3" />
          </div>
        ) : (
          <div className="p-4">
            <ErrorBlock
              {...wordsOf(error, "The activity could not be read.")}
              onRetry={() => void refetch()}
              retrying={isFetching}
            />
          </div>
        )
      ) : data.entries.length === 0 ? (
        <p className="p-4 text-sm text-muted">Nothing yet. What was done elsewhere is in OCI's own audit log.</p>
      ) : (
        <EntryTable
          entries={data.entries.map((entry) => ({ ...entry, actor: actors[entry.receiptId] ?? entry.actor }))}
          isOfOneVault
        />
      )}
    </Section>
  );
}
