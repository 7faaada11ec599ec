"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useState, useSyncExternalStore } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { NewPassword, passwordProblem } from "#components/ui/new-password.tsx";
import { useSetup } from "#lib/browser/sign-in.ts";
import { SignInError } from "./sign-in-form.tsx";

const listenNowhere = () => () => undefined;
const readInvitation = () => new URLSearchParams(window.location.hash.slice(1)).get("invitation") ?? "";

/** Where the first security admin, or somebody invited, chooses a password. */
export function SetupScreen() {
  const invitation = useSyncExternalStore(listenNowhere, readInvitation, () => null);
  return invitation === null ? null : <SetupForm invitation={invitation} />;
}

function SetupForm({ invitation }: { invitation: string }) {
  const setup = useSetup();
  const router = useRouter();
  const [typedToken, setTypedToken] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [isTried, setIsTried] = useState(false);
  const isInvited = invitation !== "";
  const token = isInvited ? invitation : typedToken.trim();

  const send = () => {
    setIsTried(true);
    if (token === "" || (!isInvited && name.trim() === "") || passwordProblem(password) !== undefined) return;
    setup.mutate(
      { token, password, ...(isInvited ? {} : { name }) },
      { onSuccess: () => router.replace("/vaults" as Route) },
    );
  };

  return (
    <>
      <div className="mb-4">
        <h1 className="text-xl tracking-tight">{isInvited ? "Choose a password" : "The first security admin"}</h1>
        <p className="mt-0.5 text-sm text-pretty text-muted">
          {isInvited
            ? "You have been invited to this console. The link works once."
            : "The server printed a one-time token in its terminal when it started, and keeps it in the file sign-in-token in its data directory."}
        </p>
      </div>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {isInvited ? null : (
          <>
            <TextField
              label="One-time token"
              type="password"
              autoComplete="one-time-code"
              spellCheck={false}
              mono
              value={typedToken}
              error={isTried && token === "" ? "Paste the token." : undefined}
              onChange={(event) => setTypedToken(event.target.value)}
            />
            <TextField
              label="Your name"
              help="You sign in with it, and receipts carry it."
              autoComplete="username"
              value={name}
              error={isTried && name.trim() === "" ? "Type your name." : undefined}
              onChange={(event) => setName(event.target.value)}
            />
          </>
        )}
        <NewPassword label="Password" value={password} onChange={setPassword} isTried={isTried} />
        <SignInError error={setup.error} />
        <Button type="submit" variant="primary" size="lg" loading={setup.isPending} className="w-full">
          {isInvited ? "Set password and sign in" : "Create the account and sign in"}
        </Button>
      </form>
    </>
  );
}
