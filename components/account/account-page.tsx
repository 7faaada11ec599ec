"use client";

import { useQuery } from "@tanstack/react-query";
import { Monitor } from "lucide-react";
import { useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/card.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { TextField } from "#components/ui/field.tsx";
import { NewPassword, passwordProblem } from "#components/ui/new-password.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { wordsOf } from "#lib/browser/api.ts";
import { ownSessionsQuery, useChangePassword, useEndSessions } from "#lib/browser/people.ts";
import { sessionQuery } from "#lib/browser/session.ts";
import type { SessionEntry } from "#lib/contract/api.ts";
import { roleNames } from "#lib/vault/actions.ts";

/** Who one is here, where one is signed in, and one's password. */
export function AccountPage() {
  const user = useQuery(sessionQuery).data?.user;
  return (
    <Page>
      <PageHeader
        title="Account"
        description={user ? `${user.name}, ${roleNames[user.role].toLowerCase()}` : <Skeleton className="h-4 w-40" />}
      />
      <SessionsSection />
      {user?.via === "password" ? <PasswordSection /> : null}
    </Page>
  );
}

function Failure({ error, what }: { error: Error; what: string }) {
  return <ErrorBlock {...wordsOf(error, what)} />;
}

function SessionsSection() {
  const { data, error, isFetching, refetch } = useQuery(ownSessionsQuery);
  const end = useEndSessions();
  const sessions = data?.sessions ?? null;
  const others = sessions?.filter((session) => !session.isThis).length ?? 0;
  const ending = end.isPending && end.variables ? end.variables : null;
  return (
    <Section
      title="Where you are signed in"
      count={sessions?.length}
      flush
      actions={
        <>
          <Button loading={isFetching} onClick={() => void refetch()}>
            Read again
          </Button>
          <Button
            variant="danger-quiet"
            loading={ending !== null && "others" in ending}
            disabledReason={others === 0 ? "You are signed in nowhere else." : undefined}
            onClick={() => end.mutate({ others: true })}
          >
            End all others
          </Button>
        </>
      }
    >
      {error && sessions === null ? <Failure error={error} what="Your sessions could not be read." /> : null}
      {end.error ? <Failure error={end.error} what="The session could not be ended." /> : null}
      <ul aria-label="Sessions" className="divide-y divide-line">
        {sessions === null && !error ? (
          <li className="px-4 py-3">
            <Skeleton className="h-4 w-56" />
          </li>
        ) : null}
        {sessions?.map((session) => (
          <SessionLine
            key={session.id}
            session={session}
            isEnding={ending !== null && "session" in ending && ending.session === session.id}
            onEnd={() => end.mutate({ session: session.id })}
          />
        ))}
      </ul>
    </Section>
  );
}

function SessionLine({ session, isEnding, onEnd }: { session: SessionEntry; isEnding: boolean; onEnd: () => void }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <Monitor aria-hidden="true" className="size-4 shrink-0 text-faint" />
      <div className="min-w-0 flex-1 text-sm">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          {session.device}
          {session.isThis ? <Badge tone="ok">This one</Badge> : null}
          {session.isSameAddress ? null : <Badge tone="neutral">Another network</Badge>}
        </p>
        <p className="text-xs text-muted">
          Last seen <TimeText time={session.lastSeenAt} /> · signed in <TimeText time={session.signedInAt} />
        </p>
      </div>
      {session.isThis ? null : (
        <Button
          size="sm"
          variant="danger-quiet"
          loading={isEnding}
          aria-label={`End session: ${session.device}`}
          onClick={onEnd}
        >
          End session
        </Button>
      )}
    </li>
  );
}

function PasswordSection() {
  const change = useChangePassword();
  const toast = useToast();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [isTried, setIsTried] = useState(false);

  const send = () => {
    setIsTried(true);
    if (current === "" || passwordProblem(password) !== undefined) return;
    change.mutate(
      { current, password },
      {
        onSuccess: () => {
          setCurrent("");
          setPassword("");
          setIsTried(false);
          toast.add({ tone: "ok", title: "Password changed", description: "Your other sessions have ended." });
        },
      },
    );
  };

  return (
    <Section title="Password" description="Changing it ends your other sessions.">
      <form
        className="max-w-md space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <TextField
          label="Current password"
          type="password"
          autoComplete="current-password"
          value={current}
          error={isTried && current === "" ? "Type your current password." : undefined}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <NewPassword label="New password" value={password} onChange={setPassword} isTried={isTried} />
        {change.error ? <Failure error={change.error} what="The password could not be changed." /> : null}
        <Button type="submit" variant="primary" loading={change.isPending}>
          Change password
        </Button>
      </form>
    </Section>
  );
}
