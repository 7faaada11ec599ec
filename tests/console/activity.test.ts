import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ActivityAnswer, ActivityEntry, VaultRow } from "#lib/contract/api.ts";
import { writeReceipt } from "#lib/store/receipts.ts";
import { eachStore, kmsPath, startTestConsole, type TestConsole } from "./start-console.ts";

let app: TestConsole;
let auditor: string;
let vault: VaultRow;
let other: VaultRow;

eachStore((newStore) => {
  beforeAll(async () => {
    app = await startTestConsole({ settleMs: 0, isThrottled: false }, await newStore());
    const admin = await app.signIn("admin");
    const { vaults } = await app.inventory(admin);
    const active = vaults.filter(({ lifecycleState }) => lifecycleState === "ACTIVE");
    [vault, other] = active as [VaultRow, VaultRow];
    const rename = (row: VaultRow, cookie: string, reason: string, headers = {}) =>
      app.ask("PUT", kmsPath(row), {
        cookie,
        body: { freeformTags: { owner: "x" } },
        headers: { "x-ovc-reason": encodeURIComponent(reason), ...headers },
      });
    await rename(vault, admin, "=SUM(A1)");
    await rename(vault, await app.signIn("operator"), "100% of it, _really_");
    await rename(other, admin, "stale", { "if-match": "nothing like it" });
    await rename(other, await app.signIn("helpdesk"), "not mine");
    auditor = await app.signIn("auditor");
  });
  afterAll(() => app.stop());

  async function find(search: Record<string, string | number>, cookie = auditor): Promise<readonly ActivityEntry[]> {
    const query = new URLSearchParams(Object.entries(search).map(([name, value]) => [name, String(value)]));
    const { status, body } = await app.ask("GET", `/api/activity?${query}`, { cookie });
    expect(status, JSON.stringify(body)).toBe(200);
    return (body as ActivityAnswer).entries;
  }

  describe("the trail, narrowed", () => {
    it("by person, vault, operation and result, each and together", async () => {
      expect((await find({ person: "OTTO" })).every(({ actor }) => actor === "Otto Operator")).toBe(true);
      expect(await find({ person: "otto", operation: "updateVault" })).toHaveLength(1);
      expect(await find({ operation: "updateVault" })).toHaveLength(4);
      expect(await find({ about: vault.id.slice(-8).toUpperCase() })).toHaveLength(2);
      expect((await find({ about: other.displayName.slice(1, 6) })).map(({ target }) => target)).toContain(other.id);
      expect(await find({ operation: "updateVault", result: "ok" })).toHaveLength(2);
      expect(await find({ operation: "updateVault", result: "failed" })).toMatchObject([
        { reason: "stale", status: 412 },
      ]);
      expect(await find({ result: "refused" })).toMatchObject([{ actor: "Hanna Helpdesk", reason: "not mine" }]);
      expect(await find({ operation: "updateVault", person: "ada", result: "refused" })).toEqual([]);
      expect((await find({ operation: "signIn" })).length).toBeGreaterThanOrEqual(4);
    });

    it("by time, from one moment and before another", async () => {
      const entries = await find({ operation: "updateVault" });
      const [last, , , first] = entries as [ActivityEntry, ActivityEntry, ActivityEntry, ActivityEntry];
      expect(await find({ operation: "updateVault", from: last.at })).toHaveLength(1);
      expect(await find({ operation: "updateVault", until: last.at })).toHaveLength(3);
      expect(await find({ operation: "updateVault", until: first.at })).toEqual([]);
    });

    it("signs of a pattern are signs, and quotes are quotes", async () => {
      for (const text of ["%", "_", "!", "'", '"', "\\", "' OR 1=1 --"]) {
        expect(await find({ person: text }), text).toEqual([]);
        expect(await find({ about: text, operation: "updateVault" }), text).toEqual([]);
      }
    });

    it.each([["result=maybe"], ["from=yesterday"], ["before=1.5"], [`person=${"x".repeat(400)}`]])(
      "refuses ?%s",
      async (query) => {
        expect((await app.ask("GET", `/api/activity?${query}`, { cookie: auditor })).status).toBe(400);
      },
    );
  });

  describe("who may read what of it", () => {
    it("one vault's is for everybody; the trail, people and sign-ins are not", async () => {
      const helpdesk = await app.signIn("helpdesk");
      expect(await find({ target: vault.id }, helpdesk)).toHaveLength(2);
      const signIn = (await find({ operation: "signIn" }))[0] as ActivityEntry;
      for (const query of [
        "",
        "?person=ada",
        "?about=a",
        `?target=${signIn.target}`,
        `?receipt=${signIn.receiptId}`,
        `?target=${vault.id}&person=ada`,
      ]) {
        expect((await app.ask("GET", `/api/activity${query}`, { cookie: helpdesk })).status, query).toBe(403);
        expect((await app.ask("GET", `/api/activity/export${query}`, { cookie: helpdesk })).status, query).toBe(403);
      }
    });
  });

  describe("the trail as a file", () => {
    const read = async (query: string) => {
      const answer = await app.ask("GET", `/api/activity/export?${query}`, { cookie: auditor });
      expect(answer.status).toBe(200);
      return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(answer.bytes), headers: answer.headers };
    };

    it("CSV no spreadsheet runs, JSON lines a program reads", async () => {
      const csv = await read("format=csv&operation=updateVault");
      expect(csv.headers.get("content-disposition")).toMatch(/^attachment; filename="activity-.*\.csv"$/);
      expect(csv.text.charCodeAt(0)).toBe(0xfeff);
      expect(csv.text.trimEnd().split("\r\n")).toHaveLength(5);
      expect(csv.text).toContain("'=SUM(A1)");
      const { text } = await read("format=jsonl&operation=updateVault&result=ok");
      const lines = text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as ActivityEntry);
      expect(lines.map(({ reason }) => reason)).toEqual(["100% of it, _really_", "=SUM(A1)"]);
      expect((await app.ask("GET", "/api/activity/export?format=xml", { cookie: auditor })).status).toBe(400);
    });

    it("more than a page is whole, each once", async () => {
      for (let number = 0; number < 1_100; number += 1) {
        const at = Date.now();
        await writeReceipt(app.db, {
          receiptId: `many-${number}`,
          phase: "refused",
          at,
          actor: "Many",
          role: "admin",
          operation: "signIn",
          tenancy: "",
          region: "",
          target: "t",
          reason: null,
          requestId: "r",
          details: {},
          result: "refused",
          status: null,
          opcRequestId: null,
        });
      }
      const { text } = await read("format=jsonl&person=many");
      const ids = text
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as ActivityEntry).receiptId);
      expect(new Set(ids).size).toBe(1_100);
      expect(ids).toHaveLength(1_100);
    });
  });
});
