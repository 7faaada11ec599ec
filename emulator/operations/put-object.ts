import { ociError } from "#lib/contract/errors.ts";
import type { Rule } from "../call.ts";
import { contentAt, findBucket, md5Of, requireMatch, requireMd5, writeObject } from "../objects.ts";

/** Stores the bytes; `if-none-match: *` only creates. */
export const putObject: Rule<"putObject"> = (call) => {
  const { world, params, request, now } = call;
  const bucket = findBucket(call);
  const before = contentAt(world.get("object", `${bucket.id}#${params.objectName}`), now);
  requireMatch(params.ifMatch, before);
  if (params.ifNoneMatch !== undefined && params.ifNoneMatch !== "*") {
    throw ociError("InvalidParameter", "if-none-match: only * is supported.");
  }
  if (params.ifNoneMatch === "*" && before !== undefined) {
    throw ociError("IfNoneMatchFailed", "The object already exists.");
  }
  requireMd5(params.contentMd5, request.digests?.md5 ?? md5Of(request.body), "");
  const content = writeObject(world, bucket, params.objectName, request.body, now);
  const lastModified = new Date(content.timeModified).toUTCString();
  return { headers: { etag: content.etag, "opc-content-md5": content.md5, "last-modified": lastModified } };
};
