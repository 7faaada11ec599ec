import { describe, expect, test } from "vitest";
import { abroad, Service, settleMs, third, unknownOcid, verdict } from "./service.ts";

describe("createVaultReplica", () => {
  test("202 without body or etag; the other region shows the same vault, not primary (E14)", () => {
    const service = new Service();
    const vault = service.addVault();
    const vaultId = vault.id;
    const answer = service.ask("createVaultReplica", { vaultId, body: { replicaRegion: abroad } });
    expect(answer.status).toBe(202);
    expect(answer.body).toHaveLength(0);
    expect(answer.headers.etag).toBeUndefined();
    expect(service.see(vaultId, abroad).lifecycleState).toBe("CREATING");
    service.pass();
    expect(service.see(vaultId, abroad)).toMatchObject({ id: vaultId, isPrimary: false, lifecycleState: "ACTIVE" });
    expect(service.see(vaultId).isPrimary).toBe(true);
    expect(service.see(vaultId).replicaDetails.replicationId).toMatch(/^ocid1\./);
    const listed = service.ask("listVaults", { compartmentId: service.compartment }, { region: abroad }).json;
    expect(listed.map(({ id }: { id: string }) => id)).toEqual([vaultId]);
    service.addKey(vault);
    expect(service.ask("getVaultUsage", { vaultId }, { region: abroad }).json.keyCount).toBe(1);
  });

  test("the same region again is a no-op, another region a Conflict (E5)", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    service.ask("createVaultReplica", { vaultId, body: { replicaRegion: abroad } });
    const etag = service.ask("getVault", { vaultId }).headers.etag;
    expect(service.ask("createVaultReplica", { vaultId, body: { replicaRegion: abroad } }).status).toBe(202);
    expect(service.ask("getVault", { vaultId }).headers.etag).toBe(etag);
    expect(verdict(service.ask("createVaultReplica", { vaultId, body: { replicaRegion: third } }))).toBe(
      "409 Conflict",
    );
  });

  test.each([
    ["the vault's own region", "us-ashburn-1"],
    ["a region that does not exist", "mars-north-1"],
    ["another realm's region", "us-gov-ashburn-1"],
    ["a region not subscribed to", "ap-tokyo-1"],
    ["words", "The Moon"],
    ["nothing", ""],
  ])("400 for %s", (_, replicaRegion) => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const answer = service.ask("createVaultReplica", { vaultId, body: { replicaRegion } });
    expect(verdict(answer)).toBe("400 InvalidParameter");
  });

  test("400 for a vault that cannot be replicated; 409 unless ACTIVE; 404, 412 as everywhere", () => {
    const service = new Service();
    const body = { replicaRegion: abroad };
    const old = service.addVault({ vaultType: "DEFAULT", isVaultReplicable: false });
    expect(verdict(service.ask("createVaultReplica", { vaultId: old.id, body }))).toBe("400 InvalidParameter");
    const { id: vaultId } = service.addVault();
    expect(verdict(service.ask("createVaultReplica", { vaultId, body, ifMatch: "x" }))).toBe("412 NoEtagMatch");
    expect(verdict(service.ask("createVaultReplica", { vaultId: unknownOcid, body }))).toBe(
      "404 NotAuthorizedOrNotFound",
    );
    expect(verdict(service.ask("createVaultReplica", { vaultId, body: {} as never }))).toBe("400 MissingParameter");
    service.ask("scheduleVaultDeletion", { vaultId });
    expect(verdict(service.ask("createVaultReplica", { vaultId, body }))).toBe("409 IncorrectState");
  });

  test("EXTERNAL vaults need the replica's metadata, others must not have it", () => {
    const service = new Service();
    const replicaVaultMetadata = {
      vaultType: "EXTERNAL",
      privateEndpointId: "ocid1.ekmsprivateendpoint.oc1.fra.x",
      idcsAccountNameUrl: "https://idcs.example",
    } as const;
    const outside = service.addVault({ vaultType: "EXTERNAL" });
    const inside = service.addVault();
    const ask = (vaultId: string, body: object) =>
      verdict(service.ask("createVaultReplica", { vaultId, body: { replicaRegion: abroad, ...body } }));
    expect(ask(outside.id, {})).toBe("400 InvalidParameter");
    expect(ask(inside.id, { replicaVaultMetadata })).toBe("400 InvalidParameter");
    expect(ask(outside.id, { replicaVaultMetadata: { ...replicaVaultMetadata, vaultType: "DEFAULT" } })).toBe(
      "400 InvalidParameter",
    );
    expect(ask(outside.id, { replicaVaultMetadata })).toBe("202");
  });

  test("E6: nothing can be managed on the replica", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    service.ask("createVaultReplica", { vaultId, body: { replicaRegion: abroad } });
    service.pass(settleMs * 2);
    const there = { region: abroad };
    expect([
      verdict(service.ask("createVaultReplica", { vaultId, body: { replicaRegion: third } }, there)),
      verdict(service.ask("deleteVaultReplica", { vaultId, body: { replicaRegion: abroad } }, there)),
      verdict(service.ask("scheduleVaultDeletion", { vaultId }, there)),
      verdict(service.ask("cancelVaultDeletion", { vaultId }, there)),
      verdict(service.ask("backupVault", { vaultId }, there)),
      verdict(
        service.ask("changeVaultCompartment", { vaultId, body: { compartmentId: service.otherCompartment } }, there),
      ),
    ]).toEqual(Array(6).fill("409 Conflict"));
  });
});
