/** THE only `fetch` of the browser: one way to ask, one shape of answer, one class of failure. */
import type { ApiErrorBody } from "#lib/contract/api.ts";
import { reportReachable } from "./connection.ts";

/** Fired on `window` when an answer says that nobody is signed in any more. The page stays as it is behind the dialog. */
export const sessionExpiredEvent = "session-expired";

/** What went wrong, in words a person can use. `status` 0: no answer came. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly why: string | undefined;
  readonly action: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** For writes: `unknown` when the change may have happened although no good answer came. */
  readonly outcome: "refused" | "unknown";
  readonly receiptId: string | undefined;

  constructor(
    status: number,
    body: Omit<ApiErrorBody, "requestId"> & { requestId?: string },
    write: { outcome?: "refused" | "unknown"; receiptId?: string | undefined } = {},
  ) {
    super(body.message);
    this.status = status;
    this.code = body.code;
    this.why = body.why;
    this.action = body.action;
    this.requestId = body.requestId;
    this.retryAfterSeconds = body.retryAfterSeconds;
    this.outcome = write.outcome ?? "refused";
    this.receiptId = write.receiptId;
  }
}

export interface Answer<Body> {
  readonly status: number;
  /** Null where no body came (204, 304). */
  readonly body: Body;
  readonly etag: string | null;
  readonly nextPage: string | null;
  readonly requestId: string | null;
  readonly workRequestId: string | null;
  /** What the service computed of an upload, base64. */
  readonly contentMd5: string | null;
  /** When the service was read, epoch milliseconds by the server's clock. */
  readonly readAtMs: number | null;
  /** True when the service could not be asked and an older answer is shown. */
  readonly isStale: boolean;
  readonly receiptId: string | null;
  readonly outcome: string | null;
  /** Age of each tenancy's oldest part: `tenancy=epochMs` pairs (inventory only). */
  readonly ages: string | null;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text; undefined sends no body. */
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const clock = { offsetMs: 0, listener: (_offsetMs: number): void => undefined };

/** Now by the service's clock, epoch milliseconds: what ages and deletion dates are counted from. */
export function serverNow(): number {
  return Date.now() + clock.offsetMs;
}

/**
 * A query's `refetchInterval`: over and over every `ms`, but not once the session is over; signing in again reads everything
 * anew, and it goes on.
 */
export function pollEvery<State extends { readonly error: Error | null }>(ms: number | ((state: State) => number)) {
  return ({ state }: { readonly state: State }): number | false =>
    state.error instanceof ApiError && state.error.status === 401 ? false : typeof ms === "number" ? ms : ms(state);
}

/** Tells whoever draws the time how far the service's clock is ahead, in milliseconds. */
export function followClock(listener: (offsetMs: number) => void): void {
  clock.listener = listener;
  listener(clock.offsetMs);
}

const confirming = { ask: async (): Promise<boolean> => false };

/** Hands over who asks the person for a fresh proof of who they are; true when it was given. Gives the way to stop. */
export function confirmWith(askPerson: () => Promise<boolean>): () => void {
  confirming.ask = askPerson;
  return () => {
    confirming.ask = async () => false;
  };
}

/** Runs a call; when the server wants a fresh proof first (nothing was done yet), asks for it and runs it once more. */
export async function withProof<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "StepUpNeeded" || !(await confirming.ask())) throw error;
    return call();
  }
}

/**
 * Asks our own server. Throws ApiError for every refusal and when no answer comes; 304 is an answer. Nothing is kept in
 * the browser's cache.
 */
export function ask<Body>(path: string, options: Ask = {}): Promise<Answer<Body>> {
  return withProof(() => askOnce<Body>(path, options));
}

async function askOnce<Body>(path: string, options: Ask): Promise<Answer<Body>> {
  const { method = "GET", headers = {}, body, signal } = options;
  const isWrite = method !== "GET" && method !== "HEAD";
  const sent: RequestInit = {
    method,
    headers: { accept: "application/json", ...(isWrite ? { "x-ovc-request": "1" } : {}), ...headers },
    cache: "no-store",
    credentials: "same-origin",
    redirect: "error",
    ...(body === undefined ? {} : { body }),
    ...(signal ? { signal } : {}),
  };
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, sent);
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    reportReachable(false);
    throw noAnswer(isWrite);
  }
  reportReachable(true);
  keepClock(response);
  const json = parse(text);
  if (!response.ok && response.status !== 304) throw refusal(response, json, isWrite);
  return readAnswer(response, json as Body);
}

/** The error of something the console's server could not be asked. */
export function noAnswer(isWrite: boolean): ApiError {
  const isOffline = navigator.onLine === false;
  return new ApiError(
    0,
    {
      code: isOffline ? "Offline" : "NoAnswer",
      message: isOffline ? "This device is offline." : "The console's server did not answer.",
      why: isWrite
        ? "The connection ended before an answer came, so it is not known whether the change was made."
        : undefined,
      action: isOffline ? "Connect to the network again." : "Check that the console is running and can be reached.",
    },
    { outcome: isWrite ? "unknown" : "refused" },
  );
}

/** The service's clock, as the server passes it on with the inventory; deletion dates count by it. */
function keepClock(response: Response): void {
  const now = Number(response.headers.get("x-ovc-now") ?? Number.NaN);
  if (Number.isNaN(now)) return;
  const offsetMs = now - Date.now();
  // Small differences are the way the answer took, not a clock; larger ones move in steps of a second, without jitter.
  clock.offsetMs = Math.abs(offsetMs) < 2500 ? 0 : Math.round(offsetMs / 1000) * 1000;
  clock.listener(clock.offsetMs);
}

function parse(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refusal(response: Response, json: unknown, isWrite: boolean): ApiError {
  const given = (json ?? {}) as Partial<ApiErrorBody>;
  const retryAfter = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  const error = new ApiError(
    response.status,
    {
      code: given.code ?? `Http${response.status}`,
      message: given.message ?? `The server answered ${response.status} without saying why.`,
      why: given.why,
      action: given.action,
      requestId: given.requestId ?? response.headers.get("opc-request-id") ?? undefined,
      retryAfterSeconds: given.retryAfterSeconds ?? (Number.isNaN(retryAfter) ? undefined : retryAfter),
    },
    {
      outcome: isWrite && isOutcomeUnknown(response, given.code ?? "") ? "unknown" : "refused",
      receiptId: response.headers.get("x-ovc-receipt") ?? undefined,
    },
  );
  if (response.status === 401) window.dispatchEvent(new CustomEvent(sessionExpiredEvent));
  return error;
}

/** A refusal says so; without a word, a gateway's failure means that nobody knows whether the change was made. */
function isOutcomeUnknown(response: Response, code: string): boolean {
  const told = response.headers.get("x-ovc-outcome");
  if (told !== null) return told === "unknown";
  if (code === "SignatureRefused") return false;
  return code === "OutcomeNotRecorded" || response.status === 502 || response.status === 504;
}

function readAnswer<Body>(response: Response, body: Body): Answer<Body> {
  const { headers } = response;
  const readAt = Number(headers.get("x-ovc-read-at") ?? Number.NaN);
  return {
    status: response.status,
    body,
    etag: headers.get("etag"),
    nextPage: headers.get("opc-next-page"),
    requestId: headers.get("opc-request-id"),
    workRequestId: headers.get("opc-work-request-id"),
    contentMd5: headers.get("opc-content-md5"),
    readAtMs: Number.isNaN(readAt) ? null : readAt,
    isStale: headers.get("x-ovc-stale") === "1",
    receiptId: headers.get("x-ovc-receipt"),
    outcome: headers.get("x-ovc-outcome"),
    ages: headers.get("x-ovc-ages"),
  };
}

/** Reads the answer of an upload, which comes by another road than `fetch`. Throws the ApiError of a refusal. */
export function readUpload<Body>(response: Response, text: string): Answer<Body> {
  const json = parse(text);
  if (!response.ok) throw refusal(response, json, true);
  return readAnswer(response, json as Body);
}

/** Asks our own API with a JSON body and gives the answer's JSON: for addresses without etags and pages. */
export async function callApi<Body>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Body> {
  const answer = await ask<Body>(path, {
    method,
    signal,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  return answer.body;
}

/** What is shown of a failure: the server's words, or `otherwise` when it gave none. Shaped for an ErrorBlock. */
export function wordsOf(error: Error | null, otherwise: string) {
  const known = error instanceof ApiError ? error : null;
  return {
    title: known?.message ?? otherwise,
    why: known?.why,
    whatToDo: known === null ? "Load the page again." : known.action,
    code: known?.code,
    requestId: known?.requestId,
  };
}
