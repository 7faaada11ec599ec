import { beforeAll, describe, expect, test } from "vitest";
import { abroad, home, Service, unknownOcid, verdict } from "./service.ts";

describe("listVaults", () => {
  let service: Service;
  beforeAll(() => {
    service = new Service();
    for (const [index, displayName] of ["beta", "Alpha", "gamma", "alpha", "Δelta"].entries()) {
      service.addVault({ displayName, ageDays: 10 * (index + 1) });
    }
    service.addVault({ displayName: "elsewhere", compartmentId: service.otherCompartment });
    service.addVault({ displayName: "abroad", region: abroad });
  });
  const names = (params: object = {}, region = home): string[] =>
    service
      .ask("listVaults", { compartmentId: service.compartment, ...params }, { region })
      .json.map((vault: { displayName: string }) => vault.displayName);

  test("is one compartment of one region, newest first", () => {
    expect(names()).toEqual(["beta", "Alpha", "gamma", "alpha", "Δelta"]);
    expect(names({}, abroad)).toEqual(["abroad"]);
  });

  test.each([
    [{ sortBy: "TIMECREATED" }, ["beta", "Alpha", "gamma", "alpha", "Δelta"]],
    [{ sortBy: "TIMECREATED", sortOrder: "ASC" }, ["Δelta", "alpha", "gamma", "Alpha", "beta"]],
    [{ sortOrder: "ASC" }, ["Δelta", "alpha", "gamma", "Alpha", "beta"]],
  ])("sorts by %j", (params, expected) => {
    expect(names(params)).toEqual(expected);
  });

  test("sorts names without case, ties by OCID, ascending by default", () => {
    const sorted = names({ sortBy: "DISPLAYNAME" });
    expect(sorted.map((name) => name.toLowerCase())).toEqual(["alpha", "alpha", "beta", "gamma", "δelta"]);
    expect(names({ sortBy: "DISPLAYNAME", sortOrder: "DESC" })).toEqual([...sorted].reverse());
  });

  test("pages to the end with URL-safe tokens, each vault once", () => {
    const seen: string[] = [];
    let page: string | undefined;
    do {
      const params = { compartmentId: service.compartment, sortBy: "DISPLAYNAME", limit: 2, page } as const;
      const answer = service.ask("listVaults", params);
      expect(answer.json.length).toBeLessThanOrEqual(2);
      seen.push(...answer.json.map((vault: { id: string }) => vault.id));
      page = answer.headers["opc-next-page"];
      if (page !== undefined) expect(page).toMatch(/^[A-Za-z0-9_-]+$/);
    } while (page !== undefined);
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  test("a vault made between two pages neither repeats nor hides another", () => {
    const first = service.ask("listVaults", { compartmentId: service.otherCompartment, limit: 1 });
    expect(first.headers["opc-next-page"]).toBeUndefined();
    const busy = new Service();
    for (let index = 0; index < 4; index++) busy.addVault({ displayName: `v${index}`, ageDays: 10 + index });
    const one = busy.ask("listVaults", { compartmentId: busy.compartment, limit: 2 });
    busy.addVault({ displayName: "newest", ageDays: 1 });
    const two = busy.ask("listVaults", {
      compartmentId: busy.compartment,
      limit: 2,
      page: one.headers["opc-next-page"] ?? "",
    });
    const seen = [...one.json, ...two.json].map((vault: { displayName: string }) => vault.displayName);
    expect(seen).toEqual(["v0", "v1", "v2", "v3"]);
  });

  test("E2: a token fits its own query and world only", () => {
    const { compartment } = service;
    const page = service.ask("listVaults", { compartmentId: compartment, limit: 2 }).headers["opc-next-page"] ?? "";
    const other = new Service();
    other.addVault();
    expect(verdict(service.ask("listVaults", { compartmentId: compartment, page, sortOrder: "ASC" }))).toBe(
      "400 InvalidParameter",
    );
    expect(verdict(service.ask("listVaults", { compartmentId: service.otherCompartment, page }))).toBe(
      "400 InvalidParameter",
    );
    expect(verdict(other.ask("listVaults", { compartmentId: other.compartment, page }))).toBe("400 InvalidParameter");
    expect(verdict(service.ask("listVaults", { compartmentId: compartment, page: `${page}A` }))).toBe(
      "400 InvalidParameter",
    );
    expect(verdict(service.ask("listVaults", { compartmentId: compartment, page: "not a token" }))).toBe(
      "400 InvalidParameter",
    );
    expect(service.ask("listVaults", { compartmentId: compartment, limit: 3, page }).json).toHaveLength(3);
  });

  test("a summary lacks the fields only GetVault has and carries one nobody knows", () => {
    const [vault] = service.ask("listVaults", { compartmentId: service.compartment }).json;
    for (const field of [
      "timeOfDeletion",
      "isPrimary",
      "isVaultReplicable",
      "replicaDetails",
      "restoredFromVaultId",
      "wrappingkeyId",
    ]) {
      expect(vault).not.toHaveProperty(field);
    }
    expect(vault.externalVendorMetadata).toBeNull();
    expect(vault.externalKeyManagerMetadataSummary).toBeNull();
    expect(vault.timeCreated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test.each([
    ["no compartment", "/20180608/vaults", "400 MissingParameter"],
    ["limit 0", "&limit=0", "400 InvalidParameter"],
    ["limit 1001", "&limit=1001", "400 InvalidParameter"],
    ["limit 1.5", "&limit=1.5", "400 InvalidParameter"],
    ["limit text", "&limit=many", "400 InvalidParameter"],
    ["empty page", "&page=", "400 InvalidParameter"],
    ["sort by type", "&sortBy=TYPE", "400 InvalidParameter"],
    ["lower-case sort", "&sortOrder=desc", "400 InvalidParameter"],
  ])("refuses %s", (_, part, expected) => {
    const target = part.startsWith("/") ? part : `/20180608/vaults?compartmentId=${service.compartment}${part}`;
    expect(verdict(service.askRaw("GET", target))).toBe(expected);
  });

  test.each([
    ["not an OCID", "400 InvalidParameter", () => "compartment"],
    ["an OCID with a slash", "400 InvalidParameter", () => "ocid1.compartment.oc1..a/../b"],
    ["an unknown compartment", "404 NotAuthorizedOrNotFound", () => unknownOcid],
    ["another tenancy's compartment", "404 NotAuthorizedOrNotFound", () => service.strangeCompartment],
  ])("refuses %s", (_, expected, compartmentId) => {
    expect(verdict(service.ask("listVaults", { compartmentId: compartmentId() }))).toBe(expected);
  });

  test("E17: ignores parameters it does not know", () => {
    const target = `/20180608/vaults?compartmentId=${service.compartment}&lifecycleState=ACTIVE`;
    expect(service.askRaw("GET", target).json).toHaveLength(5);
  });

  test("the tenancy's own OCID is a compartment too", () => {
    expect(service.ask("listVaults", { compartmentId: service.mine.tenancy }).json).toEqual([]);
  });
});
