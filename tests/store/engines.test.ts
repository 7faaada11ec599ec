import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as accounts from "#lib/store/accounts.ts";
import { type Database, openSqlite } from "#lib/store/database.ts";
import { openStore } from "#lib/store/open.ts";
import { type Receipt, readReceipts, writeReceipt } from "#lib/store/receipts.ts";
import * as sessions from "#lib/store/sessions.ts";
import { claimToken, mintToken } from "#lib/store/sign-in-tokens.ts";
import { forgiveTries, seeOnce, type TryRule, takeTry } from "#lib/store/sign-in-tries.ts";
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

const setup = { purpose: "setup", accountId: null } as const;
const ada = { issuer: "local", subject: "ada", name: "Ada", role: "admin" };

async function sessionOf(db: Database, identity = ada): Promise<sessions.NewSession> {
  const account = await accounts.keepIdentity(db, identity, 1);
  const facts = { authAt: 1, idpSid: null, addressHash: "", agentHash: "", device: "Firefox on Linux" };
  return { accountId: account.id, epoch: account.epoch, ...facts };
}

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
    const sid = await sessions.createSession(db, await sessionOf(db), 1_800_000_000_000);
    const found = await sessions.findSession(other, sid);
    expect(found).toMatchObject({ userName: "Ada", createdAt: 1_800_000_000_000 });
    await sessions.touchSession(other, found?.sidHash ?? "", 1_800_000_050_000);
    expect((await sessions.findSession(db, sid))?.lastSeenAt).toBe(1_800_000_050_000);
    await sessions.endSessions(other, { sidHash: found?.sidHash ?? "" }, "signed-out", 1_800_000_060_000);
    expect(await sessions.findSession(db, sid)).toBeNull();
  });

  it("gives a sign-in token to one of fifty on two instances", async () => {
    const other = await store.open();
    const token = await mintToken(db, setup, 900_000, 1);
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, index) => claimToken(index % 2 === 0 ? db : other, token, 2)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it("ends sessions by person, by provider's session and by what happens to the account", async () => {
    const start = async (idpSid: string | null = null) =>
      sessions.createSession(db, { ...(await sessionOf(db)), idpSid }, 1_800_000_000_000);
    const isLive = async (sid: string) => (await sessions.findSession(db, sid)) !== null;
    const [one, two, three] = [await start(), await start("idp-1"), await start("idp-2")];
    const { accountId } = await sessionOf(db);
    expect(await sessions.endSessions(db, { issuer: "local" }, "provider", 1)).toBe(0);
    expect(await sessions.endSessions(db, { issuer: "elsewhere", idpSid: "idp-1" }, "provider", 1)).toBe(0);
    expect(await sessions.endSessions(db, { issuer: "local", idpSid: "idp-1" }, "provider", 1)).toBe(1);
    expect([await isLive(one), await isLive(two), await isLive(three)]).toEqual([true, false, true]);
    const except = sessions.hashSecret(three);
    expect(await sessions.endSessions(db, { accountId, except }, "ended-by-person", 1)).toBe(1);
    expect([await isLive(one), await isLive(three)]).toEqual([false, true]);
    await accounts.keepIdentity(db, { ...ada, role: "auditor" }, 1);
    expect(await isLive(three)).toBe(false);
    expect(await sessions.listSessions(db, null)).toEqual([]);
  });

  it("makes an identity once, whoever asks at a time", async () => {
    const other = await store.open();
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) => accounts.keepIdentity(index % 2 === 0 ? db : other, ada, 1)),
    );
    expect(new Set(made.map((account) => account.id)).size).toBe(1);
    expect(await accounts.addAccount(db, { ...ada, password: null }, 1)).toBeNull();
  });

  it("never leaves the console without an admin, however two admins race", async () => {
    // Two connections to one file in one process would wait for each other for ever.
    const other = name === "sqlite" ? db : await store.open();
    const add = async (subject: string) =>
      (await accounts.addAccount(db, { ...ada, subject, password: "x" }, 1))?.id ?? "";
    for (let turn = 0; turn < 10; turn += 1) {
      const [one, two] = [await add(`one ${turn}`), await add(`two ${turn}`)];
      const demote = (on: Database, id: string) => accounts.changeAccount(on, id, { role: "operator" }, ["local"]);
      const ended = await Promise.all([demote(db, one), demote(other, two)]);
      expect(ended.sort()).toEqual(["changed", "last-admin"]);
      expect(await accounts.hasAdmin(db, ["local"])).toBe(true);
      for (const id of [one, two])
        await db.updateTable("accounts").set({ role: "operator" }).where("id", "=", id).execute();
    }
  });

  it("counts guesses over instances, lets so many through and no more, and forgives", async () => {
    const other = await store.open();
    const rule: TryRule = {
      freeTries: 5,
      forgetMs: 86_400_000,
      isFixed: false,
      firstWaitMs: 60_000,
      waitMaxMs: 900_000,
    };
    const many = (now: number) =>
      Promise.all(Array.from({ length: 30 }, (_, index) => takeTry(index % 2 === 0 ? db : other, "ada", rule, now)));
    const isFree = (wait: number) => wait === 0;
    expect((await many(1000)).filter(isFree)).toHaveLength(5);
    expect(await takeTry(db, "ada", rule, 1000)).toBe(60_000);
    expect((await many(61_000)).filter(isFree)).toHaveLength(1);
    expect(await takeTry(other, "ada", rule, 61_000)).toBe(120_000);
    await forgiveTries(db, "ada", "all");
    expect(await takeTry(db, "ada", rule, 61_000)).toBe(0);
    const minute: TryRule = { freeTries: 20, forgetMs: 60_000, isFixed: true, firstWaitMs: 0, waitMaxMs: 0 };
    for (let turn = 0; turn < 20; turn += 1) expect(await takeTry(db, "address", minute, turn)).toBe(0);
    expect(await takeTry(db, "address", minute, 30_000)).toBe(30_000);
    await forgiveTries(db, "address", "one");
    expect(await takeTry(db, "address", minute, 30_000)).toBe(0);
    expect(await takeTry(db, "address", minute, 60_000)).toBe(0);
  });

  it("sees a thing once", async () => {
    const other = await store.open();
    const seen = await Promise.all(
      Array.from({ length: 20 }, (_, index) => seeOnce(index % 2 === 0 ? db : other, "jti", 1)),
    );
    expect(seen.filter(Boolean)).toHaveLength(1);
  });

  it("undoes a transaction that fails half way", async () => {
    await mintToken(db, setup, 900_000, 1);
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
        .values({
          token_hash: `t${rows.length}`,
          purpose: "setup",
          account_id: null,
          created_at: 1,
          expires_at: 2,
          claimed_at: null,
        })
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
