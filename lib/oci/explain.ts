/** Turns whatever ended an attempt into the two errors callers know, in words for the person who waits. */
import type { Service } from "#lib/contract/operations.ts";
import { AnswerError } from "./answer.ts";
import type { Call } from "./call.ts";
import { CredentialError } from "./credentials.ts";
import { givenUp, timedOut } from "./deadline.ts";
import { type FailureKind, UpstreamFailure } from "./failure.ts";
import { AttemptError } from "./transport.ts";

const serviceNames: Readonly<Record<Service, string>> = {
  kms: "Key Management",
  management: "The vault's management endpoint",
  identity: "Identity",
  objectstorage: "Object Storage",
  limits: "Limits",
};

/** Where it was asked, for the person who set the endpoint. A vault's own endpoint is hidden from the help desk and is not said. */
const askedAt = (call: Call) => (call.row.service === "management" ? "" : ` at ${new URL(call.origin).host}`);

interface More {
  /** The request may have reached the service: a write may have been applied. */
  readonly isMaybeSent?: boolean;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A failure of this call; `text` continues "Key Management in us-ashburn-1 …", without a full stop. */
export function failureOf(call: Call, kind: FailureKind, text: string, more: More = {}): UpstreamFailure {
  return new UpstreamFailure({
    kind,
    message: `${serviceNames[call.row.service]} in ${call.region} ${text}.`,
    requestId: call.requestId,
    retryAfterSeconds: more.retryAfterSeconds,
    isOutcomeUnknown: call.row.writes && (more.isMaybeSent ?? false),
    cause: more.cause,
  });
}

/** The error to throw for `error`; `isMaybeSent` is false when the request certainly never left. What is nobody's but our own mistake stays what it is. */
export function explain(call: Call, error: unknown, isMaybeSent: boolean): unknown {
  const more = { isMaybeSent, cause: error };
  if (error === timedOut) {
    const what = isMaybeSent ? "did not answer" : "could not be asked";
    return failureOf(call, "timeout", `${what} within ${call.deadline.timeoutMs / 1000} s`, more);
  }
  if (error === givenUp) return failureOf(call, "aborted", "was not waited for: the request was given up", more);
  if (error instanceof AttemptError) {
    const what = error.kind === "unreachable" ? `cannot be reached${askedAt(call)}` : "gave no usable answer";
    return failureOf(call, error.kind, `${what}: ${error.message}`, more);
  }
  if (error instanceof AnswerError) {
    return failureOf(call, error.kind, `gave an answer that cannot be used: ${error.message}`, more);
  }
  if (error instanceof CredentialError) {
    const message = `${error.message}. ${error.hint}`;
    return new UpstreamFailure({ kind: "credential", message, requestId: call.requestId, cause: error });
  }
  return error;
}
