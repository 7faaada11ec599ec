/** How the BFF says no: one error class, one body, one place where failures of the service become words. */

import type { ApiErrorBody } from "#lib/contract/api.ts";
import { OciError } from "#lib/contract/errors.ts";

/** A refusal of our own, with everything a person needs; the request id is added when it is answered. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: string;
  readonly why: string | undefined;
  readonly action: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Sent with the answer. */
  headers: Readonly<Record<string, string>> = {};

  constructor(
    status: number,
    code: string,
    message: string,
    more: { why?: string; action?: string; retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.why = more.why;
    this.action = more.action;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

const noStore = { "cache-control": "no-store", "content-type": "application/json" };

/** JSON answer of our own API. */
export function answerJson(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...noStore, ...headers } });
}

/** The answer for a refusal; `requestId` is the one in the log and in the service's log. */
export function answerRefusal(refusal: Refusal, requestId: string): Response {
  const body: ApiErrorBody = {
    code: refusal.code,
    message: refusal.message,
    why: refusal.why,
    action: refusal.action,
    requestId,
    retryAfterSeconds: refusal.retryAfterSeconds,
  };
  const headers: Record<string, string> = { ...refusal.headers };
  if (refusal.retryAfterSeconds !== undefined) headers["retry-after"] = String(Math.ceil(refusal.retryAfterSeconds));
  return answerJson(refusal.status, body, headers);
}

/** Text of the service is data from outside: no control characters, bounded. */
export function cleanText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ").slice(0, 600);
}

interface Advice {
  readonly why?: string;
  readonly action?: string;
}

const adviceByCode: Readonly<Record<string, Advice>> = {
  NotAuthorizedOrNotFound: {
    why: "Oracle gives the same answer for a thing that is not there and for one the console's user may not see.",
    action: "Check the OCID and region. If it exists, the console's OCI user lacks permission for it.",
  },
  NotAuthorized: { action: "Give the console's OCI user the permission, by a policy in OCI." },
  NotAllowed: { action: "The call must go to the tenancy's home region, or the tenancy is not allowed to make it." },
  NoEtagMatch: {
    why: "Somebody changed the vault after this page read it.",
    action: "Look at what changed, then decide again.",
  },
  IncorrectState: {
    why: "The vault is in the middle of another change.",
    action: "Wait until it is settled and try again.",
  },
  Conflict: { why: "Something else stands in the way, and waiting will not remove it." },
  NotAuthorizedOrResourceAlreadyExists: {
    why: "Oracle gives the same answer for a thing that exists already and for one the console's user may not make.",
    action: "Look for what exists. If nothing does, the console's OCI user lacks permission.",
  },
  LimitExceeded: { action: "Free a slot, or request a higher service limit from Oracle." },
  QuotaExceeded: { action: "Ask whoever sets the compartment quotas in your tenancy." },
  InvalidatedRetryToken: { why: "The vault this request made once is gone.", action: "Start the action again." },
};

/**
 * Turns anything thrown below into a refusal. The service's 401 becomes 502, because it is the console's signature that
 * failed, not the person's session; its 429 becomes 503 with the time to wait.
 */
export function explain(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof OciError) return explainOciError(error);
  if (error instanceof Error && error.name === "UpstreamFailure") return explainFailure(error as UpstreamFailureShape);
  return new Refusal(500, "InternalError", "The console failed to handle this request.", {
    action:
      "Try again. If it happens again, give the request id to whoever runs the console; its log says what went wrong.",
  });
}

function explainOciError(error: OciError): Refusal {
  const message = cleanText(error.message);
  const advice = adviceByCode[error.code] ?? {};
  if (error.status === 401) {
    return new Refusal(502, "SignatureRefused", "Oracle refused the console's signature.", {
      why: "The API key may be deleted or replaced, the configured user or fingerprint wrong, or this machine's clock more than 5 minutes off.",
      action: "Whoever runs the console should check the OCI configuration and the clock.",
    });
  }
  if (error.status === 429) {
    return new Refusal(503, "TooManyRequests", "Oracle asks the console to slow down.", {
      why: "Something else in the tenancy is using up the limit of 10 calls a second.",
      action: "The console keeps trying; wait a moment.",
      retryAfterSeconds: error.retryAfterSeconds ?? 5,
    });
  }
  if (error.status >= 500) {
    return new Refusal(503, error.code, "The Key Management service failed to answer.", {
      why: message,
      action: "Try again in a moment. Nothing was changed unless the page says so.",
      retryAfterSeconds: error.retryAfterSeconds ?? 5,
    });
  }
  return new Refusal(error.status, cleanText(error.code), message, {
    ...advice,
    retryAfterSeconds: error.retryAfterSeconds,
  });
}

/** What `lib/oci` throws when there is no usable answer; matched by name because the class is another module's. */
interface UpstreamFailureShape extends Error {
  readonly kind: string;
  readonly retryAfterSeconds?: number;
  readonly isOutcomeUnknown?: boolean;
}

function explainFailure(failure: UpstreamFailureShape): Refusal {
  const unknown = failure.isOutcomeUnknown
    ? "Whether the change was made is not known. The page reads the vault again and shows what is true."
    : undefined;
  const status =
    failure.kind === "timeout"
      ? 504
      : failure.kind === "bad_answer" || failure.kind === "too_large" || failure.kind === "redirected"
        ? 502
        : 503;
  const messages: Record<string, string> = {
    timeout: "The service did not answer in time.",
    unreachable: "The service cannot be reached.",
    breaker_open: "The service has been failing, so the console is giving it a rest.",
    bad_answer: "The service's answer could not be understood.",
    too_large: "The service's answer is larger than the console accepts.",
    redirected: "The service tried to send the console elsewhere, which is never followed.",
    cut_off: "The connection to the service broke in the middle of its answer.",
    overloaded: "Too many calls wait for the service's limit of 10 a second.",
    clock_skew: "The clock of the console's server is wrong, so the service refuses its signatures.",
    credential: "The console cannot sign: its OCI credential does not work.",
    bad_endpoint: "The console has no address for this service in this region.",
  };
  const isForOperators = ["clock_skew", "credential", "bad_endpoint"].includes(failure.kind);
  return new Refusal(status, `Upstream_${failure.kind}`, messages[failure.kind] ?? "The service could not be asked.", {
    why: cleanText(failure.message),
    action:
      unknown ??
      (isForOperators
        ? "Nothing was changed. Tell whoever runs the console; they will find the cause above."
        : "Try again in a moment. Nothing was changed."),
    retryAfterSeconds: failure.retryAfterSeconds ?? (status === 503 ? 5 : undefined),
  });
}
