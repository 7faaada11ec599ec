import { ociError } from "#lib/contract/errors.ts";
import { findTenancy } from "../access.ts";
import type { Rule } from "../call.ts";
import { cutPage } from "../pages.ts";
import { vaultLimit, vaultLimitNames } from "../vault-limits.ts";

/** Limits of the tenancy's Key Management in this region. Only the root compartment has limits. */
export const listLimitValues: Rule<"listLimitValues"> = ({ world, params, principal, region }) => {
  const tenancy = findTenancy(world, principal, params.compartmentId);
  if (params.serviceName !== "kms")
    throw ociError("InvalidParameter", "serviceName: only the limits of kms are known here.");
  const isRegional = params.scopeType === undefined || params.scopeType === "REGION";
  const names = isRegional && params.availabilityDomain === undefined ? vaultLimitNames : [];
  const { items, headers } = cutPage(world, {
    items: names.filter((name) => params.name === undefined || params.name === name),
    sortKeyOf: (name) => name,
    idOf: (name) => name,
    isDescending: params.sortOrder === "DESC",
    limit: params.limit,
    page: params.page,
    query: ["listLimitValues", tenancy.id, region, params.scopeType, params.name, params.sortOrder],
  });
  return { headers, json: items.map((name) => ({ name, scopeType: "REGION", value: vaultLimit(world, name) })) };
};
