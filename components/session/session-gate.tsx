"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useEffect, useState } from "react";
import { useOpenedOnce } from "#components/ui/dialog.tsx";
import { sessionExpiredEvent } from "#lib/browser/api.ts";
import { sessionQuery } from "#lib/browser/session.ts";
import type { SessionUser } from "#lib/contract/api.ts";
import { signInPath } from "./return-path.ts";

const loadReauth = () => import("./reauth-dialog.tsx");
const ReauthDialog = lazy(() => loadReauth().then((module) => ({ default: module.ReauthDialog })));

/**
 * Keeps strangers out of the signed-in pages and lets nobody lose work: who was never signed in goes to the sign-in
 * page; whose session ends while a page is open signs in again over it, and everything on the page stays.
 */
export function SessionGate() {
  const client = useQueryClient();
  const router = useRouter();
  const session = useQuery(sessionQuery);
  const [lastUser, setLastUser] = useState<SessionUser | null>(null);
  const user = session.data?.user ?? null;
  const isStranger = session.data !== undefined && !user && !lastUser;

  if (user && user.signedInAt !== lastUser?.signedInAt) setLastUser(user);

  useEffect(() => {
    const askAgain = () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    window.addEventListener(sessionExpiredEvent, askAgain);
    return () => window.removeEventListener(sessionExpiredEvent, askAgain);
  }, [client]);

  // Fetched ahead: when it is needed, the server may be the one that cannot be reached.
  useEffect(() => {
    const timer = setTimeout(() => void loadReauth().catch(() => undefined), 3000);
    return () => clearTimeout(timer);
  }, []);

  useEffect(() => {
    if (!isStranger) return;
    const { pathname, search } = window.location;
    router.replace(signInPath(`${pathname}${search}`) as Route);
  }, [isStranger, router]);

  const isNeeded = useOpenedOnce(session.data !== undefined && lastUser !== null && !user);
  if (!isNeeded || !session.data || !lastUser) return null;
  return (
    <Suspense fallback={null}>
      <ReauthDialog session={session.data} lastUser={lastUser} open={!user} />
    </Suspense>
  );
}
