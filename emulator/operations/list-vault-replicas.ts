import { findVault } from "../access.ts";
import { sha1, vaultEtag } from "../answers.ts";
import type { Rule } from "../call.ts";
import { vaultAddress } from "../endpoints.ts";
import { replicaAt } from "../lifecycle.ts";
import { cutPage } from "../pages.ts";

/** At most one item; asked in the replica's region it answers the same. `if-match` and retry token are ignored (E18). */
export const listVaultReplicas: Rule<"listVaultReplicas"> = (call) => {
  const { world, params, principal, region, now, endpoints } = call;
  const place = findVault(call, params.vaultId);
  const replica = replicaAt(place.vault, now);
  const { items, headers } = cutPage(world, {
    items: replica === undefined ? [] : [replica],
    sortKeyOf: (item) => item.region,
    idOf: (item) => item.replicationId,
    isDescending: params.sortOrder === "DESC",
    limit: params.limit,
    page: params.page,
    query: ["listVaultReplicas", principal.tenancyId, region, params.vaultId, params.sortBy, params.sortOrder],
  });
  const etag = sha1(`${vaultEtag(place, now)}|${replica?.status ?? ""}`);
  const json = items.map((item) => ({
    region: item.region,
    status: item.status,
    cryptoEndpoint: vaultAddress(endpoints, place.vault.id, item.region, "crypto"),
    managementEndpoint: vaultAddress(endpoints, place.vault.id, item.region, "management"),
  }));
  return { headers: { ...headers, etag }, json };
};
