/**
 * One attempt over HTTP: no redirects, no retries, no decoding on its own, every wait bounded. Own undici agent because
 * the framework patches the global fetch, which also follows redirects and unpacks without limit.
 */
import { lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { Agent, type Dispatcher } from "undici";
import { AnswerError, type AnswerHeaders } from "./answer.ts";
import type { FailureKind } from "./failure.ts";
import type { RequestBody } from "./signer.ts";

export interface Attempt {
  readonly origin: string;
  readonly method: Dispatcher.HttpMethod;
  /** Path and query, sent exactly so. */
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly body: RequestBody;
  readonly answerBytesMax: number;
  readonly signal: AbortSignal;
  /** Called when the head of the answer is here. */
  readonly onAnswer?: () => void;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** As it came, still in its content encoding. */
  readonly body: Buffer;
}

/** An attempt that ended without a whole answer. */
export class AttemptError extends Error {
  override readonly name = "AttemptError";
  readonly kind: Extract<FailureKind, "timeout" | "unreachable" | "cut_off" | "bad_answer">;
  /** False only when the request certainly never left. */
  readonly isMaybeSent: boolean;

  constructor(kind: AttemptError["kind"], message: string, isMaybeSent: boolean, cause: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.isMaybeSent = isMaybeSent;
  }
}

export interface AgentOptions {
  /** Sockets to one origin. */
  readonly connections?: number;
  readonly connectTimeoutMs?: number;
  readonly headersTimeoutMs?: number;
  readonly bodyTimeoutMs?: number;
}

/** A pool of kept connections per origin, TLS 1.2 or newer with certificates always checked. Close it when done. */
export function createAgent(options: AgentOptions = {}): Agent {
  return new Agent({
    allowH2: false,
    connections: options.connections ?? 32,
    pipelining: 1,
    keepAliveTimeout: 20_000,
    keepAliveMaxTimeout: 60_000,
    headersTimeout: options.headersTimeoutMs ?? 60_000,
    bodyTimeout: options.bodyTimeoutMs ?? 60_000,
    connect: {
      timeout: options.connectTimeoutMs ?? 10_000,
      lookup: lookupHost,
      minVersion: "TLSv1.2",
      // Said aloud so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
      rejectUnauthorized: true,
    },
  });
}

/** Names under `.localhost` are this machine (RFC 6761), whatever the resolver thinks. */
export const lookupHost: LookupFunction = (hostname, options, callback) => {
  if (hostname !== "localhost" && !hostname.endsWith(".localhost")) return systemLookup(hostname, options, callback);
  if (options.all) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

/** Sends once and reads the whole answer. Throws AttemptError, AnswerError `too_large`, or the signal's reason. */
export async function sendOnce(agent: Dispatcher, attempt: Attempt): Promise<RawAnswer> {
  let response: Dispatcher.ResponseData;
  try {
    response = await agent.request({
      origin: attempt.origin,
      method: attempt.method,
      path: attempt.target,
      headers: attempt.headers,
      body: wireBody(attempt.body),
      signal: attempt.signal,
    });
  } catch (error) {
    if (attempt.signal.aborted) throw attempt.signal.reason;
    throw beforeAnswer(error);
  }
  attempt.onAnswer?.();
  const headers = plainHeaders(response.headers);
  try {
    return { status: response.statusCode, headers, body: await readBody(response, headers, attempt) };
  } catch (error) {
    if (attempt.signal.aborted) throw attempt.signal.reason;
    if (error instanceof AnswerError) throw error;
    throw new AttemptError("cut_off", "the connection broke in the middle of the answer", true, error);
  }
}

async function readBody(response: Dispatcher.ResponseData, headers: AnswerHeaders, attempt: Attempt): Promise<Buffer> {
  const declared = Number(headers["content-length"] ?? 0);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early destroys the stream and with it the socket.
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > attempt.answerBytesMax || (attempt.method !== "HEAD" && declared > attempt.answerBytesMax)) {
      throw new AnswerError("too_large", `it is larger than ${attempt.answerBytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, bytes);
}

function wireBody(body: RequestBody): Dispatcher.DispatchOptions["body"] {
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) return body ?? null;
  // undici takes any async iterable; its types do not say so.
  return body.stream() as unknown as Dispatcher.DispatchOptions["body"];
}

function plainHeaders(headers: Dispatcher.ResponseData["headers"]): AnswerHeaders {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) plain[name] = first;
  }
  return plain;
}

const neverSent: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens at its address",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name could not be looked up",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "the network is not reachable",
  UND_ERR_CONNECT_TIMEOUT: "no connection could be made in time",
  UND_ERR_CLOSED: "this server is shutting down",
  UND_ERR_DESTROYED: "this server is shutting down",
};

function beforeAnswer(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const unsent = neverSent[code];
  if (unsent !== undefined) return new AttemptError("unreachable", unsent, false, error);
  if (/^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|EPROTO)/.test(code)) {
    return new AttemptError("unreachable", `no trusted TLS connection (${code})`, false, error);
  }
  if (code === "UND_ERR_HEADERS_TIMEOUT") return new AttemptError("timeout", "no answer in time", true, error);
  if (code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW") {
    return new AttemptError("bad_answer", "it does not speak HTTP as it should", true, error);
  }
  // What we built wrongly ourselves must be seen as that.
  if (code === "UND_ERR_INVALID_ARG" || error instanceof TypeError) return error;
  return new AttemptError("unreachable", "the connection broke before it answered", true, error);
}
