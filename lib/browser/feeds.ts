/** The person's own calendar feed of deletions. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { FeedAnswer } from "#lib/contract/api.ts";
import { callApi } from "./api.ts";

/** Whether there is one; its secret address is told only when it is made. */
export const feedQuery = queryOptions({
  queryKey: ["feed"],
  queryFn: ({ signal }) => callApi<FeedAnswer>("GET", "/api/feeds", undefined, signal),
  staleTime: 0,
});

/** Makes the feed anew, which ends an earlier one, or ends it. */
export function useChangeFeed() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (what: "make" | "end") => callApi<FeedAnswer>(what === "make" ? "POST" : "DELETE", "/api/feeds"),
    onSuccess: (answer) => client.setQueryData(feedQuery.queryKey, { ...answer, path: null }),
  });
}
