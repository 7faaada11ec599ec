import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consoleRoles, type Inventory } from "#lib/contract/api.ts";
import { type LimitValueSummary, vaultLifecycleStates } from "#lib/contract/models.ts";
import { operationNames, operationRow } from "#lib/contract/operations.ts";
import { readReceipts } from "#lib/store/receipts.ts";
import { judgeAction, judgeRole, judgeRoom, judgeState, vaultActions } from "#lib/vault/actions.ts";
import { countSlots, slotTypes } from "#lib/vault/slots.ts";
import { addressOf, bodiesOf } from "./addresses.ts";
import { eachStore, startTestConsole, type TestConsole } from "./start-console.ts";

let app: TestConsole;
let inventory: Inventory;
const cookies = new Map<string, string>();
eachStore((newStore) => {
  beforeAll(async () => {
    app = await startTestConsole({}, await newStore());
    for (const role of consoleRoles) cookies.set(role, await app.signIn(role));
    inventory = await app.inventory(cookies.get("admin") ?? "");
  });
  afterAll(() => app.stop());

  /** The table of who may what, written out by hand: the product's promise, not a copy of the code. */
  const leastRole: Record<string, "helpdesk" | "operator" | "admin"> = {
    listVaults: "helpdesk",
    getVault: "helpdesk",
    getVaultUsage: "helpdesk",
    listVaultReplicas: "helpdesk",
    listKeys: "helpdesk",
    getKey: "helpdesk",
    getReplicationStatus: "helpdesk",
    listCompartments: "helpdesk",
    getCompartment: "helpdesk",
    getTenancy: "helpdesk",
    listRegionSubscriptions: "helpdesk",
    listRegions: "helpdesk",
    listLimitValues: "helpdesk",
    getNamespace: "helpdesk",
    listBuckets: "helpdesk",
    listObjects: "helpdesk",
    headObject: "helpdesk",
    getObject: "operator",
    listPreauthenticatedRequests: "operator",
    updateVault: "operator",
    backupVault: "operator",
    cancelVaultDeletion: "operator",
    createVault: "admin",
    changeVaultCompartment: "admin",
    restoreVaultFromFile: "admin",
    restoreVaultFromObjectStore: "admin",
    createVaultReplica: "admin",
    deleteVaultReplica: "admin",
    scheduleVaultDeletion: "admin",
    putObject: "admin",
    deleteObject: "admin",
    createPreauthenticatedRequest: "admin",
  };
  const rank = { helpdesk: 0, operator: 1, admin: 2 } as const;

  function mayAsk(operation: string, role: (typeof consoleRoles)[number]): boolean {
    const least = leastRole[operation] ?? "admin";
    return role === "auditor" ? least === "helpdesk" : rank[role] >= rank[least];
  }

  describe("who may what", () => {
    it("has a line for every operation", () => {
      expect(Object.keys(leastRole).sort()).toEqual([...operationNames].sort());
    });

    it.each(operationNames.flatMap((operation) => consoleRoles.map((role) => [operation, role] as const)))(
      "%s as %s",
      (operation, role) => {
        const verdict = judgeRole(operation, role);
        expect(verdict.isAllowed).toBe(mayAsk(operation, role));
        if (!verdict.isAllowed) expect(verdict.reason).toMatch(/\.$/);
      },
    );
  });

  describe("the funnel keeps to it", () => {
    function address(operation: (typeof operationNames)[number]): string {
      const vault = inventory.vaults.find((each) => each.tenancy === app.tenancy);
      return addressOf(operation, { tenancy: app.tenancy, region: vault?.region ?? "", vaultId: vault?.id ?? "" });
    }

    const denied = operationNames
      .filter((operation) => operationRow(operation).body !== "bytes")
      .flatMap((operation) =>
        consoleRoles.filter((role) => !mayAsk(operation, role)).map((role) => [operation, role] as const),
      );
    it.each(denied)("refuses %s to %s without a call", async (operation, role) => {
      const before = (await app.calls()).byOperation[operation] ?? 0;
      const answer = await app.ask(operationRow(operation).method, address(operation), {
        cookie: cookies.get(role),
        body: bodiesOf[operation],
      });
      expect(answer.status).toBe(403);
      expect((answer.body as { message: string }).message).toBe(judgeRole(operation, role).reason);
      expect((await app.calls()).byOperation[operation] ?? 0).toBe(before);
    });

    it("answers nobody without a session", async () => {
      for (const operation of operationNames) {
        const answer = await app.ask(operationRow(operation).method, address(operation), { body: bodiesOf[operation] });
        expect(answer.status, operation).toBe(401);
      }
      expect((await app.ask("GET", "/api/inventory")).status).toBe(401);
    });

    it("leaves a receipt of a refused change", async () => {
      const receipts = (await readReceipts(app.db, { limit: 500 })).filter(({ operation }) => operation !== "signIn");
      const refused = receipts.filter((receipt) => receipt.phase === "refused");
      for (const action of vaultActions) {
        expect(refused.some((receipt) => receipt.operation === action && receipt.role === "helpdesk")).toBe(true);
      }
      expect(receipts.every((receipt) => receipt.phase === "refused")).toBe(true);
    });
  });

  /**
   * What the page says no to, the server does not do: because of the role in the same words and without a call, because of the
   * vault's state by the service's own refusal, and nothing changes.
   */
  describe("every state, type, role and action", () => {
    it("what the table of rules says no to is refused", async () => {
      const kinds = new Map<string, (typeof inventory.vaults)[number]>();
      // The dates and the replica's side are read after the list.
      await expect
        .poll(
          async () => {
            inventory = await app.inventory(cookies.get("admin") ?? "");
            return inventory.vaults.filter(
              ({ details, tenancy, lifecycleState }) =>
                tenancy === app.tenancy && lifecycleState !== "DELETED" && details === undefined,
            ).length;
          },
          { timeout: 30_000 },
        )
        .toBe(0);
      for (const row of inventory.vaults) {
        if (row.tenancy !== app.tenancy) continue;
        const kind = `${row.lifecycleState} ${row.vaultType} ${row.details?.isPrimary === false ? "replica" : "source"}`;
        if (!kinds.has(kind)) kinds.set(kind, row);
      }
      const states = new Set([...kinds.values()].map(({ lifecycleState }) => lifecycleState));
      expect(vaultLifecycleStates.filter((state) => !states.has(state))).toEqual([]);
      expect(new Set([...kinds.values()].map(({ vaultType }) => vaultType)).size).toBe(3);
      const wrong: string[] = [];
      let tried = 0;
      for (const [kind, row] of kinds) {
        for (const action of vaultActions) {
          const facts = { lifecycleState: row.lifecycleState, vaultType: row.vaultType, ...row.details };
          const verdict = judgeState(action, facts);
          const operation = operationRow(action);
          const path = operation.path.replace("{vaultId}", row.id);
          for (const role of consoleRoles) {
            const whole = judgeAction(action, facts, role);
            // One sentence for a person: the role's first, then the state's.
            expect(whole.reason).toBe(mayAsk(action, role) ? verdict.reason : judgeRole(action, role).reason);
            if (whole.isAllowed) continue;
            tried += 1;
            expect(whole.reason, `${action} of ${kind} by ${role}`).toMatch(/\.$/);
            const answer = await app.ask(operation.method, `/api/oci/${row.tenancy}/kms/${row.region}${path}`, {
              cookie: cookies.get(role),
              body: bodiesOf[action],
            });
            const { message } = answer.body as { message?: string };
            const isRefused =
              whole.because === "role" ? answer.status === 403 && message === whole.reason : answer.status >= 400;
            if (!isRefused)
              wrong.push(
                `${action} of ${kind} by ${role}: “${whole.reason}”, but the answer is ${answer.status} ${message}`,
              );
          }
        }
      }
      expect(wrong).toEqual([]);
      expect(tried).toBeGreaterThan(200);
    }, 120_000);
  });

  describe("room for one more vault of each type", () => {
    it.each(slotTypes)(
      "%s: what the table of rules says no to is refused, and the other way round",
      async (vaultType) => {
        const region = inventory.vaults.find(({ tenancy }) => tenancy === app.tenancy)?.region ?? "";
        const place = { tenancy: app.tenancy, region, vaultType };
        const cookie = cookies.get("admin") ?? "";
        const name = vaultType === "DEFAULT" ? "virtual-vault-count" : "virtual-private-vault-count";
        const { vaults } = await app.inventory(cookie);
        const used = countSlots(vaults, place, null)?.used ?? 0;
        const verdicts: boolean[] = [];
        for (const limit of [used, used + 1]) {
          await fetch(`${app.control}/limits`, { method: "POST", body: JSON.stringify({ [name]: limit }) });
          const limits = await app.ask("GET", addressOf("listLimitValues", { ...place, vaultId: "" }), { cookie });
          const verdict = judgeRoom(countSlots(vaults, place, limits.body as LimitValueSummary[]), place);
          const answer = await app.ask("POST", addressOf("createVault", { ...place, vaultId: "" }), {
            cookie,
            body: { compartmentId: app.tenancy, displayName: "one more", vaultType },
          });
          expect(answer.status === 200, JSON.stringify(answer.body)).toBe(verdict.isAllowed);
          if (!verdict.isAllowed) {
            expect((answer.body as { code: string }).code).toBe("LimitExceeded");
            expect(verdict).toMatchObject({ because: "limit", reason: expect.stringContaining(`${used} of ${used}`) });
          }
          verdicts.push(verdict.isAllowed);
        }
        expect(verdicts).toEqual([false, true]);
      },
    );
  });
});
