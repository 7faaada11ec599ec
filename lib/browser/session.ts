/** Who is signed in, and how to sign in and out. */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ConsoleRole, SessionAnswer, SignInBody } from "#lib/contract/api.ts";
import { callApi } from "./api.ts";

/** The session: asked once, then again whenever the window gets the focus. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => callApi<SessionAnswer>("GET", "/api/session", undefined, signal),
  staleTime: 60_000,
});

/** Signs in as a persona (rehearsal) or with the one-time token (live). Everything read before is asked again. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SignInBody) => callApi<unknown>("POST", "/api/session", body),
    onSuccess: () => client.invalidateQueries(),
  });
}

/** Ends the session on the server, then loads the sign-in page anew: nothing that was read stays in memory. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => callApi<unknown>("DELETE", "/api/session"),
    onSuccess: () => window.location.assign("/sign-in"),
  });
}

const lastKnown = { role: "helpdesk" as ConsoleRole };

/**
 * The role the person acts in. While the session has ended and is being renewed it stays what it was, so that the page
 * behind the dialog does not change; before anybody is known it is the least.
 */
export function useRole(): ConsoleRole {
  const user = useQuery(sessionQuery).data?.user;
  if (user) lastKnown.role = user.role;
  return lastKnown.role;
}
