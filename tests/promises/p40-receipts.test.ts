// P40: whatever people do, what reached the service and what the trail says are the same; and without a trail nothing reaches it.
import { randomInt } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CallEntry } from "#emulator/calls.ts";
import { consoleRoles, type VaultRow } from "#lib/contract/api.ts";
import { operationRow } from "#lib/contract/operations.ts";
import { vaultActions } from "#lib/vault/actions.ts";
import { bodiesOf } from "../console/addresses.ts";
import { startTestConsole, type TestConsole } from "../console/start-console.ts";
import { isFull } from "./size.ts";

const acts = isFull ? 10_000 : 400;
const faulty = isFull ? 500 : 20;
/** The emulator remembers some thousands of calls. */
const round = 1_000;
const actions = [...vaultActions, "createVault"] as const;

let app: TestConsole;
let vaults: readonly VaultRow[];
const cookies = new Map<string, string>();

beforeAll(async () => {
  app = await startTestConsole({ isThrottled: false, settleMs: 20 });
  await signIn();
  const { vaults: all } = await app.inventory(cookies.get("admin") ?? "");
  vaults = all.filter(({ tenancy, lifecycleState }) => tenancy === app.tenancy && lifecycleState !== "DELETED");
});
afterAll(() => app.stop());

/** Anew from time to time: what cannot be undone wants a proof of the last five minutes. */
async function signIn(): Promise<void> {
  for (const role of consoleRoles) cookies.set(role, await app.signIn(role));
}

const pick = <Value>(values: readonly Value[]): Value => values[randomInt(values.length)] as Value;

/** Anything a person or a program might send: right, wrong, not allowed, of another version. */
async function act(role: string = pick(consoleRoles)): Promise<number> {
  const vault = pick(vaults);
  const action = pick(actions);
  const { method, path } = operationRow(action);
  const body = pick([
    bodiesOf[action],
    bodiesOf[action],
    { displayName: `v${randomInt(1e6)}` },
    { displayName: 7 },
    { unknown: true },
    {},
    action === "scheduleVaultDeletion"
      ? { timeOfDeletion: new Date(Date.now() + randomInt(2, 40) * 86_400_000).toISOString() }
      : undefined,
  ]);
  const etag = pick([undefined, undefined, "not-this-version"]);
  const answer = await app.ask(
    method,
    `/api/oci/${vault.tenancy}/kms/${vault.region}${path.replace("{vaultId}", vault.id)}`,
    {
      cookie: cookies.get(role),
      body,
      headers: { "x-ovc-reason": "as it comes", ...(etag === undefined ? {} : { "if-match": etag }) },
    },
  );
  return answer.status;
}

/** Calls that change something, and forgets them. */
async function takeChanges(): Promise<readonly CallEntry[]> {
  const { calls } = (await (await fetch(`${app.control}/calls`)).json()) as { calls: CallEntry[] };
  await fetch(`${app.control}/calls`, { method: "DELETE" });
  return calls.filter(({ method }) => method !== "GET" && method !== "HEAD");
}

/** The id of the person's request, which the service's own begins with. */
const idOf = ({ sentRequestId }: CallEntry) => sentRequestId?.split("/")[0] ?? "";

describe(`P40: every change is in the trail before and after, and nothing else is (${acts.toLocaleString("en-GB")} cases)`, () => {
  it("the changes that reached the service are the pairs of the trail", async () => {
    await takeChanges();
    const reached: string[] = [];
    const since =
      (await app.db.selectFrom("receipts").select("seq").orderBy("seq", "desc").executeTakeFirst())?.seq ?? 0;
    const statuses = new Set<number>();
    for (let done = 0; done < acts; done += round) {
      if (done > 0) await signIn();
      for (let index = 0; index < Math.min(round, acts - done); index += 4) {
        for (const status of await Promise.all([act(), act(), act(), act()])) statuses.add(status);
      }
      reached.push(...(await takeChanges()).map(idOf));
    }
    const rows = await app.db
      .selectFrom("receipts")
      .select(["receipt_id", "phase", "request_id", "operation"])
      .where("seq", ">", since)
      .where("operation", "in", [...actions])
      .execute();
    const of = (phase: string) => rows.filter((row) => row.phase === phase);
    const intents = of("intent");
    // A call may be repeated with its token; it is one change.
    expect([...new Set(reached)].sort()).toEqual(intents.map((row) => row.request_id).sort());
    expect(
      of("outcome")
        .map((row) => row.receipt_id)
        .sort(),
    ).toEqual(intents.map((row) => row.receipt_id).sort());
    expect(intents.length).toBeGreaterThan(acts / 20);
    // What somebody is refused over and over is counted after a few dozen rows.
    expect(of("refused").length).toBeGreaterThan(20);
    for (const status of [200, 400, 403, 409, 412]) expect([...statuses], `some answered ${status}`).toContain(status);
    expect([...statuses].filter((status) => status >= 500)).toEqual([]);
  }, 1_800_000);
});

const faults: readonly (readonly [what: string, begin: string, end: string])[] = [
  [
    "the disk is full",
    "CREATE TRIGGER full BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    "DROP TRIGGER full",
  ],
  [
    "the head is away",
    "ALTER TABLE receipts_head RENAME TO head_away",
    "ALTER TABLE head_away RENAME TO receipts_head",
  ],
  ["the table is away", "ALTER TABLE receipts RENAME TO receipts_away", "ALTER TABLE receipts_away RENAME TO receipts"],
  [
    "intents are refused",
    "CREATE TRIGGER no BEFORE INSERT ON receipts WHEN NEW.phase = 'intent' BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
    "DROP TRIGGER no",
  ],
];

describe(`P40: without a trail nothing is sent (${faults.length} × ${faulty} cases)`, () => {
  it.each(faults)(
    "%s",
    async (_what, begin, end) => {
      await signIn();
      await takeChanges();
      await sql.raw(begin).execute(app.db);
      try {
        const statuses = new Set<number>();
        for (let index = 0; index < faulty; index += 1) statuses.add(await act("admin"));
        expect(await takeChanges()).toEqual([]);
        expect([...statuses].filter((status) => status < 400)).toEqual([]);
        expect([...statuses]).toContain(503);
      } finally {
        await sql.raw(end).execute(app.db);
      }
      expect((await app.ask("GET", "/api/activity/verify", { cookie: cookies.get("admin") })).body).toMatchObject({
        isIntact: true,
      });
    },
    600_000,
  );
});
