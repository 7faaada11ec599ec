import { findCompartment } from "../access.ts";
import { compartmentBody, sha1 } from "../answers.ts";
import type { Rule } from "../call.ts";

/** A compartment; the tenancy's OCID gives the root. */
export const getCompartment: Rule<"getCompartment"> = ({ world, params, principal }) => {
  const compartment = findCompartment(world, principal, params.compartmentId);
  return { headers: { etag: sha1(JSON.stringify(compartment)) }, json: compartmentBody(compartment) };
};
