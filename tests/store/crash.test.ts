// Promise P43: a process killed at any moment loses no receipt and no revocation it acknowledged.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditKeyOf } from "#lib/store/trail.ts";
import { verifyReceipts } from "#lib/store/verify.ts";
import { isFull } from "../promises/size.ts";
import { engineNames, startEngine, type TestEngine, type TestStore } from "./engines.ts";

const kills = isFull ? 250 : 6;
const writer = fileURLToPath(new URL("./write-until-killed.ts", import.meta.url));

/** Starts a writer, kills it `afterMs` after its first acknowledgement, and gives what it acknowledged. */
async function writeAndKill(store: TestStore, turn: number, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [writer, store.dataDir, store.databaseUrl ?? "", String(turn)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (said === "") setTimeout(() => child.kill("SIGKILL"), afterMs);
    said += text;
  });
  const signal = await new Promise((ended) => child.once("close", (_code, by) => ended(by)));
  if (signal !== "SIGKILL") throw new Error(`the writer ended by itself: ${complaint}`);
  // The last line may be cut: it was not acknowledged to anybody.
  return said.split("\n").slice(0, -1);
}

describe.each(engineNames)("killed in %s", (name) => {
  let engine: TestEngine;
  let store: TestStore;
  beforeAll(async () => {
    engine = await startEngine(name);
    store = await engine.newStore();
  });
  afterAll(async () => {
    await store.remove();
    await engine.stop();
  });

  it(`loses nothing it acknowledged in ${kills} kills, and the trail stays one chain`, async () => {
    const acknowledged: string[] = [];
    for (let turn = 0; turn < kills; turn += 1) {
      acknowledged.push(...(await writeAndKill(store, turn, Math.random() * 200)));
    }
    const db = await store.open();
    const kept = new Set((await db.selectFrom("receipts").select("receipt_id").execute()).map((row) => row.receipt_id));
    const revoked = await db.selectFrom("sessions").select("sid_hash").where("ended_at", "is not", null).execute();
    const ended = new Set(revoked.map((row) => row.sid_hash));
    const lost = acknowledged.filter((line) => {
      const [what, id = ""] = line.split(" ");
      return what === "receipt" ? !kept.has(id) : !ended.has(id);
    });
    expect(acknowledged.length).toBeGreaterThan(kills);
    expect(lost).toEqual([]);
    expect(await verifyReceipts(db, { key: auditKeyOf(db), checkpoints: [] })).toMatchObject({
      isIntact: true,
      rows: kept.size,
    });
  }, 600_000);
});
