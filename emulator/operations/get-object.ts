import { objectHeaders } from "../answers.ts";
import type { Rule } from "../call.ts";
import { findBucket, findObject, readRange, requireMatch } from "../objects.ts";

/** The bytes, or one range of them (206). */
export const getObject: Rule<"getObject"> = (call) => {
  const { content } = findObject(call.world, findBucket(call), call.params.objectName, call.now);
  requireMatch(call.params.ifMatch, content);
  const bytes = call.world.readBlob(content.blobId);
  const range = readRange(call.params.range, content.size);
  if (range === undefined) return { headers: objectHeaders(content), bytes };
  const contentRange = `bytes ${range.start}-${range.end - 1}/${content.size}`;
  return {
    status: 206,
    headers: { ...objectHeaders(content), "content-range": contentRange },
    bytes: bytes.subarray(range.start, range.end),
  };
};
