"use client";

import { useQuery } from "@tanstack/react-query";
import { ShieldX, UsersRound } from "lucide-react";
import { StatusBadge } from "#components/ui/badge.tsx";
import { Button, TextLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Card, Section } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { PageSkeleton } from "#components/ui/page-skeleton.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { pollEvery, wordsOf } from "#lib/browser/api.ts";
import { approvalsQuery } from "#lib/browser/approvals.ts";
import { useKnownRole } from "#lib/browser/session.ts";
import type { Approval, FourEyes } from "#lib/contract/api.ts";
import { operationLabel } from "#lib/vault/operation-words.ts";
import { dueOf, nameOf, stateWords } from "./words.ts";

/** What waits for a second person, and what was decided. */
export function ApprovalsPage() {
  const role = useKnownRole();
  if (role === null) return <PageSkeleton title="Approvals" />;
  return (
    <Page>
      {role === "admin" || role === "auditor" ? (
        <Requests />
      ) : (
        <>
          <PageHeader title="Approvals" />
          <Card>
            <EmptyState icon={<ShieldX />} title="Approvals are for security admins and auditors" level={2}>
              What cannot be undone is asked for by one security admin and agreed to by another.
            </EmptyState>
          </Card>
        </>
      )}
    </Page>
  );
}

function Requests() {
  const { data, error, refetch, isFetching } = useQuery({ ...approvalsQuery, refetchInterval: pollEvery(15_000) });
  const waiting = data?.approvals.filter(({ state }) => state === "pending" || state === "approved") ?? [];
  const decided = data?.approvals.filter((each) => !waiting.includes(each)) ?? [];
  return (
    <>
      <PageHeader
        title="Approvals"
        description="Scheduling a deletion, moving, deleting a replica, restoring and granting a role cannot be undone by a click: one security admin asks, another agrees."
        actions={
          <Button onClick={() => void refetch()} loading={isFetching}>
            Read again
          </Button>
        }
      />
      {data === undefined ? null : <FourEyesNotice fourEyes={data.fourEyes} />}
      {data === undefined && error !== null ? (
        <ErrorBlock
          look="page"
          {...wordsOf(error, "The requests could not be read.")}
          onRetry={() => void refetch()}
          retrying={isFetching}
        />
      ) : (
        <>
          <Section title="Waiting" flush>
            {data === undefined ? (
              <ListSkeleton />
            ) : waiting.length === 0 ? (
              <EmptyState icon={<UsersRound />} title="Nothing waits for a second person" level={3}>
                Requests appear here as soon as somebody asks, and expire after four hours.
              </EmptyState>
            ) : (
              <List label="Waiting requests" approvals={waiting} />
            )}
          </Section>
          {decided.length === 0 ? null : (
            <Section title="Decided" flush>
              <List label="Decided requests" approvals={decided} />
            </Section>
          )}
        </>
      )}
    </>
  );
}

function FourEyesNotice({ fourEyes }: { fourEyes: FourEyes }) {
  return fourEyes.isOn ? (
    <p className="text-sm text-muted">Four eyes are on. {fourEyes.why}</p>
  ) : (
    <Callout tone="warn" title="Four eyes are off: one person alone can do what cannot be undone">
      {fourEyes.why}
    </Callout>
  );
}

function List({ label, approvals }: { label: string; approvals: readonly Approval[] }) {
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {approvals.map((approval) => (
        <Row key={approval.id} approval={approval} />
      ))}
    </ul>
  );
}

function Row({ approval }: { approval: Approval }) {
  const state = stateWords(approval.state);
  const due = dueOf(approval);
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-2.5 text-sm sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <TextLink href={`/approvals/${approval.id}`} className="font-medium">
            {operationLabel(approval.operation)}
          </TextLink>
          <span className="min-w-0 wrap-anywhere">
            <bdi>{nameOf(approval)}</bdi>
          </span>
          <StatusBadge tone={state.tone} look="plain">
            {state.label}
          </StatusBadge>
        </span>
        <p className="mt-0.5 text-pretty text-muted">
          <bdi>{approval.requester.name}</bdi>: {approval.reason}
        </p>
      </div>
      <div className="text-xs text-muted sm:text-right">
        <p>
          Asked <TimeText time={approval.createdAt} show="relative" />
        </p>
        {approval.state === "pending" ? (
          <p>
            Expires <TimeText time={approval.expiresAt} show="relative" />
          </p>
        ) : null}
        {due === null ? null : (
          <p className="text-danger">
            Deletion <TimeText time={due} />
          </p>
        )}
      </div>
    </li>
  );
}

function ListSkeleton() {
  return (
    <ul aria-busy="true" className="divide-y divide-line">
      {["a", "b", "c"].map((key) => (
        <li key={key} className="space-y-2 px-4 py-3">
          <Skeleton className="w-64" />
          <Skeleton className="w-96 max-w-full" />
        </li>
      ))}
    </ul>
  );
}
