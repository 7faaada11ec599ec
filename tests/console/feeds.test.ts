// The calendar feed: a secret address without a session, that shows what its owner sees and ends when it should.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeedAnswer } from "#lib/contract/api.ts";
import { changeAccount, findIdentity, setPassword } from "#lib/store/accounts.ts";
import { readReceipts } from "#lib/store/receipts.ts";
import { hasDeletionDate } from "#lib/vault/lifecycle.ts";
import { eachStore, startTestConsole, type TestConsole } from "./start-console.ts";

let app: TestConsole;
let cookie: string;

eachStore((newStore) => {
  beforeAll(async () => {
    app = await startTestConsole({}, await newStore());
    cookie = await app.signIn("helpdesk");
    await app.inventory(cookie);
  });
  afterAll(() => app.stop());

  const make = async () => ((await app.ask("POST", "/api/feeds", { cookie })).body as FeedAnswer).path ?? "";
  const read = (path: string) => app.ask("GET", path, { headers: { "sec-fetch-site": "" } });

  describe("the calendar feed", () => {
    it("is made once, told once, and read without a session", async () => {
      expect((await app.ask("GET", "/api/feeds", { cookie })).body).toEqual({ feed: null, path: null });
      const path = await make();
      expect(path).toMatch(/^\/api\/feeds\/deletions\.ics\?key=[\w-]{43}$/);
      expect((await app.ask("GET", "/api/feeds", { cookie })).body).toMatchObject({
        path: null,
        feed: { lastUsedAt: null },
      });
      await expect.poll(async () => (await read(path)).status, { timeout: 15_000 }).toBe(200);
      const answer = await read(path);
      expect(answer.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
      const text = String(answer.body);
      const { vaults } = await app.inventory(cookie);
      const pending = vaults.filter(
        ({ details, lifecycleState }) =>
          hasDeletionDate(lifecycleState) && details?.timeOfDeletion != null && details.isPrimary !== false,
      );
      expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(pending.length);
      const unfolded = text.replaceAll("\r\n ", "");
      for (const { id } of vaults) expect(unfolded).not.toContain(id);
      const { feed } = (await app.ask("GET", "/api/feeds", { cookie })).body as FeedAnswer;
      expect(feed?.lastUsedAt).not.toBeNull();
    });

    it("is not in the store, the log or a receipt", async () => {
      const key = (await make()).split("key=")[1] ?? "?";
      await app.faults(null);
      expect(JSON.stringify(await app.db.selectFrom("calendar_feeds").selectAll().execute())).not.toContain(key);
      expect(JSON.stringify(await readReceipts(app.db, { limit: 50 }))).not.toContain(key);
      await read(`/api/feeds/deletions.ics?key=${key}x`);
      expect(app.logged.join("")).not.toContain(key);
    });

    it("rests once its owner has not signed in for ninety days, and lives again when they do", async () => {
      const path = await make();
      try {
        app.clock.offsetMs = 89 * 86_400_000;
        expect((await read(path)).status).toBe(200);
        app.clock.offsetMs = 91 * 86_400_000;
        expect((await read(path)).status).toBe(404);
        await app.signIn("helpdesk");
        expect((await read(path)).status).toBe(200);
      } finally {
        app.clock.offsetMs = 0;
        // The first session has not lived through the ninety days.
        cookie = await app.signIn("helpdesk");
      }
    });

    it("ends by a new one, by the person, and with the person; other texts are nothing", async () => {
      const first = await make();
      const second = await make();
      expect((await read(first)).status).toBe(404);
      expect((await read(second)).status).toBe(200);
      for (const key of ["", "x", "a".repeat(43), second.split("key=")[1]?.toLowerCase(), `${"a".repeat(9_000)}`])
        expect((await read(`/api/feeds/deletions.ics?key=${key}`)).status, key).toBe(404);
      const account = await findIdentity(app.db, "rehearsal", "helpdesk");
      await app.db
        .updateTable("accounts")
        .set({ disabled_at: 1 })
        .where("id", "=", account?.id ?? "")
        .execute();
      expect((await read(second)).status).toBe(404);
      await app.db
        .updateTable("accounts")
        .set({ disabled_at: null })
        .where("id", "=", account?.id ?? "")
        .execute();
      expect((await app.ask("DELETE", "/api/feeds", { cookie })).status).toBe(200);
      expect((await read(second)).status).toBe(404);
      const kinds = (await readReceipts(app.db, { limit: 50 })).map(({ operation }) => operation);
      expect(kinds).toContain("makeFeed");
      expect(kinds).toContain("endFeed");
    });

    it("ends when an admin ends the person's sessions", async () => {
      const path = await make();
      expect((await read(path)).status).toBe(200);
      const account = await findIdentity(app.db, "rehearsal", "helpdesk");
      const admin = await app.signIn("admin");
      expect(
        (await app.ask("POST", "/api/people/end-sessions", { cookie: admin, body: { id: account?.id } })).status,
      ).toBe(200);
      expect((await read(path)).status).toBe(404);
      cookie = await app.signIn("helpdesk");
      expect((await read(path)).status).toBe(404);
      expect((await app.ask("GET", "/api/feeds", { cookie })).body).toEqual({ feed: null, path: null });
    });

    it.each([
      ["a new password", (id: string) => setPassword(app.db, id, "$argon2id$", { endsSessions: true })],
      [
        "being disabled, and enabled again",
        (id: string) =>
          changeAccount(app.db, id, { disabledAt: 1 }, []).then(() =>
            changeAccount(app.db, id, { disabledAt: null }, []),
          ),
      ],
      [
        "another role",
        (id: string) =>
          changeAccount(app.db, id, { role: "operator" }, []).then(() =>
            changeAccount(app.db, id, { role: "helpdesk" }, []),
          ),
      ],
    ])("ends with %s", async (_what, change) => {
      cookie = await app.signIn("helpdesk");
      const path = await make();
      expect((await read(path)).status).toBe(200);
      await change((await findIdentity(app.db, "rehearsal", "helpdesk"))?.id ?? "");
      cookie = await app.signIn("helpdesk");
      expect((await read(path)).status).toBe(404);
    });

    it("goes on when a password is only hashed anew, and after signing out", async () => {
      const path = await make();
      const account = await findIdentity(app.db, "rehearsal", "helpdesk");
      await setPassword(app.db, account?.id ?? "", null, { endsSessions: false });
      await app.ask("DELETE", "/api/session", { cookie });
      expect((await read(path)).status).toBe(200);
      cookie = await app.signIn("helpdesk");
    });

    it("rests while its owner is in no scope", async () => {
      const folder = mkdtempSync(join(tmpdir(), "ovc-policy-"));
      const file = join(folder, "policy.yaml");
      writeFileSync(
        file,
        `version: 1\nscopes:\n  - name: some\n    roles: [helpdesk]\n    people: [Somebody Else]\n    tenancies: [${app.tenancy}]\n`,
      );
      const scoped = await startTestConsole({ beside: app }, { POLICY_FILE: file, ...(await newStore()) });
      try {
        const own = await scoped.signIn("helpdesk");
        const path = ((await scoped.ask("POST", "/api/feeds", { cookie: own })).body as FeedAnswer).path ?? "";
        const auditor = await scoped.signIn("auditor");
        const all = ((await scoped.ask("POST", "/api/feeds", { cookie: auditor })).body as FeedAnswer).path ?? "";
        await expect.poll(async () => (await scoped.ask("GET", all)).status, { timeout: 20_000 }).toBe(200);
        expect((await scoped.ask("GET", path)).status).toBe(404);
      } finally {
        await scoped.stop();
        rmSync(folder, { recursive: true });
      }
    });

    it("is nobody else's to make", async () => {
      expect((await app.ask("POST", "/api/feeds")).status).toBe(401);
      const answer = await app.ask("POST", "/api/feeds", { cookie, headers: { "sec-fetch-site": "cross-site" } });
      expect(answer.status).toBe(403);
    });
  });
});
