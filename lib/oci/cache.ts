/**
 * Reads asked by many cost the service one call: single flight, a short memory, refreshing behind the reader's back, and
 * the last good answer while the service is away (promises P33 and P36). Own writes make what they touched be read anew.
 */
import { LRUCache } from "lru-cache";
import { OciError } from "#lib/contract/errors.ts";
import { type OperationName, operationRow } from "#lib/contract/operations.ts";
import type { OperationRequest } from "#lib/contract/request.ts";
import type { CallOptions, OciAnswer } from "./call.ts";
import type { OciClient } from "./client.ts";
import { type Clock, systemClock } from "./clock.ts";
import { UpstreamFailure } from "./failure.ts";
import type { Priority } from "./pace.ts";

export interface CachedAnswer<Name extends OperationName = OperationName> extends OciAnswer<Name> {
  /** Epoch milliseconds when the service gave it. */
  readonly readAt: number;
  /** True when the service could not be asked and this is its last good answer. */
  readonly isStale: boolean;
}

export interface CachedCallOptions extends CallOptions {
  /** Ask the service now, whatever is remembered or under way. What is remembered stays for others when that fails. */
  readonly isFresh?: boolean | undefined;
}

export interface CallCache {
  /** As the client's `call`; reads may be answered from memory, writes never are and invalidate what they touch. */
  call<Name extends OperationName>(
    request: OperationRequest<Name>,
    options: CachedCallOptions,
  ): Promise<CachedAnswer<Name>>;
  /** Forgets reads: all of a vault, all lists of a region, or everything. */
  invalidate(what?: { readonly region?: string; readonly vaultId?: string }): void;
}

export interface CacheOptions {
  readonly clock?: Clock;
  /** As long as this an answer counts as new. */
  readonly freshMs?: number;
  /** As long as this it is given at once while a newer one is fetched. */
  readonly revalidateMs?: number;
  /** As long as this it is given, marked, when the service cannot be asked. */
  readonly staleMs?: number;
  readonly bytesMax?: number;
}

interface Place {
  readonly region: string;
  readonly operation: OperationName;
  readonly vaultId: string | undefined;
}
interface Remembered {
  readonly place: Place;
  readonly answer: OciAnswer;
  readonly readAt: number;
}
interface Flight {
  readonly place: Place;
  readonly priority: Priority;
  /** Who waits for it: whoever joins brings their own turn along. */
  readonly whose: Set<string>;
  readonly landed: Promise<Remembered>;
  /** Set by a write that happened meanwhile: the answer may be older than it. */
  isOutdated: boolean;
}

/** A cache in front of one client, so of one tenancy and one principal; who may see an answer is decided before. */
export function createCallCache(client: Pick<OciClient, "call">, options: CacheOptions = {}): CallCache {
  const clock = options.clock ?? systemClock;
  const freshMs = options.freshMs ?? 3000;
  const revalidateMs = options.revalidateMs ?? 60_000;
  const staleMs = options.staleMs ?? 5 * 60_000;
  const memory = new LRUCache<string, Remembered>({
    maxSize: options.bytesMax ?? 32 * 1024 * 1024,
    sizeCalculation: ({ answer }) => answer.raw.length + 1024,
  });
  const flights = new Map<string, Flight>();

  function take(
    key: string,
    place: Place,
    request: OperationRequest,
    { isFresh, ...callOptions }: CachedCallOptions,
  ): Promise<Remembered> {
    const under = flights.get(key);
    // Somebody who waits does not join a scan that may queue for minutes.
    const canJoin = under !== undefined && (under.priority === "interactive" || callOptions.priority === "background");
    if (canJoin && isFresh !== true) {
      for (const each of callOptions.whose ?? []) under.whose.add(each);
      return under.landed;
    }
    if (under !== undefined && isFresh === true) under.isOutdated = true;
    // Shared by all who join, so no one of them can abort it.
    const whose = new Set(callOptions.whose);
    const landed = client
      .call(request, { ...callOptions, whose, signal: undefined })
      .then((answer) => ({ place, answer, readAt: clock.now() }));
    const flight: Flight = { place, priority: callOptions.priority, whose, landed, isOutdated: false };
    flights.set(key, flight);
    landed
      .then((remembered) => {
        if (!flight.isOutdated) memory.set(key, remembered);
      })
      .catch((error: unknown) => {
        if (isGone(error)) memory.delete(key);
      })
      .finally(() => {
        if (flights.get(key) === flight) flights.delete(key);
      });
    return landed;
  }

  async function read(request: OperationRequest, callOptions: CachedCallOptions): Promise<CachedAnswer> {
    const { key, place } = keyOf(request, callOptions);
    // Who wants to know now has no use for what was known.
    const known = callOptions.isFresh === true ? undefined : memory.get(key);
    const ageMs = known === undefined ? Number.POSITIVE_INFINITY : clock.now() - known.readAt;
    if (known !== undefined && ageMs < freshMs) return given(known, false);
    if (known !== undefined && ageMs < revalidateMs) {
      // Nobody waits for this one: it stands behind what somebody does wait for, however many look.
      take(key, place, request, { ...callOptions, priority: "background" }).catch(() => undefined);
      return given(known, false);
    }
    const coming = take(key, place, request, callOptions);
    try {
      return given(await orAborted(coming, callOptions.signal), false);
    } catch (error) {
      if (known === undefined || ageMs >= staleMs || !isAway(error) || memory.peek(key) !== known) throw error;
      return given(known, true);
    }
  }

  function invalidate(what: { readonly region?: string; readonly vaultId?: string } = {}): void {
    const isTouched = (place: Place) => isAffected(place, what);
    for (const [key, { place }] of memory.entries()) if (isTouched(place)) memory.delete(key);
    for (const [key, flight] of flights) {
      if (!isTouched(flight.place)) continue;
      flight.isOutdated = true;
      flights.delete(key);
    }
  }

  async function write(request: OperationRequest, callOptions: CallOptions): Promise<CachedAnswer> {
    const { vaultId } = keyOf(request, callOptions).place;
    const touched = { region: callOptions.region, ...(vaultId === undefined ? {} : { vaultId }) };
    try {
      const answer = await client.call(request, callOptions);
      invalidate(touched);
      return { ...answer, readAt: clock.now(), isStale: false };
    } catch (error) {
      // It may have been applied, unless it never left.
      if (!isUnsent(error)) invalidate(touched);
      throw error;
    }
  }

  return {
    call: (request, callOptions) => {
      const loose = request as unknown as OperationRequest;
      const answer = operationRow(request.operation).writes ? write(loose, callOptions) : read(loose, callOptions);
      return answer as Promise<CachedAnswer<typeof request.operation>>;
    },
    invalidate,
  };
}

/** A vault's own reads in every region (its replica changes with it), and the lists of the region. */
function isAffected(place: Place, what: { readonly region?: string; readonly vaultId?: string }): boolean {
  if (what.region === undefined && what.vaultId === undefined) return true;
  if (what.vaultId !== undefined && place.vaultId !== undefined) return place.vaultId === what.vaultId;
  return what.region === undefined || place.region === what.region;
}

function keyOf(request: OperationRequest, { region, managementEndpoint }: CallOptions): { key: string; place: Place } {
  const { opcRequestId: _, opcRetryToken: __, ...params } = request.params as Record<string, unknown>;
  const sorted = Object.entries(params)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const vaultId = typeof params.vaultId === "string" ? params.vaultId : undefined;
  const key = JSON.stringify([region, managementEndpoint ?? "", request.operation, sorted]);
  return { key, place: { region, operation: request.operation, vaultId } };
}

/** No attempt of the call left this process. */
function isUnsent(error: unknown): boolean {
  const held = ["breaker_open", "overloaded", "credential", "bad_endpoint"];
  return error instanceof UpstreamFailure && !error.isOutcomeUnknown && held.includes(error.kind);
}

/** The service could not be asked, or said it cannot answer now. */
function isAway(error: unknown): boolean {
  if (error instanceof OciError) return error.status >= 500 || error.status === 429;
  const away = ["timeout", "unreachable", "cut_off", "breaker_open", "overloaded", "bad_answer"];
  return error instanceof UpstreamFailure && away.includes(error.kind);
}

function isGone(error: unknown): boolean {
  return error instanceof OciError && (error.status === 404 || error.status === 401 || error.status === 403);
}

function given(remembered: Remembered, isStale: boolean): CachedAnswer {
  return { ...remembered.answer, readAt: remembered.readAt, isStale };
}

/** Waits as long as this caller does; the flight goes on for the others. */
function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new UpstreamFailure({ kind: "aborted", message: "The request was given up." }));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
