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

  describe("sessions take turns", () => {
    const of = (...sessions: string[]) => new Set(sessions);
    /** Takes places and gives back in which order they were granted; each is given back after a moment. */
    function lane(options: { max?: number } = {}) {
      const clock = handClock();
      const waitingMax = { interactive: options.max ?? 200, background: 10 };
      const pace = createPace({ clock, waitingMax });
      const order: string[] = [];
      const turned: string[] = [];
      const ask = (name: string, whose?: ReadonlySet<string>) =>
        void pace.take("read", "interactive", undefined, whose).then(
          (grant) => {
            order.push(name);
            clock.after(10, grant.arrived);
          },
          () => turned.push(name),
        );
      return { clock, pace, ask, order, turned };
    }

    it("so that one call of somebody does not wait behind fifty of somebody else", async () => {
      const { clock, ask, order } = lane();
      for (let n = 0; n < 50; n += 1) ask(`noisy ${n}`, of("noisy"));
      await clock.advance(0);
      ask("quiet", of("quiet"));
      await clock.advance(1_200);
      // Ten went at once; the noisy one's next had come first, then it is the other's turn.
      expect(order.indexOf("quiet")).toBeLessThanOrEqual(11);
      expect(order.indexOf("quiet")).toBeGreaterThan(0);
      await clock.advance(10_000);
      expect(order.filter((name) => name !== "quiet")).toEqual(Array.from({ length: 50 }, (_, n) => `noisy ${n}`));
    });

    it("each of four as often as the others, in whatever numbers they come", async () => {
      const { clock, ask, order } = lane();
      for (const [name, calls] of [
        ["a", 90],
        ["b", 60],
        ["c", 30],
        ["d", 20],
      ] as const)
        for (let n = 0; n < calls; n += 1) ask(name, of(name));
      await clock.advance(5_900);
      // The first ten went before anybody else had come.
      const counts = ["a", "b", "c", "d"].map((name) => order.slice(10, 58).filter((each) => each === name).length);
      expect(counts).toEqual([12, 12, 12, 12]);
    });

    it("and whoever newly comes waits one round, however many come after", async () => {
      const { clock, ask, order } = lane();
      for (let n = 0; n < 30; n += 1) ask("old", of("old"));
      await clock.advance(500);
      for (let n = 0; n < 40; n += 1) ask(`new ${n}`, of(`new ${n}`));
      await clock.advance(10_000);
      expect(order.slice(10).indexOf("new 0")).toBeLessThanOrEqual(1);
      expect(order.filter((each) => each === "old")).toHaveLength(30);
    });

    it("what somebody else comes to wait for as well goes when either's turn comes", async () => {
      const { clock, ask, order } = lane();
      const shared = of("noisy");
      for (let n = 0; n < 60; n += 1) ask(`noisy ${n}`, n === 59 ? shared : of("noisy"));
      await clock.advance(500);
      shared.add("quiet");
      await clock.advance(1_600);
      expect(order).toContain("noisy 59");
      expect(order.indexOf("noisy 59")).toBeLessThan(20);
    });

    it("whoever has most waiting gives way when there is no more room, and the quiet are not turned away", async () => {
      const { clock, ask, order, turned } = lane({ max: 20 });
      for (let n = 0; n < 35; n += 1) ask(`noisy ${n}`, of("noisy"));
      await clock.advance(0);
      // Ten went, twenty wait.
      expect(turned).toHaveLength(5);
      ask("quiet", of("quiet"));
      await clock.advance(0);
      expect(turned.slice(5)).toEqual(["noisy 29"]);
      await clock.advance(5_000);
      expect(order).toContain("quiet");
      expect(order).toHaveLength(30);
    });
  });
});
