// P6: session keys are exchanged without signing anybody out, and weak ones refuse to start.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "#lib/bff/config.ts";
import { createSessions } from "#lib/bff/session.ts";
import { SettingError } from "#lib/bff/setting-error.ts";
import { keepIdentity } from "#lib/store/accounts.ts";
import { type Database, openSqlite } from "#lib/store/database.ts";
import { isFull } from "./size.ts";

const people = isFull ? 200 : 20;
const fresh = () => randomBytes(32).toString("base64");
let dataDir: string;
let db: Database;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "ovc-rotate-"));
  db = openSqlite(dataDir);
});
afterAll(async () => {
  await db.destroy();
  rmSync(dataDir, { recursive: true });
});

const weak = [
  "hunter2",
  "correct horse battery staple",
  "x",
  "secret",
  "password",
  "changeme",
  "0".repeat(32),
  "a".repeat(64),
  "ab".repeat(32),
  "abc".repeat(20),
  "12345678".repeat(8),
  "0123456789abcdef",
  "short-but-different",
  "31-characters-are-not-enough!!!",
  "2:short,1:also-short",
  `2:${"b".repeat(40)},1:${fresh()}`,
  `1:${fresh()},1:${fresh()}`,
  `1:${fresh()},`,
  `,${fresh()}`,
  "aaaaaaaabbbbbbbbccccccccdddddddd",
];

describe(`P6: keys rotate without sign-out, weak keys refuse to start (${people * 3 + weak.length} cases)`, () => {
  it("{1} → {2,1} → {2}: nobody is signed out while both are there, everybody of the old key after", async () => {
    const [one, two] = [fresh(), fresh()];
    const open = (secrets: string) =>
      createSessions(loadConfig({ DATA_DIR: dataDir, SESSION_SECRETS: secrets }), db, Date.now);
    const carrying = (cookie: string) =>
      new Request("http://localhost/", { headers: { cookie: cookie.split(";")[0] ?? "" } });
    const account = await keepIdentity(
      db,
      { issuer: "rehearsal", subject: "a", name: "Ada", role: "admin" },
      Date.now(),
    );
    const start = (secrets: string) =>
      Promise.all(Array.from({ length: people }, () => open(secrets).start(new Request("http://localhost/"), account)));
    const old = await start(`1:${one}`);
    const fresher = await start(`2:${two},1:${one}`);
    const count = async (secrets: string, cookies: readonly string[]) => {
      const sessions = open(secrets);
      const found = await Promise.all(cookies.map((cookie) => sessions.identify(carrying(cookie))));
      return found.filter((who) => who !== null).length;
    };
    expect(await count(`2:${two},1:${one}`, [...old, ...fresher])).toBe(people * 2);
    expect(await count(`2:${two}`, fresher)).toBe(people);
    expect(await count(`2:${two}`, old)).toBe(0);
  });

  it.each(weak)("refuses %j", (secret) => {
    expect(() => loadConfig({ SESSION_SECRETS: secret })).toThrow(SettingError);
    try {
      loadConfig({ SESSION_SECRETS: secret });
    } catch (error) {
      const said = `${(error as SettingError).message} ${(error as SettingError).hint}`;
      for (const part of secret.split(/[,:]/)) if (part.length > 6) expect(said).not.toContain(part);
    }
  });

  it("makes one of its own, closed to others, when none is set", () => {
    expect(loadConfig({ SESSION_SECRETS: "" }).sessionSecrets).toBeNull();
  });
});
