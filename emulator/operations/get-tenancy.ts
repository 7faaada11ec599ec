import { findTenancy } from "../access.ts";
import { tenancyBody } from "../answers.ts";
import type { Rule } from "../call.ts";

/** The caller's own tenancy. No etag. */
export const getTenancy: Rule<"getTenancy"> = ({ world, params, principal }) => ({
  json: tenancyBody(findTenancy(world, principal, params.tenancyId)),
});
