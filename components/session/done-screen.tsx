"use client";

import { CircleCheck } from "lucide-react";
import { useEffect } from "react";
import { ButtonLink } from "#components/ui/button.tsx";
import { tellOtherTabs } from "#lib/browser/sign-in.ts";

/** The end of signing in or confirming in a tab of its own: tells the tab that waits, and goes. */
export function DoneScreen() {
  useEffect(() => {
    tellOtherTabs();
    window.close();
  }, []);
  return (
    <div className="space-y-4">
      <h1 className="flex items-center gap-2 text-xl tracking-tight">
        <CircleCheck aria-hidden="true" className="size-5 text-ok" />
        Done
      </h1>
      <p className="text-sm text-muted">You can close this tab and go on in the other one.</p>
      <ButtonLink href="/vaults">Open the console here</ButtonLink>
    </div>
  );
}
