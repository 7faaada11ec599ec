import { openCompartment } from "../access.ts";
import { bucketBody } from "../answers.ts";
import type { Rule } from "../call.ts";
import { requireNamespace } from "../objects.ts";
import { cutPage } from "../pages.ts";

/** Buckets of one compartment by name; 25 a page by default. */
export const listBuckets: Rule<"listBuckets"> = ({ world, params, principal, region }) => {
  requireNamespace(world, principal, params.namespaceName);
  openCompartment(world, principal, params.compartmentId);
  const { items, headers } = cutPage(world, {
    items: world.group("bucket", `buckets:${region}:${params.compartmentId}`),
    sortKeyOf: (bucket) => bucket.name,
    idOf: (bucket) => bucket.id,
    isDescending: false,
    limit: params.limit,
    defaultLimit: 25,
    page: params.page,
    query: ["listBuckets", region, params.compartmentId],
  });
  return { headers, json: items.map(bucketBody) };
};
