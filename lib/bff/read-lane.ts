/**
 * The read lane: data for pages (GET and HEAD below `/api/`) is answered by the same handlers ahead of Next, whose routing
 * and response handling cost more than the answers themselves (docs/decisions/0005-read-lane.md). Everything else goes through Next.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Console, encodingHeader } from "./console.ts";

type Handler = (request: Request) => Promise<Response>;

/** The handler of a read, or null where Next should answer. */
export function readHandler(running: Console, request: IncomingMessage): Handler | null {
  if (request.method !== "GET" && request.method !== "HEAD") return null;
  const path = request.url?.split("?", 1)[0] ?? "";
  if (path === "/api/inventory") return running.inventory;
  if (path.startsWith("/api/oci/")) return running.oci;
  if (path === "/api/session") return running.session;
  return null;
}

/** Runs a handler for a request without a body and writes its answer. Headers already set win, as they do through Next. */
export async function answerRead(handle: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  const answer = await handle(
    new Request(`http://console${request.url}`, {
      method: request.method,
      headers: request.headers as Record<string, string>,
      signal: gone.signal,
    }),
  );
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    if (name === encodingHeader) response.setHeader("content-encoding", value);
    else if (!response.hasHeader(name)) response.setHeader(name, value);
  }
  if (answer.body === null || request.method === "HEAD") {
    response.end();
    return;
  }
  if (answer.headers.has("content-disposition")) {
    // A file: handed on as it comes; a failure in the middle breaks the connection.
    await pipeline(Readable.fromWeb(answer.body as import("node:stream/web").ReadableStream), response);
    return;
  }
  const bytes = Buffer.from(await answer.arrayBuffer());
  response.setHeader("content-length", bytes.byteLength);
  response.end(bytes);
}
