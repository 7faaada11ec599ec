"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { sessionExpiredEvent } from "#lib/browser/api.ts";
import { sessionQuery } from "#lib/browser/session.ts";
import type { SessionAnswer, SessionUser } from "#lib/contract/api.ts";
import { signInPath } from "./return-path.ts";
import { SignInForm } from "./sign-in-form.tsx";

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

  useEffect(() => {
    if (!isStranger) return;
    const { pathname, search } = window.location;
    router.replace(signInPath(`${pathname}${search}`) as Route);
  }, [isStranger, router]);

  if (!session.data || !lastUser) return null;
  return <ReauthDialog session={session.data} lastUser={lastUser} open={!user} />;
}

interface ReauthDialogProps {
  session: SessionAnswer;
  lastUser: SessionUser;
  open: boolean;
}

function ReauthDialog({ session, lastUser, open }: ReauthDialogProps) {
  const toast = useToast();
  const client = useQueryClient();

  const onSignedIn = () => {
    const now = client.getQueryData(sessionQuery.queryKey)?.user;
    if (!now || (now.name === lastUser.name && now.role === lastUser.role)) return;
    toast.add({ tone: "info", title: `You are now ${now.name}`, description: `Before, you were ${lastUser.name}.` });
  };

  return (
    <Dialog
      open={open}
      onOpenChange={() => undefined}
      dismissible={false}
      title="Your session has ended"
      description="Sign in again to go on. What you typed on this page is still there."
      footer={<Button onClick={() => window.location.assign("/sign-in")}>Leave this page</Button>}
    >
      {open ? <SignInForm session={session} onSignedIn={onSignedIn} /> : null}
    </Dialog>
  );
}
