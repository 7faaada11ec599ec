// The console with its store in PostgreSQL: the same answers, and honest ones while the server is away.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Postgres, startPostgres } from "#tests/start-postgres.ts";
import { kmsPath, startTestConsole, type TestConsole } from "./start-console.ts";

let postgres: Postgres;
let bff: TestConsole;
beforeAll(async () => {
  postgres = await startPostgres();
  bff = await startTestConsole({}, { DATABASE_URL: await postgres.newDatabase() });
});
afterAll(async () => {
  await bff.stop();
  await postgres.stop();
});

it("signs in, changes a vault, records it, and survives the server going away", async () => {
  const cookie = await bff.signIn("admin");
  const row = (await bff.inventory(cookie)).vaults.find((vault) => vault.lifecycleState === "ACTIVE");
  if (row === undefined) throw new Error("the demo has no active vault");
  const rename = (displayName: string) => bff.ask("PUT", kmsPath(row), { cookie, body: { displayName } });
  expect((await rename("first")).status).toBe(200);
  const activity = await bff.ask("GET", "/api/activity", { cookie });
  expect((activity.body as { entries: unknown[] }).entries).toEqual([
    expect.objectContaining({ operation: "updateVault", result: "ok", status: 200, at: expect.any(Number) }),
    expect.objectContaining({ operation: "signIn", result: "ok" }),
  ]);
  expect((await bff.ask("GET", "/api/ready")).status).toBe(200);

  await postgres.kill();
  expect((await bff.ask("GET", "/api/ready")).status).toBe(503);
  const before = await bff.calls();
  expect((await rename("second")).status).toBeGreaterThanOrEqual(500);
  expect((await bff.calls()).byOperation.updateVault).toBe(before.byOperation.updateVault);

  await postgres.start();
  expect((await bff.ask("GET", "/api/ready")).status).toBe(200);
  expect((await rename("third")).status).toBe(200);
});

it("consoles that share a store share the service's calls", async () => {
  const shared = {
    DATABASE_URL: await postgres.newDatabase(),
    RECEIPTS_KEY: "shared-receipts-key-8Yb3Nc6Kd1MhQs5",
    SESSION_SECRETS: "shared-session-secret-4pXq7Rt2Lz9Wv",
  };
  const first = await startTestConsole({}, shared);
  const cookie = await first.signIn("admin");
  const { vaults } = await first.inventory(cookie);
  const others = [await startTestConsole({ beside: first }, shared), await startTestConsole({ beside: first }, shared)];
  const all = [first, ...others];
  const limits = () => all.map((each) => each.tenancies.all[0]?.client.state().pace.read.limit);
  await expect.poll(limits, { timeout: 15_000 }).toEqual([3, 3, 3]);
  // All of them are asked for what none remembers, at once.
  const rows = vaults.filter(({ tenancy }) => tenancy === first.tenancy).slice(0, 20);
  const until = Date.now() + 5_000;
  while (Date.now() < until)
    await Promise.all(
      all.flatMap((each) =>
        rows
          .slice(0, 6)
          .map((row) => each.ask("GET", kmsPath(row), { cookie, headers: { "cache-control": "no-cache" } })),
      ),
    );
  const { maxInAnySecond, byStatus } = (await first.calls()) as unknown as {
    maxInAnySecond: { reads: number };
    byStatus: Record<string, number>;
  };
  expect(maxInAnySecond.reads).toBeLessThanOrEqual(10);
  expect(byStatus["429"]).toBeUndefined();
  // Who is left takes over.
  await Promise.all(others.map((each) => each.stop()));
  await expect.poll(() => first.tenancies.all[0]?.client.state().pace.read.limit, { timeout: 15_000 }).toBe(10);
  await first.stop();
}, 90_000);
