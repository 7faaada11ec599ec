"use client";

import { ButtonLink } from "#components/ui/button.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";

export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : undefined;
  return (
    <div className="flex min-h-[60dvh] items-center justify-center">
      <ErrorBlock
        look="page"
        title="This page could not be shown"
        why="Something in the console itself went wrong while drawing it. Nothing was changed in the tenancy by that."
        whatToDo="Try again. If it happens every time, tell whoever runs this console, with the id below."
        requestId={digest}
        onRetry={retry}
        actions={
          <ButtonLink href="/vaults" size="sm">
            Go to the vaults
          </ButtonLink>
        }
      />
    </div>
  );
}
