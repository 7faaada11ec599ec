/**
 * Outcomes nobody recorded: the process died between the call and its receipt, the answer was lost, or the store was away. The service
 * is asked what is true now, and that becomes one more row of the receipt. Nothing is ever repeated here: it is only looked at.
 */
import type { Logger } from "pino";
import { OciError } from "#lib/contract/errors.ts";
import type { Vault, VaultReplicaSummary, VaultSummary } from "#lib/contract/models.ts";
import { type DecodedRequest, type OperationRequest, request } from "#lib/contract/request.ts";
import type { CachedAnswer } from "#lib/oci/cache.ts";
import type { Database } from "#lib/store/database.ts";
import { findUnsettled, type NumberedReceipt, type Receipt, writeReceipt } from "#lib/store/receipts.ts";
import { cleanText } from "./refusal.ts";
import type { Tenancies, Tenancy } from "./tenancies.ts";

export interface Reconciler {
  /** Keeps an outcome that could not be written, and tries again until it is. */
  owe(outcome: Receipt): void;
  /** How many outcomes are kept for want of a store. */
  owed(): number;
  /** One round now: writes what is owed, then looks up what is unknown. */
  run(): Promise<void>;
  /** Ends the rounds; writes what is owed if it can. */
  stop(): Promise<void>;
}

export interface ReconcileOptions {
  readonly db: Database;
  readonly tenancies: Tenancies;
  readonly log: Logger;
  readonly clock: () => number;
  /** Other instances share the store, so a call without an outcome may be one of theirs under way. */
  readonly isShared: boolean;
  readonly everyMs?: number;
}

/** Longer than any write may take: the client's deadline is a minute. */
const callMsMax = 120_000;
/** The slowest line a file is sent over; see proxy.ts. */
const uploadBytesPerMs = 250;
/** A call whose answer was lost may still take effect for a moment. */
const settleMs = 15_000;
const perRound = 50;

/** What the service shows of a change that was asked for. */
interface Finding {
  readonly isMade: boolean | null;
  readonly found: string;
  readonly after: Vault | VaultSummary | null;
}

/** Starts the rounds, the first one at once. */
export function createReconciler(options: ReconcileOptions): Reconciler {
  const { db, log, clock, everyMs = 20_000 } = options;
  const startedAt = clock();
  const owing = new Map<string, Receipt>();
  let underWay: Promise<void> | undefined;
  let isStopped = false;

  async function writeOwed(): Promise<void> {
    for (const [id, outcome] of owing) {
      await writeReceipt(db, outcome);
      owing.delete(id);
      log.warn({ receiptId: id, requestId: outcome.requestId }, "an outcome was recorded late");
    }
  }

  async function lookUp(): Promise<void> {
    const unsettled = await findUnsettled(db, { limit: perRound });
    for (const receipt of unsettled) {
      if (isStopped) return;
      if (owing.has(receipt.receiptId) || isUnderWay(receipt, options, startedAt)) continue;
      const finding = await look(options.tenancies, receipt);
      if (finding === null) continue;
      await writeReceipt(db, settledBy(receipt, finding, clock()));
      log.warn(
        { receiptId: receipt.receiptId, requestId: receipt.requestId, ...finding, after: undefined },
        "reconciled",
      );
    }
  }

  function run(): Promise<void> {
    underWay ??= (async () => {
      try {
        await writeOwed();
        await lookUp();
      } catch (error) {
        log.error({ err: error }, "unknown outcomes could not be reconciled");
      } finally {
        underWay = undefined;
      }
    })();
    return underWay;
  }

  const timer = setInterval(() => void run(), everyMs);
  // What is owed cannot wait: without it the process dies with what it knows.
  const soon = setInterval(
    () => {
      if (owing.size > 0) void run();
    },
    Math.min(everyMs, 2_000),
  );
  timer.unref();
  soon.unref();
  void run();
  return {
    owe: (outcome) => void owing.set(outcome.receiptId, outcome),
    owed: () => owing.size,
    run,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      clearInterval(soon);
      await underWay;
      await writeOwed().catch((error) =>
        log.error({ err: error, lost: [...owing.values()] }, "outcomes were not recorded"),
      );
    },
  };
}

/** Whether the call may still end by itself. A lone instance knows: what began before it did was cut off. */
function isUnderWay(receipt: NumberedReceipt, { isShared, clock }: ReconcileOptions, startedAt: number): boolean {
  if (receipt.phase === "outcome") return clock() - receipt.at < settleMs;
  if (!isShared) return receipt.at >= startedAt;
  const { byteLength } = (receipt.details.params as { body?: { byteLength?: number } } | undefined)?.body ?? {};
  return clock() - receipt.at < callMsMax + (byteLength ?? 0) / uploadBytesPerMs;
}

function settledBy(receipt: NumberedReceipt, { isMade, found, after }: Finding, now: number): Receipt {
  const { seq: _, ...row } = receipt;
  return {
    ...row,
    phase: "outcome",
    at: now,
    result: "reconciled",
    status: null,
    opcRequestId: null,
    details: { isMade, message: found, after },
  };
}

/** Null when the service cannot be asked now. */
async function look(tenancies: Tenancies, receipt: NumberedReceipt): Promise<Finding | null> {
  const tenancy = tenancies.find(receipt.tenancy);
  if (tenancy === undefined) {
    // Sign-ins and the like concern no tenancy; others belong to one that is not configured any more.
    return untold("How it ended was not recorded, and no tenancy of this console can be asked about it.");
  }
  try {
    return await judge(tenancy, receipt);
  } catch (error) {
    if (!(error instanceof OciError) || error.status === 429 || error.status >= 500 || error.status === 401)
      return null;
    if (error.status === 404) return untold("The vault is not there any more, or not visible to the console.");
    return untold(`The service was asked and refused: ${cleanText(error.message)}`);
  }
}

/** What the service says now: an answer remembered from before tells nothing about what came of a call. */
async function readNow(
  tenancy: Tenancy,
  asked: DecodedRequest | OperationRequest,
  region: string,
): Promise<CachedAnswer> {
  const answer = await tenancy.read(asked, region, { isFresh: true });
  if (answer.isStale) throw new Error("the service could not be asked");
  return answer;
}

const untold = (found: string, after: Vault | null = null): Finding => ({ isMade: null, found, after });

async function judge(tenancy: Tenancy, receipt: NumberedReceipt): Promise<Finding> {
  const params = (receipt.details.params ?? {}) as { vaultId?: string; body?: Record<string, unknown> };
  const body = params.body ?? {};
  if (receipt.operation === "createVault") return judgeCreation(tenancy, receipt, body);
  if (params.vaultId === undefined) return untold("What became of it cannot be seen from a vault; look at the target.");
  const { vaultId } = params;
  const vault = (await readNow(tenancy, request("getVault", { vaultId }), receipt.region)).data as unknown as Vault;
  const shows = (isMade: boolean): Finding => ({
    isMade,
    found: `${isMade ? "The vault shows this change" : "The vault does not show this change"}; its state is ${vault.lifecycleState}.`,
    after: vault,
  });
  switch (receipt.operation) {
    case "scheduleVaultDeletion":
      return shows(/^(SCHEDULING_DELETION|PENDING_DELETION|DELETING|DELETED)$/.test(vault.lifecycleState));
    case "cancelVaultDeletion":
      return shows(!/^(SCHEDULING_DELETION|PENDING_DELETION|DELETING|DELETED)$/.test(vault.lifecycleState));
    case "updateVault":
    case "changeVaultCompartment":
      return shows(
        Object.entries(body).every(([name, value]) => isSame((vault as Record<string, unknown>)[name], value)),
      );
    case "createVaultReplica":
    case "deleteVaultReplica": {
      const answer = await readNow(tenancy, request("listVaultReplicas", { vaultId }), receipt.region);
      const replicas = (answer.data ?? []) as unknown as VaultReplicaSummary[];
      const isThere = replicas.some(
        ({ region, status }) => region === body.replicaRegion && status !== "DELETED" && status !== "DELETING",
      );
      return shows(isThere === (receipt.operation === "createVaultReplica"));
    }
    default:
      return untold(
        `The vault's state is ${vault.lifecycleState}; whether this was done cannot be seen from it.`,
        vault,
      );
  }
}

/** A vault of that name in that compartment, made at about that time. */
async function judgeCreation(
  tenancy: Tenancy,
  receipt: NumberedReceipt,
  body: Record<string, unknown>,
): Promise<Finding> {
  const compartmentId = String(body.compartmentId);
  let page: string | undefined;
  do {
    const asked = request("listVaults", { compartmentId, limit: 100, page });
    const answer = await readNow(tenancy, asked, receipt.region);
    const made = ((answer.data ?? []) as unknown as VaultSummary[]).find(
      (each) =>
        each.displayName === body.displayName && Math.abs(Date.parse(each.timeCreated) - receipt.at) < 10 * 60_000,
    );
    if (made !== undefined) {
      return { isMade: true, found: `A vault of this name was made at that time: ${made.id}.`, after: made };
    }
    page = answer.opcNextPage;
  } while (page !== undefined);
  return { isMade: false, found: "There is no vault of this name from that time in the compartment.", after: null };
}

function isSame(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    each !== null && typeof each === "object" && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
