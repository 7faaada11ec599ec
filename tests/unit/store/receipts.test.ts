import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Database, openSqlite } from "#lib/store/database.ts";
import { type Receipt, readReceipts, writeReceipt } from "#lib/store/receipts.ts";

let dataDir: string;
let db: Database;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "ovc-receipts-"));
  db = openSqlite(dataDir);
});
afterEach(async () => {
  await db.destroy();
  rmSync(dataDir, { recursive: true });
});

const receipt: Receipt = {
  receiptId: "r1",
  phase: "intent",
  at: 1_800_000_000_000,
  actor: "Ada",
  role: "admin",
  operation: "scheduleVaultDeletion",
  tenancy: "ocid1.tenancy.oc1..a",
  region: "us-ashburn-1",
  target: "ocid1.vault.oc1.iad.a.b",
  reason: "not used since May — “sure”",
  requestId: "abc",
  details: { body: { timeOfDeletion: "2027-01-30T14:00:00Z" } },
  result: "pending",
  status: null,
  opcRequestId: null,
};

it("keeps receipts over a restart, newest first, found by their vault", async () => {
  await writeReceipt(db, receipt);
  await writeReceipt(db, { ...receipt, phase: "outcome", result: "ok", status: 200, opcRequestId: "abc/1/2" });
  await writeReceipt(db, { ...receipt, receiptId: "r2", target: "another" });
  await db.destroy();
  db = openSqlite(dataDir);
  const found = await readReceipts(db, { target: receipt.target, limit: 10 });
  expect(found.map((row) => row.phase)).toEqual(["outcome", "intent"]);
  expect(found[1]).toEqual({ ...receipt, seq: 1 });
});

it("refuses to change or remove one", async () => {
  await writeReceipt(db, receipt);
  await expect(db.updateTable("receipts").set({ actor: "Mallory" }).execute()).rejects.toThrow(/append only/);
  await expect(db.deleteFrom("receipts").execute()).rejects.toThrow(/append only/);
});

it("refuses a store from a newer version", async () => {
  const { DatabaseSync } = await import("node:sqlite");
  const raw = new DatabaseSync(join(dataDir, "console.sqlite"));
  raw.exec("PRAGMA user_version = 999");
  raw.close();
  expect(() => openSqlite(dataDir)).toThrow(/schema version 999/);
});
