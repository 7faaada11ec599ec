import { describe, expect, test } from "vitest";
import { readResult } from "#lib/contract/request.ts";
import { abroad, Service, unknownOcid, verdict } from "./service.ts";

describe("getVault", () => {
  test("shows everything, absent values as explicit nulls", () => {
    const service = new Service();
    const vault = service.addVault({ freeformTags: { owner: "ops" }, definedTags: { Oracle: { CreatedBy: "me" } } });
    const { json, headers } = service.ask("getVault", { vaultId: vault.id });
    expect(json).toMatchObject({
      id: vault.id,
      displayName: "ledger",
      lifecycleState: "ACTIVE",
      wrappingkeyId: "",
      freeformTags: { owner: "ops" },
      definedTags: { Oracle: { CreatedBy: "me" } },
      timeOfDeletion: null,
      restoredFromVaultId: null,
      replicaDetails: null,
      isPrimary: true,
      isVaultReplicable: true,
      externalKeyManagerMetadataSummary: null,
      externalVendorMetadata: null,
    });
    expect(headers.etag).toMatch(/^[0-9a-f]{40}$/);
    expect(readResult("getVault", json).id).toBe(vault.id);
  });

  test("endpoints begin with the vault's part of the OCID and carry the region's port", () => {
    const service = new Service();
    const vault = service.addVault({ region: abroad });
    const part = vault.id.split(".")[4];
    const seen = service.see(vault.id, abroad);
    expect(seen.managementEndpoint).toBe(`http://${part}-management.kms.${abroad}.localhost:9001`);
    expect(seen.cryptoEndpoint).toBe(`http://${part}-crypto.kms.${abroad}.localhost:9001`);
  });

  test("E19: the etag stays while nothing changes, and changes with a field and with a state", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const etag = (): string | undefined => service.ask("getVault", { vaultId }).headers.etag;
    const first = etag();
    service.pass();
    expect(etag()).toBe(first);
    service.ask("updateVault", { vaultId, body: { displayName: "renamed" } });
    const renamed = etag();
    expect(renamed).not.toBe(first);
    service.ask("updateVault", { vaultId, body: { displayName: "ledger" } });
    expect(etag()).not.toBe(first);
    const moved = service.ask("changeVaultCompartment", { vaultId, body: { compartmentId: service.otherCompartment } });
    expect(moved.headers.etag).toBe(etag());
    service.pass();
    expect(etag()).not.toBe(moved.headers.etag);
  });

  test.each([
    ["unknown vault", unknownOcid, "404 NotAuthorizedOrNotFound"],
    ["no OCID", "ledger", "400 InvalidParameter"],
    ["traversal", "ocid1.vault.oc1.iad.x.y/../../vaults", "400 InvalidParameter"],
    ["longer than 255", `ocid1.vault.oc1.iad.${"a".repeat(300)}.b`, "400 InvalidParameter"],
  ])("refuses %s", (_, vaultId, expected) => {
    expect(verdict(new Service().ask("getVault", { vaultId }))).toBe(expected);
  });

  test("is not there for another tenancy or in another region, in the same words", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const missing = service.ask("getVault", { vaultId: unknownOcid });
    const foreign = service.ask("getVault", { vaultId }, { profile: service.stranger });
    const elsewhere = service.ask("getVault", { vaultId }, { region: abroad });
    expect([foreign.status, elsewhere.status]).toEqual([404, 404]);
    expect(foreign.json).toEqual(missing.json);
    expect(elsewhere.json).toEqual(missing.json);
  });

  test("an EXTERNAL vault shows its key manager without the secret", () => {
    const service = new Service();
    const created = service.ask("createVault", {
      body: {
        compartmentId: service.compartment,
        displayName: "outside",
        vaultType: "EXTERNAL",
        externalKeyManagerMetadata: {
          externalVaultEndpointUrl: "https://ekm.example/v",
          privateEndpointId: "ocid1.ekmsprivateendpoint.oc1.iad.x",
          oauthMetadata: {
            idcsAccountNameUrl: "https://idcs.example",
            clientAppId: "app",
            clientAppSecret: "very-secret",
          },
        },
      },
    });
    const read = service.ask("getVault", { vaultId: created.json.id });
    expect(read.json.externalKeyManagerMetadataSummary).toEqual({
      externalVaultEndpointUrl: "https://ekm.example/v",
      privateEndpointId: "ocid1.ekmsprivateendpoint.oc1.iad.x",
      vendor: null,
      oauthMetadataSummary: { idcsAccountNameUrl: "https://idcs.example", clientAppId: "app" },
    });
    expect(JSON.stringify([created.json, read.json])).not.toContain("very-secret");
    expect(JSON.stringify([...service.world.all("vault"), ...service.world.all("retry")])).not.toContain("very-secret");
  });
});
