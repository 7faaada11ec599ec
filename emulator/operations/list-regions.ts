import type { Rule } from "../call.ts";
import { realmRegions } from "../regions.ts";

/** Regions of the realm; not paged. */
export const listRegions: Rule<"listRegions"> = () => ({ json: realmRegions.map(({ key, name }) => ({ key, name })) });
