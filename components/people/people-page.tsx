"use client";

import { useQuery } from "@tanstack/react-query";
import { MoreHorizontal, ShieldX, UserPlus, Users } from "lucide-react";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Card } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-text.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Menu, type MenuEntry } from "#components/ui/menu.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { PageSkeleton } from "#components/ui/page-skeleton.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { wordsOf } from "#lib/browser/api.ts";
import { type PersonChange, peopleQuery } from "#lib/browser/people.ts";
import { sessionQuery, useKnownRole } from "#lib/browser/session.ts";
import type { PeopleAnswer, Person } from "#lib/contract/api.ts";
import { roleNames } from "#lib/vault/actions.ts";
import { AddPersonDialog, ChangeDialog } from "./person-dialogs.tsx";

/** Who may use the console. */
export function PeoplePage() {
  const role = useKnownRole();
  if (role === null) return <PageSkeleton title="People" />;
  if (role !== "admin") {
    return (
      <Page>
        <PageHeader title="People" />
        <Card>
          <EmptyState icon={<ShieldX />} title="Only a security admin sees who may use the console" level={2}>
            Where you are signed in yourself is on your account page.
          </EmptyState>
        </Card>
      </Page>
    );
  }
  return <PeopleList />;
}

function PeopleList() {
  const { data, error, refetch, isFetching } = useQuery(peopleQuery);
  const own = useQuery(sessionQuery).data?.user?.id ?? "";
  const [isAdding, setIsAdding] = useState(false);
  const [asked, setAsked] = useState<{ person: Person; change: PersonChange["change"] } | null>(null);
  const [invitation, setInvitation] = useState<PeopleAnswer["invitation"] | null>(null);
  const onDone = (answer: PeopleAnswer) => {
    setIsAdding(false);
    setAsked(null);
    if (answer.invitation) setInvitation(answer.invitation);
  };
  return (
    <Page>
      <PageHeader
        title="People"
        description="Who may use this console, as what, and where they are signed in. Every change leaves a receipt."
        actions={
          <>
            <Button onClick={() => void refetch()} loading={isFetching}>
              Read again
            </Button>
            <Button
              variant="primary"
              icon={<UserPlus />}
              disabledReason={data && !data.canAdd ? "The rehearsal's personas are always the same." : undefined}
              disabled={!data}
              onClick={() => setIsAdding(true)}
            >
              Add person
            </Button>
          </>
        }
      />
      {invitation ? <Invitation invitation={invitation} onClose={() => setInvitation(null)} /> : null}
      {data === undefined ? (
        error ? (
          <ErrorBlock
            look="page"
            {...wordsOf(error, "The list could not be read.")}
            onRetry={() => void refetch()}
            retrying={isFetching}
          />
        ) : (
          <Card className="p-4">
            <Skeleton className="h-4 w-64" />
          </Card>
        )
      ) : data.people.length === 0 ? (
        <Card>
          <EmptyState icon={<Users />} title="Nobody yet" level={2} />
        </Card>
      ) : (
        <ul aria-label="People" className="divide-y divide-line rounded-lg border border-line bg-surface">
          {data.people.map((person) => (
            <PersonLine
              key={person.id}
              person={person}
              isSelf={person.id === own}
              canChange={data.canAdd}
              onAsk={(change) => setAsked({ person, change })}
            />
          ))}
        </ul>
      )}
      <AddPersonDialog open={isAdding} onClose={() => setIsAdding(false)} onDone={onDone} />
      <ChangeDialog asked={asked} onClose={() => setAsked(null)} onDone={onDone} />
    </Page>
  );
}

function Invitation({
  invitation,
  onClose,
}: {
  invitation: NonNullable<PeopleAnswer["invitation"]>;
  onClose: () => void;
}) {
  return (
    <Callout
      tone="ok"
      role="status"
      title={`Give this link to ${invitation.name}`}
      action={
        <>
          <CopyButton text={`${window.location.origin}${invitation.path}`} what="Link" variant="primary">
            Copy link
          </CopyButton>
          <Button onClick={onClose}>Done</Button>
        </>
      }
    >
      It works once, for a day, and is not shown again. Whoever opens it chooses the password.
    </Callout>
  );
}

const stateBadge: Record<Person["state"], { tone: "ok" | "pending" | "neutral"; label: string }> = {
  active: { tone: "ok", label: "Active" },
  invited: { tone: "pending", label: "Invited" },
  disabled: { tone: "neutral", label: "Disabled" },
};

const ways: Record<Person["via"], string> = {
  password: "Password",
  provider: "Identity provider",
  rehearsal: "Persona",
};

function PersonLine({
  person,
  isSelf,
  canChange,
  onAsk,
}: {
  person: Person;
  isSelf: boolean;
  canChange: boolean;
  onAsk: (change: PersonChange["change"]) => void;
}) {
  const state = stateBadge[person.state];
  return (
    <li className="flex items-center gap-x-4 px-4 py-2.5">
      <div className="min-w-0 flex-1 text-sm">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium wrap-anywhere">{person.name}</span>
          <span className="text-muted">{roleNames[person.role]}</span>
          {person.state === "active" ? null : <Badge tone={state.tone}>{state.label}</Badge>}
          {isSelf ? <Badge tone="info">You</Badge> : null}
        </p>
        <p className="text-xs text-muted">
          {ways[person.via]} ·{" "}
          {person.lastSignInAt === null ? (
            "never signed in"
          ) : (
            <>
              last sign-in <TimeText time={person.lastSignInAt} />
            </>
          )}
          {person.sessions > 0 ? ` · ${formatCount(person.sessions, "session", "sessions")} now` : ""}
        </p>
      </div>
      <Menu
        label={`Actions for ${person.name}`}
        align="end"
        trigger={<IconButton label={`Actions for ${person.name}`} icon={<MoreHorizontal />} />}
        entries={entriesFor(person, canChange, onAsk)}
      />
    </li>
  );
}

function entriesFor(
  person: Person,
  canChange: boolean,
  onAsk: (change: PersonChange["change"]) => void,
): readonly MenuEntry[] {
  const fixed = canChange ? undefined : "The rehearsal's personas are always the same.";
  const provided = person.isRoleFixed
    ? (fixed ?? "It comes from the identity provider: change the groups there.")
    : undefined;
  const entry = (label: string, change: PersonChange["change"], reason: string | undefined, isDanger = false) => ({
    label,
    onSelect: () => onAsk(change),
    ...(reason === undefined ? {} : { disabledReason: reason }),
    ...(isDanger ? { tone: "danger" as const } : {}),
  });
  return [
    entry("Change role", "role", provided),
    entry("Invite anew", "invite", provided),
    entry("End all sessions", "end-sessions", person.sessions === 0 ? "Not signed in anywhere." : undefined),
    person.state === "disabled" ? entry("Enable", "enable", fixed) : entry("Disable", "disable", fixed, true),
  ];
}
