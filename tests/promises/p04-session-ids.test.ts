// P4: a new id with every sign-in, confirmation and change; ids nobody could guess, and none of them stored.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unsealData } from "iron-session";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashPassword } from "#lib/bff/password.ts";
import { loadSessionSecrets } from "#lib/bff/session.ts";
import { addAccount } from "#lib/store/accounts.ts";
import { startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const right = "tiger lamp orbit canyon";
const many = isFull ? 1000 : 100;
let app: TestConsole;
beforeAll(async () => {
  app = await startTestConsole({}, { OCI_PROFILES: "DEFAULT" });
  const password = await hashPassword(right);
  await addAccount(app.db, { issuer: "local", subject: "ada", name: "ada", role: "admin", password }, Date.now());
});
afterAll(() => app.stop());

const cookieOf = (answer: { headers: Headers }) => answer.headers.get("set-cookie")?.split(";")[0] ?? "";
const signIn = async (cookie?: string) =>
  cookieOf(
    await app.ask("POST", "/api/session", {
      body: { name: "ada", password: right },
      ...(cookie === undefined ? {} : { cookie }),
    }),
  );
async function sidOf(cookie: string): Promise<string> {
  const seal = cookie.slice(cookie.indexOf("=") + 1);
  return (await unsealData<{ sid: string }>(seal, { password: loadSessionSecrets(app.config) })).sid;
}
const isLive = async (cookie: string) => (await app.ask("GET", "/api/session/list", { cookie })).status === 200;

describe(`P4: session ids are new, random and not stored (${many + 5} cases)`, () => {
  it("a planted session is not the one that is signed in", async () => {
    const planted = await signIn();
    const mine = await signIn(planted);
    expect(await sidOf(mine)).not.toBe(await sidOf(planted));
    expect(await isLive(planted)).toBe(false);
    expect(await isLive(mine)).toBe(true);
  });

  it("confirming and changing the password give a new id and end the old one", async () => {
    const first = await signIn();
    const second = cookieOf(
      await app.ask("POST", "/api/session/step-up", { cookie: first, body: { password: right } }),
    );
    const body = { current: right, password: `${right} twice` };
    const third = cookieOf(await app.ask("POST", "/api/session/password", { cookie: second, body }));
    const sids = await Promise.all([first, second, third].map(sidOf));
    expect(new Set(sids).size).toBe(3);
    expect([await isLive(first), await isLive(second), await isLive(third)]).toEqual([false, false, true]);
    await app.db
      .updateTable("accounts")
      .set({ password: await hashPassword(right) })
      .execute();
  });

  it("ids are 256 random bits, and the store holds none of them", async () => {
    const sids: string[] = [];
    for (let each = 0; each < many; each += 1) sids.push(await sidOf(await signIn()));
    expect(new Set(sids).size).toBe(many);
    const bits = Buffer.concat(sids.map((sid) => Buffer.from(sid, "base64url")));
    expect(bits.byteLength).toBe(many * 32);
    const ones = bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
    // Five standard deviations around one half.
    expect(Math.abs(ones / (many * 256) - 0.5)).toBeLessThan(2.5 / Math.sqrt(many * 256));
    const files = readdirSync(app.dataDir).filter((name) => name.startsWith("console.sqlite"));
    const stored = files.map((name) => readFileSync(join(app.dataDir, name)).toString("latin1")).join("");
    expect(stored).toContain("ada");
    for (const sid of sids) expect(stored.includes(sid)).toBe(false);
  }, 240_000);
});
