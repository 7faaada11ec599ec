// P3: idle and absolute limits are the server's, to the second.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "#lib/bff/config.ts";
import { createSessions, type Sessions } from "#lib/bff/session.ts";
import { keepIdentity } from "#lib/store/accounts.ts";
import { type Database, openSqlite } from "#lib/store/database.ts";

const minuteMs = 60_000;
let dataDir: string;
let db: Database;
let sessions: Sessions;
let now = 1_800_000_000_000;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "ovc-limits-"));
  db = openSqlite(dataDir);
  sessions = createSessions(loadConfig({ DATA_DIR: dataDir }), db, () => now);
});
afterAll(async () => {
  await db.destroy();
  rmSync(dataDir, { recursive: true });
});

const carrying = (cookie = "") => new Request("http://localhost/", { headers: { cookie: cookie.split(";")[0] ?? "" } });
const start = async (role: string) =>
  sessions.start(carrying(), await keepIdentity(db, { issuer: "rehearsal", subject: role, name: role, role }, now));

// The seal's library forgives 60 seconds of clock: the server must not.
const offsets = [-1, 1, 59, 61] as const;
describe("P3: sessions end on time (12 cases)", () => {
  it.each((["admin", "helpdesk"] as const).flatMap((role) => offsets.map((offset) => [role, offset] as const)))(
    "idle, %s, %i s from the limit",
    async (role, offset) => {
      const cookie = await start(role);
      now += (role === "admin" ? 15 : 30) * minuteMs + offset * 1000;
      expect((await sessions.identify(carrying(cookie))) !== null).toBe(offset < 0);
    },
  );

  it.each(offsets)("absolute, %i s from the limit, busy all the time", async (offset) => {
    const began = now;
    const cookie = await start("admin");
    while (now < began + 8 * 60 * minuteMs - 10 * minuteMs) {
      now += 10 * minuteMs;
      expect(await sessions.identify(carrying(cookie))).not.toBeNull();
    }
    now = began + 8 * 60 * minuteMs + offset * 1000;
    expect((await sessions.identify(carrying(cookie))) !== null).toBe(offset < 0);
  });
});
