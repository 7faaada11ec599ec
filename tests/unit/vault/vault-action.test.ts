import { expect, test } from "vitest";
import { type Answer, ApiError } from "#lib/browser/api.ts";
import { type ActionPhase, runVaultAction, type VaultIntent } from "#lib/browser/vault-action.ts";
import type { Vault } from "#lib/contract/models.ts";
import { backedUp } from "#lib/vault/outcomes.ts";

/** A script of what the service answers: a state, or an error. The last reading repeats. */
interface Script {
  readonly sends: readonly (ApiError | "ok")[];
  readonly reads: readonly (ApiError | string)[];
}

const refusal = (status: number, code: string, more: { retryAfterSeconds?: number; isUnknown?: boolean } = {}) =>
  new ApiError(
    status,
    { code, message: `${code}.`, ...(more.retryAfterSeconds ? { retryAfterSeconds: more.retryAfterSeconds } : {}) },
    more.isUnknown ? { outcome: "unknown" } : {},
  );

function answer<Body>(body: Body, status = 200): Answer<Body> {
  return {
    status,
    body,
    etag: "e",
    nextPage: null,
    requestId: "r",
    workRequestId: null,
    readAtMs: 1,
    isStale: false,
    receiptId: "receipt",
    outcome: null,
    ages: null,
    contentMd5: null,
  };
}

const vaultIn = (lifecycleState: string) => ({ lifecycleState }) as Vault;

const intent: VaultIntent = {
  operation: "scheduleVaultDeletion",
  place: { tenancy: "t", region: "us-ashburn-1", vaultId: "v" },
  etag: "e",
  isApplied: (vault) => vault.lifecycleState.endsWith("DELETION"),
  isSettled: (vault) => vault.lifecycleState === "PENDING_DELETION",
};

async function play(script: Script, wanted: VaultIntent = intent) {
  const phases: ActionPhase[] = [];
  const tokens: string[] = [];
  let nowMs = 0;
  let reads = 0;
  await runVaultAction(wanted, "token-1", {
    send: async (_, token) => {
      const next = script.sends[tokens.length] ?? "ok";
      tokens.push(token);
      if (next !== "ok") throw next;
      return answer<Vault | null>(vaultIn("SCHEDULING_DELETION"));
    },
    read: async () => {
      const next = script.reads[Math.min(reads, script.reads.length - 1)] ?? "ACTIVE";
      reads += 1;
      if (typeof next !== "string") throw next;
      return answer(vaultIn(next));
    },
    pause: async (ms) => {
      nowMs += ms;
    },
    now: () => nowMs,
    show: (phase) => phases.push(phase),
    isStopped: () => false,
  });
  return { phases, tokens, reads, nowMs, last: phases.at(-1), kinds: [...new Set(phases.map((phase) => phase.kind))] };
}

test("submitted and confirmed are two things: it is read until the vault shows it", async () => {
  const { kinds, last, tokens } = await play({
    sends: ["ok"],
    reads: ["SCHEDULING_DELETION", "SCHEDULING_DELETION", "PENDING_DELETION"],
  });
  expect(kinds).toEqual(["sending", "submitted", "confirmed"]);
  expect(last).toMatchObject({
    kind: "confirmed",
    wasLost: false,
    reading: { body: { lifecycleState: "PENDING_DELETION" } },
  });
  expect(tokens).toHaveLength(1);
});

test("what does not show in 20 seconds is said to be unconfirmed, not done", async () => {
  const { last, nowMs } = await play({ sends: ["ok"], reads: ["ACTIVE"] });
  expect(last).toMatchObject({ kind: "unconfirmed", error: null });
  expect(nowMs).toBeGreaterThanOrEqual(20_000);
  expect(nowMs).toBeLessThan(30_000);
});

test("what the service is visibly at work on is followed to its end, for half an hour at most", async () => {
  const slow = Array.from({ length: 60 }, () => "SCHEDULING_DELETION");
  const made = await play({ sends: ["ok"], reads: [...slow, "PENDING_DELETION"] });
  expect(made.last?.kind).toBe("confirmed");
  expect(made.nowMs).toBeGreaterThan(5 * 60_000);
  const never = await play({ sends: ["ok"], reads: ["SCHEDULING_DELETION"] });
  expect(never.last?.kind).toBe("unconfirmed");
  expect(never.nowMs).toBeGreaterThanOrEqual(30 * 60_000);
  expect(never.nowMs).toBeLessThan(31 * 60_000);
});

test("what the vault does not show is asked for until it is so", async () => {
  let asked = 0;
  const isFinished = async () => {
    asked += 1;
    return asked === 12;
  };
  const { last, reads } = await play({ sends: ["ok"], reads: ["PENDING_DELETION"] }, { ...intent, isFinished });
  expect(last?.kind).toBe("confirmed");
  expect([asked, reads]).toEqual([12, 12]);
});

test("a service that is down: the vault is looked at, and the request goes again by itself", async () => {
  const down = refusal(503, "ServiceUnavailable", { isUnknown: true, retryAfterSeconds: 5 });
  const { kinds, tokens, last } = await play({
    sends: [down, down, "ok"],
    reads: [...Array.from({ length: 8 }, () => "ACTIVE"), "PENDING_DELETION"],
  });
  expect(kinds).toEqual(["sending", "checking", "waiting", "submitted", "confirmed"]);
  expect(tokens).toEqual(["token-1", "token-1", "token-1"]);
  expect(last?.kind).toBe("confirmed");
});

test("a service that is down and has made the change all the same: it is not sent again", async () => {
  const down = refusal(503, "ServiceUnavailable", { isUnknown: true });
  const { tokens, last } = await play({ sends: [down], reads: ["SCHEDULING_DELETION", "PENDING_DELETION"] });
  expect(last).toMatchObject({ kind: "confirmed", wasLost: true });
  expect(tokens).toHaveLength(1);
});

test("asked to wait, it waits as long as it is told and sends again under the same token", async () => {
  const { phases, tokens, last } = await play({
    sends: [refusal(503, "TooManyRequests", { retryAfterSeconds: 7 }), refusal(429, "TooManyRequests"), "ok"],
    reads: ["PENDING_DELETION"],
  });
  expect(phases.filter((phase) => phase.kind === "waiting").map((phase) => phase.untilMs)).toEqual([7000, 11_000]);
  expect(new Set(tokens)).toEqual(new Set(["token-1"]));
  expect(tokens).toHaveLength(3);
  expect(last?.kind).toBe("confirmed");
});

test("it does not send for ever", async () => {
  const busy = refusal(503, "ServiceUnavailable");
  const { tokens, last } = await play({ sends: Array.from({ length: 50 }, () => busy), reads: ["ACTIVE"] });
  expect(tokens.length).toBe(10);
  expect(last).toMatchObject({ kind: "refused", error: busy });
});

test("a refusal is the end, and nothing is read or sent again", async () => {
  const { kinds, reads, tokens } = await play({ sends: [refusal(409, "Conflict")], reads: ["ACTIVE"] });
  expect(kinds).toEqual(["sending", "refused"]);
  expect([reads, tokens.length]).toEqual([0, 1]);
});

test("412 shows what the vault is now", async () => {
  const { last } = await play({ sends: [refusal(412, "NoEtagMatch")], reads: ["UPDATING"] });
  expect(last).toMatchObject({ kind: "changed", current: { body: { lifecycleState: "UPDATING" } } });
  expect((await play({ sends: [refusal(412, "NoEtagMatch")], reads: [refusal(404, "NotFound")] })).last?.kind).toBe(
    "refused",
  );
});

test("a lost answer: the vault decides, and nothing is sent again by itself", async () => {
  const lost = refusal(0, "NoAnswer", { isUnknown: true });
  const made = await play({
    sends: [lost],
    reads: [refusal(0, "NoAnswer"), "SCHEDULING_DELETION", "PENDING_DELETION"],
  });
  expect(made.last).toMatchObject({ kind: "confirmed", wasLost: true, answer: null });
  const notMade = await play({ sends: [lost], reads: ["ACTIVE"] });
  expect(notMade.last).toMatchObject({ kind: "lost", reading: { body: { lifecycleState: "ACTIVE" } } });
  expect(notMade.reads).toBeGreaterThan(1);
  const unreadable = await play({ sends: [lost], reads: [refusal(0, "NoAnswer")] });
  expect(unreadable.last).toMatchObject({ kind: "lost", reading: null });
  for (const { tokens } of [made, notMade, unreadable]) expect(tokens).toHaveLength(1);
});

test("a lost backup is done only when the backup was seen: a vault at rest says nothing", async () => {
  const lost = refusal(0, "NoAnswer", { isUnknown: true });
  const { operation: _, ...rest } = intent;
  const backup: VaultIntent = { ...rest, operation: "backupVault", ...backedUp };
  expect((await play({ sends: [lost], reads: ["ACTIVE"] }, backup)).last).toMatchObject({ kind: "lost" });
  const seen = await play({ sends: [lost], reads: ["BACKUP_IN_PROGRESS", "ACTIVE"] }, backup);
  expect(seen.last).toMatchObject({ kind: "confirmed", wasLost: true });
});

test("nobody looking any more: nothing more is read", async () => {
  let reads = 0;
  const phases: string[] = [];
  await runVaultAction(intent, "t", {
    send: async () => answer<Vault | null>(null),
    read: async () => {
      reads += 1;
      return answer(vaultIn("ACTIVE"));
    },
    pause: async () => undefined,
    now: () => 0,
    show: (phase) => phases.push(phase.kind),
    isStopped: () => true,
  });
  expect([reads, phases.at(-1)]).toEqual([0, "submitted"]);
});
