import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readEndpoints } from "#lib/bff/config-endpoints.ts";
import { createEndpoints } from "#lib/oci/endpoints.ts";

const home = mkdtempSync(join(tmpdir(), "oci-regions-"));
mkdirSync(join(home, ".oci"));
const file = join(home, ".oci", "regions-config.json");
afterAll(() => rmSync(home, { recursive: true }));

const get = (settings: Record<string, string>) => (name: string) => settings[name] ?? null;
const region = (regionIdentifier: string, realmDomainComponent: string) => ({
  realmKey: "oc99",
  realmDomainComponent,
  regionKey: regionIdentifier.replace(/\W/g, "").slice(0, 8),
  regionIdentifier,
});
const kms = (settings: Record<string, string>, name: string) =>
  createEndpoints({ ...readEndpoints(get(settings), home), realm: "oc1" }).origin("kms", name);

it("finds a region as Oracle's clients do: table, file, variable, default realm, realm of the tenancy", () => {
  writeFileSync(file, JSON.stringify([region("one-new-1", "file.example"), region("us-ashburn-1", "file.example")]));
  const settings = {
    OCI_REGION_METADATA: JSON.stringify(region("one-new-1", "variable.example")),
    OCI_DEFAULT_REALM: "Default.Example",
  };
  expect(kms(settings, "us-ashburn-1")).toBe("https://kms.us-ashburn-1.oraclecloud.com");
  expect(kms(settings, "one-new-1")).toBe("https://kms.one-new-1.file.example");
  expect(kms(settings, "two-new-1")).toBe("https://kms.two-new-1.default.example");
  writeFileSync(file, "[]");
  expect(kms(settings, "one-new-1")).toBe("https://kms.one-new-1.variable.example");
  expect(kms({}, "two-new-1")).toBe("https://kms.two-new-1.oraclecloud.com");
});

it("names the file that cannot be used, and reads none in a rehearsal", () => {
  writeFileSync(file, "{");
  expect(() => readEndpoints(get({}), home)).toThrow(`${file} cannot be used: it is not JSON`);
  writeFileSync(file, "{}");
  expect(() => readEndpoints(get({}), home)).toThrow(`${file} cannot be used`);
  writeFileSync(file, JSON.stringify([{ ...region("one-new-1", "x"), regionKey: undefined }]));
  expect(() => readEndpoints(get({}), home)).toThrow("regionKey is missing or not valid");
  expect(readEndpoints(get({}), null).extraRegions).toEqual([]);
});
