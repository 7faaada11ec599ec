import { describe, expect, test } from "vitest";
import { dayMs, Service, settleMs, unknownOcid, verdict } from "./service.ts";

describe("scheduleVaultDeletion", () => {
  test("SCHEDULING_DELETION with the date, PENDING_DELETION, DELETING, DELETED, and after a day gone (E15)", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const timeOfDeletion = new Date(service.now + 8 * dayMs).toISOString();
    const answer = service.ask("scheduleVaultDeletion", { vaultId, body: { timeOfDeletion } });
    expect(answer.json).toMatchObject({ lifecycleState: "SCHEDULING_DELETION", timeOfDeletion });
    service.pass();
    expect(service.see(vaultId)).toMatchObject({ lifecycleState: "PENDING_DELETION", timeOfDeletion });
    service.now = Date.parse(timeOfDeletion) + 1;
    expect(service.see(vaultId).lifecycleState).toBe("DELETING");
    service.pass(settleMs + 1);
    expect(service.see(vaultId)).toMatchObject({ lifecycleState: "DELETED", timeOfDeletion });
    expect(service.ask("listVaults", { compartmentId: service.compartment }).json).toHaveLength(1);
    service.pass(dayMs + 1);
    expect(service.ask("getVault", { vaultId }).status).toBe(404);
    expect(service.ask("listVaults", { compartmentId: service.compartment }).json).toHaveLength(0);
  });

  test.each([
    ["no body", undefined],
    ["an empty object", "{}"],
  ])("E20: %s means 30 days", (_, rawBody) => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const { json } = service.ask("scheduleVaultDeletion", { vaultId }, rawBody === undefined ? {} : { rawBody });
    expect(Date.parse(json.timeOfDeletion) - service.now).toBe(30 * dayMs);
  });

  test.each([
    ["7 days", 7 * dayMs, "200"],
    ["a millisecond less than 7 days", 7 * dayMs - 1, "400 InvalidParameter"],
    ["30 days", 30 * dayMs, "200"],
    ["a millisecond more than 30 days", 30 * dayMs + 1, "400 InvalidParameter"],
    ["yesterday", -dayMs, "400 InvalidParameter"],
  ])("the window: %s", (_, afterMs, expected) => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const body = { timeOfDeletion: new Date(service.now + afterMs).toISOString() };
    expect(verdict(service.ask("scheduleVaultDeletion", { vaultId, body }))).toBe(expected);
  });

  test("takes any RFC 3339 zone", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const due = new Date(service.now + 10 * dayMs);
    const local = new Date(due.getTime() + 2 * 3_600_000).toISOString().replace("Z", "+02:00");
    const { json } = service.ask("scheduleVaultDeletion", { vaultId, body: { timeOfDeletion: local } });
    expect(json.timeOfDeletion).toBe(due.toISOString());
  });

  test.each([
    ["a date without time", "2026-03-20"],
    ["a time without zone", "2026-03-20T00:00:00"],
    ["words", "next week"],
    ["an empty text", ""],
    ["a number", 1_773_000_000_000],
    ["no such day", "2026-02-30T00:00:00Z"],
  ])("refuses %s", (_, timeOfDeletion) => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const rawBody = JSON.stringify({ timeOfDeletion });
    expect(verdict(service.ask("scheduleVaultDeletion", { vaultId }, { rawBody }))).toBe("400 InvalidParameter");
  });

  test("E5: a key that is to be deleted later is a Conflict and names the key; the same day or earlier is not", () => {
    const service = new Service();
    const vault = service.addVault();
    const due = service.now + 20 * dayMs;
    const key = service.addKey(vault, {
      timeline: [{ state: "PENDING_DELETION", from: service.now - 1 }],
      timeOfDeletion: due,
    });
    const schedule = (ms: number) =>
      service.ask("scheduleVaultDeletion", { vaultId: vault.id, body: { timeOfDeletion: new Date(ms).toISOString() } });
    const refused = schedule(due - 1);
    expect(verdict(refused)).toBe("409 Conflict");
    expect(refused.json.message).toContain(key.id);
    expect(service.see(vault.id).lifecycleState).toBe("ACTIVE");
    expect(schedule(due).status).toBe(200);
  });

  test("the replica goes with its source", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    service.ask("createVaultReplica", { vaultId, body: { replicaRegion: "eu-frankfurt-1" } });
    service.pass();
    const { json } = service.ask("scheduleVaultDeletion", { vaultId });
    service.pass();
    expect(service.see(vaultId, "eu-frankfurt-1").lifecycleState).toBe("PENDING_DELETION");
    service.now = Date.parse(json.timeOfDeletion) + 2 * settleMs;
    expect(service.ask("getVault", { vaultId }, { region: "eu-frankfurt-1" }).status).toBe(404);
    expect(service.ask("listVaultReplicas", { vaultId }).json).toEqual([]);
  });

  test("needs an ACTIVE vault, the right etag, and the vault itself", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    expect(verdict(service.ask("scheduleVaultDeletion", { vaultId, ifMatch: "old" }))).toBe("412 NoEtagMatch");
    service.ask("scheduleVaultDeletion", { vaultId });
    expect(verdict(service.ask("scheduleVaultDeletion", { vaultId }))).toBe("409 IncorrectState");
    service.pass();
    expect(verdict(service.ask("scheduleVaultDeletion", { vaultId }))).toBe("409 IncorrectState");
    expect(verdict(service.ask("scheduleVaultDeletion", { vaultId: unknownOcid }))).toBe("404 NotAuthorizedOrNotFound");
    const foreign = service.ask("scheduleVaultDeletion", { vaultId }, { profile: service.stranger });
    expect(verdict(foreign)).toBe("404 NotAuthorizedOrNotFound");
  });
});
