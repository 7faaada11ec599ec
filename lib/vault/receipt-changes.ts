/** What a receipt says of before and after. Pure. */
import type { ActivityEntry } from "#lib/contract/api.ts";

export interface ReceiptChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface ReceiptChanges {
  readonly rows: readonly ReceiptChange[];
  /** `answer`: as the service answered; `request`: as it was asked, for its answer has no body. */
  readonly source: "answer" | "request";
}

const fields = ["displayName", "lifecycleState", "compartmentId", "timeOfDeletion", "freeformTags", "definedTags"];

/** Null when the change did not go through, or nothing is known of the vault before it. */
export function receiptChanges(entry: Pick<ActivityEntry, "operation" | "params" | "before" | "after" | "result">) {
  const { before, after } = entry;
  if (before === null || entry.result !== "ok") return null;
  const details = (before.details ?? {}) as Record<string, unknown>;
  if (after !== null) {
    const rows = fields
      .map((field) => ({ field, before: before[field] ?? details[field] ?? null, after: after[field] ?? null }))
      .filter((row) => JSON.stringify(row.before) !== JSON.stringify(row.after));
    return { rows, source: "answer" } satisfies ReceiptChanges;
  }
  const rows = askedRows(entry.operation, before, (entry.params.body ?? {}) as Record<string, unknown>);
  return rows === null ? null : ({ rows, source: "request" } satisfies ReceiptChanges);
}

/** Operations whose answer is empty (contract, section 1: move and the two of replicas). */
function askedRows(
  operation: string,
  before: Readonly<Record<string, unknown>>,
  body: Readonly<Record<string, unknown>>,
): readonly ReceiptChange[] | null {
  switch (operation) {
    case "changeVaultCompartment":
      return [{ field: "compartmentId", before: before.compartmentId ?? null, after: body.compartmentId ?? null }];
    case "createVaultReplica":
      return [{ field: "replicaRegion", before: null, after: body.replicaRegion ?? null }];
    case "deleteVaultReplica":
      return [{ field: "replicaRegion", before: body.replicaRegion ?? null, after: null }];
    default:
      return null;
  }
}
