import { describe, expect, it } from "vitest";
import type { ServiceStatus, StatusAnswer, TenancyStatus } from "#lib/contract/api.ts";
import { countSlots } from "#lib/vault/slots.ts";
import { judgeStatus } from "#lib/vault/status-words.ts";
import { row as vaultRow } from "./rows.ts";

const lane = {
  limit: 10,
  usedInLastSecond: 0,
  waiting: { interactive: 0, background: 0 },
  pausedForMs: 0,
  pausesTotal: 0,
};
const service: ServiceStatus = {
  service: "kms",
  region: "us-ashburn-1",
  breaker: "closed",
  refusedForMs: 0,
  lastGoodAt: 2_000,
  lastFailure: null,
};
const tenancy: TenancyStatus = {
  id: "t",
  name: "acme",
  profile: "DEFAULT",
  signing: { kind: "api_key", user: null, fingerprint: null },
  budgets: { read: lane, write: lane },
  services: [service],
  partsTotal: 2,
  partsRead: 2,
  oldestReadAt: 1_000,
  failures: [],
};
const well: StatusAnswer = {
  now: 3_000,
  startedAt: 0,
  mode: "live",
  store: { kind: "SQLite", isWell: true },
  receipts: { isWell: true, unwritten: 0 },
  isDraining: false,
  serviceClockAheadMs: 0,
  tenancies: [tenancy],
};
const withService = (change: Partial<ServiceStatus>): StatusAnswer => ({
  ...well,
  tenancies: [{ ...tenancy, services: [{ ...service, ...change }] }],
});
const failure = (code: string, at = 2_500) => ({ at, code, message: "It said so." });

describe("is it us or Oracle", () => {
  it.each<[string, StatusAnswer, string, RegExp]>([
    ["all is well", well, "ok", /^Everything works$/],
    ["a failure before the last good answer", withService({ lastFailure: failure("timeout", 1_500) }), "ok", /works/],
    [
      "an old failure of what is seldom asked",
      { ...withService({ lastFailure: failure("timeout") }), now: 200_000 },
      "ok",
      /works/,
    ],
    ["the store is away", { ...well, store: { kind: "SQLite", isWell: false } }, "danger", /^It is the console/],
    ["receipts wait", { ...well, receipts: { isWell: true, unwritten: 1 } }, "danger", /^It is the console/],
    ["a key was deleted", withService({ lastFailure: failure("NotAuthenticated") }), "danger", /signature/],
    ["a clock is off", withService({ lastFailure: failure("clock_skew") }), "danger", /signature/],
    ["a region is down", withService({ lastFailure: failure("unreachable") }), "warn", /Oracle.*us-ashburn-1/],
    ["a breaker is open", withService({ breaker: "open" }), "warn", /Key Management/],
    [
      "one compartment may not be read",
      {
        ...well,
        tenancies: [
          {
            ...tenancy,
            failures: [
              { region: "r", compartmentId: "c", code: "x", message: "No.", why: null, requestId: null, at: 1 },
            ],
          },
        ],
      },
      "warn",
      /one part could not be read/,
    ],
    [
      "the service asked for a pause",
      { ...well, tenancies: [{ ...tenancy, budgets: { read: { ...lane, pausedForMs: 900 }, write: lane } }] },
      "info",
      /slow down/,
    ],
    ["the first scan", { ...well, tenancies: [{ ...tenancy, partsRead: 1 }] }, "info", /first reading/],
  ])("%s", (_name, status, tone, title) => {
    const verdict = judgeStatus(status);
    expect(verdict.tone).toBe(tone);
    expect(verdict.title).toMatch(title);
  });
});

describe("vault slots", () => {
  const place = { tenancy: "t", region: "us-ashburn-1", vaultType: "VIRTUAL_PRIVATE" };
  const row = (change: object) =>
    vaultRow({ tenancy: "t", region: "us-ashburn-1", vaultType: "VIRTUAL_PRIVATE", ...change });
  const details = (timeOfDeletion: string) => ({
    timeOfDeletion,
    isPrimary: null,
    isVaultReplicable: null,
    replicationId: null,
    restoredFromVaultId: null,
  });

  it("counts what takes a slot, and when the next one comes free", () => {
    const rows = [
      row({ id: "a" }),
      row({ id: "b", lifecycleState: "PENDING_DELETION", details: details("2027-02-01T00:00:00Z") }),
      row({ id: "c", lifecycleState: "PENDING_DELETION", details: details("2027-01-01T00:00:00Z") }),
      row({ id: "d", lifecycleState: "DELETED" }),
      row({ id: "e", vaultType: "DEFAULT" }),
      row({ id: "f", region: "uk-london-1" }),
    ];
    const limits = [{ name: "virtual-private-vault-count", scopeType: "REGION", value: 3 }];
    expect(countSlots(rows, place, limits)).toEqual({
      used: 3,
      pending: 2,
      limit: 3,
      nextFreeAt: Date.parse("2027-01-01T00:00:00Z"),
    });
    expect(countSlots(rows, place, null)?.limit).toBeNull();
    expect(countSlots(rows, { ...place, vaultType: "EXTERNAL" }, limits)).toBeNull();
  });
});
