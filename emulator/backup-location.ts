/** Where a backup is written to or read from: a bucket of this region, or a pre-authenticated request of this service. */
import { ociError } from "#lib/contract/errors.ts";
import type { BackupLocation } from "#lib/contract/models.ts";
import { notFound } from "./access.ts";
import type { Principal } from "./call.ts";
import type { Endpoints } from "./endpoints.ts";
import { bucketId, findObject } from "./objects.ts";
import { findPreauthenticated, readPreauthenticatedPath } from "./preauthenticated.ts";
import type { BucketRecord } from "./records.ts";
import { servedRegions } from "./regions.ts";
import type { World } from "./world.ts";

interface LocationCall {
  readonly world: World;
  readonly principal: Principal;
  readonly region: string;
  readonly now: number;
  readonly endpoints: Endpoints;
}

interface Spot {
  readonly bucket: BucketRecord;
  readonly objectName: string;
}

/** The bucket and object a location means. E6: another region's bucket is 400; a missing or foreign one 404. */
export function findSpot(call: LocationCall, location: BackupLocation, purpose: "read" | "write"): Spot {
  return location.destination === "BUCKET" ? findInBucket(call, location) : findByUri(call, location.uri, purpose);
}

function findInBucket(call: LocationCall, location: Extract<BackupLocation, { destination: "BUCKET" }>): Spot {
  const { world, principal, region } = call;
  const { namespace, bucketName, objectName } = location;
  const isOwn = world.get("tenancy", principal.tenancyId)?.namespace === namespace;
  const bucket = isOwn ? world.get("bucket", bucketId(region, namespace, bucketName)) : undefined;
  if (bucket !== undefined && world.get("compartment", bucket.compartmentId)?.isAccessible !== false) {
    return { bucket, objectName };
  }
  const elsewhere = servedRegions.find((other) => world.get("bucket", bucketId(other, namespace, bucketName)));
  if (isOwn && elsewhere !== undefined) {
    throw ociError(
      "InvalidParameter",
      `backupLocation: the bucket ${bucketName} is in ${elsewhere}, the request is for ${region}.`,
    );
  }
  throw notFound();
}

/** Only this service's own requests, and only in this region: no address a caller names is ever fetched. */
function findByUri(call: LocationCall, uri: string, purpose: "read" | "write"): Spot {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  const isOwn = url?.protocol === "http:" && url.host === `127.0.0.1:${call.endpoints.portOf(call.region)}`;
  const path = url === undefined || !isOwn ? undefined : readPreauthenticatedPath(url.pathname);
  if (path === undefined || path.objectName === "") {
    throw ociError(
      "InvalidParameter",
      `backupLocation.uri: is not a pre-authenticated request for an object in ${call.region}.`,
    );
  }
  const { bucket } = findPreauthenticated(call.world, call.region, path, purpose, call.now);
  if (bucket.tenancyId !== call.principal.tenancyId) throw notFound();
  return { bucket, objectName: path.objectName };
}

/** The bytes of a backup that lies in Object Storage. Throws NotAuthorizedOrNotFound when there is no such object. */
export function readBackupObject(call: LocationCall, location: BackupLocation): Uint8Array {
  const spot = findSpot(call, location, "read");
  return call.world.readBlob(contentOrNotFound(call, spot));
}

function contentOrNotFound(call: LocationCall, spot: Spot): string {
  try {
    return findObject(call.world, spot.bucket, spot.objectName, call.now).content.blobId;
  } catch {
    throw notFound();
  }
}
