/** Who is signed in, and how to sign out. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ConsoleRole, GuardRail, SessionAnswer, SignOutAnswer } from "#lib/contract/api.ts";
import { callApi } from "./api.ts";
import { forgetCompartments } from "./last-compartment.ts";

/** The session: asked once, then again whenever the window gets the focus. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => callApi<SessionAnswer>("GET", "/api/session", undefined, signal),
  staleTime: 60_000,
});

/** Ends the session on the server, then loads the sign-in page anew: nothing that was read stays in memory. */
export function useSignOut() {
  const [isPending, setIsPending] = useState(false);
  const signOut = async (): Promise<void> => {
    setIsPending(true);
    try {
      const { leaveTo } = await callApi<SignOutAnswer>("DELETE", "/api/session");
      forgetCompartments();
      window.location.assign(leaveTo ?? "/sign-in");
    } finally {
      setIsPending(false);
    }
  };
  return { signOut, isPending };
}

const noRails: readonly GuardRail[] = [];

/** The company's own rules; none until the session is known. */
export function useGuardRails(): readonly GuardRail[] {
  return useQuery(sessionQuery).data?.guardRails ?? noRails;
}

const lastKnown = { role: "helpdesk" as ConsoleRole, isKnown: false };

/**
 * The role the person acts in. While the session has ended and is being renewed it stays what it was, so that the page
 * behind the dialog does not change; before anybody is known it is the least.
 */
export function useRole(): ConsoleRole {
  const user = useQuery(sessionQuery).data?.user;
  if (user) Object.assign(lastKnown, { role: user.role, isKnown: true });
  return lastKnown.role;
}

/** The same, for pages that say “not you”: null until it is known who is there. */
export function useKnownRole(): ConsoleRole | null {
  const role = useRole();
  return lastKnown.isKnown ? role : null;
}
