import { findVault, notFound, openCompartment } from "../access.ts";
import { keySummaryBody } from "../answers.ts";
import type { Rule } from "../call.ts";
import { type KeyAt, keyAt } from "../lifecycle.ts";
import { vaultOfHost } from "../management.ts";
import { cutPage } from "../pages.ts";
import type { KeyRecord } from "../records.ts";

/** The keys of the vault the host names that are in one compartment, whatever the vault's own. Newest first by default. */
export const listKeys: Rule<"listKeys"> = (call) => {
  const { world, params, principal, region, now } = call;
  const { compartmentId, sortBy = "TIMECREATED", limit, page } = params;
  const { vault } = findVault(call, vaultOfHost(call) ?? refuse());
  openCompartment(world, principal, compartmentId);
  const sortOrder = params.sortOrder ?? (sortBy === "DISPLAYNAME" ? "ASC" : "DESC");
  const keys: { key: KeyRecord; at: KeyAt }[] = [];
  for (const key of world.group("key", `keys:${vault.id}`)) {
    const at = key.compartmentId === compartmentId ? keyAt(key, vault, now) : undefined;
    if (at !== undefined) keys.push({ key, at });
  }
  const { items, headers } = cutPage(world, {
    items: keys,
    sortKeyOf: ({ key }) => (sortBy === "DISPLAYNAME" ? key.displayName.toLowerCase() : key.timeCreated),
    idOf: ({ key }) => key.id,
    isDescending: sortOrder === "DESC",
    limit,
    page,
    query: ["listKeys", principal.tenancyId, region, vault.id, compartmentId, sortBy, sortOrder],
  });
  return { headers, json: items.map(({ key, at }) => keySummaryBody(key, at)) };
};

function refuse(): never {
  throw notFound();
}
