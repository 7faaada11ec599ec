"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { sessionQuery } from "#lib/browser/session.ts";
import { followOtherTabs } from "#lib/browser/sign-in.ts";
import type { SessionAnswer, SessionUser } from "#lib/contract/api.ts";
import { SignInForm } from "./sign-in-form.tsx";

interface ReauthDialogProps {
  session: SessionAnswer;
  lastUser: SessionUser;
  open: boolean;
}

/** Signing in again over the page that is open; it cannot be left unanswered. */
export function ReauthDialog({ session, lastUser, open }: ReauthDialogProps) {
  const toast = useToast();
  const client = useQueryClient();

  const onSignedIn = () => {
    const now = client.getQueryData(sessionQuery.queryKey)?.user;
    if (!now || (now.name === lastUser.name && now.role === lastUser.role)) return;
    toast.add({ tone: "info", title: `You are now ${now.name}`, description: `Before, you were ${lastUser.name}.` });
  };

  useEffect(() => followOtherTabs(() => void client.invalidateQueries({ queryKey: sessionQuery.queryKey })), [client]);

  return (
    <Dialog
      open={open}
      onOpenChange={() => undefined}
      dismissible={false}
      title="Your session has ended"
      description="Sign in again to go on. What you typed on this page is still there."
      footer={<Button onClick={() => window.location.assign("/sign-in")}>Leave this page</Button>}
    >
      {open ? <SignInForm session={session} onSignedIn={onSignedIn} isInPlace /> : null}
    </Dialog>
  );
}
