// Who was turned away is in the trail, whatever from; and no flood of it fills the store.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { purposeOf } from "#lib/bff/denials.ts";
import { addressHeader } from "#lib/bff/device.ts";
import { apiRoutes } from "#lib/bff/routes.ts";
import type { ActivityAnswer, ActivityEntry } from "#lib/contract/api.ts";
import { operationNames } from "#lib/contract/operations.ts";
import { operationLabel, operationLabels } from "#lib/vault/operation-words.ts";
import { activeVault, eachStore, kmsPath, startTestConsole, type TestConsole } from "./start-console.ts";

const windowMs = 5 * 60_000 + 1;
let app: TestConsole;

const refusals = async (cookie: string, operation?: string): Promise<readonly ActivityEntry[]> => {
  const query = `result=refused${operation === undefined ? "" : `&operation=${operation}`}`;
  return ((await app.ask("GET", `/api/activity?${query}`, { cookie })).body as ActivityAnswer).entries;
};
const rows = async () =>
  Number(
    (
      await app.db
        .selectFrom("receipts")
        .select(({ fn }) => fn.countAll().as("all"))
        .executeTakeFirst()
    )?.all,
  );

eachStore((newStore) => {
  describe("refused by role", () => {
    beforeAll(async () => {
      app = await startTestConsole({}, await newStore());
    });
    afterAll(() => app.stop());

    it("every address that is not for everybody says what it is for, in words", () => {
      for (const [path, methods] of Object.entries(apiRoutes)) {
        for (const [method, who] of Object.entries(methods)) {
          if (!["admin", "reviewer", "by question"].includes(who)) continue;
          const purpose = purposeOf(method, path);
          expect(purpose, `${method} ${path}`).toBeDefined();
          expect(operationLabel(purpose ?? ""), `${method} ${path}`).not.toBe(purpose);
        }
      }
      const words = operationLabels.map(([, label]) => label);
      expect(new Set(words).size).toBe(words.length);
      for (const operation of operationNames) expect(operationLabel(operation), operation).toMatch(/^[A-Z]/);
    });

    it.each([
      ["GET", "/api/people", "readPeople"],
      ["POST", "/api/people/disable", "disablePerson"],
      ["GET", "/api/activity", "readTrail"],
      ["GET", "/api/activity/export?format=csv", "exportTrail"],
      ["GET", "/api/activity/verify", "verifyTrail"],
      ["GET", "/api/approvals", "readApprovals"],
      ["POST", "/api/approvals/00000000-0000-4000-8000-000000000000", "decideApproval"],
      ["GET", "/api/session/list?account=*", "readSessions"],
    ])("%s %s is in the trail as %s", async (method, target, operation) => {
      const cookie = await app.signIn("operator");
      const body = method === "POST" ? { body: {} } : {};
      expect((await app.ask(method, target, { cookie, ...body })).status).toBe(403);
      const [found, ...more] = await refusals(await app.signIn("admin"), operation);
      expect(found).toMatchObject({ actor: "Otto Operator", role: "operator", result: "refused", tenancy: "" });
      expect(found?.error).toMatch(/[.]$/);
      expect(more).toEqual([]);
    });

    it("so is a read of the service that a role may not make", async () => {
      const cookie = await app.signIn("helpdesk");
      const { tenancy, region } = await activeVault(app, cookie);
      const target = `/api/oci/${tenancy}/objectstorage/${region}/n/ns/b/bucket/p`;
      expect((await app.ask("GET", target, { cookie })).status).toBe(403);
      expect(await refusals(await app.signIn("admin"), "listPreauthenticatedRequests")).toMatchObject([
        { actor: "Hanna Helpdesk", tenancy },
      ]);
    });

    it("signing out is in the trail, and goes on without one", async () => {
      const admin = await app.signIn("admin");
      await app.ask("DELETE", "/api/session", { cookie: await app.signIn("auditor") });
      const { body } = await app.ask("GET", "/api/activity?operation=signOut", { cookie: admin });
      expect((body as ActivityAnswer).entries).toMatchObject([{ actor: "Amir Auditor", result: "ok" }]);
      const leaving = await app.signIn("auditor");
      const operator = await app.signIn("operator");
      await app.db.schema.alterTable("receipts_head").renameTo("head_away").execute();
      try {
        expect((await app.ask("DELETE", "/api/session", { cookie: leaving })).status).toBe(200);
        // A refusal is a refusal, written or not.
        expect((await app.ask("GET", "/api/people", { cookie: operator })).status).toBe(403);
      } finally {
        await app.db.schema.alterTable("head_away").renameTo("receipts_head").execute();
      }
      expect((await app.ask("GET", "/api/inventory", { cookie: leaving })).status).toBe(401);
    });

    it("what is repeated is counted and written once, with how often", async () => {
      const cookie = await app.signIn("auditor");
      const admin = await app.signIn("admin");
      const before = await rows();
      for (let turn = 0; turn < 300; turn += 1) await app.ask("GET", "/api/people", { cookie });
      expect((await rows()) - before).toBe(1);
      app.clock.offsetMs += windowMs;
      await app.ask("GET", "/api/people", { cookie });
      const [latest, counted, first] = await refusals(admin, "readPeople");
      expect([latest, counted, first].map((each) => each?.actor)).toEqual(Array(3).fill("Amir Auditor"));
      expect(counted?.params).toMatchObject({ timesMore: 299 });
      expect(counted?.error).toMatch(/^299 times more within five minutes: Only a security admin/);
      expect(latest?.error).toMatch(/^Only a security admin/);
    });

    it("many kinds at once are 40 rows and a count", async () => {
      const cookie = await app.signIn("helpdesk");
      const row = await activeVault(app, cookie);
      app.clock.offsetMs += windowMs;
      const before = await rows();
      for (let turn = 0; turn < 100; turn += 1) {
        const id = `${row.id.slice(0, -4)}${String(turn).padStart(4, "a")}`;
        const answer = await app.ask("PUT", kmsPath({ ...row, id }), { cookie, body: { displayName: "mine" } });
        expect(answer.status).toBe(403);
      }
      expect((await rows()) - before).toBe(40);
      app.clock.offsetMs += windowMs;
      await app.ask("PUT", kmsPath(row), { cookie, body: { displayName: "mine" } });
      const [counted] = await refusals(await app.signIn("admin"), "otherDenials");
      expect(counted).toMatchObject({ actor: "Hanna Helpdesk", params: { timesMore: 60 }, target: "" });
    });
  });

  describe("refused for want of a proof", () => {
    const password = "tiger lamp orbit canyon";
    let cookie = "";
    const post = (path: string, body: unknown, address: string, as?: string) =>
      app.ask("POST", path, {
        body,
        headers: { [addressHeader]: address },
        ...(as === undefined ? {} : { cookie: as }),
      });

    beforeAll(async () => {
      app = await startTestConsole({}, { OCI_PROFILES: "DEFAULT", ...(await newStore()) });
      const body = { token: app.tokens[0], name: "Ada Admin", password };
      const made = await post("/api/session/setup", body, "192.0.2.1");
      cookie = made.headers.get("set-cookie")?.split(";")[0] ?? "";
    });
    afterAll(() => app.stop());

    it.each([
      ["/api/session", { name: "Ada Admin", password: "wrong" }, "signIn", "(somebody)", 403],
      ["/api/session/setup", { token: "guess", name: "Eve", password }, "useToken", "(somebody)", 403],
      ["/api/session/step-up", { password: "wrong" }, "confirmIdentity", "Ada Admin", 403],
      [
        "/api/session/password",
        { current: "wrong", password: "copper walrus ninety fjord" },
        "changePassword",
        "Ada Admin",
        403,
      ],
    ])("%s", async (path, body, operation, actor, status) => {
      const answer = await post(path, body, "192.0.2.7", actor === "Ada Admin" ? cookie : undefined);
      expect(answer.status).toBe(status);
      expect(await refusals(cookie, operation)).toMatchObject([{ actor, result: "refused" }]);
      expect(JSON.stringify(await refusals(cookie))).not.toMatch(/wrong"|guess|Eve/);
    });

    it("guessing that has to wait is in the trail, once for each place however long it goes on", async () => {
      const before = await rows();
      const answers: number[] = [];
      for (let turn = 0; turn < 60; turn += 1)
        answers.push((await post("/api/session", { name: `nobody ${turn}`, password: "wrong" }, "192.0.2.9")).status);
      expect(answers.filter((status) => status === 429).length).toBe(40);
      expect((await rows()) - before).toBe(2);
      const found = await refusals(cookie, "signIn");
      expect(found.map(({ error }) => error)).toContain("Too many tries to sign in.");
      expect(found[0]?.params).toMatchObject({ code: "TooManyTries" });
    });

    it("a confirmation that is right is in the trail under the same words", async () => {
      expect((await post("/api/session/step-up", { password }, "192.0.2.1", cookie)).status).toBe(200);
      const done = app.db.selectFrom("receipts").select("result").where("operation", "=", "confirmIdentity");
      expect((await done.where("phase", "=", "outcome").execute()).map(({ result }) => result)).toEqual(["ok"]);
    });
  });
});
