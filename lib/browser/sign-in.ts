/** Signing in; apart from the session, which every page asks for. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ProviderAnswer, SetupBody, SignInBody, StepUpBody } from "#lib/contract/api.ts";
import { callApi } from "./api.ts";

/** Signs in as a persona (rehearsal) or with name and password. Everything read before is asked again. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SignInBody) => callApi<unknown>("POST", "/api/session", body),
    onSuccess: () => client.invalidateQueries(),
  });
}

/** Makes the first admin, or accepts an invitation; one is signed in afterwards. */
export function useSetup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SetupBody) => callApi<unknown>("POST", "/api/session/setup", body),
    onSuccess: () => client.invalidateQueries(),
  });
}

/** Proves again who one is; what was read stays. */
export function useStepUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: StepUpBody) => callApi<unknown>("POST", "/api/session/step-up", body),
    onSuccess: () => client.invalidateQueries({ queryKey: ["session"] }),
  });
}

/** Leaves for the identity provider; it sends the person back to `next`. */
export function useProvider() {
  return useMutation({
    mutationFn: (body: { next: string; stepUp?: boolean }) =>
      callApi<ProviderAnswer>("POST", "/api/session/provider", body),
    onSuccess: ({ redirect }) => window.location.assign(redirect),
  });
}

const channelName = "session";

/** Tells the other tabs of this console that somebody has just signed in or confirmed. */
export function tellOtherTabs(): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage("changed");
  channel.close();
}

/** Calls `listen` when another tab tells so, or this one gets the focus. Gives the way to stop. */
export function followOtherTabs(listen: () => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = listen;
  window.addEventListener("focus", listen);
  return () => {
    channel.close();
    window.removeEventListener("focus", listen);
  };
}
