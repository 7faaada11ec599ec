/** Reading receipts: the rows of one action put together. Everybody may ask about one vault; the whole trail is not for everybody. */
import {
  type ActivityAnswer,
  type ActivityEntry,
  activityResults,
  type ConsoleRole,
  type TrailAnswer,
  trailFormats,
} from "#lib/contract/api.ts";
import { readCheckpoints } from "#lib/store/checkpoints.ts";
import type { Database } from "#lib/store/database.ts";
import { findReceipts, type ReceiptFilter, type StoredReceipt } from "#lib/store/receipts.ts";
import { auditKeyOf } from "#lib/store/trail.ts";
import { verifyReceipts } from "#lib/store/verify.ts";
import { exportTrail } from "./activity-export.ts";
import { trailNotPermitted } from "./gate.ts";
import type { InventoryKeeper } from "./inventory.ts";
import { Refusal } from "./refusal.ts";
import { maskEntries, type Sight, seesVault } from "./sight.ts";

const pageSize = 100;

const exportPageSize = 500;

/**
 * `/api/activity`: newest first. `target` and `receipt` are for everybody; `person`, `about`, `operation`, `result`, `from` and
 * `until` (epoch milliseconds) narrow the trail. `before` is the `next` of the page above.
 */
export async function readActivity(
  db: Database,
  role: ConsoleRole,
  search: URLSearchParams,
  sight: Sight,
  inventory: InventoryKeeper,
): Promise<ActivityAnswer> {
  const filter = readFilter(search);
  const isOfTheService = filter.target?.startsWith("ocid1.") === true || filter.receiptId !== undefined;
  if (!isOfTheService || search.size > (search.has("before") ? 2 : 1)) requireTrailReader(role);
  const page = await readPage(db, filter, readNumber(search, "before"), pageSize);
  // What happens to people and their sign-ins is not for everybody, whatever it is asked by.
  const isReader = role === "auditor" || role === "admin";
  if (filter.receiptId !== undefined && page.entries.some(({ tenancy }) => tenancy === "")) requireTrailReader(role);
  const seen = page.entries.filter((entry) => (isReader || entry.tenancy !== "") && isInSight(entry, sight, inventory));
  return { ...page, entries: maskEntries(seen, sight) };
}

/** What was done to a vault is for those who see the vault; one that is gone is judged by where it was. */
function isInSight(entry: ActivityEntry, sight: Sight, inventory: InventoryKeeper): boolean {
  if (sight.within === null) return true;
  const row = inventory.find(entry.tenancy, entry.region, entry.target);
  const was = entry.before?.compartmentId ?? entry.after?.compartmentId ?? entry.target;
  return seesVault(sight, inventory, entry.tenancy, row?.compartmentId ?? String(was));
}

/** `/api/activity/export?format=csv|jsonl`: everything the filter leaves, as a file. */
export function exportActivity(db: Database, search: URLSearchParams, now: number): Response {
  const format = trailFormats.find((each) => each === search.get("format"));
  if (format === undefined)
    throw new Refusal(400, "InvalidParameter", `format must be one of: ${trailFormats.join(", ")}.`);
  const filter = readFilter(search);
  const body = exportTrail(format, (before) => readPage(db, filter, before, exportPageSize));
  const name = `activity-${new Date(now).toISOString().slice(0, 19).replaceAll(":", "")}Z.${format}`;
  return new Response(body, {
    headers: {
      "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}

async function readPage(db: Database, filter: ReceiptFilter, before: number | undefined, limit: number) {
  const rows = await findReceipts(db, { ...filter, ...(before === undefined ? {} : { before }), limit });
  return { entries: rows.map(entryOf), next: rows.length === limit ? (rows.at(-1)?.first.seq ?? null) : null };
}

function readFilter(search: URLSearchParams): ReceiptFilter {
  const text = (name: string) => {
    const value = search.get(name)?.trim() ?? "";
    if (value.length > 300) throw new Refusal(400, "InvalidParameter", `${name} is too long.`);
    return value === "" ? undefined : value;
  };
  const asked = text("result");
  const result = activityResults.find((each) => each === asked);
  if (asked !== undefined && result === undefined)
    throw new Refusal(400, "InvalidParameter", `result must be one of: ${activityResults.join(", ")}.`);
  return {
    target: text("target"),
    receiptId: text("receipt"),
    person: text("person"),
    about: text("about"),
    operation: text("operation"),
    result,
    from: readNumber(search, "from"),
    until: readNumber(search, "until"),
  };
}

function readNumber(search: URLSearchParams, name: string): number | undefined {
  const text = search.get(name);
  if (text === null || text === "") return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Refusal(400, "InvalidParameter", `${name} is not a number.`);
  return value;
}

function requireTrailReader(role: ConsoleRole): void {
  if (role === "auditor" || role === "admin") return;
  throw trailNotPermitted();
}

/** `/api/activity/verify`: reads the whole trail and its checkpoints; people who ask at the same time share one reading. */
export function createVerifier(db: Database, checkpointFile: string): () => Promise<TrailAnswer> {
  let underWay: Promise<TrailAnswer> | undefined;
  return () => {
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
    ticket: (first.details.ticket as string | undefined) ?? null,
    requestId: first.requestId,
    params: (first.details.params ?? {}) as Record<string, unknown>,
    before: (first.details.before ?? null) as Record<string, unknown> | null,
    after: (outcome?.details.after ?? null) as Record<string, unknown> | null,
    result: first.phase === "refused" ? "refused" : (outcome?.result ?? "pending"),
    endedAt: outcome?.at ?? null,
    status: outcome?.status ?? null,
    opcRequestId: outcome?.opcRequestId ?? null,
    etag: (outcome?.details.etag as string | null | undefined) ?? null,
    error: messageOf(first.phase === "refused" ? first : outcome),
  };
}

/** What was said when it did not work. */
function messageOf(receipt: StoredReceipt["outcome"]): string | null {
  if (receipt === null || receipt.result === "ok") return null;
  return (receipt.details.message as string | undefined) ?? null;
}
