"use client";

import { useQuery } from "@tanstack/react-query";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Section } from "#components/ui/card.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { formatNumber, formatSpan } from "#components/ui/format.ts";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { wordsOf } from "#lib/browser/api.ts";
import { statusQuery } from "#lib/browser/status.ts";
import { maskedText, type StatusAnswer, type TenancyStatus } from "#lib/contract/api.ts";
import { judgeStatus } from "#lib/vault/status-words.ts";
import { BudgetBar } from "./budget-bar.tsx";
import { ServiceTable } from "./service-table.tsx";
import { SlotsSection } from "./slots-section.tsx";

/** Whether it is us or Oracle: the console itself, its signing, every region's last good call, budgets, slots. */
export function StatusPage() {
  const { data, error, refetch, isFetching } = useQuery(statusQuery);
  return (
    <Page>
      <PageHeader
        title="Status"
        description="What works right now, as this instance of the console sees it."
        actions={
          <Button onClick={() => void refetch()} loading={isFetching && data === undefined}>
            Read again
          </Button>
        }
      />
      {error === null ? null : (
        <ErrorBlock
          look={data === undefined ? "page" : "inline"}
          {...wordsOf(error, "The console's server does not answer.")}
          onRetry={() => void refetch()}
          retrying={isFetching}
        />
      )}
      {data === undefined ? error === null ? <StatusSkeleton /> : null : <Found status={data} />}
    </Page>
  );
}

function Found({ status }: { status: StatusAnswer }) {
  const verdict = judgeStatus(status);
  return (
    <>
      <Callout tone={verdict.tone} role="status" title={verdict.title}>
        {verdict.text}
      </Callout>
      <Section title="This console">
        <Facts columns={3}>
          <Fact name="Connected to">
            {status.mode === "rehearsal" ? "The built-in emulator: nothing is real" : "Oracle Cloud Infrastructure"}
          </Fact>
          <Fact name="Running since">
            <TimeText time={status.startedAt} />
          </Fact>
          <Fact name="Takes requests">{status.isDraining ? "No: it is stopping" : "Yes"}</Fact>
          <Fact name="Store">{`${status.store.kind}, ${status.store.isWell ? "answers" : "does not answer"}`}</Fact>
          <Fact
            name="Receipts"
            note={
              status.receipts.unwritten > 0 ? `${formatNumber(status.receipts.unwritten)} wait in memory` : undefined
            }
          >
            {status.receipts.isWell ? "Written" : "Cannot be written: no change goes out"}
          </Fact>
          <Fact name="Oracle's clock">
            {status.serviceClockAheadMs === 0
              ? "Agrees with ours"
              : `${formatSpan(Math.abs(status.serviceClockAheadMs), 2)} ${status.serviceClockAheadMs > 0 ? "ahead of" : "behind"} ours`}
          </Fact>
        </Facts>
      </Section>
      {status.tenancies.map((tenancy) => (
        <TenancySections key={tenancy.id} tenancy={tenancy} now={status.now} />
      ))}
    </>
  );
}

function TenancySections({ tenancy, now }: { tenancy: TenancyStatus; now: number }) {
  return (
    <>
      <Section
        title={
          <>
            <bdi>{tenancy.name}</bdi>: calls to Oracle
          </>
        }
        actions={<Badge>Profile {tenancy.profile}</Badge>}
        flush
      >
        <div className="grid gap-x-8 gap-y-4 border-b border-line p-4 sm:grid-cols-2">
          <BudgetBar label="Reads" budget={tenancy.budgets.read} />
          <BudgetBar label="Writes" budget={tenancy.budgets.write} />
          <Facts columns={2} className="sm:col-span-2">
            <Fact name="Signed with">{signingWords[tenancy.signing.kind] ?? tenancy.signing.kind}</Fact>
            <Fact name="Key fingerprint">
              {tenancy.signing.fingerprint === maskedText ? (
                <span className="text-faint">Hidden from the help desk</span>
              ) : tenancy.signing.fingerprint === null ? null : (
                <span className="font-mono text-xs">{tenancy.signing.fingerprint}</span>
              )}
            </Fact>
            <Fact name="Compartments read">
              {`${formatNumber(tenancy.partsRead)} of ${formatNumber(tenancy.partsTotal)}`}
            </Fact>
            <Fact name="Oldest reading">
              {tenancy.oldestReadAt === null ? null : <TimeText time={tenancy.oldestReadAt} show="relative" />}
            </Fact>
          </Facts>
        </div>
        <ServiceTable tenancy={tenancy.name} services={tenancy.services} now={now} />
      </Section>
      <SlotsSection tenancy={tenancy.id} name={tenancy.name} />
    </>
  );
}

const signingWords: Readonly<Record<string, string>> = {
  api_key: "An API key",
  session_token: "A session token",
  instance_principal: "The instance principal",
  resource_principal: "The resource principal",
  oke_workload_identity: "The OKE workload identity",
};

function StatusSkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-4">
      <Skeleton className="h-16 w-full" />
      <Skeleton className="h-32 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  );
}
