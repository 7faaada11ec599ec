// Promises P40 and P41 at the console: nothing is done that is not recorded, and the trail can be verified.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ActivityAnswer, TrailAnswer, VaultRow } from "#lib/contract/api.ts";
import { eachStore, kmsPath, startTestConsole, type TestConsole } from "./start-console.ts";

/** What fills the disk for receipts, empties it, and takes the locks off, as each store's own language says it. */
const tampering = {
  sqlite: {
    fill: ["CREATE TRIGGER disk_full BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'disk is full'); END"],
    fillForOutcomes: [
      "CREATE TRIGGER disk_full BEFORE INSERT ON receipts WHEN NEW.phase = 'outcome' BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    ],
    empty: ["DROP TRIGGER disk_full"],
    unlock: ["DROP TRIGGER receipts_keep_update", "DROP TRIGGER receipts_keep_delete"],
  },
  postgres: {
    fill: [
      "CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk is full'; END $$",
      "CREATE TRIGGER disk_full BEFORE INSERT ON receipts FOR EACH ROW EXECUTE FUNCTION refuse_row()",
    ],
    fillForOutcomes: [
      "CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk is full'; END $$",
      "CREATE TRIGGER disk_full BEFORE INSERT ON receipts FOR EACH ROW WHEN (NEW.phase = 'outcome') EXECUTE FUNCTION refuse_row()",
    ],
    empty: ["DROP TRIGGER disk_full ON receipts"],
    unlock: ["ALTER TABLE receipts DISABLE TRIGGER receipts_keep"],
  },
} as const;

let bff: TestConsole;
let storeEnv: Record<string, string>;
let cookie: string;
let vault: VaultRow;
eachStore((newStore, engine) => {
  beforeEach(async () => {
    storeEnv = await newStore();
    bff = await startTestConsole({}, storeEnv);
    cookie = await bff.signIn("admin");
    const active = (await bff.inventory(cookie)).vaults.find((each) => each.lifecycleState === "ACTIVE");
    if (active === undefined) throw new Error("the demo has no active vault");
    vault = active;
  });
  afterEach(() => bff.stop());

  const rename = (displayName: string) => bff.ask("PUT", kmsPath(vault), { cookie, body: { displayName } });
  const { fill, fillForOutcomes, empty, unlock } = tampering[engine];
  const tamper = async (statements: readonly string[]) => {
    for (const statement of statements) await sql.raw(statement).execute(bff.db);
  };
  const changesOfService = async () => (await bff.calls()).byOperation.updateVault ?? 0;
  const isReady = async () => (await bff.ask("GET", "/api/ready")).status === 200;

  it("sends nothing when the intent cannot be recorded, and is not ready until it can", async () => {
    await tamper(fill);
    const before = await changesOfService();
    const answer = await rename("never");
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({
      code: "ReceiptNotWritten",
      action: expect.stringContaining("Nothing was changed"),
    });
    expect(await changesOfService()).toBe(before);
    expect(await isReady()).toBe(false);
    await tamper(empty);
    expect((await rename("now")).status).toBe(200);
    expect(await isReady()).toBe(true);
  });

  it("says so when a change was made and its outcome could not be recorded", async () => {
    await tamper(fillForOutcomes);
    const before = await changesOfService();
    const answer = await rename("changed");
    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({ code: "OutcomeNotRecorded", why: "Oracle accepted the change." });
    expect(await changesOfService()).toBe(before + 1);
    expect(await isReady()).toBe(false);
    // The outcome is kept, and recorded as soon as it can be.
    await tamper(empty);
    await expect.poll(isReady, { timeout: 8_000 }).toBe(true);
    const activity = await bff.ask("GET", "/api/activity", { cookie });
    expect((activity.body as ActivityAnswer).entries[0]).toMatchObject({
      operation: "updateVault",
      result: "ok",
      status: 200,
    });
  });

  it("verifies the trail for auditors and admins, and for nobody else", async () => {
    await rename("one");
    await rename("two");
    const ask = async (role: "admin" | "auditor" | "operator" | "helpdesk") =>
      bff.ask("GET", "/api/activity/verify", { cookie: await bff.signIn(role) });
    expect((await bff.ask("GET", "/api/activity/verify")).status).toBe(401);
    expect((await ask("operator")).status).toBe(403);
    expect((await ask("helpdesk")).status).toBe(403);
    const answer = await ask("auditor");
    expect(answer.body).toMatchObject({ isIntact: true, fault: null });
    const { rows } = answer.body as TrailAnswer;
    expect(rows).toBeGreaterThanOrEqual(4);
    await tamper(unlock);
    await tamper(["UPDATE receipts SET actor = 'Mallory' WHERE seq = 2"]);
    expect((await ask("admin")).body).toMatchObject({ isIntact: false, fault: { seq: 2 } });
  });

  it("verifies from the command line while the console runs", async () => {
    await rename("one");
    const run = (...args: string[]) =>
      spawnSync(
        process.execPath,
        [fileURLToPath(new URL("../../scripts/verify-receipts.ts", import.meta.url)), ...args],
        {
          env: { NODE_ENV: "test", PATH: process.env.PATH, DATA_DIR: bff.dataDir, ...storeEnv },
          encoding: "utf8",
        },
      );
    const intact = run();
    expect(intact.stderr).toBe("");
    expect(intact.stdout).toMatch(/^The trail is intact: \d+ receipts/);
    expect(intact.status).toBe(0);
    await tamper(unlock);
    await tamper(["DELETE FROM receipts WHERE seq = 1"]);
    const broken = run();
    expect(broken.stdout).toMatch(/NOT intact\. First bad row: 1\.\nRow 1 is missing\./);
    expect(broken.status).toBe(1);
    expect(JSON.parse(run("--json").stdout)).toMatchObject({ isIntact: false, fault: { seq: 1 } });
    expect(run("--checkpoints", "/no/such/file").status).toBe(2);
  });
});
