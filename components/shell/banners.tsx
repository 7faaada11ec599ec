"use client";

import { useQuery } from "@tanstack/react-query";
import { EyeOff, FlaskConical, PlugZap } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { lazy, Suspense, useState } from "react";
import { Banner } from "#components/ui/callout.tsx";
import { useOpenedOnce } from "#components/ui/dialog.tsx";
import { patiently } from "#components/ui/patiently.ts";
import { useIsReachable } from "#lib/browser/connection.ts";
import { sessionQuery } from "#lib/browser/session.ts";

const RehearsalDialog = lazy(() =>
  patiently(() => import("./rehearsal-dialog.tsx")).then((module) => ({ default: module.RehearsalDialog })),
);

/** Says that nothing here is real, and how to make it so. */
export function RehearsalBanner() {
  const [isOpen, setIsOpen] = useState(false);
  const isWanted = useOpenedOnce(isOpen);
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
      {isWanted ? (
        <Suspense fallback={null}>
          <RehearsalDialog open={isOpen} onOpenChange={setIsOpen} />
        </Suspense>
      ) : null}
    </>
  );
}

/** Says to security admins of a real tenancy that one of them alone is enough; why that is so is said with the approvals. */
export function FourEyesBanner() {
  return (
    <Banner
      label="Four eyes"
      icon={<EyeOff aria-hidden="true" />}
      action={
        <Link
          href={"/approvals" as Route}
          className="inline-flex min-h-6 items-center rounded-xs font-medium underline underline-offset-2"
        >
          Why
        </Link>
      }
    >
      Four eyes are off<span className="max-sm:hidden">: one person alone can do what cannot be undone</span>.
    </Banner>
  );
}

const askAgainMs = 4000;

/** Says that the console's server does not answer, and goes on asking until it does. */
export function ConnectionBanner() {
  const isReachable = useIsReachable();
  if (isReachable) return null;
  // Over the page's lower edge: it comes and goes, and nothing may move for it.
  return (
    <div className="fixed inset-x-0 bottom-0 z-40 border-t border-line bg-surface">
      <UnreachableBanner />
    </div>
  );
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
      {navigator.onLine
        ? "The console's server does not answer. You see what was read before; changes are not possible until it is back."
        : "This device is offline. You see what was read before; changes are not possible until it is back."}
    </Banner>
  );
}
