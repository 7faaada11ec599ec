"use client";

import { useQuery } from "@tanstack/react-query";
import { StatusBadge } from "#components/ui/badge.tsx";
import { TextLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Section } from "#components/ui/card.tsx";
import { CopyText } from "#components/ui/copy-text.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { wordsOf } from "#lib/browser/api.ts";
import { approvalQuery } from "#lib/browser/approvals.ts";
import { getVaultQuery } from "#lib/browser/vault.ts";
import type { Approval } from "#lib/contract/api.ts";
import { operationLabel } from "#lib/vault/operation-words.ts";
import { ApprovalDecision } from "./approval-decision.tsx";
import { dueOf, effectsOf, nameOf, stateWords } from "./words.ts";

/** One request: what will happen in full, and the decision. */
export function ApprovalPage({ id }: { id: string }) {
  const { data, error, refetch, isFetching } = useQuery(approvalQuery(id));
  const approval = data?.approvals[0];
  const crumbs = [{ label: "Approvals", href: "/approvals" }];
  if (approval !== undefined) return <Request approval={approval} />;
  return (
    <Page>
      <PageHeader title="Request for approval" crumbs={crumbs} />
      {error === null ? (
        <Section title="What is asked for">
          <div className="space-y-3" aria-busy="true">
            <Skeleton className="w-72" />
            <Skeleton className="w-96 max-w-full" />
            <Skeleton className="w-56" />
          </div>
        </Section>
      ) : (
        <ErrorBlock
          look="page"
          {...wordsOf(error, "The request could not be read.")}
          onRetry={() => void refetch()}
          retrying={isFetching}
        />
      )}
    </Page>
  );
}

function Request({ approval }: { approval: Approval }) {
  const state = stateWords(approval.state);
  const due = dueOf(approval);
  const isVault = approval.target.startsWith("ocid1.vault.");
  return (
    <Page>
      <PageHeader
        crumbs={[{ label: "Approvals", href: "/approvals" }]}
        title={
          <>
            {operationLabel(approval.operation)}: <bdi>{nameOf(approval)}</bdi>
          </>
        }
        badges={<StatusBadge tone={state.tone}>{state.label}</StatusBadge>}
      />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-5">
        <div className="flex min-w-0 flex-col gap-4 lg:col-span-3">
          <Section title="What happens">
            <ul className="list-disc space-y-1.5 pl-5 text-sm">
              {effectsOf(approval).map((sentence) => (
                <li key={sentence} className="wrap-anywhere">
                  {sentence}
                </li>
              ))}
            </ul>
          </Section>
          <Section title="What exactly is sent">
            <Facts>
              <Fact name="Operation">{approval.operation}</Fact>
              {approval.region === "" ? null : <Fact name="Region">{approval.region}</Fact>}
              {due === null ? null : (
                <Fact name="Deleted for good" wide>
                  <TimeText time={due} precise />
                </Fact>
              )}
              <Fact name={isVault ? "Vault" : approval.tenancy === "" ? "Person" : "Compartment"} wide>
                {isVault ? (
                  <TextLink
                    href={`/vaults/${approval.region}/${approval.target}`}
                    className="mb-1 flex min-h-6 w-fit items-center"
                  >
                    <bdi>{nameOf(approval)}</bdi>
                  </TextLink>
                ) : null}
                <CopyText text={approval.target} what="OCID" full />
              </Fact>
              {approval.tenancy === "" ? null : (
                <Fact name="Tenancy" wide>
                  <CopyText text={approval.tenancy} what="tenancy OCID" />
                </Fact>
              )}
              {approval.etag === null ? null : (
                <Fact name="Only while the etag is">
                  <CopyText text={approval.etag} what="etag" />
                </Fact>
              )}
              <Fact name="SHA-256 of what is sent">
                <CopyText text={approval.payloadHash} what="SHA-256" />
              </Fact>
            </Facts>
            <pre className="code mt-4 overflow-x-auto rounded-md border border-line bg-sunken p-3 text-xs whitespace-pre-wrap wrap-anywhere">
              {JSON.stringify(approval.params, null, 2)}
            </pre>
          </Section>
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:col-span-2">
          <Section title="Who asks, and why">
            <Facts columns={1}>
              <Fact name="Person">
                <bdi>{approval.requester.name}</bdi>
              </Fact>
              <Fact name="Reason">{approval.reason}</Fact>
              {approval.ticket === null ? null : <Fact name="Ticket">{approval.ticket}</Fact>}
              <Fact name="Asked">
                <TimeText time={approval.createdAt} />
              </Fact>
              <Fact name="Expires">
                <TimeText time={approval.expiresAt} />
              </Fact>
            </Facts>
          </Section>
          {isVault && approval.state === "pending" ? <StillTheSame approval={approval} /> : null}
          {approval.decider === null ? null : <Decided approval={approval} />}
          <ApprovalDecision key={approval.state} approval={approval} />
        </div>
      </div>
    </Page>
  );
}

/** Whether the vault is still the one the first person looked at. */
function StillTheSame({ approval }: { approval: Approval }) {
  const place = { tenancy: approval.tenancy, region: approval.region, vaultId: approval.target };
  const { data, error } = useQuery(getVaultQuery(place));
  if (data === undefined) {
    return error === null ? null : (
      <Callout tone="warn" title="The vault cannot be read now">
        Whether it has changed since is not known. If it has, agreeing has no effect.
      </Callout>
    );
  }
  return data.etag === approval.etag ? (
    <Callout tone="ok" title="The vault has not changed since">
      It is the version <bdi>{approval.requester.name}</bdi> looked at.
    </Callout>
  ) : (
    <Callout tone="warn" title="The vault has changed since">
      Agreeing would have no effect: the request is for the version of {approval.requester.name}. It has to be asked for
      anew.
    </Callout>
  );
}

function Decided({ approval }: { approval: Approval }) {
  const { decider, decidedAt, decisionReason, endedAt, outcome, receiptId } = approval;
  return (
    <Section title="Decision">
      <Facts columns={1}>
        <Fact name="By">
          <bdi>{decider?.name}</bdi>
        </Fact>
        {decidedAt === null ? null : (
          <Fact name="Decided">
            <TimeText time={decidedAt} />
          </Fact>
        )}
        {decisionReason === null ? null : <Fact name="Reason">{decisionReason}</Fact>}
        {outcome === null ? null : <Fact name="Outcome">{outcome}</Fact>}
        {endedAt === null ? null : (
          <Fact name="Ended">
            <TimeText time={endedAt} />
          </Fact>
        )}
        {receiptId === null ? null : (
          <Fact name="Receipt">
            <TextLink href={`/activity/${receiptId}`}>Open the receipt</TextLink>
          </Fact>
        )}
      </Facts>
    </Section>
  );
}
