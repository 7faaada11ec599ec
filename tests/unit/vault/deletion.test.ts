import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDateChoice } from "#components/deletions/deletion-date.tsx";
import { cancelIntent, scheduleIntent } from "#components/deletions/intents.ts";
import type { Answer } from "#lib/browser/api.ts";
import { keepRows } from "#lib/browser/inventory.ts";
import type { Vault } from "#lib/contract/models.ts";
import { diffVaults } from "#lib/vault/changes.ts";
import { dayMs, deletionWindow } from "#lib/vault/lifecycle.ts";
import { inventory, row } from "./rows.ts";

const moments = fc.date({ min: new Date("2025-01-01"), max: new Date("2035-01-01"), noInvalidDate: true });

describe("the date of a deletion", () => {
  test("a preset is a whole minute the service accepts, whenever it is chosen", () => {
    fc.assert(
      fc.property(moments, fc.constantFrom(7, 14, 30), (now, days) => {
        const { timeMs } = readDateChoice({ kind: "days", days }, now.getTime());
        const { earliestMs, latestMs } = deletionWindow(now.getTime());
        expect(timeMs).toBeGreaterThanOrEqual(earliestMs);
        expect(timeMs).toBeLessThanOrEqual(latestMs);
        expect((timeMs ?? 1) % 60_000).toBe(0);
        expect(Math.abs((timeMs ?? 0) - now.getTime() - days * dayMs)).toBeLessThan(12 * 60_000);
      }),
    );
  });

  test("a moment of one's own is checked against the window, in words", () => {
    const now = Date.parse("2026-11-24T05:00:00Z");
    expect(readDateChoice({ kind: "moment", text: "" }, now).problem).toBe("Choose a date and a time.");
    expect(readDateChoice({ kind: "moment", text: "2026-11-26T10:00" }, now).problem).toMatch(/^Too early/);
    expect(readDateChoice({ kind: "moment", text: "2027-01-26T10:00" }, now).problem).toMatch(/^Too late/);
    expect(readDateChoice({ kind: "moment", text: "2026-12-10T10:00" }, now)).toEqual({
      timeMs: new Date("2026-12-10T10:00").getTime(),
      problem: null,
    });
  });
});

const vault = (over: Partial<Vault>): Vault => ({
  id: "ocid1.vault.oc1.iad.a.b",
  compartmentId: "c",
  displayName: "ledger",
  vaultType: "DEFAULT",
  lifecycleState: "ACTIVE",
  timeCreated: "2026-01-01T00:00:00Z",
  cryptoEndpoint: "https://a",
  managementEndpoint: "https://b",
  freeformTags: {},
  definedTags: {},
  ...over,
});
const place = { tenancy: "t", region: "us-ashburn-1", vaultId: "v" };
const looked = { body: vault({}), etag: "e1" } as Answer<Vault>;

describe("what counts as done", () => {
  const timeMs = Date.parse("2026-12-10T10:00:00Z");
  const { isApplied, isSettled, body, etag } = scheduleIntent(place, looked, timeMs, { reason: "because", ticket: "" });
  const on = (lifecycleState: string, timeOfDeletion: string | null) => vault({ lifecycleState, timeOfDeletion });

  test("scheduling: only with the very date that was asked for", () => {
    expect([body, etag]).toEqual([{ timeOfDeletion: "2026-12-10T10:00:00.000Z" }, "e1"]);
    expect(isSettled(on("PENDING_DELETION", "2026-12-10T10:00:00Z"))).toBe(true);
    expect(isSettled(on("PENDING_DELETION", "2026-12-11T10:00:00Z"))).toBe(false);
    expect(isSettled(on("SCHEDULING_DELETION", "2026-12-10T10:00:00Z"))).toBe(false);
    expect(isApplied(on("SCHEDULING_DELETION", "2026-12-10T10:00:00Z"))).toBe(true);
    expect(isApplied(on("ACTIVE", null))).toBe(false);
  });

  test("cancelling: the vault is back, not on its way, and not on its way out", () => {
    const cancel = cancelIntent(place, looked);
    expect(cancel.isSettled(on("ACTIVE", null))).toBe(true);
    for (const state of ["PENDING_DELETION", "CANCELLING_DELETION", "SCHEDULING_DELETION", "DELETING", "DELETED"])
      expect(cancel.isSettled(on(state, null)), state).toBe(false);
    expect(cancel.isApplied(on("CANCELLING_DELETION", null))).toBe(true);
    expect(cancel.isApplied(on("PENDING_DELETION", null))).toBe(false);
  });
});

test("what somebody else changed is told field by field, tags one by one", () => {
  const before = vault({ freeformTags: { env: "prod", old: "1" }, definedTags: { Ops: { Cost: 42 } } });
  const after = vault({
    displayName: "ledger-2",
    lifecycleState: "UPDATING",
    freeformTags: { env: "test" },
    definedTags: { Ops: { Cost: 43 } },
  });
  expect(diffVaults(before, after)).toEqual([
    { field: "Name", before: "ledger", after: "ledger-2" },
    { field: "State", before: "Active", after: "Updating" },
    { field: "Tag Ops.Cost", before: "42", after: "43" },
    { field: "Tag env", before: "prod", after: "test" },
    { field: "Tag old", before: "1", after: null },
  ]);
  expect(diffVaults(before, { ...before, timeOfDeletion: null })).toEqual([]);
});

test("rows that say the same stay the same objects from one version to the next", () => {
  const rows = [row({ displayName: "a" }), row({ displayName: "b", freeformTags: { env: "prod" } }), row()];
  const before = inventory(rows);
  const copy = structuredClone(rows).map((one) =>
    one.displayName === "a" ? { ...one, lifecycleState: "UPDATING" } : one,
  );
  const after = keepRows(before, inventory(copy, { version: "2" }));
  expect(after.vaults.map((one, at) => one === rows[at])).toEqual([false, true, true]);
  expect(after.vaults[0]?.lifecycleState).toBe("UPDATING");
  expect(after.version).toBe("2");
});
