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
  /** Called when a connection is there and the first byte leaves; an attempt that ends without it changed nothing. */
  readonly onLeaving: () => void;
  /** Called when the head of the answer is here. */
  readonly onAnswer: () => void;
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

  constructor(kind: AttemptError["kind"], message: string, cause: unknown) {
    super(message, { cause });
    this.kind = kind;
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

/** Sends once and reads the whole answer. Rejects with AttemptError, AnswerError `too_large`, or the signal's reason. */
export function sendOnce(agent: Dispatcher, attempt: Attempt): Promise<RawAnswer> {
  if (attempt.signal.aborted) return Promise.reject(attempt.signal.reason);
  return new Promise((resolve, reject) => {
    const { origin, method, target: path, headers } = attempt;
    const body = wireBody(attempt.body);
    agent.dispatch({ origin, method, path, headers, body }, new AnswerCollector(attempt, resolve, reject));
  });
}

/** Collects one answer without a stream between; leaner than undici's `request`, and it knows when the request leaves. */
class AnswerCollector implements Dispatcher.DispatchHandler {
  readonly #attempt: Attempt;
  readonly #resolve: (answer: RawAnswer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onAbort = () => this.#abort();
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: AnswerHeaders = {};
  #bytes = 0;

  constructor(attempt: Attempt, resolve: (answer: RawAnswer) => void, reject: (error: unknown) => void) {
    this.#attempt = attempt;
    this.#resolve = resolve;
    this.#reject = reject;
    attempt.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It may have been given up while it waited for a connection.
    if (this.#attempt.signal.aborted) controller.abort(this.#attempt.signal.reason);
    else this.#attempt.onLeaving();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    if (status < 200) return;
    this.#attempt.onAnswer();
    this.#status = status;
    this.#headers = plainHeaders(headers);
    const declared = this.#attempt.method === "HEAD" ? 0 : Number(this.#headers["content-length"] ?? 0);
    if (declared > this.#attempt.answerBytesMax) this.#refuseSize(controller);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#attempt.answerBytesMax) this.#refuseSize(controller);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#attempt.signal.removeEventListener("abort", this.#onAbort);
    this.#resolve({ status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks, this.#bytes) });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#attempt.signal.removeEventListener("abort", this.#onAbort);
    this.#reject(this.#status === 0 ? beforeAnswer(error) : duringAnswer(error));
  }

  #abort(): void {
    const { reason } = this.#attempt.signal;
    this.#reject(reason);
    this.#controller?.abort(reason);
  }

  #refuseSize(controller: Dispatcher.DispatchController): void {
    controller.abort(new AnswerError("too_large", `it is larger than ${this.#attempt.answerBytesMax} bytes`));
  }
}

type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

function plainHeaders(headers: RawHeaders): AnswerHeaders {
  const plain: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) plain[name] = first;
  }
  return plain;
}

function wireBody(body: RequestBody): Dispatcher.DispatchOptions["body"] {
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) return body ?? null;
  // undici takes any async iterable; its types do not say so.
  return body.stream() as unknown as Dispatcher.DispatchOptions["body"];
}

const neverConnected: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the name is not known",
  EAI_AGAIN: "the name could not be looked up",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "the network is not reachable",
  UND_ERR_CONNECT_TIMEOUT: "no connection could be made in time",
  UND_ERR_CLOSED: "this server is shutting down",
  UND_ERR_DESTROYED: "this server is shutting down",
};

function beforeAnswer(error: Error): unknown {
  if (error instanceof AnswerError) return error;
  const code = "code" in error ? String(error.code) : "";
  const why = neverConnected[code];
  if (why !== undefined) return new AttemptError("unreachable", why, error);
  if (/^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|EPROTO)/.test(code)) {
    return new AttemptError("unreachable", `no trusted TLS connection (${code})`, error);
  }
  if (code === "UND_ERR_HEADERS_TIMEOUT") return new AttemptError("timeout", "no answer in time", error);
  if (code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW") {
    return new AttemptError("bad_answer", "it does not speak HTTP as it should", error);
  }
  // What we built wrongly ourselves must be seen as that.
  if (code === "UND_ERR_INVALID_ARG" || error instanceof TypeError) return error;
  return new AttemptError("unreachable", "the connection broke before it answered", error);
}

function duringAnswer(error: Error): unknown {
  if (error instanceof AnswerError) return error;
  return new AttemptError("cut_off", "the connection broke in the middle of the answer", error);
}
