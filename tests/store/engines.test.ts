import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Database, openSqlite } from "#lib/store/database.ts";
import { openStore } from "#lib/store/open.ts";
import { type Receipt, readReceipts, writeReceipt } from "#lib/store/receipts.ts";
import * as sessions from "#lib/store/sessions.ts";
import { StoreError } from "#lib/store/store-error.ts";
import { engineNames, startEngine, type TestEngine, type TestStore, tamper } from "./engines.ts";

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

const testKey = "only for tests, at least this many characters";

describe.each(engineNames)("the store in %s", (name) => {
  let engine: TestEngine;
  let store: TestStore;
  let db: Database;
  beforeAll(async () => {
    engine = await startEngine(name);
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    store = await engine.newStore();
    db = await store.open();
  });
  afterEach(() => store.remove());

  it("keeps receipts over a restart, newest first, found by their vault", async () => {
    await writeReceipt(db, receipt);
    await writeReceipt(db, { ...receipt, phase: "outcome", result: "ok", status: 200, opcRequestId: "abc/1/2" });
    await writeReceipt(db, { ...receipt, receiptId: "r2", target: "another" });
    await db.destroy();
    db = await store.open();
    const found = await readReceipts(db, { target: receipt.target, limit: 10 });
    expect(found.map((row) => row.phase)).toEqual(["outcome", "intent"]);
    expect(found[1]).toEqual({ ...receipt, seq: 1 });
    expect(found[0]).toMatchObject({ status: 200, at: receipt.at, seq: 2 });
  });

  it("refuses to change or remove a receipt", async () => {
    await writeReceipt(db, receipt);
    await expect(db.updateTable("receipts").set({ actor: "Mallory" }).execute()).rejects.toThrow(/append only/);
    await expect(db.deleteFrom("receipts").execute()).rejects.toThrow(/append only/);
    if (name === "postgres") await expect(tamper(db, "TRUNCATE receipts")).rejects.toThrow(/append only/);
    expect(await readReceipts(db, { limit: 10 })).toHaveLength(1);
  });

  it("refuses a store from a newer version, in words", async () => {
    await tamper(db, name === "sqlite" ? "PRAGMA user_version = 999" : "UPDATE console_schema SET version = 999");
    await expect(store.open()).rejects.toThrow(/schema version 999/);
    await expect(store.open()).rejects.toBeInstanceOf(StoreError);
  });

  it("is made once by eight instances that start together", async () => {
    const fresh = await engine.newStore();
    const opened = await Promise.all(Array.from({ length: 8 }, () => fresh.open()));
    await Promise.all(opened.map((each, index) => writeReceipt(each, { ...receipt, receiptId: `r${index}` })));
    expect((await readReceipts(db, { limit: 10 })).length).toBe(0);
    const rows = await readReceipts(opened[0] as Database, { limit: 10 });
    expect(rows.map((row) => row.seq)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    await fresh.remove();
  });

  it("knows a session on every instance, and no more once it is revoked on one", async () => {
    const other = await store.open();
    const sid = await sessions.createSession(db, { name: "Ada", role: "admin" }, 1_800_000_000_000);
    const found = await sessions.findSession(other, sid);
    expect(found).toMatchObject({ userName: "Ada", createdAt: 1_800_000_000_000 });
    await sessions.touchSession(other, found?.sidHash ?? "", 1_800_000_050_000);
    expect((await sessions.findSession(db, sid))?.lastSeenAt).toBe(1_800_000_050_000);
    await sessions.revokeSession(other, found?.sidHash ?? "", 1_800_000_060_000);
    expect(await sessions.findSession(db, sid)).toBeNull();
  });

  it("gives a sign-in token to one of fifty on two instances", async () => {
    const other = await store.open();
    const token = await sessions.mintSignInToken(db, 1);
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, index) => sessions.claimSignInToken(index % 2 === 0 ? db : other, token, 2)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it("undoes a transaction that fails half way", async () => {
    await sessions.mintSignInToken(db, 1);
    await expect(
      db.transaction().execute(async (trx) => {
        await trx.deleteFrom("sign_in_tokens").execute();
        throw new Error("half way");
      }),
    ).rejects.toThrow("half way");
    expect(await db.selectFrom("sign_in_tokens").selectAll().execute()).toEqual([
      expect.objectContaining({ created_at: 1, claimed_at: null }),
    ]);
  });
});

it("lets two instances of one SQLite file read and then write without losing their place", async () => {
  const engine = await startEngine("sqlite");
  const store = await engine.newStore();
  const [one, two] = [await store.open(), await store.open()];
  const add = (db: Database) =>
    db.transaction().execute(async (trx) => {
      const rows = await trx.selectFrom("sign_in_tokens").select("token_hash").execute();
      await trx
        .insertInto("sign_in_tokens")
        .values({ token_hash: `t${rows.length}`, created_at: 1, claimed_at: null })
        .execute();
    });
  for (let turn = 0; turn < 20; turn += 1) await (turn % 2 === 0 ? add(one) : add(two));
  expect(await two.selectFrom("sign_in_tokens").selectAll().execute()).toHaveLength(20);
  await store.remove();
});

describe("a start on a database that cannot be used says so", () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startEngine("postgres");
  });
  afterAll(() => engine.stop());
  const open = (databaseUrl: string) => openStore({ databaseUrl, dataDir: tmpdir(), receiptsKey: testKey });

  it.each([
    ["nobody listens", () => "postgres://ada:hunter2@127.0.0.1:9/console", /127\.0\.0\.1:9 does not answer/],
    [
      "wrong password",
      () => engine.postgres?.addressOf("postgres", "console", "hunter2"),
      /does not let the user "console" in/,
    ],
    ["no such user", () => engine.postgres?.addressOf("postgres", "ada", "hunter2"), /does not let the user "ada" in/],
    ["no such database", () => engine.postgres?.addressOf("nothing"), /has no database "nothing"/],
    ["no TLS there", () => `${engine.postgres?.addressOf("postgres")}?sslmode=verify-full`, /TLS/],
  ])("%s", async (_what, address, words) => {
    const error = await open(address() ?? "").catch((thrown) => thrown);
    expect(error).toBeInstanceOf(StoreError);
    expect(error.message).toMatch(words);
    expect(error.hint.length).toBeGreaterThan(10);
    expect(`${error.message} ${error.hint}`).not.toMatch(/hunter2|only for tests/);
  });

  it("a user who may not make tables", async () => {
    const address = (await engine.postgres?.newDatabase()) ?? "";
    const owner = await openStore({
      databaseUrl: engine.postgres?.addressOf("postgres") ?? "",
      dataDir: tmpdir(),
      receiptsKey: testKey,
    });
    await tamper(owner, "CREATE ROLE guest LOGIN PASSWORD 'guest'");
    await owner.destroy();
    const asGuest = engine.postgres?.addressOf(new URL(address).pathname.slice(1), "guest", "guest") ?? "";
    await expect(open(asGuest)).rejects.toThrow(/may not make the console's tables/);
  });

  it("a file that is no database", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "ovc-broken-"));
    writeFileSync(join(dataDir, "console.sqlite"), "this is a letter to my grandmother, not a database\n".repeat(50));
    expect(() => openSqlite(dataDir)).toThrow(StoreError);
    expect(() => openSqlite(dataDir)).toThrow(/console\.sqlite/);
    rmSync(dataDir, { recursive: true });
  });
});
