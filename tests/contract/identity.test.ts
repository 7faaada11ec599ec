import { describe, expect, test } from "vitest";
import { Service, unknownOcid, verdict } from "./service.ts";

describe("listCompartments", () => {
  const tree = () => {
    const service = new Service();
    const child = service.addCompartment("Child", service.compartment, service.mine.tenancy);
    const grandchild = service.addCompartment("Grandchild", child, service.mine.tenancy);
    service.world.commit();
    const names = (params: object): string[] =>
      service
        .ask("listCompartments", { compartmentId: service.mine.tenancy, sortBy: "NAME", ...params })
        .json.map(({ name }: { name: string }) => name);
    return { service, child, grandchild, names };
  };

  test("direct children, or the whole tree below the tenancy, never the root", () => {
    const { service, child, names } = tree();
    expect(names({})).toEqual(["First", "Second"]);
    expect(names({ compartmentIdInSubtree: true })).toEqual(["Child", "First", "Grandchild", "Second"]);
    expect(names({ compartmentIdInSubtree: false })).toEqual(["First", "Second"]);
    expect(names({ compartmentId: service.compartment })).toEqual(["Child"]);
    expect(names({ compartmentId: child })).toEqual(["Grandchild"]);
  });

  test("the subtree is the tenancy's only", () => {
    const { service } = tree();
    const params = { compartmentId: service.compartment, compartmentIdInSubtree: true };
    expect(verdict(service.ask("listCompartments", params))).toBe("400 InvalidParameter");
  });

  test("ACCESSIBLE leaves out what the caller may not inspect, whose vaults are not there either", () => {
    const { service, names } = tree();
    const second = service.world.get("compartment", service.otherCompartment);
    if (second !== undefined) service.world.put("compartment", { ...second, isAccessible: false });
    const hidden = service.addVault({ compartmentId: service.otherCompartment });
    expect(names({ accessLevel: "ANY" })).toEqual(["First", "Second"]);
    expect(names({ accessLevel: "ACCESSIBLE" })).toEqual(["First"]);
    expect(service.ask("listVaults", { compartmentId: service.otherCompartment }).status).toBe(404);
    expect(service.ask("getVault", { vaultId: hidden.id }).status).toBe(404);
  });

  test("by name, state, order and page", () => {
    const { service, names } = tree();
    expect(names({ name: "Second" })).toEqual(["Second"]);
    expect(names({ lifecycleState: "DELETED" })).toEqual([]);
    expect(names({ sortOrder: "DESC" })).toEqual(["Second", "First"]);
    const params = { compartmentId: service.mine.tenancy, compartmentIdInSubtree: true, limit: 3 } as const;
    const first = service.ask("listCompartments", params);
    const page = first.headers["opc-next-page"] ?? "";
    expect(service.ask("listCompartments", { ...params, page }).json).toHaveLength(1);
    expect(verdict(service.ask("listCompartments", { compartmentId: service.mine.tenancy, page }))).toBe(
      "400 InvalidParameter",
    );
  });

  test.each([
    [
      "another tenancy",
      (service: Service) => `?compartmentId=${service.stranger.tenancy}`,
      "404 NotAuthorizedOrNotFound",
    ],
    ["an unknown compartment", () => `?compartmentId=${unknownOcid}`, "404 NotAuthorizedOrNotFound"],
    ["no compartment", () => "", "400 MissingParameter"],
    [
      "a wrong flag",
      (service: Service) => `?compartmentId=${service.mine.tenancy}&compartmentIdInSubtree=yes`,
      "400 InvalidParameter",
    ],
    [
      "a wrong access level",
      (service: Service) => `?compartmentId=${service.mine.tenancy}&accessLevel=ALL`,
      "400 InvalidParameter",
    ],
  ])("refuses %s", (_, query, expected) => {
    const service = new Service();
    expect(verdict(service.askRaw("GET", `/20160918/compartments${query(service)}`))).toBe(expected);
  });
});

describe("the rest of Identity", () => {
  test("getCompartment: with an etag; the tenancy's OCID gives the root", () => {
    const service = new Service();
    const { json, headers } = service.ask("getCompartment", { compartmentId: service.compartment });
    expect(json).toMatchObject({
      id: service.compartment,
      compartmentId: service.mine.tenancy,
      name: "First",
      lifecycleState: "ACTIVE",
    });
    expect(headers.etag).toBeDefined();
    expect(service.ask("getCompartment", { compartmentId: service.mine.tenancy }).json.name).toBe("mine");
    expect(verdict(service.ask("getCompartment", { compartmentId: service.strangeCompartment }))).toBe(
      "404 NotAuthorizedOrNotFound",
    );
  });

  test("getTenancy: home region by key, no etag, own tenancy only", () => {
    const service = new Service();
    const { json, headers } = service.ask("getTenancy", { tenancyId: service.mine.tenancy });
    expect(json).toMatchObject({ id: service.mine.tenancy, name: "mine", homeRegionKey: "IAD" });
    expect(headers.etag).toBeUndefined();
    expect(verdict(service.ask("getTenancy", { tenancyId: service.stranger.tenancy }))).toBe(
      "404 NotAuthorizedOrNotFound",
    );
  });

  test("listRegionSubscriptions: three, Ashburn first and home", () => {
    const service = new Service();
    const { json } = service.ask("listRegionSubscriptions", { tenancyId: service.mine.tenancy });
    expect(json).toEqual([
      { regionKey: "IAD", regionName: "us-ashburn-1", status: "READY", isHomeRegion: true },
      { regionKey: "FRA", regionName: "eu-frankfurt-1", status: "READY", isHomeRegion: false },
      { regionKey: "LHR", regionName: "uk-london-1", status: "READY", isHomeRegion: false },
    ]);
    expect(verdict(service.ask("listRegionSubscriptions", { tenancyId: service.stranger.tenancy }))).toBe(
      "404 NotAuthorizedOrNotFound",
    );
  });

  test("listRegions: more of the realm than the tenancy has", () => {
    const { json } = new Service().ask("listRegions", {});
    expect(json).toContainEqual({ key: "PHX", name: "us-phoenix-1" });
    expect(json.length).toBeGreaterThan(3);
  });
});
