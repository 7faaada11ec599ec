"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useEffect, useState } from "react";
import { useOpenedOnce } from "#components/ui/dialog.tsx";
import { patiently } from "#components/ui/patiently.ts";
import { confirmWith, sessionExpiredEvent } from "#lib/browser/api.ts";
import { sessionQuery } from "#lib/browser/session.ts";
import type { SessionUser } from "#lib/contract/api.ts";
import { signInPath } from "./return-path.ts";

const loadReauth = () => import("./reauth-dialog.tsx");
const ReauthDialog = lazy(() => patiently(loadReauth).then((module) => ({ default: module.ReauthDialog })));
const loadStepUp = () => import("./step-up-dialog.tsx");
const StepUpDialog = lazy(() => patiently(loadStepUp).then((module) => ({ default: module.StepUpDialog })));

interface Waiting {
  /** Whose call it is; nobody else's proof counts for it. */
  readonly personId: string | undefined;
  readonly answer: (isConfirmed: boolean) => void;
}

/**
 * Keeps strangers out of the signed-in pages and lets nobody lose work: who was never signed in goes to the sign-in
 * page; whose session ends while a page is open signs in again over it, and everything on the page stays.
 */
export function SessionGate() {
  const client = useQueryClient();
  const router = useRouter();
  const session = useQuery(sessionQuery);
  const [lastUser, setLastUser] = useState<SessionUser | null>(null);
  const [waiting, setWaiting] = useState<readonly Waiting[]>([]);
  const user = session.data?.user ?? null;
  const isStranger = session.data !== undefined && !user && !lastUser;

  if (user && user.signedInAt !== lastUser?.signedInAt) setLastUser(user);

  useEffect(() => {
    const askAgain = () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    window.addEventListener(sessionExpiredEvent, askAgain);
    return () => window.removeEventListener(sessionExpiredEvent, askAgain);
  }, [client]);

  // What cannot be undone waits here for a fresh proof, then goes on by itself.
  useEffect(() => {
    const ask = () =>
      new Promise<boolean>((answer) => {
        const personId = client.getQueryData(sessionQuery.queryKey)?.user?.id;
        setWaiting((before) => [...before, { personId, answer }]);
      });
    return confirmWith(ask);
  }, [client]);
  const endStepUp = (isConfirmed: boolean) => {
    setWaiting([]);
    for (const each of waiting) each.answer(isConfirmed && each.personId === user?.id);
  };

  // Fetched ahead: when it is needed, the server may be the one that cannot be reached.
  useEffect(() => {
    const timer = setTimeout(() => void Promise.allSettled([loadReauth(), loadStepUp()]), 3000);
    return () => clearTimeout(timer);
  }, []);

  useEffect(() => {
    if (!isStranger) return;
    const { pathname, search } = window.location;
    router.replace(signInPath(`${pathname}${search}`) as Route);
  }, [isStranger, router]);

  const isNeeded = useOpenedOnce(session.data !== undefined && lastUser !== null && !user);
  const isConfirming = waiting.length > 0 && user !== null;
  const isStepUpNeeded = useOpenedOnce(isConfirming);
  if (!session.data || !lastUser) return null;
  return (
    <Suspense fallback={null}>
      {isNeeded ? <ReauthDialog session={session.data} lastUser={lastUser} open={!user} /> : null}
      {isStepUpNeeded ? <StepUpDialog user={user ?? lastUser} open={isConfirming} onEnd={endStepUp} /> : null}
    </Suspense>
  );
}
