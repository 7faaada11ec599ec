import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ActivityAnswer, ApiErrorBody, Inventory, VaultRow } from "#lib/contract/api.ts";
import type { Vault } from "#lib/contract/models.ts";
import { readReceipts } from "#lib/store/receipts.ts";
import { kmsPath, startTestConsole, type TestConsole } from "./start-console.ts";

let app: TestConsole;
let admin: string;
let inventory: Inventory;
beforeAll(async () => {
  app = await startTestConsole();
  admin = await app.signIn("admin");
  inventory = await app.inventory(admin);
});
afterAll(() => app.stop());

const active = (skip = 0): VaultRow => {
  const found = inventory.vaults.filter(
    (row) =>
      row.lifecycleState === "ACTIVE" &&
      row.vaultType === "DEFAULT" &&
      row.details?.isPrimary !== false &&
      row.tenancy === app.tenancy,
  )[skip];
  if (found === undefined) throw new Error("the demo has too few active vaults");
  return found;
};
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const getVault = async (row: VaultRow) => {
  const answer = await app.ask("GET", kmsPath(row), { cookie: admin, headers: { "cache-control": "no-cache" } });
  return { vault: answer.body as Vault, etag: answer.headers.get("etag") ?? "", status: answer.status };
};
async function settled(row: VaultRow, state: string): Promise<Vault> {
  for (let turn = 0; turn < 400; turn += 1) {
    const { vault } = await getVault(row);
    if (vault.lifecycleState === state) return vault;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`never became ${state}`);
}

describe("schedule and cancel through the funnel", () => {
  it("schedules a deletion, shows it in the inventory at once, cancels it, and leaves receipts of both", async () => {
    const row = active();
    const { etag } = await getVault(row);
    const when = inDays(10);
    const scheduled = await app.ask("POST", kmsPath(row, "/actions/scheduleDeletion"), {
      cookie: admin,
      body: { timeOfDeletion: when },
      headers: {
        "if-match": etag,
        "opc-retry-token": "token-1",
        "x-ovc-reason": encodeURIComponent("nicht mehr gebraucht — ok"),
      },
    });
    expect(scheduled.status).toBe(200);
    expect((scheduled.body as Vault).lifecycleState).toBe("SCHEDULING_DELETION");
    expect(scheduled.headers.get("opc-request-id")).toContain("test");
    expect(scheduled.headers.get("x-ovc-receipt")).toMatch(/^[0-9a-f-]{36}$/);
    const pending = await settled(row, "PENDING_DELETION");
    expect(Date.parse(pending.timeOfDeletion ?? "")).toBe(Date.parse(when));
    const shown = (await app.inventory(admin)).vaults.find((each) => each.id === row.id && each.region === row.region);
    expect(shown?.lifecycleState).toBe("PENDING_DELETION");
    expect(shown?.details?.timeOfDeletion).toBe(pending.timeOfDeletion);

    const stale = await app.ask("POST", kmsPath(row, "/actions/cancelDeletion"), {
      cookie: admin,
      headers: { "if-match": etag },
    });
    expect(stale.status).toBe(412);
    expect((stale.body as ApiErrorBody).why).toContain("changed");
    const now = await getVault(row);
    const cancelled = await app.ask("POST", kmsPath(row, "/actions/cancelDeletion"), {
      cookie: admin,
      headers: { "if-match": now.etag },
    });
    expect(cancelled.status).toBe(200);
    await settled(row, "ACTIVE");

    const receipts = (await readReceipts(app.db, { target: row.id, limit: 20 })).toReversed();
    expect(receipts.map((receipt) => [receipt.operation, receipt.phase, receipt.result])).toEqual([
      ["scheduleVaultDeletion", "intent", "pending"],
      ["scheduleVaultDeletion", "outcome", "ok"],
      ["cancelVaultDeletion", "intent", "pending"],
      ["cancelVaultDeletion", "outcome", "failed"],
      ["cancelVaultDeletion", "intent", "pending"],
      ["cancelVaultDeletion", "outcome", "ok"],
    ]);
    expect(receipts[0]).toMatchObject({
      actor: "Ada Admin",
      role: "admin",
      reason: "nicht mehr gebraucht — ok",
      region: row.region,
    });
    expect(receipts[0]?.details.by).toEqual({ issuer: "rehearsal", subject: "admin" });
    expect(receipts[1]?.opcRequestId).toBe(scheduled.headers.get("opc-request-id"));
    expect(JSON.stringify(receipts)).not.toContain("token-1");

    const helpdesk = await app.signIn("helpdesk");
    const trail = (await app.ask("GET", `/api/activity?target=${row.id}`, { cookie: helpdesk })).body as ActivityAnswer;
    expect(trail.entries.map((entry) => [entry.operation, entry.result])).toEqual([
      ["cancelVaultDeletion", "ok"],
      ["cancelVaultDeletion", "failed"],
      ["scheduleVaultDeletion", "ok"],
    ]);
    expect(trail.entries[2]).toMatchObject({
      params: { body: { timeOfDeletion: when } },
      before: { lifecycleState: "ACTIVE" },
      after: { lifecycleState: "SCHEDULING_DELETION" },
    });
    expect((await app.ask("GET", "/api/activity", { cookie: helpdesk })).status).toBe(403);
    expect((await app.ask("GET", "/api/activity", { cookie: await app.signIn("auditor") })).status).toBe(200);
  });

  it("does a change once when the answer is lost, and says so when it cannot know", async () => {
    const row = active(1);
    const { etag } = await getVault(row);
    await app.faults([{ operation: "scheduleVaultDeletion", kind: "lostAnswer", times: 1 }]);
    const answer = await app.ask("POST", kmsPath(row, "/actions/scheduleDeletion"), {
      cookie: admin,
      body: {},
      headers: { "if-match": etag, "opc-retry-token": "token-2" },
    });
    await app.faults(null);
    expect(answer.status).toBe(200);
    await settled(row, "PENDING_DELETION");
  });
});

describe("what the funnel refuses", () => {
  const write = (headers: Record<string, string>, body: unknown = {}) =>
    app.ask("POST", kmsPath(active(2), "/actions/scheduleDeletion"), { cookie: admin, body, headers });

  it.each([
    ["a foreign origin", { origin: "http://evil.example" }, 403],
    ["another port of this machine", { origin: "http://localhost:3001", "sec-fetch-site": "same-site" }, 403],
    ["a cross-site page", { "sec-fetch-site": "cross-site" }, 403],
    ["a missing console header", { "x-ovc-request": "" }, 403],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["text", { "content-type": "text/plain" }, 415],
  ])("%s", async (_name, headers, status) => {
    const before = (await app.calls()).byOperation.scheduleVaultDeletion ?? 0;
    expect((await write(headers)).status).toBe(status);
    expect((await app.calls()).byOperation.scheduleVaultDeletion ?? 0).toBe(before);
  });

  it.each([
    ["an unknown field", { timeOfDeletion: inDays(9), force: true }],
    ["a wrong type", { timeOfDeletion: 7 }],
    ["a date that is none", { timeOfDeletion: "tomorrow" }],
    ["a list", []],
    ["broken JSON", "{"],
  ])("%s in a body", async (_name, body) => {
    const answer = await write({}, body);
    expect(answer.status).toBe(400);
    expect((answer.body as ApiErrorBody).requestId).toMatch(/^test/);
  });

  it.each([
    ["an unknown path", "/20180608/secrets"],
    ["another version", "/20190101/vaults"],
    ["an OCID that climbs", "/20180608/vaults/..%2f..%2fkeys"],
    ["no OCID", "/20180608/vaults/abc"],
    ["an unknown parameter", `/20180608/vaults?compartmentId=ocid1.tenancy.oc1..a&admin=1`],
    ["a parameter twice", `/20180608/vaults?compartmentId=ocid1.tenancy.oc1..a&compartmentId=ocid1.tenancy.oc1..b`],
    ["a missing parameter", "/20180608/vaults"],
  ])("%s", async (_name, path) => {
    const before = (await app.calls()).byOperation;
    const answer = await app.ask("GET", `/api/oci/${app.tenancy}/kms/us-ashburn-1${path}`, { cookie: admin });
    expect([400, 404]).toContain(answer.status);
    expect((await app.calls()).byOperation.unknown ?? 0).toBe(before.unknown ?? 0);
  });

  it("other services, tenancies and regions", async () => {
    const path = "/20180608/vaults?compartmentId=ocid1.tenancy.oc1..a";
    for (const place of [
      `${app.tenancy}/vault/us-ashburn-1`,
      `ocid1.tenancy.oc1..nobody/kms/us-ashburn-1`,
      `${app.tenancy}/kms/mars-1`,
      `${app.tenancy}/identity/us-ashburn-1`,
    ]) {
      expect((await app.ask("GET", `/api/oci/${place}${path}`, { cookie: admin })).status, place).toBe(404);
    }
  });

  it("reads from other sites", async () => {
    for (const site of ["cross-site", "same-site", "none"]) {
      const answer = await app.ask("GET", "/api/inventory", { cookie: admin, headers: { "sec-fetch-site": site } });
      expect(answer.status, site).toBe(403);
    }
  });

  it("a change it cannot record", async () => {
    const row = active(3);
    await app.db.schema.alterTable("receipts").renameTo("receipts_away").execute();
    const before = (await app.calls()).byOperation.scheduleVaultDeletion ?? 0;
    const answer = await app.ask("POST", kmsPath(row, "/actions/scheduleDeletion"), { cookie: admin, body: {} });
    await app.db.schema.alterTable("receipts_away").renameTo("receipts").execute();
    expect(answer.status).toBe(503);
    expect((answer.body as ApiErrorBody).code).toBe("ReceiptNotWritten");
    expect((await app.calls()).byOperation.scheduleVaultDeletion ?? 0).toBe(before);
  });
});

describe("the service in trouble", () => {
  it("turns its 429 into waiting, not into an error", async () => {
    await app.faults([{ operation: "getVaultUsage", kind: "status", status: 429, retryAfterSeconds: 1, times: 1 }]);
    const answer = await app.ask("GET", kmsPath(active(4), "/usage"), { cookie: admin });
    await app.faults(null);
    expect(answer.status).toBe(200);
  });

  it("says what happened, why, what to do, and which request, when it cannot answer", async () => {
    await app.faults([{ operation: "getVaultUsage", kind: "status", status: 500, times: 9 }]);
    const answer = await app.ask("GET", kmsPath(active(5), "/usage"), { cookie: admin });
    await app.faults(null);
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({
      message: expect.any(String),
      action: expect.any(String),
      requestId: expect.stringMatching(/^test/),
    });
    expect(answer.headers.get("retry-after")).not.toBeNull();
  });
});
