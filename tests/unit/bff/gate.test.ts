import { describe, expect, it } from "vitest";
import { findAccess, requireAccess } from "#lib/bff/gate.ts";
import { apiRoutes } from "#lib/bff/routes.ts";
import type { SignedIn } from "#lib/bff/session.ts";
import { consoleRoles } from "#lib/contract/api.ts";

const personOf = (role: SignedIn["role"]) => ({ role }) as SignedIn;
/** Written here once more, so that a slip in the gate is not repeated by its test. */
const letIn: Readonly<Record<string, readonly string[]>> = {
  admin: ["admin"],
  reviewer: ["admin", "auditor"],
  "signed in": ["admin", "auditor", "helpdesk", "operator"],
  "by operation": ["admin", "auditor", "helpdesk", "operator"],
  "by question": ["admin", "auditor", "helpdesk", "operator"],
};

const rows = Object.entries(apiRoutes).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, who]) => ({ method, path, who })),
);

describe("the gate", () => {
  it.each(rows)("lets in whom the table names: $method $path is for $who", ({ method, path, who }) => {
    const access = findAccess(method, `${path.replace("[id]", "7").replace("[...path]", "a/b")}?x=1`);
    expect(access).toEqual({ path, who });
    const isIn = (person: SignedIn | null) => {
      try {
        requireAccess(access, person);
        return true;
      } catch {
        return false;
      }
    };
    const open = who === "anyone" || who === "own checks";
    expect(isIn(null)).toBe(open);
    const roles = consoleRoles.filter((role) => isIn(personOf(role))).sort();
    expect(roles).toEqual(open ? [...consoleRoles].sort() : letIn[who]);
  });

  it.each([
    ["GET", "/api/none", 404],
    ["GET", "/vaults", 404],
    ["DELETE", "/api/people", 405],
    ["constructor", "/api/people", 405],
    ["PATCH", "/api/oci/a/kms/b/20180608/vaults", 405],
  ])("refuses %s %s, which the table does not have", (method, target, status) => {
    expect(() => findAccess(method, target)).toThrow(expect.objectContaining({ status }));
  });
});
