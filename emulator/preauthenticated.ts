/** Pre-authenticated requests: whoever knows the address may read or write, without a signature, until it runs out. */
import { createHash } from "node:crypto";
import { ociError } from "#lib/contract/errors.ts";
import { objectHeaders } from "./answers.ts";
import type { EmulatorRequest, Outcome } from "./call.ts";
import { findObject, md5Of, readRange, requireMd5, writeObject } from "./objects.ts";
import type { BucketRecord, PreauthenticatedRecord } from "./records.ts";
import type { World } from "./world.ts";

export interface PreauthenticatedPath {
  readonly secret: string;
  readonly namespace: string;
  readonly bucketName: string;
  /** Empty for the bucket itself. */
  readonly objectName: string;
}

/** SHA-256 of the secret part, hex: what the world keeps of it. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** The parts of `/p/{secret}/n/{namespace}/b/{bucket}/o/{object}`; undefined for any other path. */
export function readPreauthenticatedPath(path: string): PreauthenticatedPath | undefined {
  const match = /^\/p\/([^/]+)\/n\/([^/]+)\/b\/([^/]+)\/o\/?(.*)$/s.exec(path);
  if (match === null) return undefined;
  try {
    const [secret = "", namespace = "", bucketName = "", objectName = ""] = match.slice(1).map(decodeURIComponent);
    return { secret, namespace, bucketName, objectName };
  } catch {
    return undefined;
  }
}

/** The live request behind a path, fit for the purpose. Throws NotAuthorizedOrNotFound, whatever is wrong. */
export function findPreauthenticated(
  world: World,
  region: string,
  path: PreauthenticatedPath,
  purpose: "read" | "write",
  now: number,
): { request: PreauthenticatedRecord; bucket: BucketRecord } {
  for (const request of world.group("preauthenticated", `secret:${hashSecret(path.secret)}`)) {
    const bucket = world.get("bucket", request.bucketId);
    const isThere = bucket?.region === region && bucket.namespace === path.namespace && bucket.name === path.bucketName;
    const isRight = request.accessType.includes(purpose === "read" ? "Read" : "Write") && request.timeExpires > now;
    const isNamed = request.accessType.startsWith("Any")
      ? path.objectName.startsWith(request.objectName ?? "")
      : request.objectName === path.objectName;
    if (bucket !== undefined && isThere && isRight && isNamed) return { request, bucket };
  }
  throw ociError("NotAuthorizedOrNotFound", "PAR does not exist or has expired, or does not allow this.");
}

/** Answers a request under `/p/`. Throws OciError. */
export function answerPreauthenticated(world: World, region: string, request: EmulatorRequest, now: number): Outcome {
  const mark = request.rawTarget.indexOf("?");
  const path = readPreauthenticatedPath(mark < 0 ? request.rawTarget : request.rawTarget.slice(0, mark));
  if (path === undefined || path.objectName === "") throw ociError("NotFound", "There is no such resource path.");
  if (request.method === "PUT") return putThrough(world, region, path, request, now);
  if (request.method !== "GET" && request.method !== "HEAD") {
    throw ociError("MethodNotAllowed", `${request.method} is not allowed here.`);
  }
  const { bucket } = findPreauthenticated(world, region, path, "read", now);
  const { content } = findObject(world, bucket, path.objectName, now);
  const headers = objectHeaders(content);
  if (request.method === "HEAD") return { status: 200, headers, byteLength: content.size };
  const range = readRange(request.headers.range, content.size);
  const bytes = world.readBlob(content.blobId);
  if (range === undefined) return { status: 200, headers, bytes };
  const contentRange = `bytes ${range.start}-${range.end - 1}/${content.size}`;
  return {
    status: 206,
    headers: { ...headers, "content-range": contentRange },
    bytes: bytes.subarray(range.start, range.end),
  };
}

function putThrough(
  world: World,
  region: string,
  path: PreauthenticatedPath,
  request: EmulatorRequest,
  now: number,
): Outcome {
  const { bucket } = findPreauthenticated(world, region, path, "write", now);
  requireMd5(request.headers["content-md5"], request.digests?.md5 ?? md5Of(request.body), "");
  const content = writeObject(world, bucket, path.objectName, request.body, now);
  const lastModified = new Date(content.timeModified).toUTCString();
  return {
    status: 200,
    headers: { etag: content.etag, "opc-content-md5": content.md5, "last-modified": lastModified },
  };
}
