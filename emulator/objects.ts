/** Buckets and objects: found, read, written. Used by Object Storage's rules, pre-authenticated requests and backups alike. */
import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { OciError, ociError } from "#lib/contract/errors.ts";
import type { Principal } from "./call.ts";
import type { BucketRecord, ObjectContent, ObjectRecord } from "./records.ts";
import type { World } from "./world.ts";

/** The document id of a bucket. */
export function bucketId(region: string, namespace: string, name: string): string {
  return `${region}/${namespace}/${name}`;
}

/** The namespace must be the caller's tenancy's. Throws NamespaceNotFound. */
export function requireNamespace(world: World, principal: Principal, namespace: string): void {
  if (world.get("tenancy", principal.tenancyId)?.namespace === namespace) return;
  throw ociError(
    "NamespaceNotFound",
    `You do not have authorization to perform this request, or the namespace '${namespace}' does not exist.`,
  );
}

interface BucketCall {
  readonly world: World;
  readonly principal: Principal;
  readonly region: string;
  readonly params: { readonly namespaceName: string; readonly bucketName: string };
}

/** A bucket of the caller's tenancy in this region. Throws NamespaceNotFound or BucketNotFound. */
export function findBucket({ world, principal, region, params }: BucketCall): BucketRecord {
  requireNamespace(world, principal, params.namespaceName);
  const bucket = world.get("bucket", bucketId(region, params.namespaceName, params.bucketName));
  const isOpen = bucket !== undefined && world.get("compartment", bucket.compartmentId)?.isAccessible !== false;
  if (bucket !== undefined && isOpen) return bucket;
  throw ociError(
    "BucketNotFound",
    `Either the bucket named '${params.bucketName}' does not exist in the namespace '${params.namespaceName}' or you are not authorized to access it.`,
  );
}

/** What an object holds at `now`; undefined while nothing is there. A backup appears when it is complete. */
export function contentAt(object: ObjectRecord | undefined, now: number): ObjectContent | undefined {
  if (object === undefined) return undefined;
  if (object.coming !== null && object.coming.timeModified < now) return object.coming;
  return object.content ?? undefined;
}

/** An object and its content. Throws ObjectNotFound. */
export function findObject(
  world: World,
  bucket: BucketRecord,
  name: string,
  now: number,
): { object: ObjectRecord; content: ObjectContent } {
  const object = world.get("object", `${bucket.id}#${name}`);
  const content = contentAt(object, now);
  if (object !== undefined && content !== undefined) return { object, content };
  throw ociError("ObjectNotFound", `The object '${name}' was not found in the bucket '${bucket.name}'.`);
}

/** Refuses when `if-match` names another etag. Throws IfMatchFailed. */
export function requireMatch(ifMatch: string | undefined, content: ObjectContent | undefined): void {
  if (ifMatch === undefined || (content !== undefined && (ifMatch === "*" || ifMatch === content.etag))) return;
  throw ociError("IfMatchFailed", "The If-Match header does not match the ETag of the object.");
}

/** E7: a Content-MD5 header must be base64 of 16 bytes and that of the body. Throws InvalidContentMD5 or UnmatchedContentMD5. */
export function requireMd5(header: string | undefined, actual: string, endMark: "." | ""): void {
  if (header === undefined) return;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(header)) {
    throw ociError(
      "InvalidContentMD5",
      `The value of the Content-MD5 header '${header}' is not the base64 of an MD5 digest.`,
    );
  }
  if (timingSafeEqual(Buffer.from(header, "base64"), Buffer.from(actual, "base64"))) return;
  throw ociError(
    "UnmatchedContentMD5",
    `The computed MD5 of the request body (${actual}) does not match the Content-MD5 header (${header})${endMark}`,
  );
}

/** Base64 MD5. */
export function md5Of(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("base64");
}

/** Stores bytes as an object; with `readyAt` after `now` they appear only then. Epoch ms. */
export function writeObject(
  world: World,
  bucket: BucketRecord,
  name: string,
  bytes: Uint8Array,
  now: number,
  readyAt = now,
): ObjectContent {
  const id = `${bucket.id}#${name}`;
  const before = world.get("object", id);
  const current = contentAt(before, now) ?? null;
  const content = {
    blobId: randomUUID(),
    size: bytes.length,
    md5: md5Of(bytes),
    etag: randomUUID(),
    timeModified: readyAt,
  };
  world.putBlob(content.blobId, bytes);
  const isLater = readyAt > now;
  for (const old of [before?.content, before?.coming]) {
    if (old && !(isLater && old === current)) world.putBlob(old.blobId, null);
  }
  world.put("object", {
    id,
    bucketId: bucket.id,
    name,
    timeCreated: before?.timeCreated ?? readyAt,
    content: isLater ? current : content,
    coming: isLater ? content : null,
  });
  return content;
}

/** Removes an object and its bytes. */
export function eraseObject(world: World, object: ObjectRecord): void {
  for (const content of [object.content, object.coming]) {
    if (content !== null) world.putBlob(content.blobId, null);
  }
  world.remove("object", object.id);
}

/** The one byte range of a Range header, end exclusive; undefined for "all of it". Throws 416 InvalidRange. */
export function readRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  const start = match[1] === "" ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === "" || match[2] === "" ? size : Math.min(size, Number(match[2]) + 1);
  if (start >= end) {
    throw new OciError({
      status: 416,
      code: "InvalidRange",
      message: `The range ${header} is not in an object of ${size} bytes.`,
    });
  }
  return { start, end };
}
