import { describe, expect, it } from "vitest";
import { type Breaker, createBreaker } from "#lib/oci/breaker.ts";
import { backoffMs, createRetryBudget } from "#lib/oci/retry.ts";
import { handClock } from "./hand-clock.ts";

const fail = (breaker: Breaker, times: number) => {
  for (let n = 0; n < times; n++) breaker.begin()?.("failure");
};

describe("breaker", () => {
  it("opens after ten failures in a row, not after nine and a success", () => {
    const breaker = createBreaker(handClock());
    fail(breaker, 9);
    breaker.begin()?.("success");
    fail(breaker, 9);
    breaker.begin()?.("neutral");
    expect(breaker.state()).toEqual({ position: "closed", failuresInRow: 9, refusedForMs: 0 });
    fail(breaker, 1);
    expect(breaker.begin()).toBeUndefined();
    expect(breaker.refusedForMs()).toBe(30_000);
  });

  it("lets one probe through after thirty seconds, which decides", async () => {
    const clock = handClock();
    const moves: string[] = [];
    const breaker = createBreaker(clock, {}, (to) => moves.push(to));
    fail(breaker, 10);
    await clock.advance(29_999);
    expect(breaker.begin()).toBeUndefined();
    await clock.advance(1);
    const probe = breaker.begin();
    expect(breaker.begin()).toBeUndefined();
    expect(breaker.refusedForMs()).toBeGreaterThan(0);
    probe?.("failure");
    expect(breaker.refusedForMs()).toBe(30_000);
    await clock.advance(30_000);
    breaker.begin()?.("success");
    fail(breaker, 9);
    expect(breaker.state().position).toBe("closed");
    expect(moves).toEqual(["open", "probing", "open", "probing", "closed"]);
  });

  it("sends the next probe at once when one said nothing", async () => {
    const clock = handClock();
    const breaker = createBreaker(clock);
    fail(breaker, 10);
    await clock.advance(30_000);
    breaker.begin()?.("neutral");
    expect(breaker.refusedForMs()).toBe(0);
    breaker.begin()?.("success");
    expect(breaker.state().position).toBe("closed");
  });

  it("ignores late answers of calls that began before it opened", async () => {
    const breaker = createBreaker(handClock());
    const early = breaker.begin();
    fail(breaker, 10);
    early?.("success");
    expect(breaker.state().position).toBe("open");
  });
});

describe("retry", () => {
  it("waits anything up to a doubling bound, never less than retry-after, 30 s at most by itself", () => {
    expect([1, 2, 3].map((n) => backoffMs(n, undefined, () => 1))).toEqual([500, 1000, 2000]);
    expect(backoffMs(1, undefined, () => 0)).toBe(0);
    expect(backoffMs(1, 2, () => 0.5)).toBe(2000);
    expect(backoffMs(20, undefined, () => 1)).toBe(30_000);
  });

  it("keeps retries below a fifth of the calls of a service that fails for good", () => {
    const budget = createRetryBudget();
    let retries = 0;
    for (let n = 0; n < 500; n++) for (let again = 0; again < 2; again++) if (budget.spend()) retries++;
    expect(retries).toBeLessThanOrEqual(100);
    for (let n = 0; n < 5; n++) budget.earn();
    expect(budget.spend()).toBe(true);
    expect(budget.spend()).toBe(false);
  });
});
