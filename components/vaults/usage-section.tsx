"use client";

import { useQuery } from "@tanstack/react-query";
import { Section } from "#components/ui/card.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { formatNumber, formatSpan } from "#components/ui/format.ts";
import { Gauge } from "#components/ui/gauge.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ApiError } from "#lib/browser/api.ts";
import { sessionQuery } from "#lib/browser/session.ts";
import { vaultLimitsQuery } from "#lib/browser/status.ts";
import { getVaultUsageQuery, usageTrendQuery, type VaultPlaceId } from "#lib/browser/vault.ts";
import type { VaultLimits } from "#lib/contract/api.ts";
import { type TrendPoint, trendOf } from "#lib/vault/trend.ts";

/** The only limit on what is in a vault that the Limits service tells; it is of the whole region. */
const softwareVersionsLimit = "virtual-vault-softwarekeyversion-count";
const counts = [
  ["keyCount", "HSM keys"],
  ["keyVersionCount", "HSM key versions"],
  ["softwareKeyCount", "Software keys"],
  ["softwareKeyVersionCount", "Software key versions"],
] as const satisfies readonly (readonly [keyof VaultLimits, string])[];

/** How many keys and versions the vault holds, against the limits from configuration where there are any, the service's own apart, and how they went. */
export function UsageSection({ place, isGone }: { place: VaultPlaceId; isGone: boolean }) {
  const usage = useQuery({ ...getVaultUsageQuery(place), enabled: !isGone });
  const limits = useQuery(sessionQuery).data?.limits ?? {};
  const regional = useQuery({ ...vaultLimitsQuery(place), enabled: !isGone }).data?.body ?? [];
  const service = regional.find(({ name }) => name === softwareVersionsLimit)?.value ?? null;
  const trend = useQuery({ ...usageTrendQuery(place), enabled: !isGone }).data?.snapshots ?? [];
  const points = (field: string) =>
    trend.flatMap(({ at, counts: kept }) => (kept[field] === undefined ? [] : [{ at, value: kept[field] }]));
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
              <Gauge
                key={field}
                label={label}
                value={value}
                limit={limits[field]}
                // Room for two lines of notes: what is told later moves nothing.
                className="min-h-42"
                note={
                  <>
                    {limits[field] === undefined ? null : <span className="block">Your own limit.</span>}
                    {field === "softwareKeyVersionCount" && service !== null ? (
                      <span className="block whitespace-nowrap">Region's limit: {formatNumber(service)}.</span>
                    ) : null}
                    <TrendLine points={points(field)} label={label} />
                  </>
                }
              />
            );
          })}
        </div>
      )}
    </Section>
  );
}

/** How the count went since the console first looked: a line, and what it says in words. */
function TrendLine({ points, label }: { points: readonly TrendPoint[]; label: string }) {
  const trend = trendOf(points, 72, 16);
  if (trend === null) return null;
  const words = `${trend.change > 0 ? "+" : ""}${formatNumber(trend.change)} in ${formatSpan(trend.spanMs, 1)}`;
  return (
    <span className="nums mt-1 flex items-center justify-center gap-1">
      <svg viewBox="-1 -1 74 18" role="img" aria-label={`${label}: ${words}`} className="h-4 w-14 shrink-0">
        <polyline
          points={trend.line}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          className="text-accent-fill"
        />
      </svg>
      <span aria-hidden="true" className="whitespace-nowrap">
        {words}
      </span>
    </span>
  );
}

function GaugeSkeleton() {
  return (
    <div className="flex h-42 flex-col items-center gap-2">
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
