// The table of routes at run time: whatever a handler does, who is not named does not reach it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestIdHeader, targetHeader } from "#lib/bff/console.ts";
import { apiRoutes } from "#lib/bff/routes.ts";
import { origin, startTestConsole, type TestConsole } from "./start-console.ts";

let app: TestConsole;
const personas = ["helpdesk", "operator", "auditor", "admin"] as const;
type Persona = (typeof personas)[number];
const cookies = {} as Record<Persona, string>;

beforeAll(async () => {
  app = await startTestConsole();
  for (const persona of personas) cookies[persona] = await app.signIn(persona);
});
afterAll(() => app.stop());

const refused: Readonly<Record<string, readonly Persona[]>> = {
  admin: ["helpdesk", "operator", "auditor"],
  reviewer: ["helpdesk", "operator"],
};
const guarded = Object.entries(apiRoutes).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, who]) => who !== "anyone" && who !== "own checks")
    .map(([method, who]) => ({ method, who, target: path.replace("[id]", "7").replace("[...path]", "a/kms/b/c") })),
);

describe(`who the table names is who gets through (${guarded.length} addresses)`, () => {
  it.each(guarded)("$method $target", async ({ method, who, target }) => {
    const ask = (cookie?: string) =>
      app.ask(method, target, {
        ...(cookie === undefined ? {} : { cookie }),
        ...(["GET", "HEAD"].includes(method) ? {} : { body: {} }),
      });
    expect((await ask()).status).toBe(401);
    for (const persona of refused[who] ?? []) {
      const { status, body } = await ask(cookies[persona]);
      expect(status, persona).toBe(403);
      // A body nobody could read would be a 400 of the handler.
      if (method !== "HEAD") expect(body, persona).toMatchObject({ code: "NotPermitted" });
    }
  });

  it("a handler behind another address still wants a person", async () => {
    const at = (target: string) =>
      app.console.people(
        new Request(`${origin}${target}`, { headers: { [targetHeader]: target, [requestIdHeader]: "x" } }),
      );
    expect((await at("/api/session")).status).toBe(401);
    expect((await at("/api/people/unheard-of")).status).toBe(404);
  });
});
