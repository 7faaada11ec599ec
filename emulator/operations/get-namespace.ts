import { notFound } from "../access.ts";
import type { Rule } from "../call.ts";

/** The namespace of the caller's tenancy; the body is a JSON string. */
export const getNamespace: Rule<"getNamespace"> = ({ world, principal }) => {
  const tenancy = world.get("tenancy", principal.tenancyId);
  if (tenancy === undefined) throw notFound();
  return { json: tenancy.namespace };
};
