import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Config, loadConfig } from "#lib/bff/config.ts";
import { absoluteLifetimeMs, createSessions, type Sessions } from "#lib/bff/session.ts";
import { type Account, changeAccount, keepIdentity, setPassword } from "#lib/store/accounts.ts";
import { type Database, openSqlite } from "#lib/store/database.ts";
import { endSessions } from "#lib/store/sessions.ts";
import { claimToken, findToken, mintToken } from "#lib/store/sign-in-tokens.ts";

let dataDir: string;
let db: Database;
let now: number;
let config: Config;
let sessions: Sessions;
let admin: Account;
const person = (name: string, role: string, issuer = "rehearsal") =>
  keepIdentity(db, { issuer, subject: name.toLowerCase(), name, role }, now);

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "ovc-session-"));
  db = openSqlite(dataDir);
  now = 1_800_000_000_000;
  config = loadConfig({ DATA_DIR: dataDir });
  sessions = createSessions(config, db, () => now);
  admin = await person("Ada", "admin");
});
afterEach(async () => {
  await db.destroy();
  rmSync(dataDir, { recursive: true });
});

const carrying = (cookie?: string) =>
  new Request("http://localhost:3000/", {
    headers: cookie === undefined ? {} : { cookie: cookie.split(";")[0] ?? "" },
  });

describe("sessions", () => {
  it("knows who signed in, and nobody else", async () => {
    const cookie = await sessions.start(carrying(), admin);
    expect(cookie).toContain("HttpOnly; SameSite=Strict");
    expect(cookie.length).toBeLessThan(1024);
    expect(await sessions.identify(carrying(cookie))).toMatchObject({ name: "Ada", role: "admin", signedInAt: now });
    expect(await sessions.identify(carrying())).toBeNull();
    expect(await sessions.identify(carrying("ovc_session=Fe26.2*garbage"))).toBeNull();
    const changed = `${cookie.slice(0, 60)}${cookie[60] === "A" ? "B" : "A"}${cookie.slice(61)}`;
    expect(await sessions.identify(carrying(changed))).toBeNull();
  });

  it("recognizes a cookie it has opened, and none that somebody made up", async () => {
    const [mine, yours] = [await sessions.start(carrying(), admin), await sessions.start(carrying(), admin)];
    const header = (cookie: string) => `theme=dark; ${cookie.split(";")[0]}`;
    expect(sessions.recognize(header(mine))).toBeNull();
    for (const cookie of [mine, yours]) await sessions.identify(carrying(cookie));
    expect(sessions.recognize(header(mine))).toMatch(/^.{44}$/);
    expect(sessions.recognize(header(mine))).toBe(sessions.recognize(mine.split(";")[0]));
    expect(sessions.recognize(header(yours))).not.toBe(sessions.recognize(header(mine)));
    for (const madeUp of [
      undefined,
      "",
      "theme=dark",
      "ovc_session=Fe26.2*garbage",
      mine.replace("Fe26.2*", "Fe26.2*2"),
    ]) {
      await sessions.identify(carrying(madeUp));
      expect(sessions.recognize(madeUp)).toBeNull();
    }
  });

  it("ends at once on sign-out, a remembered seal included", async () => {
    const cookie = await sessions.start(carrying(), admin);
    await sessions.identify(carrying(cookie));
    const cleared = await sessions.end(carrying(cookie));
    expect(cleared).toContain("Max-Age=0");
    expect(await sessions.identify(carrying(cookie))).toBeNull();
  });

  it("ends the session the browser had when somebody signs in again", async () => {
    const first = await sessions.start(carrying(), admin);
    const second = await sessions.start(carrying(first), await person("Hanna", "helpdesk"));
    expect(await sessions.identify(carrying(first))).toBeNull();
    expect((await sessions.identify(carrying(second)))?.role).toBe("helpdesk");
  });

  it.each([
    ["admin", 15],
    ["operator", 15],
    ["helpdesk", 30],
    ["auditor", 30],
  ] as const)("ends %s after %i idle minutes, polling not counted", async (role, minutes) => {
    const cookie = await sessions.start(carrying(), await person("X", role));
    now += minutes * 60_000 - 1;
    expect(await sessions.identify(carrying(cookie), { isActivity: false })).not.toBeNull();
    now += 1;
    expect(await sessions.identify(carrying(cookie))).toBeNull();
  });

  it("ends after eight hours however busy", async () => {
    const cookie = await sessions.start(carrying(), admin);
    const start = now;
    while (now + 600_000 < start + absoluteLifetimeMs) {
      now += 600_000;
      expect(await sessions.identify(carrying(cookie))).not.toBeNull();
    }
    now = start + absoluteLifetimeMs;
    expect(await sessions.identify(carrying(cookie))).toBeNull();
  });

  it("ends with everything that happens to the person", async () => {
    const triggers: [string, () => Promise<unknown>][] = [
      ["ended by an admin", () => endSessions(db, { accountId: admin.id }, "ended-by-admin", now)],
      ["disabled", () => changeAccount(db, admin.id, { disabledAt: now }, ["rehearsal"])],
      ["enabled again does not bring it back", () => changeAccount(db, admin.id, { disabledAt: null }, ["rehearsal"])],
      ["new role", () => changeAccount(db, admin.id, { role: "operator" }, ["rehearsal"])],
      ["new role from the provider", () => person("Ada", "auditor")],
      ["new password", () => setPassword(db, admin.id, "x", { endsSessions: true })],
      [
        "ended by the provider",
        () => endSessions(db, { issuer: "rehearsal", idpSid: "idp-1", subject: undefined }, "provider", now),
      ],
    ];
    for (const [what, happen] of triggers) {
      await changeAccount(db, admin.id, { disabledAt: null, role: "admin" }, ["rehearsal"]);
      const cookie = await sessions.start(carrying(), await person("Ada", "admin"), { idpSid: "idp-1" });
      const elsewhere = createSessions(config, db, () => now);
      expect(await sessions.identify(carrying(cookie)), what).not.toBeNull();
      expect(await elsewhere.identify(carrying(cookie)), what).not.toBeNull();
      await happen();
      const isBack = what.startsWith("enabled");
      if (isBack) await changeAccount(db, admin.id, { disabledAt: now }, ["rehearsal"]);
      if (isBack) await happen();
      expect(await sessions.identify(carrying(cookie)), what).toBeNull();
      expect(await elsewhere.identify(carrying(cookie)), what).toBeNull();
    }
  });

  it("belongs to those who may vouch here: no persona in a live console, no account in the rehearsal", async () => {
    const secret = "kJ8sPq2LmZx7Vb4Nc9Rt1Wy6Hd3Fg5Aa";
    const open = (env: Record<string, string>) =>
      createSessions(loadConfig({ DATA_DIR: dataDir, SESSION_SECRETS: secret, ...env }), db, () => now);
    const rehearsal = open({});
    const live = open({ OCI_PROFILES: "DEFAULT" });
    const persona = await rehearsal.start(carrying(), admin);
    const account = await live.start(carrying(), await person("Lea", "admin", "local"));
    expect(await rehearsal.identify(carrying(persona))).not.toBeNull();
    expect(await live.identify(carrying(persona))).toBeNull();
    expect(await live.identify(carrying(account))).not.toBeNull();
    expect(await rehearsal.identify(carrying(account))).toBeNull();
  });

  it("keeps no session id and no secret others can read", async () => {
    const cookie = await sessions.start(carrying(), admin);
    const stored = readFileSync(join(dataDir, "console.sqlite-wal")).toString("latin1");
    expect(stored).toContain("Ada");
    expect(stored).not.toContain(cookie.slice(20, 60));
    expect(statSync(join(dataDir, "session.key")).mode & 0o077).toBe(0);
  });

  it("opens seals of an older secret while both are configured", async () => {
    const secrets = { old: "kJ8sPq2LmZx7Vb4Nc9Rt1Wy6Hd3Fg5Aa", fresh: "Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0Pp" };
    const by = (text: string) =>
      createSessions(loadConfig({ DATA_DIR: dataDir, SESSION_SECRETS: text }), db, () => now);
    const cookie = await by(`1:${secrets.old}`).start(carrying(), admin);
    expect(await by(`2:${secrets.fresh},1:${secrets.old}`).identify(carrying(cookie))).not.toBeNull();
    expect(await by(`2:${secrets.fresh}`).identify(carrying(cookie))).toBeNull();
  });

  it("takes a sign-in token once, even from fifty at a time, and only the newest", async () => {
    const setup = { purpose: "setup", accountId: null } as const;
    const first = await mintToken(db, setup, 900_000, now);
    const second = await mintToken(db, setup, 900_000, now);
    expect(Buffer.from(second, "base64url")).toHaveLength(32);
    expect(await claimToken(db, first, now)).toBe(false);
    expect(await findToken(db, second, now + 900_000)).toBeNull();
    expect(await claimToken(db, second, now + 900_000)).toBe(false);
    const claims = await Promise.all(Array.from({ length: 50 }, () => claimToken(db, second, now)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });
});
