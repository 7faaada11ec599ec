"use client";

import { ArrowRight, Eye, ScrollText, ShieldCheck, Wrench } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { ApiError } from "#lib/browser/api.ts";
import { useSignIn } from "#lib/browser/sign-in.ts";
import type { ConsoleRole, Persona, SessionAnswer } from "#lib/contract/api.ts";

export interface SignInFormProps {
  session: SessionAnswer;
  onSignedIn: () => void;
}

/** In rehearsal: which of the personas one wants to be. With a real tenancy: the one-time token the server printed. */
export function SignInForm({ session, onSignedIn }: SignInFormProps) {
  return session.mode === "rehearsal" ? (
    <PersonaList personas={session.personas} onSignedIn={onSignedIn} />
  ) : (
    <TokenForm onSignedIn={onSignedIn} />
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
          const face = faces[persona.id];
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

function TokenForm({ onSignedIn }: { onSignedIn: () => void }) {
  const signIn = useSignIn();
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<string>();
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = token.trim();
        if (typed === "") setProblem("Paste the token first.");
        else signIn.mutate({ token: typed }, { onSuccess: onSignedIn });
      }}
    >
      <TextField
        label="One-time token"
        help="The console's server printed it in its terminal when it started. It works once; a restart prints a new one."
        type="password"
        autoComplete="one-time-code"
        spellCheck={false}
        mono
        value={token}
        error={problem}
        onChange={(event) => {
          setToken(event.target.value);
          setProblem(undefined);
        }}
      />
      <SignInError error={signIn.error} />
      <Button type="submit" variant="primary" size="lg" loading={signIn.isPending} className="w-full">
        Sign in
      </Button>
    </form>
  );
}

function SignInError({ error }: { error: Error | null }) {
  if (!error) return null;
  const known = error instanceof ApiError ? error : null;
  return (
    <ErrorBlock
      title={known?.message ?? "Signing in failed."}
      why={known?.why}
      whatToDo={known?.action ?? (known ? undefined : "Load the page again.")}
      code={known?.code}
      requestId={known?.requestId}
    />
  );
}
