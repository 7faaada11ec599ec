"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { sessionQuery } from "#lib/browser/session.ts";
import { followOtherTabs, useStepUp } from "#lib/browser/sign-in.ts";
import type { SessionUser } from "#lib/contract/api.ts";
import { OtherTabLink, SignInError } from "./sign-in-form.tsx";

interface StepUpDialogProps {
  user: SessionUser;
  open: boolean;
  /** True: confirmed, what was asked goes on by itself. False: given up, nothing is sent. */
  onEnd: (isConfirmed: boolean) => void;
}

/** Asks again who one is before something that cannot be undone; the page behind stays as it is. */
export function StepUpDialog({ user, open, onEnd }: StepUpDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onEnd(false);
      }}
      size="sm"
      title="Confirm that it is you"
      description="You signed in more than five minutes ago, and this needs a fresh proof. Nothing has been sent yet."
      footer={<Button onClick={() => onEnd(false)}>Do not go on</Button>}
    >
      {open ? <Proof user={user} onConfirmed={() => onEnd(true)} /> : null}
    </Dialog>
  );
}

function Proof({ user, onConfirmed }: { user: SessionUser; onConfirmed: () => void }) {
  if (user.via === "password") return <PasswordProof user={user} onConfirmed={onConfirmed} />;
  if (user.via === "provider") return <ProviderProof user={user} onConfirmed={onConfirmed} />;
  return <PersonaProof user={user} onConfirmed={onConfirmed} />;
}

function PersonaProof({ user, onConfirmed }: { user: SessionUser; onConfirmed: () => void }) {
  const confirm = useStepUp();
  const personas = useQuery(sessionQuery).data?.personas ?? [];
  const persona = personas.find((each) => each.name === user.name)?.id ?? user.role;
  return (
    <div className="space-y-3">
      <SignInError error={confirm.error} />
      <Button
        variant="primary"
        size="lg"
        className="w-full"
        loading={confirm.isPending}
        onClick={() => confirm.mutate({ persona }, { onSuccess: onConfirmed })}
      >
        Confirm as {user.name}
      </Button>
    </div>
  );
}

function PasswordProof({ user, onConfirmed }: { user: SessionUser; onConfirmed: () => void }) {
  const confirm = useStepUp();
  const [password, setPassword] = useState("");
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        // Portals bubble through React's tree: the form of the page behind must not hear of it.
        event.stopPropagation();
        if (password !== "") confirm.mutate({ password }, { onSuccess: onConfirmed });
      }}
    >
      <input type="hidden" autoComplete="username" value={user.name} readOnly />
      <TextField
        label={`Password of ${user.name}`}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <SignInError error={confirm.error} />
      <Button type="submit" variant="primary" size="lg" className="w-full" loading={confirm.isPending}>
        Confirm
      </Button>
    </form>
  );
}

function ProviderProof({ user, onConfirmed }: { user: SessionUser; onConfirmed: () => void }) {
  const client = useQueryClient();
  const [since] = useState(user.authAt);

  useEffect(() => {
    const ask = async () => {
      const { user: now } = await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
      if (now && now.id === user.id && now.authAt > since) onConfirmed();
    };
    return followOtherTabs(() => void ask().catch(() => undefined));
  }, [client, user.id, since, onConfirmed]);

  return <OtherTabLink href="/sign-in/provider?confirm=1">Confirm at your identity provider</OtherTabLink>;
}
