// Ends every build: refuses one with a route nobody has judged (promise P14), or with a feature of Next that is a door of its own (P44).
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { unlistedRoutes } from "#lib/bff/routes.ts";

const built = resolve(import.meta.dirname, "..", ".next");
const read = (file: string) => JSON.parse(readFileSync(join(built, file), "utf8"));

const functions = read("server/server-reference-manifest.json");
const { rewrites, redirects, headers } = read("routes-manifest.json");
const middleware = read("server/middleware-manifest.json");
const problems = [
  ...unlistedRoutes(Object.values(read("app-path-routes-manifest.json"))),
  ...Object.keys({ ...functions.node, ...functions.edge }).map(
    (id) => `server function ${id}: changes go through app/api only`,
  ),
  ...Object.values({ ...rewrites })
    .flat()
    .map((rule) => `rewrite ${JSON.stringify(rule)}: addresses are what they say`),
  // Next's own rule takes a slash off the end.
  ...redirects
    .filter((rule: { internal?: boolean }) => rule.internal !== true)
    .map((rule: unknown) => `redirect ${JSON.stringify(rule)}`),
  ...headers.map((rule: unknown) => `headers ${JSON.stringify(rule)}: the front door sets them all`),
  ...Object.keys({ ...middleware.middleware, ...middleware.functions }).map(
    (path) => `proxy at ${path}: the front door is server.ts`,
  ),
];
for (const problem of problems) process.stderr.write(`  ${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
