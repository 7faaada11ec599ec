import { afterAll, beforeAll, expect, it } from "vitest";
import { encodingHeader } from "#lib/bff/console.ts";
import { type Inventory, maskedText, type StatusAnswer } from "#lib/contract/api.ts";
import { startTestConsole, type TestConsole } from "./start-console.ts";

let app: TestConsole;
let cookie: string;
beforeAll(async () => {
  app = await startTestConsole();
  cookie = await app.signIn("helpdesk");
});
afterAll(() => app.stop());

it("finds every vault of every tenancy, region and compartment, and the dates of those pending deletion", async () => {
  const inventory = await app.inventory(cookie);
  expect(inventory.tenancies).toHaveLength(2);
  for (const tenancy of inventory.tenancies) {
    expect(tenancy.partsTotal).toBe(tenancy.regions.length * tenancy.compartments.length);
    expect(tenancy.failures).toEqual([]);
  }
  expect(inventory.vaults.length).toBeGreaterThan(50);
  expect(new Set(inventory.vaults.map((row) => `${row.tenancy}|${row.region}|${row.id}`)).size).toBe(
    inventory.vaults.length,
  );
  let pending = inventory.vaults.filter((row) => row.lifecycleState === "PENDING_DELETION");
  expect(pending.length).toBeGreaterThan(3);
  for (let turn = 0; turn < 400 && pending.some((row) => row.details === undefined); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    pending = (await app.inventory(cookie)).vaults.filter((row) => row.lifecycleState === "PENDING_DELETION");
  }
  for (const row of pending) expect(Date.parse(row.details?.timeOfDeletion ?? "")).toBeGreaterThan(Date.now());
});

it("costs the service the same for a hundred viewers as for one, and stays under its limits", async () => {
  const before = await app.calls();
  const startedAt = Date.now();
  while (Date.now() - startedAt < 1500) {
    await Promise.all(Array.from({ length: 100 }, () => app.ask("GET", "/api/inventory", { cookie })));
  }
  const after = await app.calls();
  expect(after.total - before.total).toBeLessThan(60);
  expect(after.maxInAnySecond.reads).toBeLessThanOrEqual(10);
  expect(after.maxInAnySecond.writes).toBeLessThanOrEqual(10);
});

it("answers 304 while nothing changes, with the ages", async () => {
  await new Promise((resolve) => setTimeout(resolve, 400));
  const first = await app.ask("GET", "/api/inventory", { cookie });
  const again = await app.ask("GET", "/api/inventory", {
    cookie,
    headers: { "if-none-match": first.headers.get("etag") ?? "" },
  });
  expect([200, 304]).toContain(again.status);
  const zipped = await app.ask("GET", "/api/inventory", { cookie, headers: { "accept-encoding": "gzip, br" } });
  expect(zipped.headers.get(encodingHeader)).toBe("gzip");
  expect(first.headers.get("x-ovc-ages")).toContain(app.tenancy);
});

it("says which part could not be read, keeps what it knew, and recovers", async () => {
  const known = await app.inventory(cookie);
  await app.faults([{ operation: "listVaults", region: "us-ashburn-1", kind: "status", status: 500, times: 100_000 }]);
  let found: Inventory = known;
  for (let turn = 0; turn < 450 && found.tenancies.every((each) => each.failures.length === 0); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    found = (await app.ask("GET", "/api/inventory", { cookie })).body as Inventory;
  }
  await app.faults(null);
  const failures = found.tenancies.flatMap((each) => each.failures);
  expect(failures.length).toBeGreaterThan(0);
  expect(failures.every((failure) => failure.region === "us-ashburn-1" && failure.message !== "")).toBe(true);
  expect(found.vaults.length).toBe(known.vaults.length);
});

it("tells the help desk that the console signs, and not as whom", async () => {
  const signing = async (persona: "helpdesk" | "operator" | "auditor" | "admin") => {
    const { body } = await app.ask("GET", "/api/status", { cookie: await app.signIn(persona) });
    return (body as StatusAnswer).tenancies.map((each) => each.signing);
  };
  const [whole] = await signing("operator");
  expect(whole?.user).toMatch(/^ocid1\.user\./);
  expect(whole?.fingerprint).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  expect((await signing("auditor"))[0]).toEqual(whole);
  const [masked] = await signing("helpdesk");
  expect(masked).toEqual({ kind: whole?.kind, user: maskedText, fingerprint: maskedText });
});

it("says how it is by the service's clock, as everything a page shows", async () => {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ advanceSeconds: 1200 });
  expect((await fetch(`${app.control}/clock`, { method: "POST", headers, body })).ok).toBe(true);
  const read = async () => (await app.ask("GET", "/api/status", { cookie })).body as StatusAnswer;
  let status = await read();
  for (let turn = 0; turn < 400 && status.serviceClockAheadMs < 1_000_000; turn += 1) {
    await app.ask("GET", "/api/inventory", { cookie });
    await new Promise((resolve) => setTimeout(resolve, 100));
    status = await read();
  }
  expect(status.serviceClockAheadMs).toBeGreaterThan(1_190_000);
  expect(status.now - Date.now()).toBeGreaterThan(1_100_000);
  expect(status.now - status.startedAt).toBeLessThan(120_000);
  const answered = status.tenancies.flatMap(({ services }) => services).map(({ lastGoodAt }) => lastGoodAt ?? 0);
  expect(answered.length).toBeGreaterThan(3);
  for (const at of answered) expect(status.now - at).toBeLessThan(120_000);
});
