import { describe, expect, test } from "vitest";
import { abroad, Service, unknownOcid, verdict } from "./service.ts";

const hostOf = (endpoint: string): string => new URL(endpoint).host;

describe("the vault's own management endpoint", () => {
  const vaultWithKeys = (count: number) => {
    const service = new Service();
    const vault = service.addVault();
    for (let index = 0; index < count; index++) {
      service.addKey(vault, { displayName: `key-${index}`, timeCreated: service.now - index * 1000 });
    }
    return { service, vault, host: hostOf(service.see(vault.id).managementEndpoint) };
  };

  test("listKeys: the keys of that vault in one compartment, sorted and paged", () => {
    const { service, vault, host } = vaultWithKeys(5);
    service.addKey(vault, { displayName: "elsewhere", compartmentId: service.otherCompartment });
    const other = service.addVault();
    service.addKey(other, { displayName: "not-here" });
    const names = (params: object): string[] =>
      service
        .ask("listKeys", { compartmentId: service.compartment, ...params }, { host })
        .json.map(({ displayName }: { displayName: string }) => displayName);
    expect(names({})).toEqual(["key-0", "key-1", "key-2", "key-3", "key-4"]);
    expect(names({ sortBy: "DISPLAYNAME", sortOrder: "DESC", limit: 2 })).toEqual(["key-4", "key-3"]);
    expect(names({ compartmentId: service.otherCompartment })).toEqual(["elsewhere"]);
    const first = service.ask("listKeys", { compartmentId: service.compartment, limit: 4 }, { host });
    expect(names({ limit: 4, page: first.headers["opc-next-page"] })).toEqual(["key-4"]);
  });

  test("getKey: shape, version and the date of a deletion", () => {
    const { service, vault, host } = vaultWithKeys(0);
    const key = service.addKey(vault, { algorithm: "RSA", length: 512 });
    const { json, headers } = service.ask("getKey", { keyId: key.id }, { host });
    expect(json).toMatchObject({
      id: key.id,
      vaultId: vault.id,
      lifecycleState: "ENABLED",
      keyShape: { algorithm: "RSA", length: 512 },
      currentKeyVersion: key.currentKeyVersion,
      timeOfDeletion: null,
    });
    expect(key.id).toContain(`.${vault.id.split(".")[4]}.`);
    expect(headers.etag).toMatch(/^[0-9a-f]{40}$/);
  });

  test("getReplicationStatus: REPLICATING, then REPLICATED, from either region's endpoint", () => {
    const { service, vault, host } = vaultWithKeys(0);
    service.ask("createVaultReplica", { vaultId: vault.id, body: { replicaRegion: abroad } });
    const { replicationId } = service.see(vault.id).replicaDetails;
    const status = (at: string, region: string) =>
      service.ask("getReplicationStatus", { replicationId }, { host: at, region }).json.replicaDetails;
    expect(status(host, "us-ashburn-1")).toEqual([{ region: abroad, status: "REPLICATING" }]);
    service.pass();
    expect(status(host, "us-ashburn-1")).toEqual([{ region: abroad, status: "REPLICATED" }]);
    const there = hostOf(service.see(vault.id, abroad).managementEndpoint);
    expect(status(there, abroad)).toEqual([{ region: abroad, status: "REPLICATED" }]);
  });

  test("finds nothing on another host, another vault's host, another region's port or for another tenancy", () => {
    const { service, vault, host } = vaultWithKeys(1);
    const other = service.addVault();
    const key = service.addKey(vault);
    const ask = (options: object) => [
      service.ask("listKeys", { compartmentId: service.compartment }, options).status,
      service.ask("getKey", { keyId: key.id }, options).status,
      service.ask("getReplicationStatus", { replicationId: unknownOcid }, options).status,
    ];
    expect(ask({})).toEqual([404, 404, 404]);
    expect(ask({ host: host.replace("-management", "-crypto") })).toEqual([404, 404, 404]);
    expect(ask({ host, region: abroad })).toEqual([404, 404, 404]);
    expect(ask({ host, profile: service.stranger })).toEqual([404, 404, 404]);
    const otherHost = hostOf(service.see(other.id).managementEndpoint);
    expect(service.ask("getKey", { keyId: key.id }, { host: otherHost }).status).toBe(404);
    expect(service.ask("getKey", { keyId: key.id }, { host: host.toUpperCase() }).status).toBe(200);
    expect(verdict(service.askRaw("GET", "/20180608/keys", { host }))).toBe("400 MissingParameter");
  });
});
