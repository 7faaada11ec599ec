"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, ScrollText, ShieldX } from "lucide-react";
import { useDeferredValue } from "react";
import { StatusBadge } from "#components/ui/badge.tsx";
import { Button, buttonClass, TextLink } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { PageSkeleton } from "#components/ui/page-skeleton.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { activityQuery, exportHref } from "#lib/browser/activity.ts";
import { wordsOf } from "#lib/browser/api.ts";
import { useKnownRole } from "#lib/browser/session.ts";
import { type ActivityEntry, trailFormats } from "#lib/contract/api.ts";
import { operationLabel } from "#lib/vault/operation-words.ts";
import { TrailFilters, useTrailFilter } from "./trail-filters.tsx";
import { useVerification, VerifyButton, VerifyResult } from "./verify-trail.tsx";
import { actorWords, resultWords, targetName } from "./words.ts";

/** The whole trail of changes made through this console. */
export function ActivityPage() {
  const role = useKnownRole();
  if (role === null) return <PageSkeleton title="Activity" />;
  if (role !== "auditor" && role !== "admin") {
    return (
      <Page>
        <PageHeader title="Activity" />
        <Card>
          <EmptyState icon={<ShieldX />} title="The whole trail is for auditors and security admins" level={2}>
            What was done to one vault, by whom and why, is on that vault's page, for everybody.
          </EmptyState>
        </Card>
      </Page>
    );
  }
  return <Trail />;
}

function Trail() {
  const { filter, isFiltered, change, clear } = useTrailFilter();
  // The list follows what is typed, a moment behind.
  const wanted = useDeferredValue(filter);
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    activityQuery(wanted),
  );
  const verification = useVerification();
  const entries = data?.pages.flatMap((page) => page.entries) ?? null;
  return (
    <Page>
      <PageHeader
        title="Activity"
        description="Every change made or tried through this console, with sign-ins, approvals and whoever was turned away. Changes made elsewhere, in Oracle's console or by programs, are in OCI's own audit log."
        actions={
          <>
            <VerifyButton verification={verification} />
            {trailFormats.map((format) => (
              <a key={format} href={exportHref(filter, format)} download className={buttonClass()}>
                <Download className="size-4" aria-hidden="true" />
                Export {format === "csv" ? "CSV" : "JSON lines"}
              </a>
            ))}
            <Button onClick={() => void refetch()} loading={isFetching && !isFetchingNextPage}>
              Read again
            </Button>
          </>
        }
      />
      <VerifyResult verification={verification} />
      <TrailFilters filter={filter} onChange={change} />
      {entries === null ? (
        error === null ? (
          <TrailSkeleton />
        ) : (
          <ErrorBlock
            look="page"
            {...wordsOf(error, "The trail could not be read.")}
            onRetry={() => void refetch()}
            retrying={isFetching}
          />
        )
      ) : entries.length === 0 ? (
        <Card>
          <EmptyState
            icon={<ScrollText />}
            title={isFiltered ? "Nothing matches" : "Nothing has been changed yet"}
            level={2}
            action={isFiltered ? <Button onClick={clear}>Clear filters</Button> : undefined}
          >
            {isFiltered
              ? null
              : "Changes, and tries that were refused, are listed here with who, why and how they ended."}
          </EmptyState>
        </Card>
      ) : (
        <EntryTable entries={entries} />
      )}
      <div className="flex items-center gap-3 text-sm text-muted">
        <span role="status">
          {entries === null
            ? ""
            : `${formatCount(entries.length, "entry", "entries")} shown${hasNextPage ? ", older ones not read yet" : ""}`}
        </span>
        {hasNextPage ? (
          <Button size="sm" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
            Read older entries
          </Button>
        ) : null}
      </div>
    </Page>
  );
}

/** Entries in a table that becomes lines on narrow screens. */
export function EntryTable({
  entries,
  isOfOneVault = false,
}: {
  entries: readonly ActivityEntry[];
  isOfOneVault?: boolean;
}) {
  return (
    <ul
      aria-label="Entries, newest first"
      className={
        isOfOneVault ? "divide-y divide-line" : "divide-y divide-line rounded-lg border border-line bg-surface"
      }
    >
      {entries.map((entry) => (
        <EntryRow key={entry.receiptId} entry={entry} isOfOneVault={isOfOneVault} />
      ))}
    </ul>
  );
}

function EntryRow({ entry, isOfOneVault }: { entry: ActivityEntry; isOfOneVault: boolean }) {
  const result = resultWords(entry.result);
  const name = targetName(entry);
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-2.5 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0 text-sm">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <TextLink href={`/activity/${entry.receiptId}`} className="font-medium">
            {operationLabel(entry.operation)}
          </TextLink>
          {isOfOneVault ? null : (
            <span className="min-w-0 wrap-anywhere">
              <bdi>{name ?? entry.target}</bdi>
            </span>
          )}
          <StatusBadge tone={result.tone} look="plain">
            {result.label}
          </StatusBadge>
        </span>
        <p className="text-xs text-muted wrap-anywhere">
          {actorWords(entry)}
          {entry.reason === null ? "" : <> · “{entry.reason}”</>}
          {entry.ticket === null ? "" : <> · {entry.ticket}</>}
          {entry.error === null ? null : <> · {entry.error}</>}
        </p>
      </div>
      <TimeText time={entry.at} className="text-xs text-muted sm:text-right" />
    </li>
  );
}

function TrailSkeleton() {
  return (
    <Card className="divide-y divide-line">
      {["a", "b", "c", "d", "e"].map((key) => (
        <div key={key} className="flex h-14 items-center gap-6 px-4">
          <Skeleton className="w-1/3" />
          <Skeleton className="w-1/4" />
        </div>
      ))}
    </Card>
  );
}
