/**
 * Every address of the console and who may ask for it. The front door refuses what is not here before anything else sees
 * it, the gate lets in whom it names (gate.ts), and the build fails over a compiled route that is not here (promises P13, P14).
 */

/**
 * Who may ask: `anyone`; `signed in`: any role; `admin`: security admins; `reviewer`: they and auditors; `by operation`:
 * the table of operations (lib/contract/operations.ts); `by question`: reviewers about everything, others about one vault
 * they may see; `own checks`: the identity provider's redirect and its own calls, and calendar programs, which have a
 * secret.
 */
export type Who = "anyone" | "signed in" | "admin" | "reviewer" | "by operation" | "by question" | "own checks";
export type RouteMethod = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
type Methods = Readonly<Partial<Record<RouteMethod, Who>>>;

/** By path: `[name]` is one segment, `[...name]` one or more. A literal wins over a name. */
export const apiRoutes: Readonly<Record<string, Methods>> = {
  "/api/health": { GET: "anyone", HEAD: "anyone" },
  "/api/ready": { GET: "anyone", HEAD: "anyone" },
  "/api/csp-report": { POST: "anyone" },
  "/api/session": { GET: "anyone", POST: "anyone", DELETE: "anyone" },
  "/api/session/setup": { POST: "anyone" },
  "/api/session/step-up": { GET: "signed in", POST: "signed in" },
  "/api/session/password": { POST: "signed in" },
  "/api/session/list": { GET: "signed in" },
  "/api/session/end": { POST: "signed in" },
  "/api/session/provider": { POST: "anyone" },
  "/api/session/provider/callback": { GET: "own checks" },
  "/api/session/provider/logout": { POST: "own checks" },
  "/api/status": { GET: "signed in" },
  "/api/feeds": { GET: "signed in", POST: "signed in", DELETE: "signed in" },
  "/api/feeds/deletions.ics": { GET: "own checks" },
  "/api/usage": { GET: "signed in" },
  "/api/reveal": { POST: "signed in" },
  "/api/inventory": { GET: "signed in" },
  "/api/oci/[...path]": {
    GET: "by operation",
    HEAD: "by operation",
    POST: "by operation",
    PUT: "by operation",
    DELETE: "by operation",
  },
  "/api/activity": { GET: "by question" },
  "/api/activity/export": { GET: "reviewer" },
  "/api/activity/verify": { GET: "reviewer" },
  "/api/approvals": { GET: "reviewer" },
  "/api/approvals/[id]": { GET: "reviewer", POST: "admin" },
  "/api/people": { GET: "admin" },
  "/api/people/add": { POST: "admin" },
  "/api/people/role": { POST: "admin" },
  "/api/people/disable": { POST: "admin" },
  "/api/people/enable": { POST: "admin" },
  "/api/people/invite": { POST: "admin" },
  "/api/people/end-sessions": { POST: "admin" },
};

/** Pages are shells without data: anyone may load one, GET and HEAD only. */
const pages: readonly string[] = [
  "/",
  "/sign-in",
  "/sign-in/done",
  "/sign-in/provider",
  "/setup",
  "/vaults",
  "/vaults/create",
  "/vaults/[region]/[ocid]",
  "/vaults/[region]/[ocid]/edit",
  "/vaults/[region]/[ocid]/move",
  "/vaults/[region]/[ocid]/backup",
  "/vaults/[region]/[ocid]/create-replica",
  "/vaults/[region]/[ocid]/delete-replica",
  "/vaults/[region]/[ocid]/schedule-deletion",
  "/restore",
  "/deletions",
  "/activity",
  "/activity/[receipt]",
  "/approvals",
  "/approvals/[id]",
  "/people",
  "/status",
  "/account",
];

interface Route {
  /** As the table has it. */
  readonly path: string;
  readonly methods: Methods;
}

const patterns = Object.entries(apiRoutes).map(([path, methods]) => ({ path, segments: path.split("/"), methods }));

/** The row of a plain path below `/api/`; null when there is no such address. */
export function findRoute(path: string): Route | null {
  const parts = path.split("/");
  const found = patterns.filter(({ segments }) => fits(segments, parts));
  return found.find(({ segments }) => !segments.some((each) => each.startsWith("["))) ?? found[0] ?? null;
}

function fits(segments: readonly string[], parts: readonly string[]): boolean {
  const isOpen = segments.at(-1)?.startsWith("[...") ?? false;
  if (isOpen ? parts.length < segments.length : parts.length !== segments.length) return false;
  return segments.every((segment, index) =>
    segment.startsWith("[") ? (parts[index] ?? "") !== "" : segment === parts[index],
  );
}

/** Next's own error pages. */
const ofNext = ["/_not-found", "/_global-error"];

/** Compiled routes without a policy, and policies without a route, in words. Routes as Next's build manifest names them. */
export function unlistedRoutes(compiled: readonly string[]): string[] {
  const isListed = (route: string) =>
    route.startsWith("/api/")
      ? Object.keys(apiRoutes).some((path) => fits(route.split("/"), path.split("/")))
      : pages.includes(route) || ofNext.includes(route);
  const isCompiled = (path: string) =>
    compiled.some((route) => route === path || fits(route.split("/"), path.split("/")));
  return [
    ...compiled.filter((route) => !isListed(route)).map((route) => `${route} has no policy in lib/bff/routes.ts`),
    ...[...pages, ...Object.keys(apiRoutes)]
      .filter((path) => !isCompiled(path))
      .map((path) => `${path} of lib/bff/routes.ts has no route in app/`),
  ];
}
