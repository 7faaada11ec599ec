import { describe, expect, it } from "vitest";
import { OciError } from "#lib/contract/errors.ts";
import { request } from "#lib/contract/request.ts";
import { createCallCache } from "#lib/oci/cache.ts";
import type { CallOptions, OciAnswer } from "#lib/oci/call.ts";
import { UpstreamFailure } from "#lib/oci/failure.ts";
import { handClock } from "./hand-clock.ts";

const region = "us-ashburn-1";
const interactive: CallOptions = { region, priority: "interactive" };
const getVault = (id: string, opcRequestId?: string) =>
  request("getVault", { vaultId: id, ...(opcRequestId ? { opcRequestId } : {}) });

/** A service that answers by hand: each call waits until it is released. */
function byHand() {
  const clock = handClock(1_000_000);
  const asked: { operation: string; priority: string; answer: (etag: string) => void; fail: (error: Error) => void }[] =
    [];
  const client = {
    call: (value: { operation: string }, options: CallOptions) =>
      new Promise<OciAnswer<never>>((resolve, reject) => {
        asked.push({
          operation: value.operation,
          priority: options.priority,
          answer: (etag) => resolve({ etag, raw: "{}", headers: {} } as OciAnswer<never>),
          fail: reject,
        });
      }),
  };
  return { clock, asked, cache: createCallCache(client as never, { clock }) };
}
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("call cache", () => {
  it("asks once for many, whatever their request ids", async () => {
    const { asked, cache } = byHand();
    const all = Array.from({ length: 50 }, (_, n) => cache.call(getVault("a", `r${n}`), interactive));
    expect(asked).toHaveLength(1);
    asked[0]!.answer("e1");
    expect(new Set((await Promise.all(all)).map(({ etag }) => etag))).toEqual(new Set(["e1"]));
    await cache.call(getVault("a"), interactive);
    expect(asked).toHaveLength(1);
  });

  it("tells operation, parameters and region apart", async () => {
    const { asked, cache } = byHand();
    void cache.call(getVault("a"), interactive);
    void cache.call(getVault("b"), interactive);
    void cache.call(getVault("a"), { ...interactive, region: "us-phoenix-1" });
    void cache.call(request("getVaultUsage", { vaultId: "a" }), interactive);
    expect(asked).toHaveLength(4);
  });

  it("gives the known answer at once and a newer one next time", async () => {
    const { asked, cache, clock } = byHand();
    const first = cache.call(getVault("a"), interactive);
    asked[0]!.answer("e1");
    const { readAt } = await first;
    await clock.advance(3001);
    expect(await cache.call(getVault("a"), interactive)).toMatchObject({ etag: "e1", isStale: false, readAt });
    expect(asked).toHaveLength(2);
    // Nobody waits for it, so it goes behind whatever somebody waits for.
    expect(asked.map(({ priority }) => priority)).toEqual(["interactive", "background"]);
    asked[1]!.answer("e2");
    await settle();
    expect(await cache.call(getVault("a"), interactive)).toMatchObject({ etag: "e2", readAt: readAt + 3001 });
    await clock.advance(60_001);
    const waited = cache.call(getVault("a"), interactive);
    asked[2]!.answer("e3");
    expect((await waited).etag).toBe("e3");
  });

  it("gives the last good answer, marked, for five minutes while the service is away", async () => {
    const { asked, cache, clock } = byHand();
    const first = cache.call(getVault("a"), interactive);
    asked[0]!.answer("e1");
    await first;
    await clock.advance(120_000);
    const open = new UpstreamFailure({ kind: "breaker_open", message: "held back" });
    const during = cache.call(getVault("a"), interactive);
    asked[1]!.fail(open);
    expect(await during).toMatchObject({ etag: "e1", isStale: true });
    await clock.advance(180_000);
    const after = cache.call(getVault("a"), interactive);
    asked[2]!.fail(open);
    await expect(after).rejects.toBe(open);
  });

  it("asks anew for who wants to know now, joins nobody, and takes nothing from others when that fails", async () => {
    const { asked, cache } = byHand();
    const first = cache.call(getVault("a"), interactive);
    asked[0]!.answer("e1");
    await first;
    const now = cache.call(getVault("a"), { ...interactive, isFresh: true });
    const alsoNow = cache.call(getVault("a"), { ...interactive, isFresh: true });
    expect(asked).toHaveLength(3);
    asked[1]!.fail(new UpstreamFailure({ kind: "breaker_open", message: "held back" }));
    await expect(now).rejects.toThrow("held back");
    expect(await cache.call(getVault("a"), interactive)).toMatchObject({ etag: "e1" });
    asked[2]!.answer("e2");
    expect(await alsoNow).toMatchObject({ etag: "e2", isStale: false });
    expect(await cache.call(getVault("a"), interactive)).toMatchObject({ etag: "e2" });
    expect(asked).toHaveLength(3);
  });

  it("forgets what the service says is gone", async () => {
    const { asked, cache, clock } = byHand();
    const first = cache.call(getVault("a"), interactive);
    asked[0]!.answer("e1");
    await first;
    await clock.advance(3001);
    await cache.call(getVault("a"), interactive);
    asked[1]!.fail(new OciError({ status: 404, code: "NotAuthorizedOrNotFound", message: "gone" }));
    await settle();
    const next = cache.call(getVault("a"), interactive);
    expect(asked).toHaveLength(3);
    asked[2]!.fail(new OciError({ status: 404, code: "NotAuthorizedOrNotFound", message: "gone" }));
    await expect(next).rejects.toThrow("gone");
  });

  it("a write makes the vault and the region's lists be read anew, also when it fails, and never comes from memory", async () => {
    const { asked, cache } = byHand();
    const list = request("listVaults", { compartmentId: "c" });
    const known = [
      cache.call(getVault("a"), interactive),
      cache.call(getVault("b"), interactive),
      cache.call(list, interactive),
    ];
    for (const each of asked) each.answer("old");
    await Promise.all(known);
    const write = request("scheduleVaultDeletion", { vaultId: "a", body: {} });
    for (const end of ["answer", "fail"] as const) {
      const before = asked.length;
      const written = cache.call(write, interactive);
      expect(asked[before]?.operation).toBe("scheduleVaultDeletion");
      if (end === "answer") asked[before]!.answer("w");
      else asked[before]!.fail(new Error("lost"));
      await written.catch(() => undefined);
      const again = [
        cache.call(getVault("a"), interactive),
        cache.call(getVault("b"), interactive),
        cache.call(list, interactive),
      ];
      expect(asked.slice(before + 1).map(({ operation }) => operation)).toEqual(["getVault", "listVaults"]);
      for (const each of asked.slice(before + 1)) each.answer("new");
      expect((await Promise.all(again)).map(({ etag }) => etag)).toEqual(["new", "old", "new"]);
    }
  });

  it("does not remember a read that was under way while a write happened", async () => {
    const { asked, cache } = byHand();
    const slow = cache.call(getVault("a"), interactive);
    const written = cache.call(request("cancelVaultDeletion", { vaultId: "a" }), interactive);
    asked[1]!.answer("w");
    await written;
    const next = cache.call(getVault("a"), interactive);
    expect(asked).toHaveLength(3);
    asked[2]!.answer("after the write");
    expect((await next).etag).toBe("after the write");
    asked[0]!.answer("before the write");
    await slow;
    expect((await cache.call(getVault("a"), interactive)).etag).toBe("after the write");
  });

  it("somebody who waits does not join a scan's queued call", async () => {
    const { asked, cache } = byHand();
    void cache.call(getVault("a"), { ...interactive, priority: "background" });
    const click = cache.call(getVault("a"), interactive);
    void cache.call(getVault("a"), { ...interactive, priority: "background" });
    expect(asked.map(({ priority }) => priority)).toEqual(["background", "interactive"]);
    asked[1]!.answer("e");
    expect((await click).etag).toBe("e");
  });

  it("one who gives up does not end it for the others", async () => {
    const { asked, cache } = byHand();
    const caller = new AbortController();
    const one = cache.call(getVault("a"), { ...interactive, signal: caller.signal });
    const other = cache.call(getVault("a"), interactive);
    caller.abort();
    await expect(one).rejects.toMatchObject({ kind: "aborted" });
    asked[0]!.answer("e");
    expect((await other).etag).toBe("e");
  });
});
