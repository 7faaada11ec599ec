// Promise P41: whatever is done to the trail behind the console's back is found, and the first bad row named.
import { createHmac } from "node:crypto";
import { chmodSync, copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type AuditKey,
  type Checkpoint,
  deriveAuditKey,
  hmac,
  link,
  prepareHmac,
  type ReceiptRow,
  sealHead,
  signCheckpoint,
} from "#lib/store/chain.ts";
import { keepCheckpoints, readCheckpoints } from "#lib/store/checkpoints.ts";
import type { Database } from "#lib/store/database.ts";
import { openStore } from "#lib/store/open.ts";
import { type Receipt, readReceipts, writeReceipt } from "#lib/store/receipts.ts";
import { auditKeyOf } from "#lib/store/trail.ts";
import { verifyReceipts } from "#lib/store/verify.ts";
import { isFull } from "../promises/size.ts";
import { engineNames, startEngine, type TestEngine, type TestStore, tamper } from "./engines.ts";

const receipt: Receipt = {
  receiptId: "r",
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
  details: { params: { body: { timeOfDeletion: "2027-01-30T14:00:00Z" } } },
  result: "pending",
  status: null,
  opcRequestId: null,
};
const count = 40;
const tries = isFull ? 1_000 : 200;

describe.each(engineNames)("the trail in %s", (name) => {
  let engine: TestEngine;
  let store: TestStore;
  let db: Database;
  let key: AuditKey;
  let checkpointFile: string;
  beforeAll(async () => {
    engine = await startEngine(name);
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    store = await engine.newStore();
    db = await store.open();
    key = auditKeyOf(db);
    checkpointFile = join(store.dataDir, "witness", "checkpoints.jsonl");
  });
  afterEach(() => store.remove());

  const fill = (rows: number, into = db) =>
    Promise.all(
      Array.from({ length: rows }, (_, index) => writeReceipt(into, { ...receipt, receiptId: `r${index}`, at: index })),
    );
  const verify = (from: Database = db, checkpoints: (Checkpoint | null)[] = []) =>
    verifyReceipts(from, { key, checkpoints });
  const unlock = () =>
    name === "sqlite"
      ? tamper(db, "DROP TRIGGER receipts_keep_update", "DROP TRIGGER receipts_keep_delete")
      : tamper(db, "ALTER TABLE receipts DISABLE TRIGGER receipts_keep");

  it("is intact when nobody touched it, empty, short or longer than a page", async () => {
    expect(await verify()).toMatchObject({ isIntact: true, rows: 0 });
    await fill(count);
    expect(await verify()).toMatchObject({ isIntact: true, rows: count, head: { seq: count } });
    await fill(2_100);
    expect(await verify()).toMatchObject({ isIntact: true, rows: count + 2_100, fault: null });
    if (!isFull || name !== "sqlite") return;
    for (let each = 0; each < 100; each += 1) await fill(1_000);
    const { rows, tookMs } = await verify();
    expect(rows / (tookMs / 1_000), "rows verified a second").toBeGreaterThanOrEqual(50_000);
  });

  it("is one chain when four instances write at once, and while it is verified", async () => {
    const instances = [db, await store.open(), await store.open(), await store.open()];
    const writing = Promise.all(instances.map((each) => fill(50, each)));
    const seen = [];
    for (let turn = 0; turn < 5; turn += 1) seen.push(await verify());
    await writing;
    expect(seen.every((verdict) => verdict.isIntact)).toBe(true);
    expect(await verify()).toMatchObject({ isIntact: true, rows: 200, head: { seq: 200 } });
  });

  it("keeps any text so that it verifies", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), async (actor, reason) => {
        await writeReceipt(db, { ...receipt, actor: `${actor}\ud800\0`, reason, details: { reason, "\ud800": "\0" } });
      }),
      { numRuns: 100 },
    );
    expect(await verify()).toMatchObject({ isIntact: true, rows: 100 });
    await readReceipts(db, { limit: 100 });
  });

  // Each takes the row it is done to and gives the first bad one.
  const tamperings: readonly (readonly [
    what: string,
    statements: (seq: number) => string[],
    firstBad: (seq: number) => number,
  ])[] = [
    ["edit of a person", (seq) => [`UPDATE receipts SET actor = 'Mallory' WHERE seq = ${seq}`], (seq) => seq],
    ["edit of a time", (seq) => [`UPDATE receipts SET at = at + 1 WHERE seq = ${seq}`], (seq) => seq],
    ["edit of a result", (seq) => [`UPDATE receipts SET result = 'refused' WHERE seq = ${seq}`], (seq) => seq],
    ["a reason removed", (seq) => [`UPDATE receipts SET reason = NULL WHERE seq = ${seq}`], (seq) => seq],
    ["details changed", (seq) => [`UPDATE receipts SET details = '{}' WHERE seq = ${seq}`], (seq) => seq],
    ["another hash", (seq) => [`UPDATE receipts SET hash = '${"0".repeat(64)}' WHERE seq = ${seq}`], (seq) => seq],
    ["deletion", (seq) => [`DELETE FROM receipts WHERE seq = ${seq}`], (seq) => seq],
    [
      "deletion, numbers closed up",
      (seq) => [
        `DELETE FROM receipts WHERE seq = ${seq}`,
        ...Array.from(
          { length: count - seq },
          (_, at) => `UPDATE receipts SET seq = ${seq + at} WHERE seq = ${seq + at + 1}`,
        ),
      ],
      (seq) => seq,
    ],
    [
      "two rows swapped",
      (seq) => [
        `UPDATE receipts SET seq = 0 WHERE seq = ${seq}`,
        `UPDATE receipts SET seq = ${seq} WHERE seq = ${(seq % count) + 1}`,
        `UPDATE receipts SET seq = ${(seq % count) + 1} WHERE seq = 0`,
      ],
      (seq) => Math.min(seq, (seq % count) + 1),
    ],
    ["a row put in at the end", () => [copyRow(count, count + 1)], () => count + 1],
    [
      "a row put in at the end, the head moved on",
      () => [copyRow(count, count + 1), `UPDATE receipts_head SET seq = ${count + 1}`],
      () => count + 1,
    ],
    ["a row before the first", () => [copyRow(1, 0)], () => 0],
    [
      "a number no receipt has",
      (seq) => [`UPDATE receipts SET at = 9223372036854775807 WHERE seq = ${seq}`],
      (seq) => seq,
    ],
    ["the tail cut off", (seq) => [`DELETE FROM receipts WHERE seq >= ${seq}`], (seq) => seq],
    [
      "the tail cut off, the head moved back",
      (seq) => [
        `DELETE FROM receipts WHERE seq > ${seq - 1}`,
        `UPDATE receipts_head SET seq = ${seq - 1}, hash = coalesce((SELECT hash FROM receipts WHERE seq = ${seq - 1}), '')`,
      ],
      (seq) => seq,
    ],
    ["all rows gone", () => ["DELETE FROM receipts"], () => 1],
    ["the head gone", () => ["DELETE FROM receipts_head"], () => count + 1],
  ];

  it.each(tamperings)("finds %s", async (_what, statements, firstBad) => {
    await fill(count);
    await unlock();
    await tamper(db, ...statements(17));
    const verdict = await verify();
    expect(verdict).toMatchObject({ isIntact: false, fault: { seq: firstBad(17) } });
    expect(verdict.fault?.what.length).toBeGreaterThan(10);
  });

  it(`finds each of ${tries} random ones`, async () => {
    await fill(count);
    await unlock();
    const missed: string[] = [];
    const undo = new Error("undo");
    for (let turn = 0; turn < tries; turn += 1) {
      const [what, statements, firstBad] = tamperings[turn % tamperings.length] as (typeof tamperings)[number];
      const seq = 1 + ((turn * 7) % count);
      await db
        .transaction()
        .execute(async (trx) => {
          await tamper(trx, ...statements(seq));
          const verdict = await verify(trx);
          if (verdict.isIntact || firstBad(seq) !== verdict.fault?.seq)
            missed.push(`${what} at ${seq}: ${JSON.stringify(verdict.fault)}`);
          throw undo;
        })
        .catch((error) => {
          if (error !== undo) throw error;
        });
    }
    expect(missed).toEqual([]);
    expect((await verify()).isIntact).toBe(true);
  });

  it("finds rows written by somebody with another key", async () => {
    await fill(3);
    const forged = link(deriveAuditKey("x".repeat(40)), { seq: 3, hash: (await lastRow()).hash }, [await lastRow()]);
    await db.insertInto("receipts").values(forged.linked).execute();
    expect((await verify()).fault).toMatchObject({ seq: 4 });
  });

  it("finds by a checkpoint what somebody with the key did", async () => {
    const keeper = await keep();
    await fill(count);
    await keeper.close();
    const checkpoints = readCheckpoints(checkpointFile);
    expect(checkpoints.length).toBeGreaterThan(0);
    expect(await verify(db, checkpoints)).toMatchObject({ isIntact: true, checkpoints: checkpoints.length });
    await unlock();
    const rows = await db.selectFrom("receipts").selectAll().where("seq", ">=", 20).orderBy("seq").execute();
    const before = await db
      .selectFrom("receipts")
      .select(["seq", "hash"])
      .where("seq", "=", 19)
      .executeTakeFirstOrThrow();
    const rewritten = link(
      key,
      before,
      rows.map((row) => ({ ...row, actor: "Mallory" })),
    );
    await tamper(db, "DELETE FROM receipts WHERE seq >= 20");
    await db.insertInto("receipts").values(rewritten.linked).execute();
    const { store: id } = await db.selectFrom("receipts_head").select("store").executeTakeFirstOrThrow();
    await db
      .updateTable("receipts_head")
      .set({ ...rewritten.head, seal: sealHead(key, id, rewritten.head) })
      .execute();
    expect((await verify()).isIntact).toBe(true);
    expect((await verify(db, checkpoints)).fault).toMatchObject({ seq: checkpoints.at(-1)?.seq });
  });

  it("finds by a checkpoint that the store was put back, made anew, or that a checkpoint was edited", async () => {
    await fill(10);
    const { store: id, seal, ...early } = await db.selectFrom("receipts_head").selectAll().executeTakeFirstOrThrow();
    const keeper = await keep();
    await fill(10);
    await keeper.close();
    const checkpoints = readCheckpoints(checkpointFile);
    await unlock();
    await tamper(db, "DELETE FROM receipts WHERE seq > 10");
    await db
      .updateTable("receipts_head")
      .set({ ...early, store: id, seal })
      .execute();
    expect((await verify()).isIntact).toBe(true);
    expect((await verify(db, checkpoints)).fault).toMatchObject({
      seq: 11,
      what: expect.stringMatching(/put back or cut off/),
    });

    const [first] = checkpoints;
    if (!first) throw new Error("no checkpoint was written");
    expect((await verify(db, [{ ...first, seq: 10 }])).fault?.what).toMatch(/Line 1 of the checkpoints was edited/);
    expect((await verify(db, [null])).fault?.what).toMatch(/Line 1/);
    const ofAnother = signCheckpoint(key, "another", { seq: 5, hash: "5" }, 0);
    expect((await verify(db, [ofAnother])).fault?.what).toMatch(/not the one the checkpoint|another store/);
  });

  it("writes a checkpoint every hundred rows, and one at the end", async () => {
    const keeper = await keep();
    for (let turn = 0; turn < 5; turn += 1) await fill(50);
    await keeper.close();
    const seqs = readCheckpoints(checkpointFile).map((each) => each?.seq);
    expect(seqs.length).toBeGreaterThanOrEqual(2);
    expect(seqs.at(-1)).toBe(250);
    expect(seqs).toEqual([...seqs].sort((a, b) => (a ?? 0) - (b ?? 0)));
  });

  it("refuses a receipt when the head is gone, and does not start on another key", async () => {
    await tamper(db, "DELETE FROM receipts_head");
    await expect(writeReceipt(db, receipt)).rejects.toThrow(/head of the receipts/);
    const other = await engine.newStore();
    await (await other.open()).destroy();
    const elsewhere = { databaseUrl: other.databaseUrl, dataDir: other.dataDir };
    await expect(openStore({ ...elsewhere, receiptsKey: "k".repeat(40) })).rejects.toThrow(
      /another key than RECEIPTS_KEY/,
    );
    rmSync(join(other.dataDir, "receipts.key"));
    await expect(openStore({ ...elsewhere, receiptsKey: null })).rejects.toThrow(/receipts\.key, is missing/);
    writeFileSync(join(other.dataDir, "receipts.key"), "y".repeat(43));
    chmodSync(join(other.dataDir, "receipts.key"), 0o644);
    await expect(openStore({ ...elsewhere, receiptsKey: null })).rejects.toThrow(/can be read by others/);
    await other.remove();
  });

  const keep = () =>
    keepCheckpoints(db, {
      file: checkpointFile,
      clock: () => 1_800_000_000_000,
      onWritten: () => undefined,
      onFailed: (error) => {
        throw error;
      },
    });
  const lastRow = async (): Promise<ReceiptRow> =>
    db.selectFrom("receipts").selectAll().orderBy("seq", "desc").limit(1).executeTakeFirstOrThrow();
});

function copyRow(from: number, to: number): string {
  const columns =
    "receipt_id, phase, at, actor, role, operation, tenancy, region, target, reason, request_id, details, result, status, opc_request_id, prev_hash, hash";
  return `INSERT INTO receipts (seq, ${columns}) SELECT ${to}, ${columns} FROM receipts WHERE seq = ${from}`;
}

it("computes HMAC-SHA256 as node:crypto does", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.string({ unit: "grapheme" }), (secret, text) => {
      expect(hmac(prepareHmac(secret), text)).toBe(createHmac("sha256", secret).update(text).digest("hex"));
    }),
  );
});

it("chains the receipts a store of the first version has", async () => {
  const engine = await startEngine("sqlite");
  const store = await engine.newStore();
  copyFileSync(new URL("../fixtures/store/version-1.sqlite", import.meta.url), join(store.dataDir, "console.sqlite"));
  const db = await store.open();
  const rows = await readReceipts(db, { limit: 10 });
  expect(rows.map(({ seq, actor }) => `${seq} ${actor}`)).toEqual(["3 Otto", "2 Ada", "1 Ada"]);
  expect(await verifyReceipts(db, { key: auditKeyOf(db), checkpoints: [] })).toMatchObject({ isIntact: true, rows: 3 });
  await expect(db.updateTable("receipts").set({ actor: "Mallory" }).execute()).rejects.toThrow(/append only/);
  await store.remove();
});
