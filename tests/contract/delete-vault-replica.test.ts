import { describe, expect, test } from "vitest";
import { abroad, Service, third, verdict } from "./service.ts";

describe("deleteVaultReplica", () => {
  const replicated = (): { service: Service; vaultId: string } => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    service.ask("createVaultReplica", { vaultId, body: { replicaRegion: abroad } });
    service.pass();
    return { service, vaultId };
  };

  test("202; DELETING, then in no list any more, and another region may follow", () => {
    const { service, vaultId } = replicated();
    const answer = service.ask("deleteVaultReplica", { vaultId, body: { replicaRegion: abroad } });
    expect(answer.status).toBe(202);
    expect(answer.headers.etag).toBeUndefined();
    expect(service.see(vaultId, abroad).lifecycleState).toBe("DELETING");
    expect(verdict(service.ask("createVaultReplica", { vaultId, body: { replicaRegion: third } }))).toBe(
      "409 IncorrectState",
    );
    service.pass();
    expect(service.ask("getVault", { vaultId }, { region: abroad }).status).toBe(404);
    expect(service.ask("listVaults", { compartmentId: service.compartment }, { region: abroad }).json).toEqual([]);
    expect(service.see(vaultId).replicaDetails).toBeNull();
    expect(service.ask("createVaultReplica", { vaultId, body: { replicaRegion: third } }).status).toBe(202);
  });

  test("404 for a region without one, 409 while it is coming or going, 400, 412", () => {
    const { service, vaultId } = replicated();
    const remove = (replicaRegion: string, ifMatch?: string) =>
      verdict(service.ask("deleteVaultReplica", { vaultId, body: { replicaRegion }, ifMatch }));
    expect(remove(third)).toBe("404 NotAuthorizedOrNotFound");
    expect(remove("Somewhere")).toBe("400 InvalidParameter");
    expect(remove(abroad, "x")).toBe("412 NoEtagMatch");
    expect(remove(abroad)).toBe("202");
    expect(remove(abroad)).toBe("409 IncorrectState");
    service.pass();
    expect(remove(abroad)).toBe("404 NotAuthorizedOrNotFound");
    service.ask("createVaultReplica", { vaultId, body: { replicaRegion: abroad } });
    expect(remove(abroad)).toBe("409 IncorrectState");
    expect(verdict(service.ask("deleteVaultReplica", { vaultId, body: {} as never }))).toBe("400 MissingParameter");
  });
});
