/** Who may use the console, and where people are signed in. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type {
  AddPersonBody,
  ApprovalAsked,
  ConsoleRole,
  EndSessionBody,
  PeopleAnswer,
  SessionListAnswer,
} from "#lib/contract/api.ts";
import { ask, callApi } from "./api.ts";
import { askHeader } from "./approvals.ts";

/** Everybody who may use the console; for security admins. */
export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: ({ signal }) => callApi<PeopleAnswer>("GET", "/api/people", undefined, signal),
});

/** A change to a person, by the name of its address. */
export type PersonChange =
  | { readonly change: "add"; readonly body: AddPersonBody }
  | { readonly change: "role"; readonly body: { id: string; role: ConsoleRole } }
  | { readonly change: "disable" | "enable" | "invite" | "end-sessions"; readonly body: { id: string } };

/** Changes who may use the console; the list is the answer's. */
export function useChangePeople() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ change, body }: PersonChange) => callApi<PeopleAnswer>("POST", `/api/people/${change}`, body),
    onSuccess: (answer) => {
      client.setQueryData(peopleQuery.queryKey, { people: answer.people, canAdd: answer.canAdd });
      void client.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
}

/** Asks a second security admin to agree to a role. */
export function useAskForRole() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, role, reason }: { id: string; role: ConsoleRole; reason: string }) => {
      const headers = {
        ...askHeader,
        "content-type": "application/json",
        "x-ovc-reason": encodeURIComponent(reason),
      };
      const body = JSON.stringify({ id, role });
      return (await ask<ApprovalAsked>("/api/people/role", { method: "POST", headers, body })).body;
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["approvals"] }),
  });
}

/** Where the person is signed in. */
export const ownSessionsQuery = queryOptions({
  queryKey: ["sessions", "own"],
  queryFn: ({ signal }) => callApi<SessionListAnswer>("GET", "/api/session/list", undefined, signal),
});

/** Ends one session, or all of one's own but this one. */
export function useEndSessions() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: EndSessionBody) => callApi<unknown>("POST", "/api/session/end", body),
    onSettled: () => client.invalidateQueries({ queryKey: ["sessions"] }),
  });
}

/** Changes the person's password; every other session of theirs ends. */
export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { current: string; password: string }) =>
      callApi<unknown>("POST", "/api/session/password", body),
    onSuccess: () => client.invalidateQueries(),
  });
}
