import type { Clock } from "#lib/oci/clock.ts";

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that only moves when told; timers due on the way run in order, and what they started runs before the next. */
export function handClock(startMs = 0): Clock & { advance(ms: number): Promise<void>; readonly pending: number } {
  let time = startMs;
  const timers = new Set<Timer>();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => time,
    ticks: () => time,
    get pending() {
      return timers.size;
    },
    after(delayMs, wake) {
      const timer = { at: time + Math.max(0, delayMs), wake };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const end = time + ms;
      await settle();
      for (;;) {
        const next = [...timers].sort((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        timers.delete(next);
        time = Math.max(time, next.at);
        next.wake();
        await settle();
      }
      time = end;
      await settle();
    },
  };
}
