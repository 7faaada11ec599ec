"use client";

import { Button } from "#components/ui/button.tsx";
import "./globals.css";

/** The last resort: the layout itself failed, so this draws its own document. */
export default function GlobalErrorPage({ retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en" data-theme="system">
      <body>
        <title>The console could not start · Vault Console</title>
        <main className="mx-auto flex min-h-dvh max-w-lg flex-col justify-center gap-2 px-6">
          <h1 className="text-xl">The console could not start</h1>
          <p className="text-sm text-muted">
            Something in the console itself went wrong. Nothing was changed in the tenancy by that.
          </p>
          <div className="mt-2 flex gap-2">
            <Button variant="primary" onClick={retry}>
              Try again
            </Button>
            <Button onClick={() => window.location.assign("/sign-in")}>Go to the sign-in page</Button>
          </div>
        </main>
      </body>
    </html>
  );
}
