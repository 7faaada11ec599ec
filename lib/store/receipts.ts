/**
 * Receipts: who did what to which vault, why, and how it ended. An `intent` row before the call, an `outcome` row after it,
 * a `refused` row when policy said no. Append only and chained: the table refuses changes, and verification finds them.
 */
import { type SelectQueryBuilder, sql } from "kysely";
import type { ReceiptRow } from "./chain.ts";
import type { Database, Tables } from "./database.ts";
import { append } from "./trail.ts";

export interface Receipt {
  readonly receiptId: string;
  readonly phase: "intent" | "outcome" | "refused";
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: string;
  readonly role: string;
  readonly operation: string;
  readonly tenancy: string;
  readonly region: string;
  /** OCID the call is about; for a create, the compartment's. */
  readonly target: string;
  readonly reason: string | null;
  /** The id of the person's action; also the first part of the service's own. */
  readonly requestId: string;
  /** What was asked (secrets removed) or what came back. */
  readonly details: Readonly<Record<string, unknown>>;
  /** `reconciled`: looked up at the service after the outcome was not known; `details` say what it shows. */
  readonly result: "pending" | "ok" | "failed" | "unknown" | "refused" | "reconciled";
  readonly status: number | null;
  readonly opcRequestId: string | null;
}

/** Writes one row; when this resolves it is durable. A failure must stop the action (fail closed). */
export async function writeReceipt(db: Database, receipt: Receipt): Promise<void> {
  await append(db, {
    receipt_id: receipt.receiptId,
    phase: receipt.phase,
    at: Math.trunc(receipt.at),
    actor: receipt.actor,
    role: receipt.role,
    operation: receipt.operation,
    tenancy: receipt.tenancy,
    region: receipt.region,
    target: receipt.target,
    reason: receipt.reason,
    request_id: receipt.requestId,
    details: JSON.stringify(receipt.details),
    result: receipt.result,
    status: receipt.status,
    opc_request_id: receipt.opcRequestId,
  });
}

/** A row with its place in the trail. */
export interface NumberedReceipt extends Receipt {
  readonly seq: number;
}

/** The rows of one action: its intent or refusal, and its outcome once there is one. */
export interface StoredReceipt {
  readonly first: NumberedReceipt;
  readonly outcome: NumberedReceipt | null;
}

/** The newest rows first; `target` narrows to one OCID. */
export async function readReceipts(
  db: Database,
  options: { target?: string; limit: number },
): Promise<NumberedReceipt[]> {
  let query = db.selectFrom("receipts").selectAll().orderBy("seq", "desc").limit(options.limit);
  if (options.target !== undefined) query = query.where("target", "=", options.target);
  return (await query.execute()).map(fromRow);
}

/** Which actions are wanted; what is left out does not matter. Texts are found without regard to capitals. */
export interface ReceiptFilter {
  readonly target?: string | undefined;
  readonly receiptId?: string | undefined;
  /** Part of the person's name. */
  readonly person?: string | undefined;
  /** The end of the target's OCID, or part of the name it had. */
  readonly about?: string | undefined;
  readonly operation?: string | undefined;
  /** How it stands now: of the latest row. */
  readonly result?: Receipt["result"] | undefined;
  /** From and before, epoch milliseconds. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

/** Actions, newest first, with their outcomes; `before` is the number of a row to go on below. */
export async function findReceipts(
  db: Database,
  options: ReceiptFilter & { before?: number; limit: number },
): Promise<StoredReceipt[]> {
  let query = db
    .selectFrom("receipts")
    .selectAll()
    .where("phase", "!=", "outcome")
    .orderBy("seq", "desc")
    .limit(options.limit);
  if (options.target !== undefined) query = query.where("target", "=", options.target);
  if (options.receiptId !== undefined) query = query.where("receipt_id", "=", options.receiptId);
  if (options.before !== undefined) query = query.where("seq", "<", options.before);
  query = narrowed(query, options);
  const firsts = (await query.execute()).map(fromRow);
  if (firsts.length === 0) return [];
  const ids = firsts.map((receipt) => receipt.receiptId);
  const outcomes = await db
    .selectFrom("receipts")
    .selectAll()
    .where("phase", "=", "outcome")
    .where("receipt_id", "in", ids)
    .orderBy("seq")
    .execute();
  const byId = new Map(outcomes.map((row) => [row.receipt_id, fromRow(row)]));
  return firsts.map((first) => ({ first, outcome: byId.get(first.receiptId) ?? null }));
}

function narrowed<O>(
  query: SelectQueryBuilder<Tables, "receipts", O>,
  { person, about, operation, result, from, until }: ReceiptFilter,
): SelectQueryBuilder<Tables, "receipts", O> {
  let narrow = query;
  if (operation !== undefined) narrow = narrow.where("operation", "=", operation);
  if (from !== undefined) narrow = narrow.where("at", ">=", from);
  if (until !== undefined) narrow = narrow.where("at", "<", until);
  if (person !== undefined) narrow = narrow.where(sql<boolean>`lower(actor) LIKE ${part(person)} ESCAPE '!'`);
  if (about !== undefined) {
    // The name is in the details as JSON writes it.
    const name = part(JSON.stringify(about).slice(1, -1), '"displayname":"');
    narrow = narrow.where((is) =>
      is.or([
        sql<boolean>`lower(target) LIKE ${part(about).slice(0, -1)} ESCAPE '!'`,
        sql<boolean>`lower(details) LIKE ${name} ESCAPE '!'`,
      ]),
    );
  }
  if (result === undefined) return narrow;
  // The latest row of an action says how it stands; a refusal is its only row.
  return narrow.where(({ exists, selectFrom }) =>
    exists(
      selectFrom("receipts as last")
        .select("last.seq")
        .whereRef("last.receipt_id", "=", "receipts.receipt_id")
        .where("last.result", "=", result)
        .where(({ not, exists: isThere, selectFrom: other }) =>
          not(
            isThere(
              other("receipts as later")
                .select("later.seq")
                .whereRef("later.receipt_id", "=", "last.receipt_id")
                .whereRef("later.seq", ">", "last.seq"),
            ),
          ),
        ),
    ),
  );
}

/** A LIKE pattern for a text somewhere; `before` may come with anything of the same JSON string between. */
function part(text: string, before = ""): string {
  const literal = text.toLowerCase().replace(/[!%_]/g, "!$&");
  return `%${before}${before === "" ? "" : "%"}${literal}%`;
}

/** Actions whose end is not known, oldest first: an intent without an outcome, or an outcome `unknown` that nothing followed. */
export async function findUnsettled(db: Database, options: { limit: number }): Promise<NumberedReceipt[]> {
  const rows = await db
    .selectFrom("receipts as each")
    .selectAll()
    .where("result", "in", ["pending", "unknown"])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("receipts as later")
            .select("later.seq")
            .whereRef("later.receipt_id", "=", "each.receipt_id")
            .whereRef("later.seq", ">", "each.seq"),
        ),
      ),
    )
    .orderBy("seq")
    .limit(options.limit)
    .execute();
  const intents = rows.filter((row) => row.result === "unknown").map((row) => row.receipt_id);
  const firsts = new Map((await readIntents(db, intents)).map((row) => [row.receipt_id, row]));
  // What was asked is in the intent; the rest is the row's own.
  return rows.map((row) => {
    const receipt = fromRow(row);
    const first = firsts.get(row.receipt_id);
    return first === undefined ? receipt : { ...receipt, details: fromRow(first).details };
  });
}

async function readIntents(db: Database, ids: readonly string[]): Promise<ReceiptRow[]> {
  if (ids.length === 0) return [];
  return db.selectFrom("receipts").selectAll().where("phase", "=", "intent").where("receipt_id", "in", ids).execute();
}

function fromRow(row: ReceiptRow): NumberedReceipt {
  return {
    seq: Number(row.seq),
    receiptId: row.receipt_id,
    phase: row.phase as Receipt["phase"],
    at: Number(row.at),
    actor: row.actor,
    role: row.role,
    operation: row.operation,
    tenancy: row.tenancy,
    region: row.region,
    target: row.target,
    reason: row.reason,
    requestId: row.request_id,
    details: JSON.parse(row.details) as Record<string, unknown>,
    result: row.result as Receipt["result"],
    status: row.status,
    opcRequestId: row.opc_request_id,
  };
}
