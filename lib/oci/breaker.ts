/**
 * A breaker for one service in one region: after ten failures in a row calls are refused at once for thirty seconds, then
 * one probe decides (values of Oracle's SDKs; contract, section 6). Own code because the refusal must come before the wait
 * for a place, must say how long, and must not let callers wait for a probe.
 */
import type { Clock } from "./clock.ts";

export type BreakerPosition = "closed" | "open" | "probing";
/** `neutral`: says nothing about the service's health, such as a caller who gave up. */
export type CallOutcome = "success" | "failure" | "neutral";

export interface Breaker {
  /** Milliseconds for which a call would be refused now; 0 when it would not. */
  refusedForMs(): number;
  /** Begins a call; undefined when it is refused. The result must be called once. */
  begin(): ((outcome: CallOutcome) => void) | undefined;
  state(): { position: BreakerPosition; failuresInRow: number; refusedForMs: number };
}

export interface BreakerOptions {
  readonly failuresToOpen?: number;
  readonly openMs?: number;
}

/** A closed breaker. `onMove` hears of every change of position. */
export function createBreaker(
  clock: Clock,
  options: BreakerOptions = {},
  onMove: (to: BreakerPosition) => void = () => undefined,
): Breaker {
  const failuresToOpen = options.failuresToOpen ?? 10;
  const openMs = options.openMs ?? 30_000;
  let position: BreakerPosition = "closed";
  let failuresInRow = 0;
  let openedAt = 0;

  function move(to: BreakerPosition): void {
    position = to;
    if (to === "open") openedAt = clock.ticks();
    if (to === "closed") failuresInRow = 0;
    onMove(to);
  }

  function refusedForMs(): number {
    if (position === "closed") return 0;
    // While the probe is out nobody knows; a second is a fair guess.
    if (position === "probing") return 1000;
    return Math.max(0, openedAt + openMs - clock.ticks());
  }

  function endOrdinary(outcome: CallOutcome): void {
    if (position !== "closed" || outcome === "neutral") return;
    failuresInRow = outcome === "success" ? 0 : failuresInRow + 1;
    if (failuresInRow >= failuresToOpen) move("open");
  }

  function endProbe(outcome: CallOutcome): void {
    move(outcome === "success" ? "closed" : "open");
    // A probe that says nothing does not cost another half minute.
    if (outcome === "neutral") openedAt = clock.ticks() - openMs;
  }

  return {
    refusedForMs,
    begin() {
      if (refusedForMs() > 0) return undefined;
      if (position === "closed") return endOrdinary;
      move("probing");
      return endProbe;
    },
    state: () => ({ position, failuresInRow, refusedForMs: refusedForMs() }),
  };
}
