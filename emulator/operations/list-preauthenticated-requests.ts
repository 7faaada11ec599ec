import { preauthenticatedBody } from "../answers.ts";
import type { Rule } from "../call.ts";
import { findBucket } from "../objects.ts";
import { cutPage } from "../pages.ts";

/** Without secrets, newest first. */
export const listPreauthenticatedRequests: Rule<"listPreauthenticatedRequests"> = (call) => {
  const { world, params } = call;
  const bucket = findBucket(call);
  const prefix = params.objectNamePrefix ?? "";
  const requests = [...world.group("preauthenticated", `requests:${bucket.id}`)];
  const { items, headers } = cutPage(world, {
    items: requests.filter((request) => (request.objectName ?? "").startsWith(prefix)),
    sortKeyOf: (request) => request.timeCreated,
    idOf: (request) => request.id,
    isDescending: true,
    limit: params.limit,
    page: params.page,
    query: ["listPreauthenticatedRequests", bucket.id, prefix],
  });
  return { headers, json: items.map(preauthenticatedBody) };
};
