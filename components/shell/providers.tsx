"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { setClockOffset } from "#components/ui/clock.ts";
import { Toaster } from "#components/ui/toast.tsx";
import { followClock } from "#lib/browser/api.ts";
import { makeQueryClient } from "#lib/browser/query-client.ts";

followClock(setClockOffset);

/** What every page needs: the cache of answers, the nonce for injected style elements, toasts. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  return (
    <CSPProvider {...(nonce ? { nonce } : {})}>
      <QueryClientProvider client={queryClient}>
        {children}
        <Toaster />
      </QueryClientProvider>
    </CSPProvider>
  );
}
