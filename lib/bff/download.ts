/**
 * Objects on their way to a browser: read from Object Storage in signed ranges of one version (if-match), handed on as they
 * come, and checked at the end against the MD5 the service gave. Memory holds one range.
 */
import { createHash } from "node:crypto";
import { request } from "#lib/contract/request.ts";
import { Refusal } from "./refusal.ts";
import type { Tenancy } from "./tenancies.ts";

const rangeBytes = 4 * 1024 * 1024;

export interface ObjectPlace {
  readonly namespaceName: string;
  readonly bucketName: string;
  readonly objectName: string;
}

/** Answers with the object as a file. A digest that does not fit breaks the connection, so that no whole file is left behind. */
export async function download(
  tenancy: Tenancy,
  region: string,
  place: ObjectPlace,
  requestId: string,
): Promise<Response> {
  const options = { region, priority: "interactive" } as const;
  const head = await tenancy.client.call(request("headObject", { ...place, opcRequestId: requestId }), options);
  const size = Number(head.headers["content-length"] ?? Number.NaN);
  const md5 = head.headers["content-md5"];
  if (!Number.isSafeInteger(size))
    throw new Refusal(502, "Upstream_bad_answer", "Object Storage did not say how large the object is.");
  const hash = createHash("md5");
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (sent >= size) {
        if (md5 !== undefined && hash.digest("base64") !== md5)
          controller.error(new Error("the object's MD5 does not match"));
        else controller.close();
        return;
      }
      const end = Math.min(sent + rangeBytes, size) - 1;
      const answer = await tenancy.client.call(
        request("getObject", { ...place, ifMatch: head.etag, range: `bytes=${sent}-${end}`, opcRequestId: requestId }),
        { ...options, answerBytesMax: rangeBytes + 1024 },
      );
      const bytes = answer.raw as Uint8Array;
      if (bytes.byteLength !== end - sent + 1)
        throw new Error("Object Storage sent another range than it was asked for");
      hash.update(bytes);
      sent += bytes.byteLength;
      controller.enqueue(bytes);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(size),
      "content-disposition": dispositionOf(place.objectName),
      "cache-control": "no-store",
      ...(md5 === undefined ? {} : { "content-md5": md5 }),
    },
  });
}

/** RFC 6266: an ASCII name for everybody, the real one encoded; never a path. */
function dispositionOf(objectName: string): string {
  const name = objectName.split("/").at(-1) || "backup";
  const plain = name.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 100);
  const encoded = encodeURIComponent(name.slice(0, 200).toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
