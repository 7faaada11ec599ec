/** Who is signed in, and how to sign in and out. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { SessionAnswer, SignInBody } from "#lib/contract/api.ts";
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
