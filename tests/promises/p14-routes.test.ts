// P14: no route without a policy. Every build compares what was compiled (scripts/check-build.ts); here the sources are, one by one.
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { unlistedRoutes } from "#lib/bff/routes.ts";

const root = resolve(import.meta.dirname, "../../app");
const routes = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /(^|\/)(page|route)\.tsx?$/.test(file))
  .map((file) => `/${file.replace(/\/?(page|route)\.tsx?$/, "").replace(/\([^)]+\)\/?/g, "")}`.replace(/(.)\/$/, "$1"));

describe(`P14: no route without a policy (${routes.length} cases)`, () => {
  it("every page and every route handler is in the table, and nothing else", () => {
    expect(routes.length).toBeGreaterThan(40);
    expect(unlistedRoutes(routes)).toEqual([]);
  });

  it.each(["/api/dummy", "/api/oci/extra/[x]/y", "/secret", "/vaults/[region]"])("one more, %s, is found", (extra) => {
    expect(unlistedRoutes([...routes, extra])).toHaveLength(1);
  });
});
