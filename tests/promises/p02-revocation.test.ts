// P2: a captured cookie is worth nothing the moment its session has ended, on every instance and every address.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashPassword } from "#lib/bff/password.ts";
import { createSessions, type Sessions } from "#lib/bff/session.ts";
import type { Inventory, PeopleAnswer } from "#lib/contract/api.ts";
import { addAccount, findIdentity, keepIdentity } from "#lib/store/accounts.ts";
import { endSessions } from "#lib/store/sessions.ts";
import { kmsPath, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";

const right = "tiger lamp orbit canyon";
let app: TestConsole;
let second: Sessions;
let admin: string;
let routes: [method: string, path: string, body?: unknown][];

beforeAll(async () => {
  app = await startTestConsole({}, { OCI_PROFILES: "DEFAULT" });
  // Another instance over the same store, with a memory of its own.
  second = createSessions(app.config, app.db, Date.now);
  const password = await hashPassword(right);
  for (const [name, role] of [
    ["ada", "admin"],
    ["bo", "admin"],
  ] as const)
    await addAccount(app.db, { issuer: "local", subject: name, name, role, password }, Date.now());
  admin = await signIn("ada");
  const vault = ((await app.inventory(admin)) as Inventory).vaults[0];
  const path = vault === undefined ? "" : kmsPath(vault);
  routes = [
    ["GET", "/api/inventory"],
    ["GET", "/api/activity"],
    ["GET", "/api/activity/verify"],
    ["GET", "/api/people"],
    ["POST", "/api/people/add", { name: "Eve", role: "admin" }],
    ["GET", "/api/session/list"],
    ["GET", "/api/session/step-up"],
    ["POST", "/api/session/step-up", { password: right }],
    ["POST", "/api/session/password", { current: right, password: "copper walrus ninety fjord" }],
    ["POST", "/api/session/end", { others: true }],
    ["GET", path],
    ["PUT", path, { displayName: "stolen" }],
    ["POST", `${path}/actions/scheduleDeletion`, {}],
  ];
});
afterAll(() => app.stop());

async function signIn(name: string): Promise<string> {
  const answer = await app.ask("POST", "/api/session", { body: { name, password: right } });
  expect(answer.status).toBe(200);
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}
const idOf = async (name: string) => (await findIdentity(app.db, "local", name))?.id ?? "";
const people = (path: string, body: object) => app.ask("POST", `/api/people/${path}`, { cookie: admin, body });

const triggers: [what: string, happen: (cookie: string) => Promise<unknown>, undo?: () => Promise<unknown>][] = [
  ["signing out", (cookie) => app.ask("DELETE", "/api/session", { cookie })],
  ["an admin ending it", async () => people("end-sessions", { id: await idOf("bo") })],
  [
    "the person being disabled",
    async () => people("disable", { id: await idOf("bo") }),
    async () => people("enable", { id: await idOf("bo") }),
  ],
  [
    "a password change",
    (cookie) => app.ask("POST", "/api/session/password", { cookie, body: { current: right, password: `${right} x` } }),
    async () =>
      app.db
        .updateTable("accounts")
        .set({ password: await hashPassword(right) })
        .where("name", "=", "bo")
        .execute(),
  ],
  [
    "a new role",
    async () => people("role", { id: await idOf("bo"), role: "operator" }),
    async () => people("role", { id: await idOf("bo"), role: "admin" }),
  ],
  [
    "the identity provider's logout",
    () => endSessions(app.db, { issuer: "local", subject: "bo" }, "provider", Date.now()),
  ],
];

describe(`P2: revocation is immediate (${triggers.length} triggers × 13 routes × 2 instances)`, () => {
  it.each(triggers)("after %s a captured cookie is refused everywhere", async (_what, happen, undo) => {
    const cookie = await signIn("bo");
    const carrying = new Request("http://localhost:3000/", { headers: { cookie } });
    // Both instances have just seen it: what they remember must not help it.
    expect((await app.ask("GET", "/api/inventory", { cookie })).status).toBe(200);
    expect((await second.identify(carrying))?.name).toBe("bo");
    expect(((await happen(cookie)) as { status?: number }).status ?? 200).toBe(200);
    const before = (await app.calls()).total;
    for (const [method, path, body] of routes) {
      const answer = await app.ask(method, path, { cookie, ...(body === undefined ? {} : { body }) });
      expect(answer.status, `${method} ${path}`).toBe(401);
    }
    expect(await second.identify(carrying)).toBeNull();
    expect((await app.ask("GET", "/api/session", { cookie })).body).toMatchObject({ user: null });
    await undo?.();
    expect((await app.ask("GET", "/api/inventory", { cookie })).status).toBe(401);
    expect((await app.calls()).byOperation.scheduleVaultDeletion ?? 0).toBe(0);
    expect((await app.calls()).total).toBeGreaterThanOrEqual(before);
    const list = (await app.ask("GET", "/api/people", { cookie: admin })).body as PeopleAnswer;
    expect(list.people.map((person) => person.name)).toEqual(["ada", "bo"]);
  });

  it("ends a provider's session when the provider gives another role", async () => {
    const vouched = { issuer: "local", subject: "bo", name: "bo" };
    const cookie = await signIn("bo");
    await keepIdentity(app.db, { ...vouched, role: "auditor" }, Date.now());
    expect((await app.ask("GET", "/api/inventory", { cookie })).status).toBe(401);
  });
});
