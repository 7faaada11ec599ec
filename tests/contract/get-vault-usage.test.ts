import { describe, expect, test } from "vitest";
import { Service, settleMs, unknownOcid, verdict } from "./service.ts";

describe("getVaultUsage", () => {
  test("E16: counts keys and versions by protection, over all compartments, without an etag", () => {
    const service = new Service();
    const vault = service.addVault();
    service.addKey(vault, { versionCount: 3 });
    service.addKey(vault, { versionCount: 2, compartmentId: service.otherCompartment });
    service.addKey(vault, { protectionMode: "SOFTWARE", versionCount: 5 });
    const answer = service.ask("getVaultUsage", { vaultId: vault.id });
    expect(answer.json).toEqual({ keyCount: 2, keyVersionCount: 5, softwareKeyCount: 1, softwareKeyVersionCount: 5 });
    expect(answer.headers.etag).toBeUndefined();
  });

  test("keys pending deletion count, deleted ones do not", () => {
    const service = new Service();
    const vault = service.addVault();
    const due = service.now + 10_000;
    service.addKey(vault, {
      timeline: [
        { state: "PENDING_DELETION", from: service.now - 1000 },
        { state: "DELETED", from: due },
      ],
      timeOfDeletion: due,
    });
    expect(service.ask("getVaultUsage", { vaultId: vault.id }).json.keyCount).toBe(1);
    service.pass(11_000);
    expect(service.ask("getVaultUsage", { vaultId: vault.id }).json.keyCount).toBe(0);
  });

  test("a new vault has none; a vault pending deletion still has its keys", () => {
    const service = new Service();
    const body = { compartmentId: service.compartment, displayName: "new", vaultType: "DEFAULT" } as const;
    const created = service.ask("createVault", { body });
    expect(service.ask("getVaultUsage", { vaultId: created.json.id }).json.keyCount).toBe(0);
    const vault = service.addVault();
    service.addKey(vault);
    service.ask("scheduleVaultDeletion", { vaultId: vault.id });
    service.pass(settleMs * 2);
    expect(service.ask("getVaultUsage", { vaultId: vault.id }).json.keyCount).toBe(1);
  });

  test("refuses what is not there or not an OCID", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    expect(verdict(service.ask("getVaultUsage", { vaultId: unknownOcid }))).toBe("404 NotAuthorizedOrNotFound");
    expect(verdict(service.ask("getVaultUsage", { vaultId: "x" }))).toBe("400 InvalidParameter");
    expect(verdict(service.ask("getVaultUsage", { vaultId }, { profile: service.stranger }))).toBe(
      "404 NotAuthorizedOrNotFound",
    );
  });
});
