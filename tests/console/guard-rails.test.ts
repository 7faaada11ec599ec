// The policy file over the funnel: refusals before anything is sent or asked for, receipts of them, and judged again when carried out.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SessionAnswer, VaultRow } from "#lib/contract/api.ts";
import { request } from "#lib/contract/request.ts";
import { createOciClient } from "#lib/oci/client.ts";
import { readOciConfig } from "#lib/oci/config-file.ts";
import { createEndpoints } from "#lib/oci/endpoints.ts";
import { readReceipts } from "#lib/store/receipts.ts";
import { deletionTimeOf } from "#lib/vault/lifecycle.ts";
import { activeVault, eachStore, kmsPath, startTestConsole, type TestConsole } from "./start-console.ts";

let folder: string;
let file: string;
let app: TestConsole;
let admin: string;
let prod: VaultRow;
let other: VaultRow;

eachStore((newStore) => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "ovc-policy-"));
    file = join(folder, "policy.yaml");
    writeFileSync(
      file,
      `version: 1
rails:
  - name: production waits
    when: { tags: { railed: "yes" } }
    minimumWaitDays: 21
    reasonPattern: 'CHG-\\d+'
  - name: backups at home
    buckets: [none/safe]
`,
    );
    app = await startTestConsole({}, { POLICY_FILE: file, ...(await newStore()) });
    admin = await app.signIn("admin");
    const { vaults } = await app.inventory(admin);
    const mine = vaults.filter(
      (each) =>
        each.tenancy === app.tenancy &&
        each.lifecycleState === "ACTIVE" &&
        each.vaultType === "VIRTUAL_PRIVATE" &&
        each.details?.isPrimary !== false,
    );
    [prod, other] = mine as [VaultRow, VaultRow];
    const tagged = await app.ask("PUT", kmsPath(prod), {
      cookie: admin,
      body: { freeformTags: { ...prod.freeformTags, railed: "yes" } },
    });
    expect(tagged.status, JSON.stringify(tagged.body)).toBe(200);
  });
  afterAll(async () => {
    await app.stop();
    rmSync(folder, { recursive: true });
  });

  const schedule = (vault: VaultRow, days: number, reason: string) =>
    app.ask("POST", kmsPath(vault, "/actions/scheduleDeletion"), {
      cookie: admin,
      body: { timeOfDeletion: new Date(deletionTimeOf(days, Date.now())).toISOString() },
      headers: { "x-ovc-reason": encodeURIComponent(reason) },
    });

  describe("guard rails over the funnel", () => {
    it("refuses by the tags the vault has now, names the rail, sends nothing and leaves a receipt", async () => {
      const before = (await app.calls()).byOperation.scheduleVaultDeletion ?? 0;
      const soon = await schedule(prod, 8, "CHG-1: no longer used");
      expect(soon.status).toBe(403);
      expect(soon.body).toMatchObject({
        code: "GuardRail",
        message: "The guard rail “production waits” wants a wait of at least 21 days.",
      });
      const unsaid = await schedule(prod, 30, "no longer used");
      expect(unsaid.body).toMatchObject({ code: "GuardRail", message: expect.stringContaining("matches CHG-") });
      expect((await app.calls()).byOperation.scheduleVaultDeletion ?? 0).toBe(before);
      const refused = (await readReceipts(app.db, { limit: 50 })).filter(({ phase }) => phase === "refused");
      expect(refused.map(({ operation }) => operation)).toEqual(["scheduleVaultDeletion", "scheduleVaultDeletion"]);
      expect(JSON.stringify(refused[0]?.details)).toContain("production waits");
    });

    it("lets through what keeps to it, and what no rail is about; cancelling needs no reason", async () => {
      const done = await schedule(prod, 22, "CHG-2: no longer used");
      expect(done.status, JSON.stringify(done.body)).toBe(200);
      await expect
        .poll(
          async () => {
            const read = await app.ask("GET", kmsPath(prod), {
              cookie: admin,
              headers: { "cache-control": "no-cache" },
            });
            return (read.body as VaultRow).lifecycleState;
          },
          { timeout: 10_000 },
        )
        .toBe("PENDING_DELETION");
      expect((await app.ask("POST", kmsPath(prod, "/actions/cancelDeletion"), { cookie: admin })).status).toBe(200);
      expect((await schedule(other, 8, "")).status).toBe(200);
    });

    it("goes by what the vault is now, whoever changed it and whatever is remembered", async () => {
      const [profile] = await readOciConfig(app.configFile, { profiles: ["DEFAULT"] });
      if (profile === undefined) throw new Error("no profile");
      const endpoints = createEndpoints({ overrides: app.regions, isOverridesOnly: true });
      const elsewhere = createOciClient({ credential: profile.credential, endpoints });
      const third = await activeVault(app, admin, "DEFAULT");
      // Remembered a moment ago, without the tag.
      expect((await app.ask("GET", kmsPath(third), { cookie: admin })).status).toBe(200);
      await elsewhere.call(request("updateVault", { vaultId: third.id, body: { freeformTags: { railed: "yes" } } }), {
        region: third.region,
        priority: "interactive",
      });
      await elsewhere.close();
      expect((await schedule(third, 8, "CHG-3: no longer used")).body).toMatchObject({ code: "GuardRail" });
    });

    it("keeps backups in the buckets of the list", async () => {
      const backup = (body: object) => app.ask("POST", kmsPath(prod, "/actions/backup"), { cookie: admin, body });
      const bucket = { destination: "BUCKET", namespace: "none", bucketName: "mine", objectName: "x" };
      expect((await backup({ backupLocation: bucket })).body).toMatchObject({ code: "GuardRail" });
      expect((await backup({})).body).toMatchObject({ code: "GuardRail" });
      // The right one gets as far as the service.
      const right = await backup({ backupLocation: { ...bucket, bucketName: "safe" } });
      expect(right.body).not.toMatchObject({ code: "GuardRail" });
    });

    it("refuses when the vault cannot be looked at", async () => {
      const sent = async () => (await app.calls()).byOperation.updateVault ?? 0;
      const before = await sent();
      await app.faults([{ operation: "getVault", kind: "status", status: 500, code: "InternalServerError" }]);
      const { status } = await app.ask("PUT", kmsPath(prod), { cookie: admin, body: { displayName: "x" } });
      await app.faults(null);
      expect(status).toBe(503);
      expect(await sent()).toBe(before);
    });

    it("never holds up saving a vault, not even when it cannot be looked at", async () => {
      const sent = async () => (await app.calls()).byOperation.cancelVaultDeletion ?? 0;
      const before = await sent();
      await app.faults([{ operation: "getVault", kind: "status", status: 500, code: "InternalServerError" }]);
      const { status } = await app.ask("POST", kmsPath(prod, "/actions/cancelDeletion"), { cookie: admin });
      await app.faults(null);
      // The service's own answer: it is not scheduled for deletion.
      expect([status, await sent()]).toEqual([409, before + 1]);
    });

    it("takes a reason of blanks nobody sees for none", async () => {
      const { status } = await app.ask("PUT", kmsPath(prod), {
        cookie: admin,
        body: { displayName: "x" },
        headers: { "x-ovc-reason": encodeURIComponent("\u200b".repeat(12)) },
      });
      expect(status).toBeLessThan(500);
      expect(JSON.stringify(await app.db.selectFrom("receipts").selectAll().execute())).not.toContain("\u200b");
    });

    it("tells pages the rules, and nobody who is not signed in", async () => {
      const read = async (cookie?: string) =>
        ((await app.ask("GET", "/api/session", cookie === undefined ? {} : { cookie })).body as SessionAnswer)
          .guardRails;
      expect((await read(admin)).map(({ name }) => name)).toEqual(["production waits", "backups at home"]);
      expect(await read()).toEqual([]);
    });
  });
});
