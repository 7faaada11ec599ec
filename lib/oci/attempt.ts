/** One attempt of a call: breaker, place, signature, transport, reading. It ends in an answer or in an error to throw. */
import { OciError } from "#lib/contract/errors.ts";
import type { OperationName } from "#lib/contract/operations.ts";
import { type Result, readResult } from "#lib/contract/request.ts";
import { AnswerError, decodeContent, readJson, readRefusal, requestIdOf } from "./answer.ts";
import type { CallOutcome } from "./breaker.ts";
import type { Call, OciAnswer, Upstream } from "./call.ts";
import { explain, failureOf } from "./explain.ts";
import { type FailureKind, markOutcomeUnknown, UpstreamFailure } from "./failure.ts";
import type { PaceGrant } from "./pace.ts";
import { isTransientStatus } from "./retry.ts";
import { signRequest } from "./signer.ts";
import { type RawAnswer, sendOnce } from "./transport.ts";

const skewMsMax = 5 * 60_000;
/** Failures that speak against the service's health. */
const unhealthy: ReadonlySet<FailureKind> = new Set(["timeout", "unreachable", "cut_off"]);

/** Throws OciError or UpstreamFailure; the breaker has heard of the outcome by then. */
export async function attemptOnce(upstream: Upstream, call: Call): Promise<OciAnswer> {
  refuseFor(call, call.breaker.refusedForMs());
  const grant = await takePlace(upstream, call);
  const tell = call.breaker.begin();
  if (tell === undefined) {
    grant?.unused();
    // It opened while this call waited.
    refuseFor(call, Math.max(1, call.breaker.refusedForMs()));
  }
  call.deadline.run();
  const startedAt = upstream.clock.ticks();
  let seen: Seen = {};
  let hasLeft = false;
  const onLeaving = () => {
    hasLeft = true;
    grant?.leaving();
  };
  try {
    const raw = await send(upstream, call, onLeaving, grant);
    seen = { status: raw.status };
    return await readAnswer(upstream, call, raw);
  } catch (thrown) {
    const error = explain(call, thrown, hasLeft);
    if (error instanceof OciError) seen = { status: error.status, code: error.code };
    else if (error instanceof UpstreamFailure) seen = { ...seen, kind: error.kind };
    throw error;
  } finally {
    tell?.(outcomeOf(seen));
    if (call.options.priority === "background") call.deadline.hold();
    report(upstream, call, seen, startedAt);
  }
}

interface Seen {
  readonly status?: number;
  readonly code?: string;
  readonly kind?: FailureKind;
}

/** 429 and 5xx count against the service, other refusals do not: it answered. */
function outcomeOf({ status, kind }: Seen): CallOutcome {
  if (kind !== undefined && unhealthy.has(kind)) return "failure";
  if (status === undefined) return "neutral";
  return isTransientStatus(status) ? "failure" : "success";
}

function report(upstream: Upstream, call: Call, seen: Seen, startedAt: number): void {
  const { operation, region, requestId, attempt, paceWaitMs } = call;
  const { tenancy } = upstream.credential.describe;
  const durationMs = Math.round(upstream.clock.ticks() - startedAt);
  const { service } = call.row;
  upstream.log({
    event: "attempt",
    operation,
    service,
    region,
    tenancy,
    requestId,
    attempt,
    ...seen,
    durationMs,
    paceWaitMs,
  });
}

function refuseFor(call: Call, refusedForMs: number): void {
  if (refusedForMs <= 0) return;
  const retryAfterSeconds = Math.ceil(refusedForMs / 1000);
  throw failureOf(call, "breaker_open", `failed repeatedly; it is asked again in ${retryAfterSeconds} s`, {
    retryAfterSeconds,
  });
}

async function takePlace(upstream: Upstream, call: Call): Promise<PaceGrant | undefined> {
  if (call.row.budget === "none") return undefined;
  try {
    const grant = await upstream.pace.take(
      call.row.budget,
      call.options.priority,
      call.deadline.signal,
      call.options.whose,
    );
    call.paceWaitMs += Math.round(grant.waitedMs);
    return grant;
  } catch (error) {
    throw explain(call, error, false);
  }
}

async function send(
  upstream: Upstream,
  call: Call,
  onLeaving: () => void,
  grant: PaceGrant | undefined,
): Promise<RawAnswer> {
  const { wire, origin } = call;
  const headers: Record<string, string> = {
    accept: call.row.result === "bytes" ? "*/*" : "application/json",
    "accept-encoding": "identity",
    "user-agent": "oci-vault-console",
    ...wire.headers,
  };
  const host = origin.slice(origin.indexOf("://") + 3);
  try {
    const unsigned = { method: wire.method, host, target: wire.target, headers, body: wire.body };
    const signed = await signRequest(unsigned, await upstream.credential.signingKey(), upstream.clock.now());
    return await sendOnce(upstream.agent, {
      origin,
      method: wire.method,
      target: wire.target,
      headers: signed,
      body: wire.body,
      answerBytesMax: answerBytesMax(upstream, call),
      signal: call.deadline.signal,
      onLeaving,
      onAnswer: () => grant?.arrived(),
    });
  } finally {
    // After a failure too: whatever was sent has arrived by now or never will.
    grant?.arrived();
  }
}

function answerBytesMax(upstream: Upstream, call: Call): number {
  return call.options.answerBytesMax ?? upstream.answerBytesMax;
}

async function readAnswer(upstream: Upstream, call: Call, raw: RawAnswer): Promise<OciAnswer> {
  const { status, headers } = raw;
  if (status >= 300 && status < 400)
    throw failureOf(call, "redirected", "answered with a redirect, which is never followed");
  const body = await decodeContent(raw.body, headers["content-encoding"], answerBytesMax(upstream, call));
  if (status >= 400) throw refusal(upstream, call, raw, body);
  return {
    status,
    ...readContent(upstream, call, body),
    headers,
    etag: headers.etag,
    opcNextPage: headers["opc-next-page"],
    opcRequestId: requestIdOf(headers) ?? call.requestId,
    opcWorkRequestId: headers["opc-work-request-id"],
    opcContentMd5: headers["opc-content-md5"],
    retries: call.attempt - 1,
    paceWaitMs: call.paceWaitMs,
  };
}

function readContent(upstream: Upstream, call: Call, body: Buffer): Pick<OciAnswer, "data" | "raw"> {
  const { row, operation } = call;
  // SDKs never look at the body where none is expected, and neither may we.
  if (row.result === null) return { data: null as Result<OperationName>, raw: "" };
  if (row.result === "bytes") return { data: body as unknown as Result<OperationName>, raw: body };
  const { text, json } = readJson(body, upstream.isControlCharsAllowed);
  try {
    return { data: readResult(operation, json), raw: text };
  } catch (error) {
    throw new AnswerError("bad_answer", error instanceof Error ? error.message : "it does not fit its model");
  }
}

function refusal(upstream: Upstream, call: Call, raw: RawAnswer, body: Buffer): unknown {
  const { row } = call;
  const { status, headers } = raw;
  const nowMs = upstream.clock.now();
  const skewMs = Date.parse(headers.date ?? "") - nowMs;
  if (status === 401 && Math.abs(skewMs) > skewMsMax) {
    const minutes = Math.round(Math.abs(skewMs) / 60_000);
    const place = skewMs > 0 ? "behind" : "ahead of";
    const text = `refused the signature: this server's clock is ${minutes} minutes ${place} its clock; correct the time`;
    return failureOf(call, "clock_skew", text);
  }
  const error = readRefusal(status, headers, body, call.requestId, nowMs);
  if (status === 429 && row.budget !== "none") upstream.pace.pause(row.budget, (error.retryAfterSeconds ?? 1) * 1000);
  return row.writes && status >= 500 && status !== 501 ? markOutcomeUnknown(error) : error;
}
