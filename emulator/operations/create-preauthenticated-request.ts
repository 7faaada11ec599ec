import { randomBytes } from "node:crypto";
import { ociError } from "#lib/contract/errors.ts";
import { preauthenticatedAddress, preauthenticatedBody } from "../answers.ts";
import type { Rule } from "../call.ts";
import { findBucket } from "../objects.ts";
import { hashSecret } from "../preauthenticated.ts";
import type { PreauthenticatedRecord } from "../records.ts";

/** The secret address is shown in this answer only. */
export const createPreauthenticatedRequest: Rule<"createPreauthenticatedRequest"> = (call) => {
  const { world, now, endpoints } = call;
  const details = call.params.body;
  const bucket = findBucket(call);
  const timeExpires = Date.parse(details.timeExpires);
  if (timeExpires <= now) throw ociError("InvalidParameter", "timeExpires: must be in the future.");
  if (!details.accessType.startsWith("Any") && details.objectName === undefined) {
    throw ociError("MissingParameter", `objectName is required for ${details.accessType}.`);
  }
  const secret = randomBytes(32).toString("base64url");
  const request: PreauthenticatedRecord = {
    id: `${randomBytes(24).toString("base64url")}:${details.objectName ?? ""}`,
    secretHash: hashSecret(secret),
    bucketId: bucket.id,
    name: details.name,
    accessType: details.accessType,
    objectName: details.objectName ?? null,
    bucketListingAction: details.bucketListingAction ?? null,
    timeExpires,
    timeCreated: now,
  };
  world.put("preauthenticated", request);
  const objectInPath = details.accessType.startsWith("Any") ? null : request.objectName;
  const address = preauthenticatedAddress(bucket, secret, objectInPath, endpoints);
  return { json: { ...preauthenticatedBody(request), ...address } };
};
