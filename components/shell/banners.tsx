"use client";

import { useQuery } from "@tanstack/react-query";
import { FlaskConical, PlugZap } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Banner } from "#components/ui/callout.tsx";
import { CopyText } from "#components/ui/copy-text.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { useIsReachable } from "#lib/browser/connection.ts";
import { sessionQuery } from "#lib/browser/session.ts";

/** Says that nothing here is real, and how to make it so. */
export function RehearsalBanner() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Banner
        tone="pending"
        label="Rehearsal"
        icon={<FlaskConical aria-hidden="true" />}
        action={
          <button
            type="button"
            onClick={() => setIsOpen(true)}
            className="min-h-6 rounded-xs font-medium underline underline-offset-2"
          >
            Connect a real <span className="max-sm:hidden">tenancy</span>
            <span className="sm:hidden">one</span>
          </button>
        }
      >
        Rehearsal<span className="max-sm:hidden"> tenancy</span>: nothing here is real.
      </Banner>
      <Dialog
        open={isOpen}
        onOpenChange={setIsOpen}
        title="Connect a real tenancy"
        description="The console then talks to Oracle instead of the rehearsal. Nothing else changes."
        footer={<Button onClick={() => setIsOpen(false)}>Close</Button>}
      >
        <ol className="list-decimal space-y-3 pl-5 text-sm text-pretty marker:text-faint">
          <li>
            On the machine that runs this console, have an OCI configuration file with an API key (the one the OCI CLI
            uses will do). File and key must be readable by you alone.
          </li>
          <li>
            Name it in the console's settings, in the file <span className="code">.env</span> or in the environment:
            <div className="mt-1 rounded-md border border-line bg-sunken px-2 py-1.5">
              <CopyText text="OCI_CONFIG_FILE=~/.oci/config" what="setting" full />
            </div>
          </li>
          <li>
            Stop the console and start it again. It prints a one-time token; sign in with that.
            <div className="mt-1 rounded-md border border-line bg-sunken px-2 py-1.5">
              <CopyText text="npm start" what="command" full />
            </div>
          </li>
        </ol>
        <p className="mt-3 text-xs text-pretty text-muted">
          The key stays on that machine: the server signs every call, the browser never sees a credential. All settings,
          with their defaults, are in <span className="code">.env.example</span>.
        </p>
      </Dialog>
    </>
  );
}

const askAgainMs = 4000;

/** Says that the console's server does not answer, and goes on asking until it does. */
export function ConnectionBanner() {
  const isReachable = useIsReachable();
  if (isReachable) return null;
  return <UnreachableBanner />;
}

function UnreachableBanner() {
  const { refetch, isFetching } = useQuery({ ...sessionQuery, refetchInterval: askAgainMs });
  return (
    <Banner
      tone="warn"
      label="Connection"
      role="status"
      icon={<PlugZap aria-hidden="true" />}
      action={
        <button
          type="button"
          onClick={() => void refetch()}
          className="min-h-6 rounded-xs font-medium underline underline-offset-2"
        >
          {isFetching ? "Trying…" : "Try now"}
        </button>
      }
    >
      The console's server does not answer. You see what was read before; changes are not possible until it is back.
    </Banner>
  );
}
