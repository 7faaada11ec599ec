// P36: while the service is away reads show what was last known and when, changes fail at once, and it comes back by itself.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiErrorBody, VaultRow } from "#lib/contract/api.ts";
import { activeVault, kmsPath, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

/** How long the service goes on being away after the breaker has opened. */
const outageMs = isFull ? 60_000 : 0;
let app: TestConsole;
let admin: string;
let vault: VaultRow;
beforeAll(async () => {
  app = await startTestConsole();
  admin = await app.signIn("admin");
  vault = await activeVault(app, admin);
});
afterAll(() => app.stop());

const read = () => app.ask("GET", kmsPath(vault), { cookie: admin });
const counted = async (name: string) => (await app.calls()).byOperation[name] ?? 0;

describe("P36: a service that is away (5 cases)", () => {
  it("reads show the last known with its age; the breaker ends the asking; changes fail at once and say so", async () => {
    const well = await read();
    const readAt = Number(well.headers.get("x-ovc-read-at"));
    await app.faults([{ kind: "status", status: 500 }]);
    // What was read a moment ago is given for three seconds without asking.
    await new Promise((later) => setTimeout(later, 3_200));
    const old = async () => {
      const { status, body, headers } = await read();
      expect([status, (body as VaultRow).id, Number(headers.get("x-ovc-read-at"))]).toEqual([200, vault.id, readAt]);
    };
    await old();
    // Ten failures in a row open the breaker, whoever they happen to.
    const other = () =>
      app.ask("GET", kmsPath({ ...vault, id: `${vault.id.slice(0, -8)}aaaaaaaa` }, "/usage"), { cookie: admin });
    let refused = await other();
    for (let turn = 0; turn < 12 && (refused.body as ApiErrorBody).code !== "Upstream_breaker_open"; turn += 1)
      refused = await other();
    expect(refused.body).toMatchObject({ code: "Upstream_breaker_open", retryAfterSeconds: expect.any(Number) });
    const before = await counted("getVaultUsage");
    const tookMs: number[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const since = performance.now();
      expect((await other()).status).toBe(503);
      tookMs.push(performance.now() - since);
    }
    expect(await counted("getVaultUsage")).toBe(before);
    if (isFull) expect(tookMs.sort((one, two) => one - two)[10], "median of being turned away, ms").toBeLessThan(10);

    const changes = await counted("updateVault");
    const change = await app.ask("PUT", kmsPath(vault), { cookie: admin, body: { displayName: "x" } });
    expect(change.status).toBe(503);
    expect((change.body as ApiErrorBody).action).toMatch(/Nothing was changed/);
    expect(await counted("updateVault")).toBe(changes);
    await old();
    const status = JSON.stringify((await app.ask("GET", "/api/status", { cookie: admin })).body);
    expect(status).toContain('"breaker":"open"');
    for (const until = Date.now() + outageMs; Date.now() < until; ) {
      await old();
      await new Promise((later) => setTimeout(later, 500));
    }
  }, 180_000);

  it("is back within 35 seconds of the service being back", async () => {
    await app.faults(null);
    const since = Date.now();
    const isRead = async () => Number((await read()).headers.get("x-ovc-read-at")) > since;
    await expect.poll(isRead, { timeout: 45_000, interval: 500 }).toBe(true);
    expect(Date.now() - since).toBeLessThanOrEqual(isFull ? 35_000 : 45_000);
    const change = await app.ask("PUT", kmsPath(vault), { cookie: admin, body: { displayName: vault.displayName } });
    expect(change.status).toBe(200);
  });
});
