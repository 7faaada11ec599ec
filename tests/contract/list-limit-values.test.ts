import { describe, expect, test } from "vitest";
import { setVaultLimit } from "#emulator/vault-limits.ts";
import { dayMs, Service, unknownOcid, verdict } from "./service.ts";

describe("listLimitValues", () => {
  const ask = (service: Service, params: object) =>
    service.ask("listLimitValues", { compartmentId: service.mine.tenancy, serviceName: "kms", ...params });

  test("the tenancy's limits by name, ordered and paged", () => {
    const service = new Service();
    expect(ask(service, {}).json).toEqual([
      { name: "virtual-private-vault-count", scopeType: "REGION", value: 2_000 },
      { name: "virtual-vault-count", scopeType: "REGION", value: 10_000 },
      { name: "virtual-vault-softwarekeyversion-count", scopeType: "REGION", value: 1_000_000 },
    ]);
    expect(ask(service, { name: "virtual-vault-count" }).json).toHaveLength(1);
    expect(ask(service, { name: "no-such-count" }).json).toEqual([]);
    expect(ask(service, { scopeType: "AD" }).json).toEqual([]);
    const first = ask(service, { limit: 2, sortOrder: "DESC" });
    expect(first.json.map(({ name }: { name: string }) => name)).toEqual([
      "virtual-vault-softwarekeyversion-count",
      "virtual-vault-count",
    ]);
    const page = first.headers["opc-next-page"] ?? "";
    expect(ask(service, { limit: 2, sortOrder: "DESC", page }).json).toHaveLength(1);
  });

  test("only the caller's tenancy, only its root, only kms", () => {
    const service = new Service();
    expect(verdict(ask(service, { compartmentId: unknownOcid }))).toMatch(/^404/);
    expect(verdict(ask(service, { compartmentId: service.compartment }))).toMatch(/^404/);
    expect(verdict(ask(service, { serviceName: "compute" }))).toBe("400 InvalidParameter");
  });
});

describe("E21: a vault takes a slot of its type and region", () => {
  const make = (service: Service, vaultType = "DEFAULT") =>
    service.ask("createVault", {
      body: { compartmentId: service.compartment, displayName: "one more", vaultType } as never,
    });

  test("the one above the limit is refused, and deleting one frees its slot on the date", () => {
    const service = new Service({ settleMs: 0 });
    setVaultLimit(service.world, "virtual-vault-count", 1);
    const first = make(service).json;
    expect(make(service).json).toEqual({
      code: "LimitExceeded",
      message: "The following service limits were exceeded: virtual-vault-count.",
    });
    expect(make(service, "VIRTUAL_PRIVATE").status).toBe(200);
    service.ask("scheduleVaultDeletion", {
      vaultId: first.id,
      body: { timeOfDeletion: new Date(service.now + 8 * dayMs).toISOString() },
    });
    expect(verdict(make(service))).toBe("400 LimitExceeded");
    service.pass(9 * dayMs);
    expect(make(service).status).toBe(200);
  });

  test("a replica takes one in its own region, and none in the region of its source", () => {
    const service = new Service({ settleMs: 0 });
    setVaultLimit(service.world, "virtual-private-vault-count", 1);
    const vaultId = make(service, "VIRTUAL_PRIVATE").json.id;
    const there = { region: "uk-london-1" };
    const other = service.ask(
      "createVault",
      {
        body: { compartmentId: service.compartment, displayName: "there", vaultType: "VIRTUAL_PRIVATE" } as never,
      },
      there,
    ).json;
    const replicate = () => service.ask("createVaultReplica", { vaultId, body: { replicaRegion: "uk-london-1" } });
    expect(verdict(replicate())).toBe("400 LimitExceeded");
    service.ask(
      "scheduleVaultDeletion",
      {
        vaultId: other.id,
        body: { timeOfDeletion: new Date(service.now + 8 * dayMs).toISOString() },
      },
      there,
    );
    service.pass(9 * dayMs);
    expect(replicate().status).toBe(202);
    service.pass(1_000);
    expect(make(service, "VIRTUAL_PRIVATE").json.code).toBe("LimitExceeded");
  });
});
