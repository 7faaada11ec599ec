/** The trail of what was done, from the console's own receipts. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { ActivityAnswer, TrailAnswer } from "#lib/contract/api.ts";
import { callApi } from "./api.ts";

const pollMs = 10_000;

/** The whole trail, newest first, a page at a time; for auditors and security admins. */
export const activityQuery = infiniteQueryOptions({
  queryKey: ["activity", "all"],
  queryFn: ({ pageParam, signal }) =>
    callApi<ActivityAnswer>(
      "GET",
      `/api/activity${pageParam === null ? "" : `?before=${pageParam}`}`,
      undefined,
      signal,
    ),
  initialPageParam: null as number | null,
  getNextPageParam: (last) => last.next,
});

/** What was done to one vault through this console; for everybody. */
export function vaultActivityQuery(vaultId: string) {
  return queryOptions({
    queryKey: ["activity", "target", vaultId],
    queryFn: ({ signal }) =>
      callApi<ActivityAnswer>("GET", `/api/activity?target=${encodeURIComponent(vaultId)}`, undefined, signal),
    refetchInterval: pollMs,
  });
}

/** One receipt. */
export function receiptQuery(receiptId: string) {
  return queryOptions({
    queryKey: ["activity", "receipt", receiptId],
    queryFn: ({ signal }) =>
      callApi<ActivityAnswer>("GET", `/api/activity?receipt=${encodeURIComponent(receiptId)}`, undefined, signal),
  });
}

/** Has the server read the whole trail and say whether it is what was written. */
export function verifyTrail(): Promise<TrailAnswer> {
  return callApi<TrailAnswer>("GET", "/api/activity/verify");
}
