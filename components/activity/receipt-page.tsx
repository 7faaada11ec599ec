"use client";

import { useQuery } from "@tanstack/react-query";
import { ReceiptText } from "lucide-react";
import { useState } from "react";
import { StatusBadge } from "#components/ui/badge.tsx";
import { Button, TextLink } from "#components/ui/button.tsx";
import { Card, Section } from "#components/ui/card.tsx";
import { CopyButton, CopyText } from "#components/ui/copy-text.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { receiptQuery } from "#lib/browser/activity.ts";
import { wordsOf } from "#lib/browser/api.ts";
import { type ActivityEntry, strangerName } from "#lib/contract/api.ts";
import { roleNames } from "#lib/vault/actions.ts";
import { operationLabel } from "#lib/vault/operation-words.ts";
import { receiptChanges } from "#lib/vault/receipt-changes.ts";
import { snippetsOf } from "#lib/vault/snippets.ts";
import { personWords, resultWords, targetName } from "./words.ts";

/** A compartment as people know it; null when the console does not see it, or has not read it yet. */
type PathOf = (compartmentId: string) => string | null;

/** One change: who, why, what exactly, and how it ended. */
export function ReceiptPage({ receiptId, pathOf }: { receiptId: string; pathOf: PathOf }) {
  const { data, error, refetch, isFetching } = useQuery(receiptQuery(receiptId));
  if (data === undefined) {
    return (
      <Page>
        <PageHeader title="Receipt" crumbs={[{ label: "Activity", href: "/activity" }]} />
        {error === null ? (
          <Card className="space-y-3 p-4">
            <Skeleton className="w-1/3" />
            <Skeleton className="w-1/2" />
            <Skeleton className="w-2/5" />
          </Card>
        ) : (
          <ErrorBlock
            look="page"
            {...wordsOf(error, "The receipt could not be read.")}
            onRetry={() => void refetch()}
            retrying={isFetching}
          />
        )}
      </Page>
    );
  }
  const entry = data.entries[0];
  if (entry === undefined) {
    return (
      <Page>
        <PageHeader title="Receipt" crumbs={[{ label: "Activity", href: "/activity" }]} />
        <Card>
          <EmptyState icon={<ReceiptText />} title="There is no such receipt" level={2}>
            This console keeps no receipt under this id. Another console's receipts are in that console.
          </EmptyState>
        </Card>
      </Page>
    );
  }
  return <Receipt entry={entry} pathOf={pathOf} />;
}

function Receipt({ entry, pathOf }: { entry: ActivityEntry; pathOf: PathOf }) {
  const result = resultWords(entry.result);
  const name = targetName(entry);
  const isVault = entry.target.startsWith("ocid1.vault.");
  // What happens to people and their sign-ins is the console's own and has no place in the service.
  const isOfConsole = entry.tenancy === "";
  return (
    <Page>
      <PageHeader
        title={
          <>
            {operationLabel(entry.operation)}
            {name === null ? null : (
              <>
                : <bdi>{name}</bdi>
              </>
            )}
          </>
        }
        crumbs={[{ label: "Activity", href: "/activity" }]}
        badges={<StatusBadge tone={result.tone}>{result.label}</StatusBadge>}
        description={entry.error ?? undefined}
      />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Section title="Who, when, why">
          <Facts>
            <Fact name="Person">{personWords(entry)}</Fact>
            {entry.actor === strangerName ? null : <Fact name="Role">{roleNames[entry.role]}</Fact>}
            <Fact name="Asked">
              <TimeText time={entry.at} />
            </Fact>
            <Fact name="Ended">
              {entry.endedAt === null ? "Not yet, or not sent" : <TimeText time={entry.endedAt} />}
            </Fact>
            {entry.ticket === null ? null : <Fact name="Ticket">{entry.ticket}</Fact>}
            <Fact name="Reason" wide>
              {entry.reason ?? <span className="text-faint">None given</span>}
            </Fact>
          </Facts>
        </Section>
        <Section title="What and where">
          <Facts>
            <Fact name="Operation">{entry.operation}</Fact>
            {isOfConsole ? null : <ServicePlace entry={entry} name={name} isVault={isVault} />}
            <Fact name="Request id">
              <CopyText text={entry.requestId} what="request id" />
            </Fact>
            <Fact name="Request id of the service">
              {entry.opcRequestId === null ? (
                <span className="text-faint">None</span>
              ) : (
                <CopyText text={entry.opcRequestId} what="request id of the service" />
              )}
            </Fact>
            <Fact name="HTTP status">{entry.status ?? <span className="text-faint">None</span>}</Fact>
            <Fact name="Receipt">
              <CopyText text={entry.receiptId} what="receipt id" />
            </Fact>
            {isOfConsole ? null : <Etags entry={entry} />}
          </Facts>
        </Section>
      </div>
      <Section
        title="Asked for"
        description={isOfConsole ? undefined : "As sent to the service, without tokens and secrets."}
      >
        <Code text={JSON.stringify(entry.params, null, 2)} />
      </Section>
      {isOfConsole ? null : (
        <>
          <Changes entry={entry} pathOf={pathOf} />
          <Snippets entry={entry} />
        </>
      )}
    </Page>
  );
}

/** The version it was decided on, and the one it made. */
function Etags({ entry }: { entry: ActivityEntry }) {
  const { ifMatch } = entry.params;
  return (
    <>
      <Fact name="Etag decided on">
        {typeof ifMatch === "string" ? (
          <CopyText text={ifMatch} what="etag decided on" />
        ) : (
          <span className="text-faint">None sent</span>
        )}
      </Fact>
      <Fact name="Etag afterwards">
        {entry.etag === null ? (
          <span className="text-faint">Not told</span>
        ) : (
          <CopyText text={entry.etag} what="etag afterwards" />
        )}
      </Fact>
    </>
  );
}

function ServicePlace({ entry, name, isVault }: { entry: ActivityEntry; name: string | null; isVault: boolean }) {
  return (
    <>
      <Fact name="Region">{entry.region}</Fact>
      <Fact name={isVault ? "Vault" : "Compartment"} wide>
        {isVault ? (
          <TextLink href={`/vaults/${entry.region}/${entry.target}`} className="mr-2">
            <bdi>{name ?? "Open the vault"}</bdi>
          </TextLink>
        ) : null}
        <CopyText text={entry.target} what="OCID" />
      </Fact>
      <Fact name="Tenancy" wide>
        <CopyText text={entry.tenancy} what="tenancy OCID" />
      </Fact>
    </>
  );
}

/** Facts of the vault that differ between before and after. */
function Changes({ entry, pathOf }: { entry: ActivityEntry; pathOf: PathOf }) {
  const changes = receiptChanges(entry);
  if (changes === null) return null;
  const show = (field: string, value: unknown) =>
    field === "compartmentId" && typeof value === "string" ? (
      <>
        <bdi className="block">{pathOf(value)}</bdi>
        <CopyText text={value} what="compartment OCID" head={4} tail={6} />
      </>
    ) : (
      <bdi>{valueWords(value)}</bdi>
    );
  return (
    <Section
      title="Before and after"
      description={
        changes.source === "answer"
          ? "As the list knew the vault, and as the service answered."
          : "As the list knew the vault, and as the service was asked: it accepted, and its answer says no more."
      }
      flush
    >
      {changes.rows.length === 0 ? (
        <p className="p-4 text-sm text-muted">Nothing the console compares was different.</p>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-sm">
            <thead>
              <tr className="text-left text-xs text-muted">
                <th scope="col" className="px-4 py-2 font-medium">
                  Field
                </th>
                <th scope="col" className="px-4 py-2 font-medium">
                  Before
                </th>
                <th scope="col" className="px-4 py-2 font-medium">
                  After
                </th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line border-t border-line">
              {changes.rows.map(({ field, before, after }) => (
                <tr key={field} className="align-top">
                  <th scope="row" className="px-4 py-2 text-left font-normal">
                    {field === "compartmentId" ? "compartment" : field}
                  </th>
                  <td className="px-4 py-2 text-muted wrap-anywhere">{show(field, before)}</td>
                  <td className="px-4 py-2 wrap-anywhere">{show(field, after)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function valueWords(value: unknown): string {
  if (value === null || value === undefined) return "None";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The same call by other means. */
function Snippets({ entry }: { entry: ActivityEntry }) {
  const snippets = snippetsOf(entry);
  const [chosen, setChosen] = useState<string>("cli");
  const snippet = snippets.find((each) => each.id === chosen) ?? snippets[0];
  if (snippet === undefined) return null;
  return (
    <Section
      title="The same call by other means"
      description="With your own credentials. The etag is the one of then: read the vault again first."
      actions={
        <>
          {snippets.map((each) => (
            <Button
              key={each.id}
              size="sm"
              variant={each === snippet ? "primary" : "secondary"}
              aria-pressed={each === snippet}
              onClick={() => setChosen(each.id)}
            >
              {each.label}
            </Button>
          ))}
          <CopyButton text={snippet.text} what={`${snippet.label} call`} size="sm">
            Copy
          </CopyButton>
        </>
      }
    >
      <Code text={snippet.text} />
    </Section>
  );
}

function Code({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <pre tabIndex={0} className="code scroll-thin overflow-x-auto rounded-md bg-sunken p-3 text-xs leading-5">
      {text}
    </pre>
  );
}
