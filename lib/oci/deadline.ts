/** How long a call may take in all, and who ended it: the time or the caller. */
import type { Clock } from "./clock.ts";

export interface Deadline {
  /** Aborts with the reason `timedOut` or `givenUp`. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Starts the time, or lets it go on. */
  run(): void;
  /** Stops the time, while a background call waits for its place. */
  hold(): void;
  leftMs(): number;
  /** Frees timer and listener; must be called when the call ends. */
  end(): void;
}

// Made once: what they say is in who they are, and a stack trace for every call would cost more than the rest.
export const timedOut = new Error("the deadline passed");
export const givenUp = new Error("the caller gave up");

/** A deadline that does not run yet. The caller's signal, when given, ends it at any time. */
export function createDeadline(clock: Clock, timeoutMs: number, callerSignal: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const onAbort = () => controller.abort(givenUp);
  let remainingMs = timeoutMs;
  let runningSince: number | undefined;
  let cancel: (() => void) | undefined;
  if (callerSignal?.aborted) onAbort();
  callerSignal?.addEventListener("abort", onAbort, { once: true });
  const leftMs = () => (runningSince === undefined ? remainingMs : remainingMs - (clock.ticks() - runningSince));
  const hold = () => {
    cancel?.();
    remainingMs = leftMs();
    runningSince = undefined;
  };
  return {
    signal: controller.signal,
    timeoutMs,
    leftMs,
    hold,
    run() {
      if (runningSince !== undefined) return;
      runningSince = clock.ticks();
      cancel = clock.after(Math.max(0, remainingMs), () => controller.abort(timedOut));
    },
    end() {
      hold();
      callerSignal?.removeEventListener("abort", onAbort);
    },
  };
}
