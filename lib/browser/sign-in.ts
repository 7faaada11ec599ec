/** Signing in; apart from the session, which every page asks for. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { SignInBody } from "#lib/contract/api.ts";
import { callApi } from "./api.ts";

/** Signs in as a persona (rehearsal) or with the one-time token (live). Everything read before is asked again. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SignInBody) => callApi<unknown>("POST", "/api/session", body),
    onSuccess: () => client.invalidateQueries(),
  });
}
