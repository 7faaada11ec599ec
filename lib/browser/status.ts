/** What works: the console's own status, and the limits of the service. */
import { queryOptions } from "@tanstack/react-query";
import type { StatusAnswer } from "#lib/contract/api.ts";
import type { LimitValueSummary } from "#lib/contract/models.ts";
import { callApi, pollEvery } from "./api.ts";
import { askService } from "./vault.ts";

/** Read every five seconds while somebody looks; it costs the service nothing. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => callApi<StatusAnswer>("GET", "/api/status", undefined, signal),
  refetchInterval: pollEvery(5_000),
  retry: false,
});

/** ListLimitValues of Key Management for one region. Limits change by service request, so ten minutes are fresh enough. */
export function vaultLimitsQuery({ tenancy, region }: { readonly tenancy: string; readonly region: string }) {
  return queryOptions({
    queryKey: ["listLimitValues", { tenancy, region }] as const,
    queryFn: ({ signal }) =>
      askService<"listLimitValues", LimitValueSummary[]>(
        "listLimitValues",
        { compartmentId: tenancy, serviceName: "kms", scopeType: "REGION", limit: 100 },
        { tenancy, region },
        { signal },
      ),
    staleTime: 600_000,
    retry: false,
    enabled: tenancy !== "" && region !== "",
  });
}
