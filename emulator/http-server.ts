/** A region's port: node:http in, `respond` in the middle, bytes out. Bodies are hashed while they arrive. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type ErrorCode, errorStatuses } from "#lib/contract/errors.ts";
import { matchOperation } from "#lib/contract/request.ts";
import type { EmulatorRequest } from "./call.ts";
import type { CallLog } from "./calls.ts";
import type { Endpoints } from "./endpoints.ts";
import { type FaultRule, type Faults, usualCode } from "./faults.ts";
import { answerRequestId } from "./request-ids.ts";
import { type EmulatorAnswer, respond } from "./respond.ts";
import type { World } from "./world.ts";

export interface RegionPort {
  readonly world: World;
  readonly region: string;
  readonly endpoints: Endpoints;
  readonly faults: Faults;
  readonly calls: CallLog;
}

const jsonBytesMax = 1024 * 1024;
const fileBytesMax = 1024 * 1024 * 1024 + 1024 * 1024;

/** The server of one region, not yet listening. */
export function makeRegionServer(port: RegionPort): Server {
  const server = createServer({ keepAliveTimeout: 75_000, headersTimeout: 30_000, requestTimeout: 0 });
  server.on("request", (message: IncomingMessage, response: ServerResponse) => {
    serve(port, message, response).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      if (response.headersSent) response.destroy();
      else send(response, errorAnswer(500, "InternalServerError", "Internal server error.", undefined));
    });
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => refuseUnreadable(error, socket));
  return server;
}

/** What is not HTTP, or too much of it, is answered once and cut off. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const isTooLarge = error.code === "HPE_HEADER_OVERFLOW";
  const code: ErrorCode = isTooLarge ? "RequestHeaderFieldsTooLarge" : "CannotParseRequest";
  const body = JSON.stringify({
    code,
    message: isTooLarge ? "The headers are too large." : "The request is not HTTP.",
  });
  socket.end(
    `HTTP/1.1 ${errorStatuses[code]} Bad Request\r\ncontent-type: application/json\r\nopc-request-id: ${answerRequestId(undefined)}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

async function serve(port: RegionPort, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const startedAt = Date.now();
  const method = message.method ?? "GET";
  const rawTarget = message.url ?? "/";
  const headers = joinHeaders(message.rawHeaders);
  const operation = nameOperation(method, rawTarget);
  const { delayMs, fault } = port.faults.take(operation, port.region);
  const log = (answer: EmulatorAnswer | undefined, status: number | null): void => {
    port.calls.add({
      at: startedAt,
      region: port.region,
      method,
      target: rawTarget.replace(/^\/p\/[^/]+/, "/p/…").slice(0, 2048),
      operation: answer?.about.operation ?? operation,
      budget: answer?.about.budget ?? "none",
      tenancy: answer?.about.principal?.tenancyId ?? null,
      user: answer?.about.principal?.userId ?? null,
      sentRequestId: headers["opc-request-id"] ?? headers["opc-client-request-id"] ?? null,
      requestId: answer?.headers["opc-request-id"] ?? null,
      status,
      fault: fault?.kind ?? (delayMs > 0 ? "latency" : null),
      ms: Date.now() - startedAt,
    });
  };
  const body = await readBody(message, isFileUpload(operation, rawTarget) ? fileBytesMax : jsonBytesMax);
  if (body === "aborted") return;
  if (body === "tooLarge") {
    const code = operation === "putObject" ? "RequestEntityTooLarge" : "PayloadTooLarge";
    const answer = errorAnswer(413, code, "The request body is too large.", headers["opc-request-id"]);
    log(answer, 413);
    send(response, answer, true);
    return;
  }
  if (delayMs > 0) await wait(delayMs);
  if (fault !== undefined && isBeforeService(fault)) {
    const answer = playEarly(fault, message.socket, headers["opc-request-id"]);
    log(answer, answer?.status ?? null);
    if (answer !== undefined) send(response, answer);
    return;
  }
  const request: EmulatorRequest = { method, rawTarget, headers, body: body.bytes, digests: body.digests };
  const place = { region: port.region, wallNow: Date.now(), endpoints: port.endpoints };
  const answer = respond(port.world, request, place);
  log(answer, fault === undefined ? answer.status : fault.kind === "lostAnswer" ? null : answer.status);
  if (fault === undefined) send(response, answer);
  else playLate(fault, response, answer, message.socket);
}

function nameOperation(method: string, rawTarget: string): string | null {
  try {
    return matchOperation(method, rawTarget.split("?", 1)[0] ?? "").operation;
  } catch {
    return null;
  }
}

function isFileUpload(operation: string | null, rawTarget: string): boolean {
  return operation === "putObject" || operation === "restoreVaultFromFile" || rawTarget.startsWith("/p/");
}

/** Lower-case names; repeated headers joined, in order: the signature may cover any of them. */
function joinHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? "").toLowerCase();
    const value = raw[index + 1] ?? "";
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

interface ReceivedBody {
  readonly bytes: Uint8Array;
  readonly digests: { readonly sha256: string; readonly md5: string };
}

async function readBody(message: IncomingMessage, bytesMax: number): Promise<ReceivedBody | "tooLarge" | "aborted"> {
  if (Number(message.headers["content-length"] ?? 0) > bytesMax) return "tooLarge";
  const sha256 = createHash("sha256");
  const md5 = createHash("md5");
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      total += chunk.length;
      if (total > bytesMax) return "tooLarge";
      sha256.update(chunk);
      md5.update(chunk);
      chunks.push(chunk);
    }
  } catch {
    return "aborted";
  }
  return {
    bytes: Buffer.concat(chunks),
    digests: { sha256: sha256.digest("base64"), md5: md5.digest("base64") },
  };
}

function errorAnswer(
  status: number,
  code: string,
  message: string,
  requestId: string | undefined,
  extra: Record<string, string> = {},
): EmulatorAnswer {
  const body = Buffer.from(JSON.stringify({ code, message }));
  return {
    status,
    headers: {
      "content-type": "application/json",
      "content-length": String(body.length),
      "opc-request-id": answerRequestId(requestId),
      ...extra,
    },
    body,
    about: { operation: null, budget: "none", principal: undefined },
  };
}

function send(response: ServerResponse, answer: EmulatorAnswer, isLast = false): void {
  response.writeHead(answer.status, { ...answer.headers, ...(isLast ? { connection: "close" } : {}) });
  response.end(answer.body);
}

/** Faults that strike before the service has seen the call. */
function isBeforeService(fault: FaultRule): boolean {
  return fault.kind === "status" || fault.kind === "reset" || fault.kind === "hang";
}

function playEarly(fault: FaultRule, socket: Socket, requestId: string | undefined): EmulatorAnswer | undefined {
  if (fault.kind === "reset") socket.resetAndDestroy();
  if (fault.kind !== "status") return undefined;
  const status = fault.status ?? 500;
  const code = fault.code ?? usualCode(status);
  const extra: Record<string, string> =
    fault.retryAfterSeconds === undefined ? {} : { "retry-after": String(fault.retryAfterSeconds) };
  return errorAnswer(status, code, "Played by a fault rule of the emulator.", requestId, extra);
}

/** Faults that strike after the world has changed: the caller cannot know. */
function playLate(fault: FaultRule, response: ServerResponse, answer: EmulatorAnswer, socket: Socket): void {
  switch (fault.kind) {
    case "lostAnswer":
      socket.resetAndDestroy();
      return;
    case "truncate":
      response.writeHead(answer.status, answer.headers);
      response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => socket.destroy());
      return;
    case "malformed":
      sendInstead(response, answer, Buffer.from("<html><body>upstream said this instead of JSON</body>"));
      return;
    case "controlCharacters":
      sendInstead(response, answer, withControlCharacters(answer.body));
      return;
    default:
      send(response, answer);
  }
}

function sendInstead(response: ServerResponse, answer: EmulatorAnswer, body: Uint8Array): void {
  send(response, { ...answer, headers: { ...answer.headers, "content-length": String(body.length) }, body });
}

/** Raw control characters inside every display name, as strict JSON forbids and some writers send. */
function withControlCharacters(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body).toString();
  return Buffer.from(text.replaceAll('"displayName":"', '"displayName":"\u0007\t\u001b[31m'));
}
