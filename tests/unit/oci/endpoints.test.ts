import { Region as OracleRegion } from "oci-common";
import { describe, expect, it } from "vitest";
import { createEndpoints, parseRegionMetadata } from "#lib/oci/endpoints.ts";
import { realms, regions } from "#lib/oci/regions.ts";

const refused = expect.objectContaining({ name: "UpstreamFailure", kind: "bad_endpoint" });

describe("the region table", () => {
  it("is Oracle's own", () => {
    const theirs = OracleRegion.values().map(({ regionId, regionCode, realm }) =>
      [regionId, regionCode, realm.realmId, realm.secondLevelDomain].join(" "),
    );
    const ours = [...regions.values()].map(({ id, key, realm }) => [id, key, realm.id, realm.domain].join(" "));
    expect(ours.sort()).toEqual(theirs.sort());
    expect([regions.size, realms.size]).toEqual([85, 20]);
  });
});

describe("origins", () => {
  const endpoints = createEndpoints();
  it.each([
    ["kms", "us-ashburn-1", "https://kms.us-ashburn-1.oraclecloud.com"],
    ["identity", "us-ashburn-1", "https://identity.us-ashburn-1.oci.oraclecloud.com"],
    ["objectstorage", "eu-frankfurt-2", "https://objectstorage.eu-frankfurt-2.oraclecloud.eu"],
    ["kms", "us-gov-phoenix-1", "https://kms.us-gov-phoenix-1.oraclegovcloud.com"],
    ["kms", "PHX", "https://kms.us-phoenix-1.oraclecloud.com"],
  ] as const)("%s in %s", (service, region, origin) => expect(endpoints.origin(service, region)).toBe(origin));

  it("resolves an unknown region by metadata, then domain, then realm of the tenancy, then oc1", () => {
    const extra = parseRegionMetadata({
      realmKey: "OC99",
      realmDomainComponent: "oraclecloud99.com",
      regionKey: "XYZ",
      regionIdentifier: "xx-new-1",
    });
    const kms = (options: Parameters<typeof createEndpoints>[0]) => createEndpoints(options).origin("kms", "xx-new-1");
    expect(kms({ extraRegions: [extra], defaultDomain: "a.example" })).toBe("https://kms.xx-new-1.oraclecloud99.com");
    expect(kms({ defaultDomain: "a.example", realm: "oc2" })).toBe("https://kms.xx-new-1.a.example");
    expect(kms({ realm: "oc2" })).toBe("https://kms.xx-new-1.oraclegovcloud.com");
    expect(kms({})).toBe("https://kms.xx-new-1.oraclecloud.com");
  });

  it("takes the built-in table first", () => {
    const mine = parseRegionMetadata({
      realmKey: "oc1",
      realmDomainComponent: "elsewhere.example",
      regionKey: "iad",
      regionIdentifier: "us-ashburn-1",
    });
    expect(createEndpoints({ extraRegions: [mine] }).origin("kms", "us-ashburn-1")).toBe(
      "https://kms.us-ashburn-1.oraclecloud.com",
    );
  });

  it("fills a template for every region, one the table does not know too", () => {
    const gateway = createEndpoints({
      templates: { kms: "https://gw-{region}.example.com", identity: "https://gw.example.com" },
    });
    expect(gateway.origin("kms", "us-ashburn-1")).toBe("https://gw-us-ashburn-1.example.com");
    expect(gateway.origin("kms", "xx-new-1")).toBe("https://gw-xx-new-1.example.com");
    expect(gateway.origin("identity", "xx-new-1")).toBe("https://gw.example.com");
    expect(gateway.origin("objectstorage", "xx-new-1")).toBe("https://objectstorage.xx-new-1.oraclecloud.com");
  });

  it.each(["", "a", "us-ashburn-1.evil.example", "us/ashburn", "us@evil", "us-ashburn-1:80", "..", "us ashburn"])(
    "refuses %j as a region",
    (region) => expect(() => endpoints.origin("kms", region)).toThrow(refused),
  );

  it("uses realm-specific Object Storage names when asked", () => {
    const storage = createEndpoints({ isObjectStorageRealmSpecific: true });
    expect(storage.origin("objectstorage", "us-ashburn-1", "mine")).toBe(
      "https://mine.objectstorage.us-ashburn-1.oci.customer-oci.com",
    );
    expect(storage.origin("objectstorage", "us-ashburn-1", "evil/../x")).toBe(
      "https://objectstorage.us-ashburn-1.oci.customer-oci.com",
    );
    expect(storage.origin("objectstorage", "us-luke-1", "mine")).toBe(
      "https://objectstorage.us-luke-1.oraclegovcloud.com",
    );
  });
});

describe("overrides", () => {
  const overrides = { "us-ashburn-1": { kms: "http://127.0.0.1:4001/", identity: "http://[::1]:4001" } };

  it("replace one service of one region", () => {
    const endpoints = createEndpoints({ overrides });
    expect(endpoints.origin("kms", "iad")).toBe("http://127.0.0.1:4001");
    expect(endpoints.origin("objectstorage", "us-ashburn-1")).toBe(
      "https://objectstorage.us-ashburn-1.oraclecloud.com",
    );
    expect(endpoints.origin("kms", "us-phoenix-1")).toBe("https://kms.us-phoenix-1.oraclecloud.com");
  });

  it("can be all there is, so that a rehearsal never reaches the real service", () => {
    const endpoints = createEndpoints({ overrides, isOverridesOnly: true });
    expect(endpoints.origin("identity", "us-ashburn-1")).toBe("http://[::1]:4001");
    expect(() => endpoints.origin("kms", "us-phoenix-1")).toThrow(refused);
    expect(() =>
      endpoints.acceptManagementEndpoint("https://abc-management.kms.us-ashburn-1.oraclecloud.com", "us-ashburn-1"),
    ).toThrow(refused);
  });

  it.each([
    "ftp://127.0.0.1",
    "http://127.0.0.1:1/path",
    "http://user@127.0.0.1",
    "http://127.0.0.1?x",
    "http://127.0.0.1/#",
    "kms.example",
    "",
    "http://kms.example",
    "http://127.0.0.1.evil.example",
  ])("refuse %j", (url) => {
    expect(() => createEndpoints({ overrides: { "us-ashburn-1": { kms: url } } })).toThrow(
      /the kms endpoint of region us-ashburn-1 must be/,
    );
  });
});

describe("management endpoints", () => {
  const real = createEndpoints();
  const rehearsal = createEndpoints({ overrides: { "us-ashburn-1": { kms: "http://127.0.0.1:4001" } } });

  it.each([
    ["https://bzrgvxub-management.kms.us-ashburn-1.oraclecloud.com", "us-ashburn-1"],
    ["https://bzrgvxub-management.kms.us-ashburn-1.oci.oraclecloud.com", "us-ashburn-1"],
    ["https://bzrgvxub-management.kms.eu-madrid-2.oraclecloud.eu/", "eu-madrid-2"],
  ])("accepts %s", (url, region) => expect(real.acceptManagementEndpoint(url, region)).toBe(url.replace(/\/$/, "")));

  it.each([
    "http://abc-management.kms.us-ashburn-1.oraclecloud.com",
    "https://abc-management.kms.us-phoenix-1.oraclecloud.com",
    "https://abc-management.kms.us-ashburn-1.oraclecloud.com.evil.example",
    "https://abc-crypto.kms.us-ashburn-1.oraclecloud.com",
    "https://evil.example/abc-management.kms.us-ashburn-1.oraclecloud.com",
    "https://evil.example#abc-management.kms.us-ashburn-1.oraclecloud.com",
    "https://x@abc-management.kms.us-ashburn-1.oraclecloud.com",
    "https://abc-management.kms.us-ashburn-1.oraclecloud.com:8443",
    "https://abc-management.kms.us-ashburn-1.oraclecloud.com/20180608",
    "https://-management.kms.us-ashburn-1.oraclecloud.com",
    "https://a.b-management.kms.us-ashburn-1.oraclecloud.com",
    "http://abc-management.kms.us-ashburn-1.localhost:4001",
    "http://127.0.0.1:4001",
    "not an address",
  ])("refuses %s", (url) => expect(() => real.acceptManagementEndpoint(url, "us-ashburn-1")).toThrow(refused));

  it("accepts the emulator's own names on the port of the override", () => {
    const url = "http://abc-management.kms.us-ashburn-1.localhost:4001";
    expect(rehearsal.acceptManagementEndpoint(url, "us-ashburn-1")).toBe(url);
    expect(() => rehearsal.acceptManagementEndpoint(url.replace("4001", "4002"), "us-ashburn-1")).toThrow(refused);
    expect(() => rehearsal.acceptManagementEndpoint(url, "us-phoenix-1")).toThrow(refused);
    expect(() =>
      rehearsal.acceptManagementEndpoint(url.replace("localhost", "localhost.evil.example"), "us-ashburn-1"),
    ).toThrow(refused);
  });
});

describe("region metadata", () => {
  it("names the field that is wrong", () => {
    expect(() =>
      parseRegionMetadata({
        realmKey: "oc1",
        realmDomainComponent: "evil",
        regionKey: "abc",
        regionIdentifier: "x-y-1",
      }),
    ).toThrow("realmDomainComponent");
    expect(() => parseRegionMetadata(null)).toThrow("regionIdentifier");
  });
});
