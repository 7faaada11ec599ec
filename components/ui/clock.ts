"use client";

import { useSyncExternalStore } from "react";

/** One clock for all relative times on the page: it ticks every second in steps of whole seconds. */
const listeners = new Set<() => void>();
const clock = { now: 0, offsetMs: 0, timer: undefined as ReturnType<typeof setInterval> | undefined };

/** Sets how far the clock that counts is ahead of this device's, in milliseconds. */
export function setClockOffset(offsetMs: number): void {
  if (clock.offsetMs === offsetMs) return;
  clock.offsetMs = offsetMs;
  if (clock.now !== 0) tick();
}

function readClock(): number {
  return Math.floor((Date.now() + clock.offsetMs) / 1000) * 1000;
}

function tick(): void {
  clock.now = readClock();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  clock.timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(clock.timer);
    clock.timer = undefined;
  };
}

function stepNow(stepMs: number): number {
  if (clock.now === 0) clock.now = readClock();
  return Math.floor(clock.now / stepMs) * stepMs;
}

/**
 * Epoch milliseconds now, renewed every `stepMs` (a whole number of seconds). Null on the server and in the first
 * render: the server's now is not the browser's.
 */
export function useNow(stepMs = 1000): number | null {
  return useSyncExternalStore<number | null>(
    subscribe,
    () => stepNow(stepMs),
    () => null,
  );
}
