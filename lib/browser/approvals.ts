/** Four eyes in the browser: whether a second person has to agree, what waits, and deciding it. */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApprovalAsked, ApprovalsAnswer, DecisionBody, FourEyes } from "#lib/contract/api.ts";
import { type OperationName, operationRow } from "#lib/contract/operations.ts";
import type { Answer } from "./api.ts";
import { callApi, pollEvery } from "./api.ts";
import { sessionQuery } from "./session.ts";

/** Sent with a change that is asked for instead of made. */
export const askHeader = { "x-ovc-ask": "approval" } as const;

/** Shortest reason a second person can decide by, characters. */
export const askReasonMin = 10;

/** Everything that waits or was decided, newest first; for security admins and auditors. */
export const approvalsQuery = queryOptions({
  queryKey: ["approvals"],
  queryFn: ({ signal }) => callApi<ApprovalsAnswer>("GET", "/api/approvals", undefined, signal),
  staleTime: 5_000,
});

/** One request for approval; read again while somebody may decide it. */
export function approvalQuery(id: string) {
  return queryOptions({
    queryKey: ["approvals", id] as const,
    queryFn: ({ signal }) =>
      callApi<ApprovalsAnswer>("GET", `/api/approvals/${encodeURIComponent(id)}`, undefined, signal),
    refetchInterval: pollEvery(10_000),
    retry: false,
  });
}

/** Decides one; what it is now is the answer's. */
export function useDecide(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: DecisionBody) =>
      callApi<ApprovalsAnswer>("POST", `/api/approvals/${encodeURIComponent(id)}`, body),
    onSuccess: (answer) => client.setQueryData(approvalQuery(id).queryKey, answer),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["approvals"] });
      void client.invalidateQueries({ queryKey: ["inventory"] });
      void client.invalidateQueries({ queryKey: ["activity"] });
    },
  });
}

/** Whether a second person has to agree in this console, and why; null until the session is known. */
export function useFourEyes(): FourEyes | null {
  return useQuery(sessionQuery).data?.fourEyes ?? null;
}

/** Whether this operation is asked for here, and not made by one person. */
export function useIsAskedFor(operation: OperationName): boolean {
  const fourEyes = useFourEyes();
  return fourEyes?.isOn === true && operationRow(operation).fourEyes === true;
}

/** What the console says in place of the service's answer when a change now waits; null for an answer of the service. */
export function readAsked(answer: Answer<unknown>): ApprovalAsked | null {
  const body = answer.body as Partial<ApprovalAsked> | null;
  return typeof body?.approval === "string" && typeof body.expiresAt === "number" ? (body as ApprovalAsked) : null;
}
