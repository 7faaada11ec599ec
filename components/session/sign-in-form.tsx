"use client";

import { ArrowRight, ExternalLink, Eye, ScrollText, ShieldCheck, Wrench } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { type ReactNode, useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button, ButtonLink, buttonClass } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { cn } from "#components/ui/cn.ts";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { wordsOf } from "#lib/browser/api.ts";
import { useProvider, useSignIn } from "#lib/browser/sign-in.ts";
import type { ConsoleRole, Persona, SessionAnswer } from "#lib/contract/api.ts";
import { readReturnPath } from "#lib/contract/return-path.ts";

export interface SignInFormProps {
  session: SessionAnswer;
  onSignedIn: () => void;
  /** Over a page that must stay: the identity provider opens in another tab. */
  isInPlace?: boolean;
}

/** The rehearsal's personas, or name and password, or the identity provider; whatever this console has. */
export function SignInForm({ session, onSignedIn, isInPlace = false }: SignInFormProps) {
  if (session.personas.length > 0) return <PersonaList personas={session.personas} onSignedIn={onSignedIn} />;
  const { provider, isSetupNeeded } = session.ways;
  return (
    <div className="space-y-5">
      {provider === null ? null : <ProviderButton provider={provider} isInPlace={isInPlace} />}
      {isSetupNeeded ? (
        <Callout tone="info" title="Nobody can sign in yet" action={<ButtonLink href="/setup">Set up</ButtonLink>}>
          The server printed a one-time token for the first security admin.
        </Callout>
      ) : null}
      {provider === null ? (
        <PasswordForm onSignedIn={onSignedIn} />
      ) : (
        <details>
          <summary className="cursor-pointer rounded-sm text-sm text-muted">
            With a password kept by this console
          </summary>
          <div className="mt-3">
            <PasswordForm onSignedIn={onSignedIn} />
          </div>
        </details>
      )}
    </div>
  );
}

function ProviderButton({ provider, isInPlace }: { provider: string; isInPlace: boolean }) {
  const leave = useProvider();
  const next = readReturnPath(useSearchParams().get("next"));
  if (isInPlace) return <OtherTabLink href="/sign-in/provider?next=/sign-in/done">Sign in at {provider}</OtherTabLink>;
  return (
    <div className="space-y-3">
      <Button
        variant="primary"
        size="lg"
        className="w-full"
        loading={leave.isPending || leave.isSuccess}
        onClick={() => leave.mutate({ next })}
      >
        Sign in at {provider}
      </Button>
      <SignInError error={leave.error} />
    </div>
  );
}

/** Goes to the identity provider in another tab, so that the page stays; that tab tells this one when it is done. */
export function OtherTabLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className={cn(buttonClass("primary", "lg"), "w-full")}>
      {children}
      <ExternalLink aria-hidden="true" className="size-4" />
      <span className="sr-only"> (opens in a new tab)</span>
    </a>
  );
}

const faces: Record<ConsoleRole, { icon: ReactNode; can: string }> = {
  admin: { icon: <ShieldCheck aria-hidden="true" />, can: "Everything" },
  operator: { icon: <Wrench aria-hidden="true" />, can: "What can be undone" },
  helpdesk: { icon: <Eye aria-hidden="true" />, can: "Read-only" },
  auditor: { icon: <ScrollText aria-hidden="true" />, can: "Read-only" },
};

function PersonaList({ personas, onSignedIn }: { personas: readonly Persona[]; onSignedIn: () => void }) {
  const signIn = useSignIn();
  const chosen = signIn.variables && "persona" in signIn.variables ? signIn.variables.persona : null;
  return (
    <div className="space-y-3">
      <ul className="grid gap-2">
        {personas.map((persona) => {
          const face = faces[persona.role];
          const isBusy = signIn.isPending && chosen === persona.id;
          return (
            <li key={persona.id}>
              <button
                type="button"
                aria-disabled={signIn.isPending || undefined}
                aria-busy={isBusy || undefined}
                onClick={() => {
                  if (!signIn.isPending) signIn.mutate({ persona: persona.id }, { onSuccess: onSignedIn });
                }}
                className={cn(
                  "group flex w-full items-start gap-3 rounded-lg border border-line-strong bg-surface p-3 text-left shadow-low transition-colors hover:border-accent hover:bg-accent-soft",
                  signIn.isPending && !isBusy && "opacity-60",
                )}
              >
                <span className="mt-0.5 inline-flex size-8 shrink-0 items-center justify-center rounded-md bg-accent-soft text-accent group-hover:bg-surface [&_svg]:size-4">
                  {face.icon}
                </span>
                <span className="min-w-0 flex-1">
                  <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                    <span className="text-base font-semibold">{persona.name}</span>
                    <Badge tone={face.can === "Read-only" ? "info" : "neutral"}>{face.can}</Badge>
                  </span>
                  <span className="mt-0.5 block text-sm text-pretty text-muted">{persona.summary}</span>
                </span>
                <span className="mt-2 inline-flex size-4 shrink-0 text-faint group-hover:text-accent">
                  {isBusy ? <Spinner /> : <ArrowRight aria-hidden="true" className="size-4" />}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      <SignInError error={signIn.error} />
    </div>
  );
}

function PasswordForm({ onSignedIn }: { onSignedIn: () => void }) {
  const signIn = useSignIn();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [isTried, setIsTried] = useState(false);
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        setIsTried(true);
        if (name.trim() !== "" && password !== "") signIn.mutate({ name, password }, { onSuccess: onSignedIn });
      }}
    >
      <TextField
        label="Name"
        autoComplete="username"
        spellCheck={false}
        value={name}
        error={isTried && name.trim() === "" ? "Type your name." : undefined}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        value={password}
        error={isTried && password === "" ? "Type your password." : undefined}
        onChange={(event) => setPassword(event.target.value)}
      />
      <SignInError error={signIn.error} />
      <Button type="submit" variant="primary" size="lg" loading={signIn.isPending} className="w-full">
        Sign in
      </Button>
    </form>
  );
}

/** Why signing in, or confirming, did not work. */
export function SignInError({ error }: { error: Error | null }) {
  if (!error) return null;
  return <ErrorBlock {...wordsOf(error, "Signing in failed.")} />;
}
