// P12: what cannot be undone needs a proof of who one is that is at most five minutes old.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashPassword } from "#lib/bff/password.ts";
import type { Inventory, VaultRow } from "#lib/contract/api.ts";
import { addAccount, findIdentity } from "#lib/store/accounts.ts";
import { kmsPath, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";

const right = "tiger lamp orbit canyon";
const minuteMs = 60_000;
let app: TestConsole;
let vault: VaultRow;
beforeAll(async () => {
  app = await startTestConsole({}, { OCI_PROFILES: "DEFAULT" });
  const password = await hashPassword(right);
  for (const name of ["ada", "bo"])
    await addAccount(app.db, { issuer: "local", subject: name, name, role: "admin", password }, Date.now());
  const inventory: Inventory = await app.inventory(await signIn());
  const found = inventory.vaults.find((each) => each.tenancy === app.tenancy && each.lifecycleState === "DELETED");
  if (found === undefined) throw new Error("the demo has no deleted vault");
  vault = found;
});
afterAll(() => app.stop());

async function signIn(): Promise<string> {
  const answer = await app.ask("POST", "/api/session", { body: { name: "ada", password: right } });
  expect(answer.status).toBe(200);
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

type Act = (cookie: string) => Promise<{ status: number; body: unknown }>;
const restore = (path: string) =>
  `/api/oci/${vault.tenancy}/kms/${vault.region}/20180608/vaults/actions/${path}?compartmentId=${vault.compartmentId}`;
/** Each leads, with a fresh proof, as far as the service, which refuses it: the vault is deleted, the file no backup. */
const operations: [name: string, act: Act][] = [
  [
    "scheduleVaultDeletion",
    (cookie) => app.ask("POST", kmsPath(vault, "/actions/scheduleDeletion"), { cookie, body: {} }),
  ],
  [
    "changeVaultCompartment",
    (cookie) =>
      app.ask("POST", kmsPath(vault, "/actions/changeCompartment"), { cookie, body: { compartmentId: app.tenancy } }),
  ],
  [
    "deleteVaultReplica",
    (cookie) =>
      app.ask("POST", kmsPath(vault, "/actions/deleteReplica"), { cookie, body: { replicaRegion: "uk-london-1" } }),
  ],
  [
    "restoreVaultFromObjectStore",
    (cookie) =>
      app.ask("POST", restore("restoreFromObjectStore"), {
        cookie,
        body: {
          backupLocation: { destination: "BUCKET", namespace: "ns", bucketName: "bucket", objectName: "nothing" },
        },
      }),
  ],
  [
    "changeRole",
    async (cookie) => {
      const id = (await findIdentity(app.db, "local", "bo"))?.id;
      return app.ask("POST", "/api/people/role", { cookie, body: { id, role: "admin" } });
    },
  ],
];

const ages: [ageMs: number, isFresh: boolean][] = [
  [0, true],
  [5 * minuteMs - 10_000, true],
  [5 * minuteMs + 1, false],
];

describe("P12: destructive operations need a fresh proof (5 operations × 3 ages, 15 cases)", () => {
  it.each(operations.flatMap(([name, act]) => ages.map(([ageMs, isFresh]) => [name, ageMs, isFresh, act] as const)))(
    "%s, %i ms after the proof: %s",
    async (name, ageMs, isFresh, act) => {
      const cookie = await signIn();
      const before = (await app.calls()).byOperation[name] ?? 0;
      app.clock.offsetMs = ageMs;
      try {
        const answer = await act(cookie);
        const { code } = (answer.body ?? {}) as { code?: string };
        if (isFresh) expect(code).not.toBe("StepUpNeeded");
        else expect([answer.status, code]).toEqual([403, "StepUpNeeded"]);
        const sent = ((await app.calls()).byOperation[name] ?? 0) - before;
        if (name !== "changeRole") expect(sent).toBe(isFresh ? 1 : 0);
      } finally {
        app.clock.offsetMs = 0;
      }
    },
  );

  it("asks again only after the proof has aged, not after activity", async () => {
    const cookie = await signIn();
    const schedule = operations[0]?.[1] as Act;
    try {
      for (let minute = 1; minute <= 6; minute += 1) {
        app.clock.offsetMs = minute * minuteMs;
        expect((await app.ask("GET", "/api/session", { cookie })).status).toBe(200);
      }
      expect(((await schedule(cookie)).body as { code: string }).code).toBe("StepUpNeeded");
      const confirmed = await app.ask("POST", "/api/session/step-up", { cookie, body: { password: right } });
      const fresh = confirmed.headers.get("set-cookie")?.split(";")[0] ?? "";
      expect(((await schedule(fresh)).body as { code: string }).code).not.toBe("StepUpNeeded");
      expect((await schedule(cookie)).status).toBe(401);
    } finally {
      app.clock.offsetMs = 0;
    }
  });

  it("leaves what can be undone alone", async () => {
    const cookie = await signIn();
    app.clock.offsetMs = 10 * minuteMs;
    const answer = await app.ask("PUT", kmsPath(vault), { cookie, body: { displayName: "x" } });
    app.clock.offsetMs = 0;
    expect((answer.body as { code: string }).code).not.toBe("StepUpNeeded");
  });
});
