/**
 * Approvals: what one person asked for and another has to agree to (promise P20). Every step is one conditional UPDATE, so
 * that of any number of people and instances who try at once exactly one takes it.
 */
import type { Selectable } from "kysely";
import type { Database, Tables } from "./database.ts";

export interface StoredApproval {
  readonly id: string;
  /** A step's name; what the steps are is lib/bff's. */
  readonly state: string;
  readonly operation: string;
  readonly tenancy: string;
  readonly region: string;
  readonly target: string;
  readonly requesterId: string;
  readonly requesterName: string;
  readonly reason: string;
  readonly payload: string;
  readonly payloadHash: string;
  readonly shown: {
    readonly params: Record<string, unknown>;
    readonly before: Record<string, unknown> | null;
    readonly ticket?: string | null;
  };
  readonly etag: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly deciderId: string | null;
  readonly deciderName: string | null;
  readonly decidedAt: number | null;
  readonly decisionReason: string | null;
  /** When carrying it out began. */
  readonly takenAt: number | null;
  readonly endedAt: number | null;
  readonly receiptId: string | null;
  readonly outcome: string | null;
}

export type NewApproval = Pick<
  StoredApproval,
  | "id"
  | "operation"
  | "tenancy"
  | "region"
  | "target"
  | "requesterId"
  | "requesterName"
  | "reason"
  | "payload"
  | "payloadHash"
  | "shown"
  | "etag"
  | "createdAt"
  | "expiresAt"
>;

/** Keeps something asked for; it waits as `pending`. */
export async function addApproval(db: Database, asked: NewApproval): Promise<void> {
  await db
    .insertInto("approvals")
    .values({
      id: asked.id,
      state: "pending",
      operation: asked.operation,
      tenancy: asked.tenancy,
      region: asked.region,
      target: asked.target,
      requester_id: asked.requesterId,
      requester_name: asked.requesterName,
      reason: asked.reason,
      payload: asked.payload,
      payload_hash: asked.payloadHash,
      shown: JSON.stringify(asked.shown),
      etag: asked.etag,
      created_at: Math.trunc(asked.createdAt),
      expires_at: Math.trunc(asked.expiresAt),
    })
    .execute();
}

/** One of them, or null. */
export async function findApproval(db: Database, id: string): Promise<StoredApproval | null> {
  const row = await db.selectFrom("approvals").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** The newest first. */
export async function listApprovals(db: Database, limit: number): Promise<StoredApproval[]> {
  const rows = await db.selectFrom("approvals").selectAll().orderBy("created_at", "desc").limit(limit).execute();
  return rows.map(fromRow);
}

/** How many somebody has waiting. */
export async function countPending(db: Database, requesterId: string, now: number): Promise<number> {
  const row = await db
    .selectFrom("approvals")
    .select(({ fn }) => fn.countAll().as("count"))
    .where("requester_id", "=", requesterId)
    .where("state", "=", "pending")
    .where("expires_at", ">", now)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export interface Decision {
  readonly state: "approved" | "denied" | "withdrawn";
  readonly deciderId: string;
  readonly deciderName: string;
  readonly at: number;
  readonly reason: string | null;
}

/** Decides what still waits and has not expired. False when somebody or time was quicker; approving one's own never works. */
export async function decide(db: Database, id: string, decision: Decision): Promise<boolean> {
  let update = db
    .updateTable("approvals")
    .set({
      state: decision.state,
      decider_id: decision.deciderId,
      decider_name: decision.deciderName,
      decided_at: Math.trunc(decision.at),
      decision_reason: decision.reason,
    })
    .where("id", "=", id)
    .where("state", "=", "pending")
    .where("expires_at", ">", decision.at);
  // Also asked before; here so that no way to this statement can forget it.
  if (decision.state !== "withdrawn") update = update.where("requester_id", "!=", decision.deciderId);
  const { numUpdatedRows } = await update.executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Takes an approved one for carrying out. True for exactly one caller, ever. */
export async function takeForExecution(db: Database, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("approvals")
    .set({ state: "executing", taken_at: Math.trunc(now) })
    .where("id", "=", id)
    .where("state", "=", "approved")
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Notes how carrying it out ended. */
export async function endApproval(
  db: Database,
  id: string,
  end: {
    readonly state: "done" | "failed" | "void";
    readonly at: number;
    readonly receiptId: string | null;
    readonly outcome: string;
  },
): Promise<void> {
  await db
    .updateTable("approvals")
    .set({ state: end.state, ended_at: Math.trunc(end.at), receipt_id: end.receiptId, outcome: end.outcome })
    .where("id", "=", id)
    .where("state", "in", ["executing", "approved"])
    .execute();
}

function fromRow(row: Selectable<Tables["approvals"]>): StoredApproval {
  return {
    id: row.id,
    state: row.state,
    operation: row.operation,
    tenancy: row.tenancy,
    region: row.region,
    target: row.target,
    requesterId: row.requester_id,
    requesterName: row.requester_name,
    reason: row.reason,
    payload: row.payload,
    payloadHash: row.payload_hash,
    shown: JSON.parse(row.shown) as StoredApproval["shown"],
    etag: row.etag,
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
    deciderId: row.decider_id,
    deciderName: row.decider_name,
    decidedAt: row.decided_at === null ? null : Number(row.decided_at),
    decisionReason: row.decision_reason,
    takenAt: row.taken_at === null ? null : Number(row.taken_at),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
    receiptId: row.receipt_id,
    outcome: row.outcome,
  };
}
