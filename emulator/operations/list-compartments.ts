import { ociError } from "#lib/contract/errors.ts";
import { findCompartment } from "../access.ts";
import { compartmentBody } from "../answers.ts";
import type { Rule } from "../call.ts";
import { cutPage } from "../pages.ts";
import type { CompartmentRecord } from "../records.ts";

/** Children of one compartment, or the whole tree below the tenancy. The root itself is never in the list. */
export const listCompartments: Rule<"listCompartments"> = ({ world, params, principal }) => {
  const { compartmentId, compartmentIdInSubtree = false, sortBy = "TIMECREATED", limit, page } = params;
  const { accessLevel = "ANY", name, lifecycleState } = params;
  findCompartment(world, principal, compartmentId);
  if (compartmentIdInSubtree && compartmentId !== principal.tenancyId) {
    throw ociError("InvalidParameter", "compartmentIdInSubtree: is only allowed with the OCID of the tenancy.");
  }
  const sortOrder = params.sortOrder ?? (sortBy === "NAME" ? "ASC" : "DESC");
  const isAsked = (compartment: CompartmentRecord): boolean =>
    compartment.parentId !== null &&
    (accessLevel === "ANY" || compartment.isAccessible) &&
    (name === undefined || compartment.name === name) &&
    (lifecycleState === undefined || compartment.lifecycleState === lifecycleState);
  const below = compartmentIdInSubtree ? `tree:${principal.tenancyId}` : `children:${compartmentId}`;
  const { items, headers } = cutPage(world, {
    items: [...world.group("compartment", below)].filter(isAsked),
    sortKeyOf: (compartment) => (sortBy === "NAME" ? compartment.name.toLowerCase() : compartment.timeCreated),
    idOf: (compartment) => compartment.id,
    isDescending: sortOrder === "DESC",
    limit,
    page,
    query: [
      "listCompartments",
      compartmentId,
      compartmentIdInSubtree,
      accessLevel,
      name,
      lifecycleState,
      sortBy,
      sortOrder,
    ],
  });
  return { headers, json: items.map(compartmentBody) };
};
