/** The trail of what was done, from the console's own receipts. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { ActivityAnswer, TrailAnswer, TrailFormat } from "#lib/contract/api.ts";
import { callApi, pollEvery } from "./api.ts";

const pollMs = 10_000;

/** What of the trail is wanted; empty texts do not matter. Times are the person's own days, `YYYY-MM-DD`. */
export interface TrailFilter {
  readonly person: string;
  readonly about: string;
  readonly operation: string;
  readonly result: string;
  readonly from: string;
  readonly until: string;
}

/** The filter as the console's address has it; `until` includes its day. */
function searchOf(filter: TrailFilter): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of ["person", "about", "operation", "result"] as const) {
    if (filter[name].trim() !== "") search.set(name, filter[name].trim());
  }
  const from = startOfDay(filter.from, 0);
  const until = startOfDay(filter.until, 1);
  if (from !== null) search.set("from", String(from));
  if (until !== null) search.set("until", String(until));
  return search;
}

function startOfDay(day: string, daysLater: number): number | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  return year === undefined ? null : new Date(Number(year), Number(month) - 1, Number(date) + daysLater).getTime();
}

/** The trail, newest first, a page at a time; for auditors and security admins. */
export function activityQuery(filter: TrailFilter) {
  return infiniteQueryOptions({
    queryKey: ["activity", "all", filter] as const,
    queryFn: ({ pageParam, signal }) => {
      const search = searchOf(filter);
      if (pageParam !== null) search.set("before", String(pageParam));
      return callApi<ActivityAnswer>("GET", `/api/activity?${search}`, undefined, signal);
    },
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

/** Address of the same as a file. */
export function exportHref(filter: TrailFilter, format: TrailFormat): string {
  const search = searchOf(filter);
  search.set("format", format);
  return `/api/activity/export?${search}`;
}

/** What was done to one vault through this console; for everybody. */
export function vaultActivityQuery(vaultId: string) {
  return queryOptions({
    queryKey: ["activity", "target", vaultId],
    queryFn: ({ signal }) =>
      callApi<ActivityAnswer>("GET", `/api/activity?target=${encodeURIComponent(vaultId)}`, undefined, signal),
    refetchInterval: pollEvery(pollMs),
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
