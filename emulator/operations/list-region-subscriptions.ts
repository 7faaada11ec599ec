import { findTenancy } from "../access.ts";
import type { Rule } from "../call.ts";
import { findRegion } from "../regions.ts";

/** Regions of the caller's tenancy, home first; not paged. */
export const listRegionSubscriptions: Rule<"listRegionSubscriptions"> = ({ world, params, principal }) => {
  const tenancy = findTenancy(world, principal, params.tenancyId);
  return {
    json: tenancy.regions.map((regionName) => ({
      regionKey: findRegion(regionName)?.key ?? "",
      regionName,
      status: "READY",
      isHomeRegion: regionName === tenancy.homeRegion,
    })),
  };
};
