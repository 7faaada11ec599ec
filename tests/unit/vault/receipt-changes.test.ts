import { expect, test } from "vitest";
import { receiptChanges } from "#lib/vault/receipt-changes.ts";

const before = {
  displayName: "orders",
  compartmentId: "c1",
  lifecycleState: "ACTIVE",
  details: { timeOfDeletion: null },
};
const entry = { operation: "updateVault", params: {}, before, after: null, result: "ok" } as const;

test("what the service answered is compared with what the list knew", () => {
  const after = { ...before, displayName: "orders-2", timeOfDeletion: "2027-01-01T00:00:00Z" };
  expect(receiptChanges({ ...entry, after })).toEqual({
    source: "answer",
    rows: [
      { field: "displayName", before: "orders", after: "orders-2" },
      { field: "timeOfDeletion", before: null, after: "2027-01-01T00:00:00Z" },
    ],
  });
});

test("an answer without a body: what was asked for is what became of it", () => {
  const moved = { ...entry, operation: "changeVaultCompartment", params: { body: { compartmentId: "c2" } } };
  expect(receiptChanges(moved)).toEqual({
    source: "request",
    rows: [{ field: "compartmentId", before: "c1", after: "c2" }],
  });
  const params = { body: { replicaRegion: "uk-london-1" } };
  expect(receiptChanges({ ...entry, operation: "createVaultReplica", params })?.rows).toEqual([
    { field: "replicaRegion", before: null, after: "uk-london-1" },
  ]);
  expect(receiptChanges({ ...entry, operation: "deleteVaultReplica", params })?.rows).toEqual([
    { field: "replicaRegion", before: "uk-london-1", after: null },
  ]);
});

test("nothing is claimed of what did not go through, or of a vault that was not known", () => {
  const moved = { ...entry, operation: "changeVaultCompartment", params: { body: { compartmentId: "c2" } } };
  for (const result of ["failed", "unknown", "refused", "pending"] as const)
    expect(receiptChanges({ ...moved, result })).toBeNull();
  expect(receiptChanges({ ...moved, before: null })).toBeNull();
  expect(receiptChanges({ ...entry, operation: "backupVault" })).toBeNull();
});
