/** What can go wrong besides an answer of the service: one class, so that every caller can tell what to say and do. */

export type FailureKind =
  /** No whole answer in time. */
  | "timeout"
  /** No connection, or it broke before an answer began. */
  | "unreachable"
  /** The connection broke in the middle of the answer. */
  | "cut_off"
  /** The service failed repeatedly; calls are held back for a while. */
  | "breaker_open"
  /** Too many calls are waiting for the service's rate limit. */
  | "overloaded"
  /** An answer that is not what the contract says. */
  | "bad_answer"
  /** An answer over the size limit. */
  | "too_large"
  /** The service sent us elsewhere; signed requests follow nobody. */
  | "redirected"
  /** The caller gave up. */
  | "aborted"
  /** Our clock and the service's are too far apart for signatures. */
  | "clock_skew"
  /** The credential cannot sign: token expired, key file gone. */
  | "credential"
  /** No address for this region and service that we may send a signature to. */
  | "bad_endpoint";

export interface FailureDetails {
  readonly kind: FailureKind;
  readonly message: string;
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly isOutcomeUnknown?: boolean;
  readonly cause?: unknown;
}

/** The service gave no usable answer. The message is fit to be shown and holds no secret. */
export class UpstreamFailure extends Error {
  override readonly name = "UpstreamFailure";
  readonly kind: FailureKind;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** True when a write may have been applied all the same: read back before asking again. */
  readonly isOutcomeUnknown: boolean;

  constructor(details: FailureDetails) {
    super(details.message, { cause: details.cause });
    this.kind = details.kind;
    this.requestId = details.requestId;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.isOutcomeUnknown = details.isOutcomeUnknown ?? false;
  }
}

const unknownOutcomes = new WeakSet<object>();

/** Remembers that the write this error ended may have been applied: an attempt before it got no answer. */
export function markOutcomeUnknown<Thrown extends object>(error: Thrown): Thrown {
  unknownOutcomes.add(error);
  return error;
}

/** True when a write that ended in this error may have been applied: lost answers, 5xx, and refusals after either. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (error instanceof UpstreamFailure && error.isOutcomeUnknown) return true;
  return typeof error === "object" && error !== null && unknownOutcomes.has(error);
}
