/**
 * One tenancy's way to Oracle: encode, then attempt until answered, asking again only where that is safe. A call ends in
 * an answer, in an OciError (the service refused) or in an UpstreamFailure (it gave no usable answer).
 */
import { randomUUID } from "node:crypto";
import type { Dispatcher } from "undici";
import { OciError } from "#lib/contract/errors.ts";
import { type OperationName, operationRow, type Service } from "#lib/contract/operations.ts";
import { encode, type OperationRequest } from "#lib/contract/request.ts";
import { attemptOnce } from "./attempt.ts";
import { type Breaker, type BreakerOptions, type BreakerPosition, createBreaker } from "./breaker.ts";
import type { Call, CallOptions, OciAnswer, OciEvent, Upstream } from "./call.ts";
import { type Clock, sleep, systemClock } from "./clock.ts";
import type { Credential } from "./credentials.ts";
import { createDeadline } from "./deadline.ts";
import type { Endpoints } from "./endpoints.ts";
import { isOutcomeUnknown, markOutcomeUnknown, UpstreamFailure } from "./failure.ts";
import { createPace, type Pace } from "./pace.ts";
import { attemptsMax, backoffMs, createRetryBudget, isTransientStatus, type RetryBudget } from "./retry.ts";
import { createAgent } from "./transport.ts";

export interface OciClientOptions {
  readonly credential: Credential;
  readonly endpoints: Endpoints;
  /** Shared by everything that spends this tenancy's budgets. */
  readonly pace?: Pace | undefined;
  readonly clock?: Clock | undefined;
  readonly breaker?: BreakerOptions | undefined;
  readonly retryBudget?: RetryBudget | undefined;
  readonly readTimeoutMs?: number | undefined;
  readonly writeTimeoutMs?: number | undefined;
  readonly answerBytesMax?: number | undefined;
  /** Oracle's `allow_control_chars`: also read answers that hold raw control characters. */
  readonly isControlCharsAllowed?: boolean | undefined;
  /** Shared by clients of other principals at the same services: whether a service is well does not depend on who asks. */
  readonly contacts?: Contacts | undefined;
  /** Own agent when missing; `close()` closes only that one. */
  readonly agent?: Dispatcher | undefined;
  readonly log?: ((event: OciEvent) => void) | undefined;
  readonly random?: (() => number) | undefined;
}

/** One service in one region, as calls have found it. */
export interface ContactView {
  readonly service: Service;
  readonly region: string;
  readonly position: BreakerPosition;
  readonly failuresInRow: number;
  readonly refusedForMs: number;
  /** Epoch milliseconds of the last call the service dealt with, whatever it said; null when there was none. */
  readonly lastGoodAt: number | null;
  readonly lastFailure: { readonly at: number; readonly code: string; readonly message: string } | null;
}

export interface OciClient {
  readonly credential: Credential;
  call<Name extends OperationName>(request: OperationRequest<Name>, options: CallOptions): Promise<OciAnswer<Name>>;
  /** For a status page. */
  state(): { pace: ReturnType<Pace["state"]>; contacts: readonly ContactView[]; retryTokens: number };
  close(): Promise<void>;
}

/** Makes the client of one tenancy. Nothing is sent before the first call. */
export function createOciClient(options: OciClientOptions): OciClient {
  const { credential, endpoints } = options;
  const clock = options.clock ?? systemClock;
  const agent = options.agent ?? createAgent();
  const upstream: Upstream = {
    credential,
    clock,
    agent,
    pace: options.pace ?? createPace({ clock }),
    answerBytesMax: options.answerBytesMax ?? 5 * 1024 * 1024,
    isControlCharsAllowed: options.isControlCharsAllowed ?? true,
    log: options.log ?? (() => undefined),
  };
  const retries: Retries = {
    clock,
    budget: options.retryBudget ?? createRetryBudget(),
    random: options.random ?? Math.random,
  };
  const contacts =
    options.contacts ??
    createContacts({ clock, tenancy: credential.describe.tenancy, log: upstream.log }, options.breaker);

  return {
    credential,
    async call<Name extends OperationName>(request: OperationRequest<Name>, callOptions: CallOptions) {
      const prepared = prepare(request as unknown as OperationRequest, callOptions, endpoints);
      const { writes, service } = prepared.row;
      const timeoutMs = writes ? (options.writeTimeoutMs ?? 60_000) : (options.readTimeoutMs ?? 15_000);
      const deadline = createDeadline(clock, callOptions.timeoutMs ?? timeoutMs, callOptions.signal);
      const contact = contacts.of(service, prepared.region);
      const call: Call = { ...prepared, breaker: contact.breaker, deadline };
      if (callOptions.priority === "interactive") deadline.run();
      try {
        const answer = await untilAnswered(upstream, retries, call);
        contact.lastGoodAt = clock.now();
        return answer as OciAnswer<Name>;
      } catch (error) {
        contact.note(error);
        throw error;
      } finally {
        deadline.end();
      }
    },
    state: () => ({ pace: upstream.pace.state(), contacts: contacts.view(), retryTokens: retries.budget.tokens }),
    close: async () => {
      if (options.agent === undefined) await agent.close();
    },
  };
}

/** The address and the HTTP form of a request. Throws UpstreamFailure `bad_endpoint`. */
function prepare(
  request: OperationRequest,
  options: CallOptions,
  endpoints: Endpoints,
): Omit<Call, "deadline" | "breaker"> {
  const row = operationRow(request.operation);
  const params: Record<string, unknown> = { ...request.params };
  params.opcRequestId ??= randomUUID().replaceAll("-", "").toUpperCase();
  // A write with a token can be asked again without doing it twice, so none goes without where one is taken.
  if (row.writes && row.headers.includes("opc-retry-token")) params.opcRetryToken ??= randomUUID();
  const region = endpoints.region(options.region).id;
  const namespace = typeof params.namespaceName === "string" ? params.namespaceName : undefined;
  const origin =
    row.service === "management"
      ? endpoints.acceptManagementEndpoint(options.managementEndpoint ?? "", region)
      : endpoints.origin(row.service, region, namespace);
  const wire = encode({ operation: request.operation, params });
  return {
    operation: request.operation,
    row,
    wire,
    origin,
    region,
    requestId: String(params.opcRequestId),
    options,
    attempt: 0,
    paceWaitMs: 0,
  };
}

interface Retries {
  readonly clock: Clock;
  readonly budget: RetryBudget;
  readonly random: () => number;
}

async function untilAnswered(upstream: Upstream, retries: Retries, call: Call): Promise<OciAnswer> {
  let isLost = false;
  for (;;) {
    call.attempt++;
    try {
      const answer = await attemptOnce(upstream, call);
      retries.budget.earn();
      return answer;
    } catch (error) {
      isLost ||= isOutcomeUnknown(error);
      const last = isLost ? withUnknownOutcome(error) : error;
      const delayMs = retryDelayMs(retries, call, error);
      if (delayMs === undefined) throw last;
      await sleep(retries.clock, delayMs, call.deadline.signal).catch(() => {
        throw last;
      });
    }
  }
}

/** Undefined where asking again is not safe, not useful or not affordable (promise P35). */
function retryDelayMs({ budget, random }: Retries, call: Call, error: unknown): number | undefined {
  const isSafe = !call.row.writes || call.wire.headers["opc-retry-token"] !== undefined;
  if (!isSafe || call.attempt >= attemptsMax || call.deadline.signal.aborted || !isTransient(error)) return undefined;
  const retryAfterSeconds = error instanceof OciError ? error.retryAfterSeconds : undefined;
  const delayMs = backoffMs(call.attempt, retryAfterSeconds, random);
  if (delayMs >= call.deadline.leftMs() || call.breaker.refusedForMs() > 0) return undefined;
  return budget.spend() ? delayMs : undefined;
}

function isTransient(error: unknown): boolean {
  if (error instanceof OciError) return isTransientStatus(error.status);
  return error instanceof UpstreamFailure && ["timeout", "unreachable", "cut_off"].includes(error.kind);
}

/** An attempt before this error may have done the work: whatever the last one said, that stays open. */
function withUnknownOutcome(error: unknown): unknown {
  if (error instanceof UpstreamFailure && !error.isOutcomeUnknown) {
    const { kind, message, requestId, retryAfterSeconds } = error;
    return new UpstreamFailure({ kind, message, requestId, retryAfterSeconds, isOutcomeUnknown: true, cause: error });
  }
  return typeof error === "object" && error !== null ? markOutcomeUnknown(error) : error;
}

/**
 * Answers that are about our signing or the service's health; every other refusal is an answer like any, and being asked to
 * slow down is the pace's business.
 */
const isBadAnswer = (status: number) => status === 401 || status >= 500;

interface Contact {
  readonly service: Service;
  readonly region: string;
  readonly breaker: Breaker;
  lastGoodAt: number | null;
  lastFailure: ContactView["lastFailure"];
  /** Takes down how a call failed. */
  note(error: unknown): void;
}

export interface Contacts {
  of(service: Service, region: string): Contact;
  view(): ContactView[];
}

/** One breaker per service and region of a tenancy, made at first use, and what became of the calls. */
export function createContacts(
  { clock = systemClock, tenancy, log }: { clock?: Clock; tenancy: string; log: (event: OciEvent) => void },
  options?: BreakerOptions,
): Contacts {
  const entries = new Map<string, Contact>();
  return {
    of(service: Service, region: string): Contact {
      const key = `${service} ${region}`;
      const known = entries.get(key);
      if (known !== undefined) return known;
      const onMove = (position: BreakerPosition) => log({ event: "breaker", service, region, tenancy, position });
      const contact: Contact = {
        service,
        region,
        breaker: createBreaker(clock, options, onMove),
        lastGoodAt: null,
        lastFailure: null,
        note(error) {
          const at = clock.now();
          if (error instanceof OciError && !isBadAnswer(error.status)) contact.lastGoodAt = at;
          else if (error instanceof OciError) contact.lastFailure = { at, code: error.code, message: error.message };
          // Calls we held back or gave up ourselves say nothing about the service.
          else if (error instanceof UpstreamFailure && !["aborted", "breaker_open", "overloaded"].includes(error.kind))
            contact.lastFailure = { at, code: error.kind, message: error.message };
        },
      };
      entries.set(key, contact);
      return contact;
    },
    view: (): ContactView[] =>
      [...entries.values()].map(({ service, region, breaker, lastGoodAt, lastFailure }) => ({
        service,
        region,
        ...breaker.state(),
        lastGoodAt,
        lastFailure,
      })),
  };
}
