/** Reading receipts: the rows of one action put together. Everybody may ask about one vault; the whole trail is not for everybody. */
import type { ActivityAnswer, ActivityEntry, ConsoleRole, TrailAnswer } from "#lib/contract/api.ts";
import { readCheckpoints } from "#lib/store/checkpoints.ts";
import type { Database } from "#lib/store/database.ts";
import { findReceipts, type StoredReceipt } from "#lib/store/receipts.ts";
import { auditKeyOf } from "#lib/store/trail.ts";
import { verifyReceipts } from "#lib/store/verify.ts";
import { Refusal } from "./refusal.ts";

const pageSize = 100;

/** `/api/activity?target=&receipt=&before=`: newest first, `before` is the `next` of the page above. */
export async function readActivity(db: Database, role: ConsoleRole, search: URLSearchParams): Promise<ActivityAnswer> {
  const target = search.get("target") ?? undefined;
  const receiptId = search.get("receipt") ?? undefined;
  const before = search.get("before") === null ? undefined : Number(search.get("before"));
  if (before !== undefined && !Number.isSafeInteger(before))
    throw new Refusal(400, "InvalidParameter", "before is not a number.");
  if (target === undefined && receiptId === undefined) requireTrailReader(role);
  const rows = await findReceipts(db, { target, receiptId, before, limit: pageSize });
  return { entries: rows.map(entryOf), next: rows.length === pageSize ? (rows.at(-1)?.first.seq ?? null) : null };
}

function requireTrailReader(role: ConsoleRole): void {
  if (role === "auditor" || role === "admin") return;
  throw new Refusal(
    403,
    "NotPermitted",
    "The whole trail is for auditors and security admins. Activity of one vault is on its page.",
  );
}

/** `/api/activity/verify`: reads the whole trail and its checkpoints; people who ask at the same time share one reading. */
export function createVerifier(db: Database, checkpointFile: string): (role: ConsoleRole) => Promise<TrailAnswer> {
  let underWay: Promise<TrailAnswer> | undefined;
  return (role) => {
    requireTrailReader(role);
    underWay ??= verifyReceipts(db, { key: auditKeyOf(db), checkpoints: readCheckpoints(checkpointFile) }).finally(
      () => {
        underWay = undefined;
      },
    );
    return underWay;
  };
}

function entryOf({ first, outcome }: StoredReceipt): ActivityEntry {
  return {
    receiptId: first.receiptId,
    at: first.at,
    actor: first.actor,
    role: first.role as ConsoleRole,
    operation: first.operation,
    tenancy: first.tenancy,
    region: first.region,
    target: first.target,
    reason: first.reason,
    requestId: first.requestId,
    params: (first.details.params ?? {}) as Record<string, unknown>,
    before: (first.details.before ?? null) as Record<string, unknown> | null,
    after: (outcome?.details.after ?? null) as Record<string, unknown> | null,
    result: first.phase === "refused" ? "refused" : (outcome?.result ?? "pending"),
    endedAt: outcome?.at ?? null,
    status: outcome?.status ?? null,
    opcRequestId: outcome?.opcRequestId ?? null,
    error:
      outcome !== null && outcome.result !== "ok" ? ((outcome.details.message as string | undefined) ?? null) : null,
  };
}
