import { describe, expect, test } from "vitest";
import { dayMs, Service, verdict } from "./service.ts";

describe("cancelVaultDeletion", () => {
  test("CANCELLING_DELETION with the date still there, then ACTIVE without", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const { timeOfDeletion } = service.ask("scheduleVaultDeletion", { vaultId }).json;
    service.pass(3 * dayMs);
    const { json } = service.ask("cancelVaultDeletion", { vaultId });
    expect(json).toMatchObject({ lifecycleState: "CANCELLING_DELETION", timeOfDeletion });
    service.pass();
    expect(service.see(vaultId)).toMatchObject({ lifecycleState: "ACTIVE", timeOfDeletion: null });
    service.pass(60 * dayMs);
    expect(service.see(vaultId).lifecycleState).toBe("ACTIVE");
  });

  test("keys come back as they were, except one that was scheduled on its own", () => {
    const service = new Service();
    const vault = service.addVault();
    const enabled = service.addKey(vault);
    const disabled = service.addKey(vault, { timeline: [{ state: "DISABLED", from: 0 }] });
    const ownDate = service.now + 10 * dayMs;
    const own = service.addKey(vault, {
      timeline: [{ state: "PENDING_DELETION", from: service.now - 1 }],
      timeOfDeletion: ownDate,
    });
    const host = `${vault.id.split(".")[4]}-management.kms.us-ashburn-1.localhost`;
    const states = () =>
      [enabled, disabled, own].map(({ id }) => {
        const { json } = service.ask("getKey", { keyId: id }, { host });
        return [json.lifecycleState, json.timeOfDeletion];
      });
    const { timeOfDeletion } = service.ask("scheduleVaultDeletion", { vaultId: vault.id }).json;
    service.pass();
    const ownTime = new Date(ownDate).toISOString();
    expect(states()).toEqual([
      ["PENDING_DELETION", timeOfDeletion],
      ["PENDING_DELETION", timeOfDeletion],
      ["PENDING_DELETION", ownTime],
    ]);
    service.ask("cancelVaultDeletion", { vaultId: vault.id });
    service.pass();
    expect(states()).toEqual([
      ["ENABLED", null],
      ["DISABLED", null],
      ["PENDING_DELETION", ownTime],
    ]);
  });

  test("is refused in every other state", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const cancel = () => verdict(service.ask("cancelVaultDeletion", { vaultId }));
    expect(cancel()).toBe("409 IncorrectState");
    const { timeOfDeletion } = service.ask("scheduleVaultDeletion", { vaultId }).json;
    expect(cancel()).toBe("409 IncorrectState");
    service.now = Date.parse(timeOfDeletion) + 1;
    expect(cancel()).toBe("409 IncorrectState");
    service.pass();
    expect(cancel()).toBe("409 IncorrectState");
  });

  test("takes if-match and a retry token", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const stale = service.ask("scheduleVaultDeletion", { vaultId }).headers.etag;
    service.pass();
    expect(verdict(service.ask("cancelVaultDeletion", { vaultId, ifMatch: stale }))).toBe("412 NoEtagMatch");
    const ifMatch = service.ask("getVault", { vaultId }).headers.etag;
    const first = service.ask("cancelVaultDeletion", { vaultId, ifMatch, opcRetryToken: "t" });
    service.pass();
    expect(service.ask("cancelVaultDeletion", { vaultId, ifMatch, opcRetryToken: "t" }).json).toEqual(first.json);
  });

  test("can be scheduled again afterwards", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    service.ask("scheduleVaultDeletion", { vaultId });
    service.pass();
    service.ask("cancelVaultDeletion", { vaultId });
    service.pass();
    expect(service.ask("scheduleVaultDeletion", { vaultId }).json.lifecycleState).toBe("SCHEDULING_DELETION");
  });
});
