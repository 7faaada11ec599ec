/**
 * Pacing: a tenancy has ten reads and ten writes a second (contract, section 1), for everybody together. Calls wait here
 * instead of being refused there; people come before background work. `Pace` is the seam: this one counts in the process.
 */
import { type Clock, systemClock } from "./clock.ts";
import { UpstreamFailure } from "./failure.ts";
import { createFairQueue, type Waiting } from "./fair-queue.ts";

export type PacedBudget = "read" | "write";
/** `interactive`: somebody waits for it. `background`: scans and prefetching. */
export type Priority = "interactive" | "background";

/** A place, held until one of the three says what became of the request. */
export interface PaceGrant {
  readonly waitedMs: number;
  /** The request leaves this moment, on a connection that is there: soon it will have arrived. */
  leaving(): void;
  /** The service answered or is out of reach, so the request arrived by now or never will. */
  arrived(): void;
  /** Nothing was sent: the place is free at once. */
  unused(): void;
}

export interface LaneState {
  /** Calls allowed in any sliding second. */
  readonly limit: number;
  readonly usedInLastSecond: number;
  readonly waiting: Readonly<Record<Priority, number>>;
  /** Milliseconds until calls go on after the service asked for a pause; 0 when there is none. */
  readonly pausedForMs: number;
  readonly grantedTotal: Readonly<Record<Priority, number>>;
  readonly pausesTotal: number;
}

export interface Pace {
  /**
   * Waits for a place; `whose` sessions it is for, between which people's calls take turns, and which may grow while it waits.
   * Rejects with the signal's reason, or with UpstreamFailure `overloaded` when too many wait.
   */
  take(budget: PacedBudget, priority: Priority, signal?: AbortSignal, whose?: ReadonlySet<string>): Promise<PaceGrant>;
  /** The service refused with 429: nothing of this budget goes out for `delayMs`. */
  pause(budget: PacedBudget, delayMs: number): void;
  state(): Readonly<Record<PacedBudget, LaneState>>;
}

export interface PaceOptions {
  /** Calls in any sliding second of each budget; divide by the number of instances when each counts alone. */
  readonly limit?: number;
  readonly clock?: Clock;
  /** Longest time a request may travel once it left. */
  readonly arrivalMsMax?: number;
  /** Places background work leaves free while people are about. */
  readonly reserve?: number;
  readonly waitingMax?: Readonly<Record<Priority, number>>;
  /** How many of the limit's places are this instance's now, when several share the budget; asked before every grant. */
  readonly share?: (limit: number) => number;
}

const windowMs = 1000;
/** How long after somebody's last call the reserve is kept. */
const peopleAboutMs = 30_000;
/** Background work waiting gets a place at least this often, however busy people are. */
const backgroundAtLeastEveryMs = 1000;
const pauseMsMax = 60_000;

/** The default pace: exact for one process, however long connecting and answering take, because places are held. */
export function createPace(options: PaceOptions = {}): Pace {
  const settings: LaneSettings = {
    limit: options.limit ?? 10,
    clock: options.clock ?? systemClock,
    arrivalMsMax: options.arrivalMsMax ?? 300,
    reserve: options.reserve ?? 2,
    waitingMax: options.waitingMax ?? { interactive: 200, background: 20_000 },
    share: options.share ?? ((limit) => limit),
  };
  const lanes = { read: createLane(settings), write: createLane(settings) };
  return {
    take: (budget, priority, signal, whose) => lanes[budget].take(priority, signal, whose),
    pause: (budget, delayMs) => lanes[budget].pause(delayMs),
    state: () => ({ read: lanes.read.state(), write: lanes.write.state() }),
  };
}

interface LaneSettings {
  readonly limit: number;
  readonly clock: Clock;
  readonly arrivalMsMax: number;
  readonly reserve: number;
  readonly waitingMax: Readonly<Record<Priority, number>>;
  readonly share: (limit: number) => number;
}

/** How soon to look again whether the share has grown from nothing. */
const noShareMs = 100;

interface Place {
  holder: Waiter | undefined;
  grantedAt: number;
  /** From then on no sliding second can hold both the call that had the place and the next one. */
  freeAt: number;
}

interface Waiter extends Waiting {
  readonly since: number;
  readonly resolve: (grant: PaceGrant) => void;
  readonly reject: (why: unknown) => void;
}

const nobody: ReadonlySet<string> = new Set();

function createLane(settings: LaneSettings) {
  const { limit, clock, waitingMax } = settings;
  const never = Number.NEGATIVE_INFINITY;
  const places: Place[] = Array.from({ length: limit }, () => ({ holder: undefined, grantedAt: never, freeAt: never }));
  const waiting = { interactive: createFairQueue<Waiter>(), background: new Set<Waiter>() };
  const grantedTotal = { interactive: 0, background: 0 };
  let pausesTotal = 0;
  let pausedUntil = never;
  let lastInteractiveAt = never;
  let backgroundDueAt = never;
  let backgroundSince = never;
  let cancelWake: (() => void) | undefined;

  /** Places kept for people: none while nobody has asked for anything lately. */
  const reserveAt = (now: number) =>
    now - lastInteractiveAt < peopleAboutMs ? Math.min(settings.reserve, settings.share(limit) - 1) : 0;

  function grant(waiter: Waiter, priority: Priority, now: number): void {
    if (priority === "interactive") waiting.interactive.serve(waiter);
    else waiting.background.delete(waiter);
    grantedTotal[priority]++;
    if (priority === "background") {
      // Spread evenly without drift, so that somebody's call finds a place within a tenth of a second.
      const spacingMs = windowMs / Math.max(1, settings.share(limit) - reserveAt(now));
      backgroundDueAt = (now - backgroundDueAt < spacingMs ? backgroundDueAt : now) + spacingMs;
      backgroundSince = now;
    }
    const place = places.reduce((earliest, each) => (each.freeAt < earliest.freeAt ? each : earliest));
    place.holder = waiter;
    place.grantedAt = now;
    place.freeAt = Number.POSITIVE_INFINITY;
    const free = (at: number) => {
      // A late word about a place somebody else holds by now changes nothing.
      if (place.holder !== waiter || at >= place.freeAt) return;
      place.freeAt = at;
      pump();
    };
    waiter.resolve({
      waitedMs: now - waiter.since,
      leaving: () => free(clock.ticks() + settings.arrivalMsMax + windowMs),
      arrived: () => free(clock.ticks() + windowMs),
      unused: () => free(never),
    });
  }

  /** Grants what can go now, and wakes up when the next might. */
  function pump(): void {
    cancelWake?.();
    cancelWake = undefined;
    while (waiting.interactive.size + waiting.background.size > 0) {
      const now = clock.ticks();
      const wakeAt = grantNext(now);
      if (wakeAt === undefined) continue;
      // All places are held: whoever gives one back pumps.
      if (wakeAt === Number.POSITIVE_INFINITY) return;
      cancelWake = clock.after(Math.max(1, Math.ceil(wakeAt - now)), pump);
      return;
    }
  }

  /** Undefined after a grant, else the time at which to try again. */
  function grantNext(now: number): number | undefined {
    if (now < pausedUntil) return pausedUntil;
    // What others may use is held back: so many places stay free here.
    const share = settings.share(limit);
    if (share <= 0) return now + noShareMs;
    const freeTimes = places
      .map(({ freeAt }) => freeAt)
      .sort((a, b) => a - b)
      .slice(limit - share);
    const firstFreeAt = freeTimes[0] ?? now;
    if (firstFreeAt > now) return firstFreeAt;
    const [background] = waiting.background;
    const starvesAt = backgroundSince + backgroundAtLeastEveryMs;
    const interactive = waiting.interactive.next();
    if (interactive !== undefined && (background === undefined || now < starvesAt)) {
      grant(interactive, "interactive", now);
      return undefined;
    }
    if (background === undefined) return now;
    const beyondReserveAt = freeTimes[reserveAt(now)] ?? now;
    const dueAt = Math.min(starvesAt, Math.max(beyondReserveAt, backgroundDueAt));
    if (dueAt > now) return dueAt;
    grant(background, "background", now);
    return undefined;
  }

  function overloaded(size: number): UpstreamFailure {
    const retryAfterSeconds = Math.ceil(size / limit);
    const message = `${size} calls are waiting for the service's rate limit already.`;
    return new UpstreamFailure({ kind: "overloaded", message, retryAfterSeconds });
  }

  /** Whether there is room for one more, made if need be at the cost of whoever has most waiting. */
  function hasRoomFor(waiter: Waiter, priority: Priority): boolean {
    const { size } = waiting[priority];
    if (size < waitingMax[priority]) return true;
    const out = priority === "interactive" ? waiting.interactive.crowdedOut(waiter) : undefined;
    if (out === undefined) return false;
    waiting.interactive.delete(out);
    out.reject(overloaded(size));
    return true;
  }

  function take(priority: Priority, signal?: AbortSignal, whose = nobody): Promise<PaceGrant> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const queue = waiting[priority];
    return new Promise((resolve, reject) => {
      const now = clock.ticks();
      const onAbort = () => {
        if (queue.delete(waiter)) reject(signal?.reason);
      };
      const over = () => signal?.removeEventListener("abort", onAbort);
      const waiter: Waiter = {
        since: now,
        whose,
        resolve(granted) {
          over();
          resolve(granted);
        },
        reject(why) {
          over();
          reject(why);
        },
      };
      if (!hasRoomFor(waiter, priority)) return reject(overloaded(queue.size));
      signal?.addEventListener("abort", onAbort, { once: true });
      if (priority === "interactive") lastInteractiveAt = now;
      else if (queue.size === 0) backgroundSince = now;
      queue.add(waiter);
      pump();
    });
  }

  function state(): LaneState {
    const now = clock.ticks();
    return {
      limit: settings.share(limit),
      usedInLastSecond: places.filter(({ grantedAt }) => grantedAt > now - windowMs).length,
      waiting: { interactive: waiting.interactive.size, background: waiting.background.size },
      pausedForMs: Math.max(0, Math.round(pausedUntil - now)) || 0,
      grantedTotal: { ...grantedTotal },
      pausesTotal,
    };
  }

  function pause(delayMs: number): void {
    pausesTotal++;
    pausedUntil = Math.max(pausedUntil, clock.ticks() + Math.min(Math.max(delayMs, 0), pauseMsMax));
    pump();
  }

  return { take, pause, state };
}
