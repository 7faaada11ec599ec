"use client";

import { useQuery } from "@tanstack/react-query";
import { Section } from "#components/ui/card.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Gauge } from "#components/ui/gauge.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ApiError } from "#lib/browser/api.ts";
import { sessionQuery } from "#lib/browser/session.ts";
import { getVaultUsageQuery, type VaultPlaceId } from "#lib/browser/vault.ts";
import type { VaultLimits } from "#lib/contract/api.ts";

const counts = [
  ["keyCount", "HSM keys"],
  ["keyVersionCount", "HSM key versions"],
  ["softwareKeyCount", "Software keys"],
  ["softwareKeyVersionCount", "Software key versions"],
] as const satisfies readonly (readonly [keyof VaultLimits, string])[];

/** How many keys and versions the vault holds, against the limits from configuration where there are any. */
export function UsageSection({ place, isGone }: { place: VaultPlaceId; isGone: boolean }) {
  const usage = useQuery({ ...getVaultUsageQuery(place), enabled: !isGone });
  const limits = useQuery(sessionQuery).data?.limits ?? {};
  return (
    <Section title="Usage" description="Keys in all compartments, those pending deletion included.">
      {isGone ? (
        <p className="text-sm text-muted">A deleted vault holds no keys.</p>
      ) : usage.data === undefined && usage.error !== null ? (
        <UsageError error={usage.error} onRetry={() => void usage.refetch()} isRetrying={usage.isFetching} />
      ) : (
        <div className="grid grid-cols-2 gap-x-2 gap-y-4" aria-busy={usage.data === undefined}>
          {counts.map(([field, label]) => {
            if (usage.data === undefined) return <GaugeSkeleton key={field} />;
            const value = usage.data.body[field];
            return value == null ? (
              <p key={field} className="self-center text-center text-sm text-muted">
                {label}: the service does not say
              </p>
            ) : (
              <Gauge key={field} label={label} value={value} limit={limits[field]} />
            );
          })}
        </div>
      )}
    </Section>
  );
}

function GaugeSkeleton() {
  return (
    <div className="flex h-35 flex-col items-center gap-2">
      <Skeleton className="size-24 rounded-full" />
      <Skeleton className="w-20" />
    </div>
  );
}

function UsageError({ error, onRetry, isRetrying }: { error: Error; onRetry: () => void; isRetrying: boolean }) {
  const known = error instanceof ApiError ? error : null;
  return (
    <ErrorBlock
      title="The counts could not be read"
      why={known?.message}
      code={known?.code}
      requestId={known?.requestId}
      onRetry={onRetry}
      retrying={isRetrying}
    />
  );
}
