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
