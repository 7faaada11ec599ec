/** One call through its attempts, and the tenancy's upstream it goes through: the shapes the client's files share. */
import type { Dispatcher } from "undici";
import type { OperationName, OperationRow, Service } from "#lib/contract/operations.ts";
import type { Result, WireRequest } from "#lib/contract/request.ts";
import type { AnswerHeaders } from "./answer.ts";
import type { Breaker, BreakerPosition } from "./breaker.ts";
import type { Clock } from "./clock.ts";
import type { Credential } from "./credentials.ts";
import type { Deadline } from "./deadline.ts";
import type { FailureKind } from "./failure.ts";
import type { Pace, Priority } from "./pace.ts";

export interface CallOptions {
  /** Region identifier. */
  readonly region: string;
  readonly priority: Priority;
  /** Sessions it is for: people's calls take turns between them. */
  readonly whose?: ReadonlySet<string> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** From the call to its end, retries included; background calls do not count their wait for a place. */
  readonly timeoutMs?: number | undefined;
  /** The vault's own, for operations of the management service. */
  readonly managementEndpoint?: string | undefined;
  /** Largest decoded answer in bytes. */
  readonly answerBytesMax?: number | undefined;
}

export interface OciAnswer<Name extends OperationName = OperationName> {
  readonly status: number;
  readonly data: Result<Name>;
  /** The exact JSON text that passed the check, or the bytes where the answer is not JSON; empty without a body. */
  readonly raw: string | Uint8Array;
  /** All headers, lower-case names; choose what to pass on. */
  readonly headers: AnswerHeaders;
  readonly etag: string | undefined;
  readonly opcNextPage: string | undefined;
  readonly opcRequestId: string | undefined;
  readonly opcWorkRequestId: string | undefined;
  readonly opcContentMd5: string | undefined;
  readonly retries: number;
  readonly paceWaitMs: number;
}

/** What happened, for logs and metrics; it holds no secret, body or header. */
export type OciEvent = AttemptEvent | BreakerEvent;

interface AttemptEvent {
  readonly event: "attempt";
  readonly operation: OperationName;
  readonly service: Service;
  readonly region: string;
  readonly tenancy: string;
  readonly requestId: string;
  readonly attempt: number;
  readonly status?: number;
  /** Code of a refusal. */
  readonly code?: string;
  /** Kind of a failure. */
  readonly kind?: FailureKind;
  readonly durationMs: number;
  readonly paceWaitMs: number;
}

interface BreakerEvent {
  readonly event: "breaker";
  readonly service: Service;
  readonly region: string;
  readonly tenancy: string;
  readonly position: BreakerPosition;
}

/** What all calls of a tenancy go through. */
export interface Upstream {
  readonly credential: Credential;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly agent: Dispatcher;
  readonly answerBytesMax: number;
  readonly isControlCharsAllowed: boolean;
  readonly log: (event: OciEvent) => void;
}

/** One call; the last two fields grow with its attempts. */
export interface Call {
  readonly operation: OperationName;
  readonly row: OperationRow;
  readonly wire: WireRequest;
  readonly origin: string;
  readonly region: string;
  readonly requestId: string;
  readonly breaker: Breaker;
  readonly options: CallOptions;
  readonly deadline: Deadline;
  attempt: number;
  paceWaitMs: number;
}
