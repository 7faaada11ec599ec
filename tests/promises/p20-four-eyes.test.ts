// P20: what cannot be undone needs a second person: another one, for exactly this change, in time, once.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestIdHeader, targetHeader } from "#lib/bff/console.ts";
import type {
  Approval,
  ApprovalAsked,
  ApprovalsAnswer,
  PeopleAnswer,
  SessionAnswer,
  VaultRow,
} from "#lib/contract/api.ts";
import { operationNames, operationRow } from "#lib/contract/operations.ts";
import { findIdentity } from "#lib/store/accounts.ts";
import * as store from "#lib/store/approvals.ts";
import { kmsPath, origin, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { engineNames, startEngine, type TestEngine } from "#tests/store/engines.ts";
import { isFull } from "./size.ts";

const interleavings = isFull ? 1_000 : 120;
const dayMs = 86_400_000;
const hourMs = 3_600_000;
let app: TestConsole;
let ada: string;
let bea: string;
let vaults: VaultRow[];

beforeAll(async () => {
  app = await startTestConsole({ settleMs: 0, isThrottled: false }, { FOUR_EYES: "on", CALLS_PER_SECOND: "10" });
  ada = await app.signIn("admin");
  bea = await app.signIn("second-admin");
  const inventory = await app.inventory(ada);
  // Vaults with a key due later than a vault can be refuse to be scheduled; those with a replica are two rows.
  vaults = inventory.vaults.filter(
    ({ lifecycleState, displayName }, _, all) =>
      lifecycleState === "ACTIVE" && all.filter((other) => other.displayName === displayName).length === 1,
  );
});
afterAll(() => app.stop());

const reason = encodeURIComponent("The product it belonged to was shut down.");
const due = (days = 20) => new Date(Date.now() + days * dayMs).toISOString();
const take = () => vaults.pop() as VaultRow;

async function etagOf(vault: VaultRow): Promise<string> {
  const { headers } = await app.ask("GET", kmsPath(vault), { cookie: ada, headers: { "cache-control": "no-cache" } });
  return headers.get("etag") ?? "";
}
const schedule = async (
  vault: VaultRow,
  over: { cookie?: string; headers?: Record<string, string>; days?: number } = {},
) =>
  app.ask("POST", kmsPath(vault, "/actions/scheduleDeletion"), {
    cookie: over.cookie ?? ada,
    body: { timeOfDeletion: due(over.days) },
    headers: { "if-match": await etagOf(vault), "x-ovc-reason": reason, "x-ovc-ask": "approval", ...over.headers },
  });
const askFor = async (vault: VaultRow, over: Parameters<typeof schedule>[1] = {}) => {
  const answer = await schedule(vault, over);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return (answer.body as ApprovalAsked).approval;
};
const decide = (id: string, cookie: string, body: object) => app.ask("POST", `/api/approvals/${id}`, { cookie, body });
const approve = (id: string, vault: Pick<VaultRow, "id">, cookie = bea) =>
  decide(id, cookie, { decision: "approve", confirm: vault.id.slice(-6) });
const find = async (id: string) =>
  ((await app.ask("GET", `/api/approvals/${id}`, { cookie: ada })).body as ApprovalsAnswer).approvals[0] as Approval;
const scheduled = async () => (await app.calls()).byOperation.scheduleVaultDeletion ?? 0;
const changes = async () => {
  const { byOperation } = await app.calls();
  return operationNames
    .filter((name) => operationRow(name).fourEyes)
    .reduce((sum, name) => sum + (byOperation[name] ?? 0), 0);
};
const codeOf = ({ body }: { body: unknown }) => (body as { code?: string }).code;

describe("P20: nothing without a second person (26 cases)", () => {
  it("no operation of the list goes out alone, whoever asks", async () => {
    const vault = take();
    const before = await changes();
    const scope = `/api/oci/${vault.tenancy}/kms/${vault.region}/20180608/vaults/actions`;
    const tries = [
      ["POST", kmsPath(vault, "/actions/scheduleDeletion"), { timeOfDeletion: due() }],
      ["POST", kmsPath(vault, "/actions/changeCompartment"), { compartmentId: vault.compartmentId }],
      ["POST", kmsPath(vault, "/actions/deleteReplica"), { replicaRegion: "uk-london-1" }],
      [
        "POST",
        `${scope}/restoreFromObjectStore?compartmentId=${vault.compartmentId}`,
        {
          backupLocation: {
            destination: "PRE_AUTHENTICATED_REQUEST_URI",
            uri: "https://objectstorage.us-ashburn-1.oraclecloud.com/p/x/n/n/b/b/o/o",
          },
        },
      ],
    ] as const;
    for (const [method, path, body] of tries) {
      for (const cookie of [ada, bea])
        expect(codeOf(await app.ask(method, path, { cookie, body, headers: { "if-match": "x" } })), path).toBe(
          "ApprovalNeeded",
        );
      // An approval of another change, or none at all, opens nothing.
      const forged = { "if-match": "x", "x-ovc-approval": "00000000-0000-4000-8000-000000000000" };
      expect(codeOf(await app.ask(method, path, { cookie: ada, body, headers: forged })), path).toBe("ApprovalNeeded");
    }
    const file = `${scope}/restoreFromFile?compartmentId=${vault.compartmentId}`;
    const bytes = Buffer.from("a backup");
    const headers = { "content-type": "application/octet-stream", "content-length": "8" };
    expect(codeOf(await app.ask("POST", file, { cookie: ada, bytes, headers }))).toBe("ApprovalNeeded");
    expect(await changes()).toBe(before);
  });

  it("the second person agrees: it is done once, in the first one's name, and the receipt says who agreed", async () => {
    const vault = take();
    const id = await askFor(vault);
    const before = await scheduled();
    expect(codeOf(await approve(id, vault, ada))).toBe("NotPermitted");
    expect(codeOf(await decide(id, bea, { decision: "approve", confirm: "aaaaaa" }))).toBe("NotConfirmed");
    expect(await scheduled()).toBe(before);
    expect((await approve(id, vault)).status).toBe(200);
    expect(await find(id)).toMatchObject({
      state: "done",
      decider: { name: "Bea Admin" },
      outcome: "Oracle has done it.",
    });
    expect(await scheduled()).toBe(before + 1);
    expect(codeOf(await approve(id, vault))).toBe("AlreadyDecided");
    const { receiptId } = await find(id);
    const receipts = await app.ask("GET", `/api/activity?receipt=${receiptId}`, { cookie: ada });
    expect(JSON.stringify(receipts.body)).toContain("Ada Admin");
    const rows = await app.db
      .selectFrom("receipts")
      .selectAll()
      .where("receipt_id", "=", receiptId ?? "")
      .execute();
    expect(JSON.parse(rows[0]?.details ?? "{}")).toMatchObject({ approval: { id, agreedBy: "Bea Admin" } });
  });

  it("what changed meanwhile makes it void: nothing happens", async () => {
    const vault = take();
    const id = await askFor(vault);
    const renamed = await app.ask("PUT", kmsPath(vault), {
      cookie: bea,
      body: { displayName: "renamed" },
      headers: { "if-match": await etagOf(vault) },
    });
    expect(renamed.status).toBe(200);
    await approve(id, vault);
    expect((await find(id)).state).toBe("void");
    const held = await app.ask("GET", kmsPath(vault), { cookie: ada, headers: { "cache-control": "no-cache" } });
    expect(held.body).toMatchObject({ lifecycleState: "ACTIVE", displayName: "renamed" });
  });

  it("denied, withdrawn, expired: over", async () => {
    const vault = take();
    const before = await scheduled();
    const denied = await askFor(vault);
    expect(codeOf(await decide(denied, bea, { decision: "deny", reason: "" }))).toBe("ReasonNeeded");
    expect((await decide(denied, bea, { decision: "deny", reason: "It is still in use." })).status).toBe(200);
    const withdrawn = await askFor(vault);
    expect(codeOf(await decide(withdrawn, bea, { decision: "withdraw" }))).toBe("NotYours");
    expect((await decide(withdrawn, ada, { decision: "withdraw" })).status).toBe(200);
    const expired = await askFor(vault);
    for (const id of [denied, withdrawn]) expect(codeOf(await approve(id, vault))).toBe("AlreadyDecided");
    app.clock.offsetMs += 4 * hourMs + 1_000;
    try {
      const bea2 = await app.signIn("second-admin");
      expect(codeOf(await approve(expired, vault, bea2))).toBe("AlreadyDecided");
    } finally {
      app.clock.offsetMs -= 4 * hourMs + 1_000;
      ada = await app.signIn("admin");
      bea = await app.signIn("second-admin");
    }
    expect(await scheduled()).toBe(before);
  });

  it("a party who may not any more: nothing happens", async () => {
    const before = await scheduled();
    for (const [who, other] of [
      ["admin", () => bea],
      ["second-admin", () => ada],
    ] as const) {
      const id = await approvedOnly(take());
      const { id: account = "" } = (await findIdentity(app.db, "rehearsal", who)) ?? {};
      const set = (at: number | null) =>
        app.db.updateTable("accounts").set({ disabled_at: at }).where("id", "=", account).execute();
      await set(1);
      try {
        expect((await decide(id, other(), { decision: "carryOut" })).status).toBe(200);
      } finally {
        await set(null);
      }
      expect(await find(id)).toMatchObject({ state: "void" });
    }
    expect(await scheduled()).toBe(before);
  });

  it("a payload changed in the store is not what was agreed to", async () => {
    const before = await scheduled();
    const [one, two] = [await approvedOnly(take()), await askFor(take())];
    const { payload = "" } = (await store.findApproval(app.db, two)) ?? {};
    await app.db.updateTable("approvals").set({ payload }).where("id", "=", one).execute();
    await decide(one, bea, { decision: "carryOut" });
    expect((await find(one)).state).toBe("void");
    expect(await scheduled()).toBe(before);
  });

  it("a file is sent by the one who asked, and only the file that was agreed to, once", async () => {
    const source = vaults.find(({ vaultType }) => vaultType === "VIRTUAL_PRIVATE") as VaultRow;
    const path = `/api/oci/${source.tenancy}/kms/${source.region}/20180608/vaults/actions/restoreFromFile?compartmentId=${source.compartmentId}`;
    const bytes = Buffer.alloc(4_000, 7);
    const digest = (algorithm: string, of: Buffer) => createHash(algorithm).update(of).digest("base64");
    const file = {
      "content-type": "application/octet-stream",
      "content-md5": digest("md5", bytes),
      "x-ovc-reason": reason,
    };
    const asked = await app.ask("POST", path, {
      cookie: ada,
      headers: {
        ...file,
        "x-ovc-ask": "approval",
        "x-ovc-file-bytes": "4000",
        "x-ovc-file-sha256": digest("sha256", bytes),
      },
    });
    expect(asked.status, JSON.stringify(asked.body)).toBe(202);
    const id = (asked.body as ApprovalAsked).approval;
    const headersOf = (body: Buffer, of: string) => ({
      ...file,
      "content-md5": digest("md5", body),
      "content-length": String(body.length),
      "x-ovc-approval": of,
    });
    const send = (cookie: string, body: Buffer) =>
      app.ask("POST", path, { cookie, bytes: body, headers: headersOf(body, id) });
    /** The refusal of a file that would be asked for only if it were wanted. */
    const offer = async (cookie: string, body = bytes, { of = id, at = path } = {}) => {
      let taken = 0;
      const offered = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            taken += 1;
            controller.enqueue(body);
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
      const own = { origin, "sec-fetch-site": "same-origin", "x-ovc-request": "1" };
      const headers = { ...headersOf(body, of), ...own, cookie, [targetHeader]: at, [requestIdHeader]: "offer" };
      const init = { method: "POST", body: offered, duplex: "half", headers } as RequestInit;
      const answer = await app.console.oci(new Request(`${origin}${at}`, init));
      return { code: codeOf({ body: await answer.json() }), taken };
    };
    expect(await offer(ada)).toEqual({ code: "AlreadyDecided", taken: 0 });
    const target = (await find(id)).target;
    expect((await decide(id, bea, { decision: "approve", confirm: target.slice(-6) })).status).toBe(200);
    expect((await find(id)).state).toBe("approved");
    expect(await offer(bea)).toEqual({ code: "NotYours", taken: 0 });
    expect(await offer(ada, Buffer.alloc(4_000, 8))).toEqual({ code: "ApprovalMismatch", taken: 0 });
    expect(await offer(ada, Buffer.alloc(4_001, 7))).toEqual({ code: "ApprovalMismatch", taken: 0 });
    const elsewhere = { at: path.replace(source.compartmentId, app.tenancy) };
    expect(await offer(ada, bytes, elsewhere)).toEqual({ code: "ApprovalMismatch", taken: 0 });
    const none = { of: "00000000-0000-4000-8000-000000000000" };
    expect(await offer(ada, bytes, none)).toEqual({ code: "UnknownApproval", taken: 0 });
    // The digest of the headers is not that of the bytes: what arrives is looked at once more.
    const forged = { cookie: ada, bytes: Buffer.alloc(4_000, 9), headers: headersOf(bytes, id) };
    expect(codeOf(await app.ask("POST", path, forged))).toBe("UnmatchedContentMD5");
    const before = (await app.calls()).byOperation.restoreVaultFromFile ?? 0;
    // What is sent is no backup, and the service says so: the approval is used up all the same.
    expect((await send(ada, bytes)).status).toBe(400);
    expect((await app.calls()).byOperation.restoreVaultFromFile).toBe(before + 1);
    expect(codeOf(await send(ada, bytes))).toBe("AlreadyDecided");
  });

  it("it asks for a reason, an etag, and a date that leaves time", async () => {
    const vault = take();
    expect(codeOf(await schedule(vault, { headers: { "x-ovc-reason": "why" } }))).toBe("ReasonNeeded");
    expect(codeOf(await schedule(vault, { headers: { "if-match": "" } }))).toBe("EtagNeeded");
    expect(codeOf(await schedule(vault, { days: 7.003 }))).toBe("TooSoonForApproval");
    for (const role of ["helpdesk", "operator", "auditor"] as const)
      expect((await schedule(vault, { cookie: await app.signIn(role) })).status).toBe(403);
    expect((await app.ask("GET", "/api/approvals", { cookie: await app.signIn("helpdesk") })).status).toBe(403);
    expect((await app.ask("GET", "/api/approvals", { cookie: await app.signIn("auditor") })).status).toBe(200);
  });
});

/** Agreed to, and the console stopped before it was carried out. */
async function approvedOnly(vault: VaultRow): Promise<string> {
  const id = await askFor(vault);
  const deciderId = (await findIdentity(app.db, "rehearsal", "second-admin"))?.id ?? "";
  const decision = { state: "approved", deciderId, deciderName: "Bea Admin", at: Date.now(), reason: null } as const;
  expect(await store.decide(app.db, id, decision)).toBe(true);
  return id;
}

describe("P20: roles, and when a second person is asked for (12 cases)", () => {
  let live: TestConsole;
  beforeAll(async () => {
    live = await startTestConsole({}, { OCI_PROFILES: "DEFAULT" });
  });
  afterAll(() => live.stop());

  it("with the second admin it begins by itself, and no role is granted alone any more", async () => {
    const passwords = ["tiger lamp orbit canyon", "velvet pylon marsh quartz"] as const;
    const post = (path: string, body: unknown, cookie?: string, headers: Record<string, string> = {}) =>
      live.ask("POST", path, { body, headers, ...(cookie === undefined ? {} : { cookie }) });
    const cookieOf = ({ headers }: { headers: Headers }) => headers.get("set-cookie")?.split(";")[0] ?? "";
    const isOn = async (cookie: string) =>
      ((await live.ask("GET", "/api/session", { cookie })).body as SessionAnswer).fourEyes?.isOn;
    const ana = cookieOf(
      await post("/api/session/setup", { token: live.tokens.at(-1), name: "Ana", password: passwords[0] }),
    );
    expect(await isOn(ana)).toBe(false);
    const added = (await post("/api/people/add", { name: "Ben", role: "admin" }, ana)).body as PeopleAnswer;
    // Somebody invited cannot agree yet.
    expect(await isOn(ana)).toBe(false);
    const token = added.invitation?.path.split("=").at(-1);
    // A second invitation, kept for later: it must not become a second pair of eyes of one's own.
    const kept = ((await post("/api/people/add", { name: "Cid", role: "admin" }, ana)).body as PeopleAnswer).invitation;
    const ben = cookieOf(await post("/api/session/setup", { token, password: passwords[1] }));
    expect(await isOn(ana)).toBe(true);

    const late = { token: kept?.path.split("=").at(-1), password: "copper walrus ninety fjord" };
    expect(codeOf(await post("/api/session/setup", late))).toBe("ApprovalNeeded");
    expect(codeOf(await post("/api/people/add", { name: "Cy", role: "operator" }, ana))).toBe("ApprovalNeeded");
    const { people } = (await post("/api/people/add", { name: "Cy", role: "helpdesk" }, ana)).body as PeopleAnswer;
    const cy = people.find(({ name }) => name === "Cy")?.id ?? "";
    const role = async () =>
      ((await live.ask("GET", "/api/people", { cookie: ana })).body as PeopleAnswer).people.find(({ id }) => id === cy)
        ?.role;
    expect(codeOf(await post("/api/people/role", { id: cy, role: "admin" }, ana))).toBe("ApprovalNeeded");
    const headers = { "x-ovc-ask": "approval", "x-ovc-reason": encodeURIComponent("Cy runs the night shift.") };
    const asked = await post("/api/people/role", { id: cy, role: "operator" }, ana, headers);
    expect(asked.status, JSON.stringify(asked.body)).toBe(202);
    const { approval } = asked.body as ApprovalAsked;
    const confirm = cy.slice(-6);
    expect(codeOf(await post(`/api/approvals/${approval}`, { decision: "approve", confirm }, ana))).toBe(
      "NotPermitted",
    );
    expect(await role()).toBe("helpdesk");
    expect((await post(`/api/approvals/${approval}`, { decision: "approve", confirm }, ben)).status).toBe(200);
    expect(await role()).toBe("operator");
    // Taking a role away is the safe direction.
    expect((await post("/api/people/role", { id: cy, role: "helpdesk" }, ana)).status).toBe(200);

    // Shutting the other admin out does not do away with the second pair of eyes.
    const benId = people.find(({ name }) => name === "Ben")?.id ?? "";
    // Nor does taking over their account by a new invitation.
    expect(codeOf(await post("/api/people/invite", { id: benId }, ana))).toBe("ApprovalNeeded");
    expect((await post("/api/people/disable", { id: benId }, ana)).status).toBe(200);
    expect(await isOn(ana)).toBe(true);
    expect((await post("/api/people/enable", { id: benId }, ana)).status).toBe(200);
    expect((await post("/api/people/role", { id: benId, role: "helpdesk" }, ana)).status).toBe(200);
    expect(await isOn(ana)).toBe(true);
    expect(codeOf(await post("/api/people/role", { id: benId, role: "admin" }, ana))).toBe("ApprovalNeeded");
  });
});

describe("P20: carried out once, whoever hurries (50-way race)", () => {
  it("fifty who agree at once", async () => {
    const vault = take();
    const id = await askFor(vault);
    const before = await scheduled();
    const answers = await Promise.all(Array.from({ length: 50 }, () => approve(id, vault)));
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1);
    await settled(id);
    expect(await scheduled()).toBe(before + 1);
  });

  it("fifty who carry it out at once", async () => {
    const id = await approvedOnly(take());
    const before = await scheduled();
    await Promise.all(Array.from({ length: 50 }, () => decide(id, bea, { decision: "carryOut" })));
    await settled(id);
    expect(await scheduled()).toBe(before + 1);
  });
});

async function settled(id: string): Promise<void> {
  for (let turn = 0; turn < 600 && (await find(id)).state === "executing"; turn += 1)
    await new Promise((later) => setTimeout(later, 50));
  expect((await find(id)).state).toBe("done");
}

describe("P20: a console that ends in the middle (2 cases)", () => {
  it("leaves nothing under way for ever, and nothing is carried out a second time", async () => {
    const id = await approvedOnly(take());
    await app.db
      .updateTable("approvals")
      .set({ state: "executing", taken_at: Date.now() })
      .where("id", "=", id)
      .execute();
    expect((await find(id)).state).toBe("executing");
    const before = await scheduled();
    await app.db
      .updateTable("approvals")
      .set({ taken_at: Date.now() - 16 * 60_000 })
      .where("id", "=", id)
      .execute();
    expect(await find(id)).toMatchObject({ state: "failed", outcome: expect.stringContaining("ended while") });
    expect(await scheduled()).toBe(before);
  });
});

describe.each(engineNames)(`P20: any order of steps, on %s (${interleavings} cases)`, (name) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startEngine(name);
  }, 120_000);
  afterAll(() => engine.stop());

  it("never carried out without another person's agreement in time, never twice", async () => {
    const kept = await engine.newStore();
    const db = await kept.open();
    const step = fc.record({
      kind: fc.constantFrom("approve", "deny", "withdraw", "take", "wait"),
      who: fc.constantFrom("ada", "bea", "cem"),
    });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        number += 1;
        const id = `approval-${number}`;
        let now = 1_000;
        await store.addApproval(db, {
          id,
          operation: "scheduleVaultDeletion",
          tenancy: "t",
          region: "r",
          target: "v",
          requesterId: "ada",
          requesterName: "Ada",
          reason: "because",
          payload: "",
          payloadHash: "",
          shown: { params: {}, before: null },
          etag: null,
          createdAt: now,
          expiresAt: now + 100,
        });
        let agreedBy: string | null = null;
        let isOver = false;
        let taken = 0;
        for (const { kind, who } of steps) {
          if (kind === "wait") now += 60;
          else if (kind === "take") {
            const isTaken = await store.takeForExecution(db, id, now);
            expect(isTaken).toBe(agreedBy !== null && !isOver && now < 1_100);
            if (isTaken) {
              taken += 1;
              isOver = true;
            }
          } else {
            const state = ({ approve: "approved", deny: "denied", withdraw: "withdrawn" } as const)[kind as "approve"];
            const isDecided = await store.decide(db, id, {
              state,
              deciderId: who,
              deciderName: who,
              at: now,
              reason: null,
            });
            const mayBe = agreedBy === null && !isOver && now < 1_100 && (kind === "withdraw" || who !== "ada");
            expect(isDecided).toBe(mayBe);
            if (isDecided && kind === "approve") agreedBy = who;
            else if (isDecided) isOver = true;
          }
        }
        expect(taken).toBeLessThanOrEqual(1);
        expect(agreedBy).not.toBe("ada");
      }),
      { numRuns: interleavings },
    );
    await kept.remove();
  }, 120_000);
});
