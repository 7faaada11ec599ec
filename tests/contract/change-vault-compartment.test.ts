import { describe, expect, test } from "vitest";
import { Service, unknownOcid, verdict } from "./service.ts";

describe("changeVaultCompartment", () => {
  test("moves at once, is UPDATING, then ACTIVE; the answer is 204 with an etag", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const answer = service.ask("changeVaultCompartment", {
      vaultId,
      body: { compartmentId: service.otherCompartment },
    });
    expect(answer.status).toBe(204);
    expect(answer.body).toHaveLength(0);
    expect(answer.headers["content-length"]).toBeUndefined();
    expect(service.see(vaultId)).toMatchObject({ compartmentId: service.otherCompartment, lifecycleState: "UPDATING" });
    expect(service.ask("listVaults", { compartmentId: service.compartment }).json).toHaveLength(0);
    expect(service.ask("listVaults", { compartmentId: service.otherCompartment }).json).toHaveLength(1);
    service.pass();
    expect(service.see(vaultId).lifecycleState).toBe("ACTIVE");
  });

  test("can be the root compartment", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    service.ask("changeVaultCompartment", { vaultId, body: { compartmentId: service.mine.tenancy } });
    expect(service.see(vaultId).compartmentId).toBe(service.mine.tenancy);
  });

  test.each<[string, (service: Service) => unknown, string]>([
    ["an unknown target", () => ({ compartmentId: unknownOcid }), "404 NotAuthorizedOrNotFound"],
    ["another tenancy's", (service) => ({ compartmentId: service.strangeCompartment }), "404 NotAuthorizedOrNotFound"],
    ["the same compartment", (service) => ({ compartmentId: service.compartment }), "400 InvalidParameter"],
    ["no OCID", () => ({ compartmentId: "there" }), "400 InvalidParameter"],
    ["no target", () => ({}), "400 MissingParameter"],
    ["a wrong type", () => ({ compartmentId: 5 }), "400 InvalidParameter"],
  ])("refuses %s", (_, bodyOf, expected) => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const rawBody = JSON.stringify(bodyOf(service));
    expect(verdict(service.ask("changeVaultCompartment", { vaultId, body: undefined as never }, { rawBody }))).toBe(
      expected,
    );
    expect(service.see(vaultId).compartmentId).toBe(service.compartment);
  });

  test("needs a body, the right etag and an ACTIVE vault", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const body = { compartmentId: service.otherCompartment };
    expect(verdict(service.ask("changeVaultCompartment", { vaultId, body: undefined as never }))).toBe(
      "400 MissingParameter",
    );
    expect(verdict(service.ask("changeVaultCompartment", { vaultId, body, ifMatch: "old" }))).toBe("412 NoEtagMatch");
    service.ask("changeVaultCompartment", { vaultId, body });
    const again = { compartmentId: service.compartment };
    expect(verdict(service.ask("changeVaultCompartment", { vaultId, body: again }))).toBe("409 IncorrectState");
  });
});
