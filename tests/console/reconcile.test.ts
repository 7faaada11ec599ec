// Promise P43: what nobody recorded is looked up at the service and becomes part of the receipt.
import pino from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createReconciler, type Reconciler } from "#lib/bff/reconcile.ts";
import type { ActivityAnswer, ActivityEntry, VaultRow } from "#lib/contract/api.ts";
import { type Receipt, readReceipts, writeReceipt } from "#lib/store/receipts.ts";
import { eachStore, kmsPath, startTestConsole, type TestConsole } from "./start-console.ts";

let bff: TestConsole;
let cookie: string;
let vault: VaultRow;
let reconciler: Reconciler;

eachStore((newStore) => {
  beforeEach(async () => {
    bff = await startTestConsole({}, await newStore());
    cookie = await bff.signIn("admin");
    const active = (await bff.inventory(cookie)).vaults.find((each) => each.lifecycleState === "ACTIVE");
    if (active === undefined) throw new Error("the demo has no active vault");
    vault = active;
  });
  afterEach(async () => {
    await reconciler.stop();
    await bff.stop();
  });

  const start = (isShared = false) => {
    const log = pino({ level: "silent" });
    reconciler = createReconciler({
      db: bff.db,
      tenancies: bff.tenancies,
      log,
      clock: Date.now,
      isShared,
      everyMs: 3_600_000,
    });
    return reconciler;
  };

  /** An intent as a process leaves it that dies before the answer. */
  async function orphan(
    receiptId: string,
    operation: string,
    params: Record<string, unknown>,
    more: Partial<Receipt> = {},
  ) {
    await writeReceipt(bff.db, {
      receiptId,
      phase: "intent",
      at: Date.now() - 300_000,
      actor: "Ada Admin",
      role: "admin",
      operation,
      tenancy: vault.tenancy,
      region: vault.region,
      target: vault.id,
      reason: "CHG-77",
      requestId: `request-${receiptId}`,
      details: { params, before: null },
      result: "pending",
      status: null,
      opcRequestId: null,
      ...more,
    });
  }

  async function entries(): Promise<Map<string, ActivityEntry>> {
    const answer = await bff.ask("GET", "/api/activity", { cookie });
    return new Map((answer.body as ActivityAnswer).entries.map((entry) => [entry.receiptId, entry]));
  }
  const found = async (receiptId: string) => {
    const rows = (await readReceipts(bff.db, { limit: 100 })).filter((row) => row.receiptId === receiptId);
    return rows[0]?.details;
  };

  it("says what the service shows of each change", async () => {
    await bff.ask("PUT", kmsPath(vault), {
      cookie,
      body: { displayName: "renamed", freeformTags: { b: "2", a: "1" } },
    });
    const { id: vaultId, compartmentId } = vault;
    await orphan("made", "updateVault", {
      vaultId,
      body: { freeformTags: { a: "1", b: "2" }, displayName: "renamed" },
    });
    await orphan("not-made", "updateVault", { vaultId, body: { displayName: "something else" } });
    await orphan("scheduled", "scheduleVaultDeletion", { vaultId, body: {} });
    await orphan("moved", "changeVaultCompartment", { vaultId, body: { compartmentId } });
    await orphan("created", "createVault", { body: { compartmentId, displayName: "never made" } });
    await orphan("gone", "scheduleVaultDeletion", { vaultId: `${vaultId.slice(0, -4)}aaaa`, body: {} });
    await orphan("elsewhere", "signIn", {}, { tenancy: "", region: "", target: "" });
    await start().run();
    expect(await found("made")).toMatchObject({ isMade: true, after: { displayName: "renamed" } });
    expect(await found("not-made")).toMatchObject({ isMade: false });
    expect(await found("scheduled")).toMatchObject({ isMade: false, message: expect.stringContaining("ACTIVE") });
    expect(await found("moved")).toMatchObject({ isMade: true });
    expect(await found("created")).toMatchObject({ isMade: false });
    expect(await found("gone")).toMatchObject({ isMade: null });
    expect(await found("elsewhere")).toMatchObject({ isMade: null });
    const shown = await entries();
    expect(shown.get("not-made")).toMatchObject({
      result: "reconciled",
      error: expect.stringContaining("does not show"),
    });
    // Once is enough.
    const count = (await readReceipts(bff.db, { limit: 100 })).length;
    await reconciler.run();
    expect(await readReceipts(bff.db, { limit: 100 })).toHaveLength(count);
  });

  it("waits while the service is away, and leaves alone what may still be under way elsewhere", async () => {
    const { id: vaultId } = vault;
    await bff.faults({ kind: "status", operation: "getVault", status: 503 });
    await orphan("later", "updateVault", { vaultId, body: { displayName: "x" } });
    await start(true).run();
    expect((await entries()).get("later")?.result).toBe("pending");
    await bff.faults(null);
    await orphan("under way", "updateVault", { vaultId, body: { displayName: "x" } }, { at: Date.now() - 1_000 });
    await orphan("file", "restoreVaultFromFile", { body: { byteLength: 250 * 1_000_000 } });
    await expect
      .poll(async () => {
        await reconciler.run();
        return (await entries()).get("later")?.result;
      })
      .toBe("reconciled");
    expect((await entries()).get("under way")?.result).toBe("pending");
    expect((await entries()).get("file")?.result).toBe("pending");
  });

  it("looks up an outcome that was unknown, with what was asked", async () => {
    const { id: vaultId } = vault;
    const old = { at: Date.now() - 200_000 };
    await orphan("lost", "updateVault", { vaultId, body: { displayName: vault.displayName } });
    const outcome = { ...old, phase: "outcome", result: "unknown", details: { code: "Upstream_timeout" } } as const;
    await orphan("lost", "updateVault", {}, outcome);
    await start().run();
    expect(await found("lost")).toMatchObject({ isMade: true });
    expect((await entries()).get("lost")?.result).toBe("reconciled");
  });
});
