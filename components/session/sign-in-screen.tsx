"use client";

import { useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { Callout } from "#components/ui/callout.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { wordsOf } from "#lib/browser/api.ts";
import { sessionQuery } from "#lib/browser/session.ts";
import type { SessionAnswer } from "#lib/contract/api.ts";
import { readReturnPath } from "#lib/contract/return-path.ts";
import { problemWords } from "./problem-words.ts";
import { SignInForm } from "./sign-in-form.tsx";

/** The whole content of the sign-in page, in rehearsal and live. `known` is what strangers are told, shown until it is known who asks. */
export function SignInScreen({ known }: { known: SessionAnswer | undefined }) {
  const session = useQuery({
    ...sessionQuery,
    ...(known === undefined ? {} : { initialData: known, initialDataUpdatedAt: 0 }),
  });
  const router = useRouter();
  const search = useSearchParams();
  const returnPath = readReturnPath(search.get("next"));
  const problem = problemWords(search.get("problem"));
  const isSignedIn = Boolean(session.data?.user);

  useEffect(() => {
    if (isSignedIn) router.replace(returnPath as Route);
  }, [isSignedIn, returnPath, router]);

  if (session.isPending) {
    return (
      <div aria-busy="true" className="space-y-2">
        <p className="sr-only">Asking the server who may sign in…</p>
        {[0, 1, 2, 3].map((row) => (
          <Skeleton key={row} className="h-18 rounded-lg" />
        ))}
      </div>
    );
  }
  if (session.error && !session.data) {
    return (
      <ErrorBlock
        {...wordsOf(session.error, "The server's answer could not be read.")}
        onRetry={() => void session.refetch()}
        retrying={session.isFetching}
      />
    );
  }
  const hasPersonas = session.data.personas.length > 0;
  return (
    <>
      <div className="mb-4">
        <h1 className="text-xl tracking-tight">{hasPersonas ? "Who do you want to be?" : "Sign in"}</h1>
        <p className="mt-0.5 text-sm text-pretty text-muted">
          {hasPersonas
            ? "This is the rehearsal tenancy: a made-up company, nothing real. Choose a person; you can change at any time."
            : session.data.mode === "live"
              ? "This console acts on a real Oracle Cloud tenancy."
              : "This is the rehearsal tenancy: a made-up company, nothing real."}
        </p>
      </div>
      {problem ? (
        <Callout tone="danger" title={problem.title} role="alert" className="mb-4">
          {problem.whatToDo}
        </Callout>
      ) : null}
      <SignInForm session={session.data} onSignedIn={() => router.replace(returnPath as Route)} />
    </>
  );
}
