import type { Rule } from "../call.ts";
import { eraseObject, findBucket, findObject, requireMatch } from "../objects.ts";

export const deleteObject: Rule<"deleteObject"> = (call) => {
  const { object, content } = findObject(call.world, findBucket(call), call.params.objectName, call.now);
  requireMatch(call.params.ifMatch, content);
  eraseObject(call.world, object);
  return { headers: { "last-modified": new Date(content.timeModified).toUTCString() } };
};
