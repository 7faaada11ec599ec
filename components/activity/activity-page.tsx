"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText, ShieldX } from "lucide-react";
import { useState } from "react";
import { StatusBadge } from "#components/ui/badge.tsx";
import { Button, TextLink } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Chip } from "#components/ui/chip.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { SearchField } from "#components/ui/search-field.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { activityQuery } from "#lib/browser/activity.ts";
import { ApiError } from "#lib/browser/api.ts";
import { useRole } from "#lib/browser/session.ts";
import type { ActivityEntry } from "#lib/contract/api.ts";
import { roleNames } from "#lib/vault/actions.ts";
import { operationLabel } from "#lib/vault/operation-words.ts";
import { useVerification, VerifyButton, VerifyResult } from "./verify-trail.tsx";
import { resultWords, targetName } from "./words.ts";

const resultFilters = ["ok", "failed", "unknown", "refused"] as const;

/** The whole trail of changes made through this console. */
export function ActivityPage() {
  const role = useRole();
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
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(activityQuery);
  const verification = useVerification();
  const [search, setSearch] = useState("");
  const [result, setResult] = useState<ActivityEntry["result"] | null>(null);
  const entries = data?.pages.flatMap((page) => page.entries) ?? null;
  const shown =
    entries?.filter((entry) => (result === null || entry.result === result) && matches(entry, search)) ?? [];
  const refusal = error instanceof ApiError ? error : null;
  return (
    <Page>
      <PageHeader
        title="Activity"
        description="Every change made or tried through this console, sign-ins included. Changes made elsewhere, in Oracle's console or by programs, are in OCI's own audit log."
        actions={
          <>
            <VerifyButton verification={verification} />
            <Button onClick={() => void refetch()} loading={isFetching && !isFetchingNextPage}>
              Read again
            </Button>
          </>
        }
      />
      <VerifyResult verification={verification} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this groups the filters of a list */}
      <div role="group" aria-label="Filters" className="flex flex-wrap items-center gap-2">
        <SearchField
          label="Search activity"
          placeholder="Person, vault, OCID, reason, request id"
          value={search}
          onChange={setSearch}
        />
        {resultFilters.map((each) => (
          <Chip
            key={each}
            pressed={result === each}
            count={entries?.filter((entry) => entry.result === each).length ?? 0}
            onPressedChange={(isOn) => setResult(isOn ? each : null)}
          >
            {resultWords(each).label}
          </Chip>
        ))}
      </div>
      {entries === null ? (
        error === null ? (
          <TrailSkeleton />
        ) : (
          <ErrorBlock
            look="page"
            title={refusal?.message ?? "The trail could not be read."}
            why={refusal?.why}
            whatToDo={refusal?.action}
            requestId={refusal?.requestId}
            onRetry={() => void refetch()}
            retrying={isFetching}
          />
        )
      ) : shown.length === 0 ? (
        <Card>
          <EmptyState
            icon={<ScrollText />}
            title={entries.length === 0 ? "Nothing has been changed yet" : "Nothing matches"}
            level={2}
            action={
              entries.length === 0 ? undefined : (
                <Button
                  onClick={() => {
                    setSearch("");
                    setResult(null);
                  }}
                >
                  Clear search and filters
                </Button>
              )
            }
          >
            {entries.length === 0
              ? "Changes, and tries that were refused, are listed here with who, why and how they ended."
              : null}
          </EmptyState>
        </Card>
      ) : (
        <EntryTable entries={shown} />
      )}
      <div className="flex items-center gap-3 text-sm text-muted">
        <span role="status">
          {entries === null
            ? ""
            : `${formatCount(shown.length, "entry", "entries")} shown${hasNextPage ? ", older ones not read yet" : ""}`}
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

function matches(entry: ActivityEntry, search: string): boolean {
  const text = search.trim().toLowerCase();
  if (text === "") return true;
  const fields = [
    entry.actor,
    operationLabel(entry.operation),
    entry.target,
    targetName(entry),
    entry.reason,
    entry.requestId,
    entry.opcRequestId,
    entry.region,
  ];
  return fields.some((field) => field?.toLowerCase().includes(text));
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
          {entry.actor}, {roleNames[entry.role].toLowerCase()}
          {entry.reason === null ? "" : <> · “{entry.reason}”</>}
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
