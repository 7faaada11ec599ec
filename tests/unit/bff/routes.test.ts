import { describe, expect, it } from "vitest";
import { apiRoutes, findRoute, unlistedRoutes } from "#lib/bff/routes.ts";

describe("the table of routes", () => {
  it("knows an address by its segments, a literal before a name", () => {
    expect(findRoute("/api/approvals")?.methods).toEqual({ GET: "reviewer" });
    expect(findRoute("/api/approvals/7")).toMatchObject({
      path: "/api/approvals/[id]",
      methods: { GET: "reviewer", POST: "admin" },
    });
    expect(findRoute("/api/oci/a/kms/b/20180608/vaults")?.methods).toHaveProperty("PUT");
    for (const path of [
      "/api",
      "/api/",
      "/api/oci",
      "/api/oci/",
      "/api/approvals/",
      "/api/approvals/7/8",
      "/api/people/x",
    ])
      expect(findRoute(path), path).toBeNull();
  });

  it.each(["__proto__", "constructor", "toString"])("has no address %s", (name) => {
    expect(findRoute(`/api/${name}`)).toBeNull();
  });

  it("finds what was compiled without a policy, and policies without a route", () => {
    const compiled = ["/", "/api/dummy", "/vaults", "/secret-page"];
    const problems = unlistedRoutes(compiled).join("\n");
    expect(problems).toContain("/api/dummy has no policy");
    expect(problems).toContain("/secret-page has no policy");
    expect(problems).toContain("/api/health of lib/bff/routes.ts has no route");
    expect(problems).not.toContain("/vaults has");
    expect(Object.keys(apiRoutes).length).toBeGreaterThan(20);
  });
});
