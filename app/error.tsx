"use client";

import { Button, ButtonLink } from "#components/ui/button.tsx";

/** Plain on purpose: it is part of every page's first load, and drawing it must not fail as the page did. */
export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : undefined;
  return (
    <div role="alert" className="mx-auto flex min-h-[60dvh] max-w-xl flex-col justify-center gap-1 px-6">
      <h1 className="text-lg">This page could not be shown</h1>
      <p className="text-sm text-pretty text-muted">
        Something in the console itself went wrong while drawing it. Nothing was changed in the tenancy by that.
      </p>
      <p className="text-sm text-pretty">
        Try again. If it happens every time, tell whoever runs this console{digest ? ", with the id below." : "."}
      </p>
      {digest ? (
        <p className="pt-1 text-xs text-muted">
          Error id <span className="code select-all">{digest}</span>
        </p>
      ) : null}
      <div className="flex gap-2 pt-2">
        <Button size="sm" onClick={retry}>
          Try again
        </Button>
        <ButtonLink href="/vaults" size="sm">
          Go to the vaults
        </ButtonLink>
      </div>
    </div>
  );
}
