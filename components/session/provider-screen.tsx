"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useRef } from "react";
import { Button } from "#components/ui/button.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { useProvider } from "#lib/browser/sign-in.ts";
import { SignInError } from "./sign-in-form.tsx";

/** Goes on to the identity provider: the beginning of signing in or confirming in a tab of its own. */
export function ProviderScreen() {
  const search = useSearchParams();
  const isStepUp = search.get("confirm") === "1";
  const { mutate, error, isPending } = useProvider();
  const wasStarted = useRef(false);

  useEffect(() => {
    if (wasStarted.current) return;
    wasStarted.current = true;
    mutate({ next: "/sign-in/done", stepUp: isStepUp });
  }, [mutate, isStepUp]);

  return (
    <div className="space-y-4">
      <h1 className="text-xl tracking-tight">{isStepUp ? "Confirm that it is you" : "Sign in"}</h1>
      {error ? (
        <>
          <SignInError error={error} />
          <Button loading={isPending} onClick={() => mutate({ next: "/sign-in/done", stepUp: isStepUp })}>
            Try again
          </Button>
        </>
      ) : (
        <p role="status" className="flex items-center gap-2 text-sm text-muted">
          <Spinner /> Going to your identity provider…
        </p>
      )}
    </div>
  );
}
