import { objectHeaders } from "../answers.ts";
import type { Rule } from "../call.ts";
import { findBucket, findObject, requireMatch } from "../objects.ts";

export const headObject: Rule<"headObject"> = (call) => {
  const { content } = findObject(call.world, findBucket(call), call.params.objectName, call.now);
  requireMatch(call.params.ifMatch, content);
  return { headers: objectHeaders(content), byteLength: content.size };
};
