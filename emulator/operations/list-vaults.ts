import { openCompartment } from "../access.ts";
import { vaultSummaryBody } from "../answers.ts";
import type { Rule } from "../call.ts";
import { placeAt, type VaultPlace } from "../lifecycle.ts";
import { cutPage } from "../pages.ts";
import { placeKey } from "../world.ts";

/**
 * One compartment, not its children; nothing filtered. E14: replicas are in the list of their region. E15: deleted vaults
 * stay for a day. E2: newest first unless asked otherwise; names compare without case, ties by OCID.
 */
export const listVaults: Rule<"listVaults"> = ({ world, params, principal, region, now, endpoints }) => {
  const { compartmentId, sortBy = "TIMECREATED", limit, page } = params;
  openCompartment(world, principal, compartmentId);
  const sortOrder = params.sortOrder ?? (sortBy === "DISPLAYNAME" ? "ASC" : "DESC");
  const places: VaultPlace[] = [];
  for (const vault of world.group("vault", placeKey(region, compartmentId))) {
    const place = placeAt(vault, region, now);
    if (place !== undefined) places.push(place);
  }
  const { items, headers } = cutPage(world, {
    items: places,
    sortKeyOf: ({ vault }) => (sortBy === "DISPLAYNAME" ? vault.displayName.toLowerCase() : vault.timeCreated),
    idOf: ({ vault }) => vault.id,
    isDescending: sortOrder === "DESC",
    limit,
    page,
    query: ["listVaults", principal.tenancyId, region, compartmentId, sortBy, sortOrder],
  });
  return { headers, json: items.map((place) => vaultSummaryBody(place, endpoints)) };
};
