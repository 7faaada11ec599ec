import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPace, type PaceGrant, type Priority } from "#lib/oci/pace.ts";
import { handClock } from "./hand-clock.ts";

/** Most arrivals in any second that contains one of them as its first. */
function busiestSecond(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.max(0, ...sorted.map((from) => sorted.filter((time) => time >= from && time < from + 1000).length));
}

const later = async (grants: Promise<PaceGrant>[]) => {
  const at: string[] = [];
  for (const [index, grant] of grants.entries()) void grant.then(() => at.push(String(index)));
  return at;
};

describe("pace", () => {
  it("never lets more than ten reach the service in any second, whatever the latency", async () => {
    const call = fc.record({
      afterMs: fc.integer({ min: 0, max: 120 }),
      priority: fc.constantFrom<Priority>("interactive", "background"),
      connectMs: fc.constantFrom(0, 0, 0, 800),
      travelMs: fc.integer({ min: 0, max: 300 }),
      workMs: fc.integer({ min: 0, max: 900 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 20, maxLength: 60 }), async (calls) => {
        const clock = handClock(1000);
        const pace = createPace({ clock, arrivalMsMax: 300 });
        const arrivals: number[] = [];
        for (const { afterMs, priority, connectMs, travelMs, workMs } of calls) {
          await clock.advance(afterMs);
          void pace.take("read", priority).then((grant) => {
            clock.after(connectMs, grant.leaving);
            clock.after(connectMs + travelMs, () => arrivals.push(clock.now()));
            clock.after(connectMs + travelMs + workMs, grant.arrived);
          });
        }
        await clock.advance(60_000);
        expect(arrivals).toHaveLength(calls.length);
        expect(busiestSecond(arrivals)).toBeLessThanOrEqual(10);
      }),
      { numRuns: 25 },
    );
  });

  it("lets a scan alone use nearly the whole rate, evenly", async () => {
    const clock = handClock();
    const pace = createPace({ clock });
    const times: number[] = [];
    for (let n = 0; n < 100; n++) {
      void pace.take("read", "background").then((grant) => {
        times.push(clock.now());
        clock.after(20, grant.arrived);
      });
    }
    await clock.advance(11_000);
    expect(times).toHaveLength(100);
    expect(times.at(-1)).toBeLessThanOrEqual(10_300);
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(130);
  });

  it("serves a person within a tenth of a second while a scan runs, then at once", async () => {
    const clock = handClock();
    const pace = createPace({ clock });
    const answered = (grant: PaceGrant) => clock.after(20, grant.arrived);
    for (let n = 0; n < 500; n++) void pace.take("read", "background").then(answered);
    await clock.advance(5_050);
    const waits: number[] = [];
    for (let click = 0; click < 5; click++) {
      void pace.take("read", "interactive").then((grant) => {
        waits.push(grant.waitedMs);
        answered(grant);
      });
      await clock.advance(1_500);
    }
    expect(waits[0]).toBeLessThanOrEqual(130);
    expect(waits.slice(1)).toEqual([0, 0, 0, 0]);
    // The scan goes on, with two places fewer.
    expect(pace.state().read.grantedTotal.background).toBeGreaterThan(50 + 7.5 * 7);
  });

  it("keeps a trickle of background work under a flood of people", async () => {
    const clock = handClock();
    const pace = createPace({ clock });
    for (let n = 0; n < 5; n++) void pace.take("read", "background");
    for (let n = 0; n < 100; n++) void pace.take("read", "interactive").then((grant) => clock.after(10, grant.arrived));
    await clock.advance(5_500);
    expect(pace.state().read.grantedTotal.background).toBeGreaterThanOrEqual(4);
  });

  it("counts reads and writes apart", async () => {
    const clock = handClock();
    const pace = createPace({ clock });
    const writes = await later(Array.from({ length: 10 }, () => pace.take("write", "interactive")));
    const reads = await later(Array.from({ length: 11 }, () => pace.take("read", "interactive")));
    await clock.advance(0);
    expect([writes.length, reads.length]).toEqual([10, 10]);
    expect(pace.state()).toMatchObject({
      write: { usedInLastSecond: 10, waiting: { interactive: 0 } },
      read: { usedInLastSecond: 10, waiting: { interactive: 1 } },
    });
  });

  it("holds a place while connecting, then until the answer or until the request must have arrived", async () => {
    const clock = handClock();
    const pace = createPace({ clock, limit: 1, arrivalMsMax: 300 });
    const times: number[] = [];
    const take = async () => {
      const grant = await pace.take("read", "interactive");
      times.push(clock.now());
      return grant;
    };
    const first = await take();
    const second = take();
    await clock.advance(30);
    first.arrived();
    await clock.advance(2000);
    const held = await second;
    const third = take();
    await clock.advance(5000);
    expect(times).toEqual([0, 1030]);
    held.leaving();
    await clock.advance(2000);
    expect(times).toEqual([0, 1030, 8330]);
    const fourth = take();
    // Late words about places given on long ago.
    first.arrived();
    held.arrived();
    await clock.advance(3000);
    expect(times).toHaveLength(3);
    (await third).unused();
    await fourth;
    expect(times.at(-1)).toBe(12_030);
  });

  it("holds everything back while the service asked for a pause", async () => {
    const clock = handClock();
    const pace = createPace({ clock });
    pace.pause("read", 3000);
    const granted = await later([pace.take("read", "interactive"), pace.take("write", "interactive")]);
    await clock.advance(2999);
    expect(granted).toEqual(["1"]);
    expect(pace.state().read.pausedForMs).toBe(1);
    await clock.advance(1);
    expect(granted).toEqual(["1", "0"]);
  });

  it("forgets callers who gave up, and refuses when the queue is full", async () => {
    const clock = handClock();
    const pace = createPace({ clock, limit: 1, waitingMax: { interactive: 2, background: 1 } });
    const giveUp = new AbortController();
    void pace.take("read", "interactive");
    const waiting = pace.take("read", "interactive", giveUp.signal);
    void pace.take("read", "interactive");
    await expect(pace.take("read", "interactive")).rejects.toMatchObject({ kind: "overloaded", retryAfterSeconds: 2 });
    giveUp.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    await expect(pace.take("read", "interactive", giveUp.signal)).rejects.toThrow("gone");
    expect(pace.state().read.waiting.interactive).toBe(1);
  });
});
