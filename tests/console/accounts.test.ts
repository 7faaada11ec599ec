import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressHeader } from "#lib/bff/device.ts";
import type { PeopleAnswer, SessionAnswer, SessionListAnswer } from "#lib/contract/api.ts";
import { addAccount, findIdentity } from "#lib/store/accounts.ts";
import { readReceipts } from "#lib/store/receipts.ts";
import { eachStore, startTestConsole, type TestConsole } from "./start-console.ts";

const passwords = {
  ada: "tiger lamp orbit canyon",
  bo: "velvet pylon marsh quartz",
  next: "copper walrus ninety fjord",
};
const minuteMs = 60_000;
let app: TestConsole;

eachStore((newStore, engine) => {
  beforeAll(async () => {
    app = await startTestConsole({}, { OCI_PROFILES: "DEFAULT", ...(await newStore()) });
  });
  afterAll(() => app.stop());

  let places = 0;
  /** Another network address for every call, unless one is given. */
  const from = (address = `192.0.2.${(places++ % 250) + 1}`) => ({ [addressHeader]: address });
  const post = (path: string, body: unknown, cookie?: string, address?: string) =>
    app.ask("POST", path, { body, headers: from(address), ...(cookie === undefined ? {} : { cookie }) });
  const cookieOf = (answer: { headers: Headers }) => answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  const signIn = async (name: string, password: string, address?: string) =>
    post("/api/session", { name, password }, undefined, address);
  const people = async (cookie: string) => (await app.ask("GET", "/api/people", { cookie })).body as PeopleAnswer;
  const whoIs = async (cookie: string) =>
    ((await app.ask("GET", "/api/session", { cookie })).body as SessionAnswer).user?.name ?? null;

  describe("the first admin", () => {
    it("is made with the printed token, once, with a good password; there is no other way in", async () => {
      expect(((await app.ask("GET", "/api/session")).body as SessionAnswer).ways).toEqual({
        password: true,
        provider: null,
        isSetupNeeded: true,
      });
      expect((await post("/api/session", { persona: "admin" })).status).toBe(403);
      const token = app.tokens.at(-1) ?? "";
      const body = { token, name: "Ada Admin", password: passwords.ada };
      for (const [over, code] of [
        [{ token: "guess" }, "TokenNotAccepted"],
        [{ password: "short" }, "PasswordNotAccepted"],
        [{ password: "ada.admin-ada.admin" }, "PasswordNotAccepted"],
        [{ password: "oracle vault console" }, "PasswordNotAccepted"],
        [{ name: " " }, "InvalidParameter"],
        [{ role: "admin" }, "InvalidParameter"],
      ] as const) {
        const answer = await post("/api/session/setup", { ...body, ...over });
        expect((answer.body as { code: string }).code).toBe(code);
        expect(answer.headers.get("set-cookie")).toBeNull();
      }
      const made = await post("/api/session/setup", body);
      expect(made.status).toBe(200);
      expect((made.body as SessionAnswer).user).toMatchObject({ name: "Ada Admin", role: "admin", via: "password" });
      expect((await post("/api/session/setup", { ...body, name: "Eve" })).status).toBe(403);
      expect(((await app.ask("GET", "/api/session")).body as SessionAnswer).ways.isSetupNeeded).toBe(false);
      expect(app.tokens).toHaveLength(1);
    });

    it("is stored as argon2id with its parameters, and never in clear", async () => {
      const stored = (await findIdentity(app.db, "local", "ada admin"))?.password ?? "";
      expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
      const kept =
        engine === "sqlite"
          ? readFileSync(join(app.dataDir, "console.sqlite-wal")).toString("latin1")
          : JSON.stringify([
              await app.db.selectFrom("accounts").selectAll().execute(),
              await readReceipts(app.db, { limit: 500 }),
            ]);
      expect(kept).toContain("$argon2id$");
      expect(kept).not.toContain(passwords.ada);
      expect(kept).not.toContain(app.tokens[0]);
    });

    it("signs in again, in any spelling of the name, and is hashed anew when the parameters are old", async () => {
      const old = "$argon2id$v=19$m=4096,t=1,p=1$";
      const { hashPassword } = await import("#lib/bff/password.ts");
      const password = await hashPassword(passwords.bo, { memory: 4096, passes: 1, parallelism: 1 });
      expect(password.startsWith(old)).toBe(true);
      await addAccount(
        app.db,
        { issuer: "local", subject: "old hand", name: "Old Hand", role: "helpdesk", password },
        Date.now(),
      );
      expect((await signIn(" OLD  hand ", passwords.bo)).status).toBe(200);
      expect((await findIdentity(app.db, "local", "old hand"))?.password).toContain("m=19456,t=2");
      expect((await signIn("Old Hand", passwords.bo)).status).toBe(200);
    });
  });

  describe("people", () => {
    let ada: string;
    let bo: string;
    beforeAll(async () => {
      ada = cookieOf(await signIn("Ada Admin", passwords.ada));
    });

    it("are invited with a link that works once, and sign in with what they chose", async () => {
      const added = await post("/api/people/add", { name: "Bo Operator", role: "operator" }, ada);
      const { invitation, people: all } = added.body as PeopleAnswer;
      expect(all.find((person) => person.name === "Bo Operator")?.state).toBe("invited");
      expect((await signIn("Bo Operator", passwords.bo)).status).toBe(403);
      const token = invitation?.path.split("#invitation=")[1] ?? "";
      const accepted = await post("/api/session/setup", { token, password: passwords.bo });
      expect((accepted.body as SessionAnswer).user).toMatchObject({ name: "Bo Operator", role: "operator" });
      expect((await post("/api/session/setup", { token, password: passwords.next })).status).toBe(403);
      bo = cookieOf(await signIn("bo operator", passwords.bo));
      expect(await whoIs(bo)).toBe("Bo Operator");
      expect((await post("/api/people/add", { name: "BO operator", role: "admin" }, ada)).status).toBe(409);
    });

    it("are nobody's business but a security admin's", async () => {
      for (const path of ["add", "role", "disable", "enable", "invite", "end-sessions"]) {
        expect((await post(`/api/people/${path}`, {}, bo)).status).toBe(403);
        expect((await post(`/api/people/${path}`, {})).status).toBe(401);
      }
      expect((await app.ask("GET", "/api/people", { cookie: bo })).status).toBe(403);
      expect((await app.ask("GET", "/api/session/list?account=*", { cookie: bo })).status).toBe(403);
      expect((await post("/api/people/root", {}, ada)).status).toBe(404);
    });

    it("lose their sessions at once with a new role, and never the last admin", async () => {
      const all = (await people(ada)).people;
      const id = (name: string) => all.find((person) => person.name === name)?.id ?? "";
      expect((await post("/api/people/role", { id: id("Bo Operator"), role: "auditor" }, ada)).status).toBe(200);
      expect(await whoIs(bo)).toBeNull();
      bo = cookieOf(await signIn("Bo Operator", passwords.bo));
      expect((await post("/api/people/disable", { id: id("Bo Operator") }, ada)).status).toBe(200);
      expect(await whoIs(bo)).toBeNull();
      expect((await signIn("Bo Operator", passwords.bo)).status).toBe(403);
      await post("/api/people/enable", { id: id("Bo Operator") }, ada);
      for (const [path, body] of [
        ["role", { role: "helpdesk" }],
        ["disable", {}],
        ["invite", {}],
      ] as const) {
        const answer = await post(`/api/people/${path}`, { id: id("Ada Admin"), ...body }, ada);
        expect(answer.body).toMatchObject({ code: "LastAdmin" });
      }
      expect(await whoIs(ada)).toBe("Ada Admin");
    });

    it("see where they are signed in and end it; an admin ends anybody's", async () => {
      const one = cookieOf(await signIn("Bo Operator", passwords.bo));
      const two = cookieOf(await signIn("Bo Operator", passwords.bo));
      const list = async (cookie: string, query = "") =>
        ((await app.ask("GET", `/api/session/list${query}`, { cookie })).body as SessionListAnswer).sessions;
      const own = await list(one);
      expect(own).toHaveLength(2);
      expect(own.filter((session) => session.isThis)).toHaveLength(1);
      expect(own.every((session) => session.name === "Bo Operator")).toBe(true);
      const adas = (await list(ada)).find((session) => session.isThis)?.id;
      expect((await post("/api/session/end", { session: adas }, one)).status).toBe(403);
      await post("/api/session/end", { others: true }, one);
      expect([await whoIs(one), await whoIs(two)]).toEqual(["Bo Operator", null]);
      const bos = (await list(ada, "?account=*")).find((session) => session.name === "Bo Operator");
      await post("/api/session/end", { session: bos?.id }, ada);
      expect(await whoIs(one)).toBeNull();
    });

    it("change their password, which ends every other session", async () => {
      const one = cookieOf(await signIn("Bo Operator", passwords.bo));
      const two = cookieOf(await signIn("Bo Operator", passwords.bo));
      const change = (current: string, password: string) =>
        post("/api/session/password", { current, password }, one, "192.0.2.251");
      expect((await change("wrong", passwords.next)).body).toMatchObject({ code: "PasswordNotRight" });
      expect((await change(passwords.bo, "bo operator bo operator")).body).toMatchObject({
        code: "PasswordNotAccepted",
      });
      const done = await change(passwords.bo, passwords.next);
      expect([await whoIs(cookieOf(done)), await whoIs(one), await whoIs(two)]).toEqual(["Bo Operator", null, null]);
      expect((await signIn("Bo Operator", passwords.bo)).status).toBe(403);
      expect((await signIn("Bo Operator", passwords.next)).status).toBe(200);
    });

    it("need a fresh proof for what changes who may do what", async () => {
      const id = (await people(ada)).people.find((person) => person.name === "Bo Operator")?.id;
      app.clock.offsetMs += 5 * minuteMs + 1000;
      try {
        expect((await post("/api/people/role", { id, role: "operator" }, ada)).body).toMatchObject({
          code: "StepUpNeeded",
        });
        expect((await post("/api/session/step-up", { password: passwords.bo }, ada)).status).toBe(403);
        const confirmed = cookieOf(await post("/api/session/step-up", { password: passwords.ada }, ada));
        expect(await whoIs(ada)).toBeNull();
        ada = confirmed;
        expect((await post("/api/people/role", { id, role: "operator" }, ada)).status).toBe(200);
      } finally {
        app.clock.offsetMs = 0;
      }
    });

    it("leave receipts of everything", async () => {
      const receipts = await readReceipts(app.db, { limit: 1000 });
      const done = new Set(receipts.filter((each) => each.phase === "outcome").map((each) => each.operation));
      for (const operation of [
        "makeFirstAdmin",
        "signIn",
        "addPerson",
        "acceptInvitation",
        "changeRole",
        "disablePerson",
        "enablePerson",
        "endSessions",
        "changePassword",
      ])
        expect(done, operation).toContain(operation);
      expect(receipts.some((each) => each.operation === "signIn" && each.phase === "refused")).toBe(true);
      const text = JSON.stringify(receipts);
      for (const secret of [...Object.values(passwords), ...app.tokens]) expect(text).not.toContain(secret);
    });
  });

  describe("other sites", () => {
    const writes: [method: string, path: string][] = [
      ["POST", "/api/session"],
      ["DELETE", "/api/session"],
      ...["setup", "step-up", "password", "end", "provider"].map(
        (name) => ["POST", `/api/session/${name}`] as [string, string],
      ),
      ...["add", "role", "disable", "enable", "invite", "end-sessions"].map(
        (name) => ["POST", `/api/people/${name}`] as [string, string],
      ),
    ];
    const vectors: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "" },
      { origin: "http://localhost:3001", "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "none" },
      { "x-ovc-request": "" },
    ];
    it.each(writes)("cannot %s %s for a person who is signed in", async (method, path) => {
      const cookie = cookieOf(await signIn("Ada Admin", passwords.ada));
      for (const headers of vectors) {
        const answer = await app.ask(method, path, { cookie, headers, ...(method === "POST" ? { body: {} } : {}) });
        expect(answer.status, JSON.stringify(headers)).toBe(403);
        expect((answer.body as { code: string }).code).toMatch(/^(CrossSiteRequest|MissingRequestHeader)$/);
      }
      expect(await whoIs(cookie)).toBe("Ada Admin");
    });

    it.each(["/api/session", "/api/session/list", "/api/session/step-up", "/api/people"])(
      "cannot read %s",
      async (path) => {
        const cookie = cookieOf(await signIn("Ada Admin", passwords.ada));
        for (const site of ["cross-site", "same-site", "none"]) {
          expect((await app.ask("GET", path, { cookie, headers: { "sec-fetch-site": site } })).status).toBe(403);
        }
      },
    );

    it("find no other address", async () => {
      expect((await app.ask("GET", "/api/session/everything")).status).toBe(404);
      expect((await app.ask("POST", "/api/session/list", { body: {} })).status).toBe(405);
      expect((await app.ask("GET", "/api/session/provider/callback?code=x&state=y")).status).toBe(404);
    });
  });
});
