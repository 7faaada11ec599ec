import { describe, expect, test } from "vitest";
import { abroad, Service, unknownOcid, verdict } from "./service.ts";

describe("listVaultReplicas", () => {
  test("shows region, status and endpoints, nothing else, and an etag", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const before = service.ask("listVaultReplicas", { vaultId });
    expect(before.json).toEqual([]);
    service.ask("createVaultReplica", { vaultId, body: { replicaRegion: abroad } });
    const part = vaultId.split(".")[4];
    const expected = {
      region: abroad,
      cryptoEndpoint: `http://${part}-crypto.kms.${abroad}.localhost:9001`,
      managementEndpoint: `http://${part}-management.kms.${abroad}.localhost:9001`,
    };
    const during = service.ask("listVaultReplicas", { vaultId });
    expect(during.json).toEqual([{ ...expected, status: "CREATING" }]);
    expect(during.headers.etag).not.toBe(before.headers.etag);
    service.pass();
    expect(service.ask("listVaultReplicas", { vaultId }).json).toEqual([{ ...expected, status: "CREATED" }]);
    expect(service.ask("listVaultReplicas", { vaultId }, { region: abroad }).json).toHaveLength(1);
    service.ask("deleteVaultReplica", { vaultId, body: { replicaRegion: abroad } });
    expect(service.ask("listVaultReplicas", { vaultId }).json).toEqual([{ ...expected, status: "DELETING" }]);
    service.pass();
    expect(service.ask("listVaultReplicas", { vaultId }).json).toEqual([]);
  });

  test("ignores if-match and a retry token, which it takes although it reads (E18)", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const params = {
      vaultId,
      ifMatch: "nonsense",
      opcRetryToken: "t",
      sortBy: "DISPLAYNAME",
      sortOrder: "ASC",
      limit: 1,
    } as const;
    expect(service.ask("listVaultReplicas", params).status).toBe(200);
    expect(service.ask("listVaultReplicas", { ...params, limit: 2 }).status).toBe(200);
  });

  test("refuses bad paging and unknown vaults", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    expect(verdict(service.ask("listVaultReplicas", { vaultId, limit: 0 }))).toBe("400 InvalidParameter");
    expect(verdict(service.ask("listVaultReplicas", { vaultId, page: "abc" }))).toBe("400 InvalidParameter");
    expect(verdict(service.ask("listVaultReplicas", { vaultId: unknownOcid }))).toBe("404 NotAuthorizedOrNotFound");
    const foreign = service.ask("listVaultReplicas", { vaultId }, { profile: service.stranger });
    expect(foreign.status).toBe(404);
  });
});
