/**
 * THE FUNNEL. Every call a browser makes to Oracle goes through here, in this order: same origin and session (gate.ts), decode
 * against the table, role, fresh proof, four eyes, intent receipt, sign and send, outcome receipt, answer. There is no other way, so no guard can be forgotten.
 */
import { createHash, randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { OciError } from "#lib/contract/errors.ts";
import type { Vault, VaultUsage } from "#lib/contract/models.ts";
import { type OperationName, type OperationRow, operationRow, type Service } from "#lib/contract/operations.ts";
import { type ArrivedRequest, type DecodedRequest, decode, request as ociRequest } from "#lib/contract/request.ts";
import type { CachedAnswer } from "#lib/oci/cache.ts";
import { isOutcomeUnknown } from "#lib/oci/failure.ts";
import type { Database } from "#lib/store/database.ts";
import { type Receipt, writeReceipt } from "#lib/store/receipts.ts";
import { judgeRole, roleNames } from "#lib/vault/actions.ts";
import { judgeRails, type RailSubject } from "#lib/vault/rails.ts";
import type { Agreed, Approvals, CarriedOut, Payload } from "./approvals.ts";
import type { Config } from "./config.ts";
import type { Denials } from "./denials.ts";
import { download, type ObjectPlace } from "./download.ts";
import type { PersonCall } from "./gate.ts";
import { readBody, readReason, readTicket } from "./guard.ts";
import type { InventoryKeeper } from "./inventory.ts";
import type { Reconciler } from "./reconcile.ts";
import { answerJson, cleanText, explain, Refusal } from "./refusal.ts";
import type { SignedIn } from "./session.ts";
import { mask, requireSight, type Sight, sightOf } from "./sight.ts";
import { requireStepUp } from "./step-up.ts";
import type { Tenancies, Tenancy } from "./tenancies.ts";
import type { Uploads } from "./upload.ts";
import { keepUsage } from "./usage.ts";

export interface ProxyParts {
  readonly config: Config;
  readonly db: Database;
  readonly tenancies: Tenancies;
  readonly inventory: InventoryKeeper;
  readonly uploads: Uploads;
  readonly reconciler: Reconciler;
  readonly approvals: Approvals;
  readonly denials: Denials;
  readonly log: Logger;
  readonly clock: () => number;
}

/** The service's shortest wait, and a margin for the way there. */
const deletionWaitMinMs = 7 * 86_400_000 + 60_000;
const fileType = "application/octet-stream";
/** The slowest line to the service a file is still waited for: 250 kB a second. */
const uploadBytesPerMs = 250;

/** What a receipt and an approval say of a file; digests in base64. */
interface FileFacts {
  readonly byteLength: number;
  readonly md5: string;
  readonly sha256: string;
}

/** What only writes with a file have. */
interface FileWrite {
  readonly facts: FileFacts;
  /** The person cancelling cancels the call. Other writes go on: their outcome must be known. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Why a change is made, and by whose agreement. */
interface Why {
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly approval?: { readonly id: string; readonly agreedBy: string };
}

/** Where a call goes, taken from the console's own address. */
interface Place {
  readonly tenancy: Tenancy;
  readonly service: Service;
  readonly region: string;
  /** The vault whose management endpoint is meant. */
  readonly managementOf: string | null;
  /** The service's own path and query, exactly as it arrived. */
  readonly target: string;
  /** The session it is for: sessions take turns at the service. */
  readonly whose: string;
}

const services: readonly string[] = ["kms", "management", "identity", "objectstorage", "limits"] satisfies Service[];
/** What of the service's answer the browser gets to see. */
const passedHeaders = ["etag", "opc-next-page", "opc-request-id", "opc-work-request-id", "opc-content-md5"] as const;

/**
 * Answers one request for `/api/oci/{tenancy}/{service}/{region}/…` that has passed the gate. Throws what `explain` turns into a
 * refusal.
 */
export async function proxy(parts: ProxyParts, { who, request, target, requestId }: PersonCall): Promise<Response> {
  const isRead = request.method === "GET" || request.method === "HEAD";
  const place = findPlace(parts, target, who);
  const isFile = request.headers.get("content-type") === fileType;
  const asked = decodeStrictly(place, request, isRead || isFile ? undefined : await readBody(request));
  const row = operationRow(asked.operation);
  if (isFile !== (row.body === "bytes")) throw wrongType(row);
  const why = row.writes ? whyOf(request) : { reason: null, ticket: null };
  const sight = sightOf(parts.config.policy, who);
  const act = { who, place, asked, why, requestId };
  await refusedOnRecord(parts, act, async () => {
    requireRole(who, asked.operation);
    await requireSight(sight, parts.inventory, place, asked);
    await requireRails(parts, act);
  });
  if (row.stepUp === true) requireStepUp(who, parts.clock());
  const call: DecodedRequest = { operation: asked.operation, params: { ...asked.params, opcRequestId: requestId } };
  if (row.fourEyes === true) {
    if (request.headers.get("x-ovc-ask") === "approval") return ask(parts, act, row, request);
    if (!isFile && (await parts.approvals.fourEyes()).isOn) throw approvalNeeded();
  }
  if (row.body === "bytes") return writeFile(parts, act, call, row, request);
  if (row.result === "bytes")
    return download(place.tenancy, place.region, asked.params as unknown as ObjectPlace, requestId);
  return row.writes ? write(parts, who, place, call, row, why, requestId) : read(parts, place, call, request, sight);
}

const whyOf = (request: Request): Why => ({ reason: readReason(request), ticket: readTicket(request) });

/** What somebody wants to do, and why. */
interface Act {
  readonly who: SignedIn;
  readonly place: Place;
  readonly asked: DecodedRequest;
  readonly why: Why;
  readonly requestId: string;
  /** When it was asked for, epoch ms by the service's clock, if a second person has agreed since. */
  readonly askedAt?: number;
}

/** Runs what may throw a Refusal, which leaves a receipt of that. */
async function refusedOnRecord(
  parts: Pick<ProxyParts, "clock" | "denials" | "inventory">,
  { who, place, asked, why, requestId }: Act,
  judge: () => Promise<void>,
): Promise<void> {
  try {
    await judge();
  } catch (error) {
    if (error instanceof Refusal) {
      const receipt = receiptFor(parts, who, place, asked, why, requestId, "refused");
      const kind = [asked.operation, place.tenancy.id, place.region, receipt.target, error.message].join(" ");
      // Reads that are refused must not crowd out changes that were tried.
      const countedFor = operationRow(asked.operation).writes ? `${who.accountId} changes` : who.accountId;
      const details = { ...receipt.details, message: error.message };
      await parts.denials.noteReceipt(countedFor, kind, { ...receipt, details });
    }
    throw error;
  }
}

function requireRole({ role }: SignedIn, operation: OperationName): void {
  const verdict = judgeRole(operation, role);
  if (!verdict.isAllowed)
    throw new Refusal(403, "NotPermitted", verdict.reason, { why: `Your role is ${roleNames[role].toLowerCase()}.` });
}

/* Guard rails. */

/**
 * Refuses what the company's rules forbid. The vault is read anew for it: tags and compartment decide, and a look-up that
 * fails refuses too.
 */
async function requireRails(
  { config, inventory, tenancies, clock }: Pick<ProxyParts, "config" | "inventory" | "tenancies" | "clock">,
  { place, asked: { operation, params }, why, askedAt }: Act,
): Promise<void> {
  const { rails } = config.policy;
  // Saving a vault is never held up, not even by a look-up that fails.
  if (rails.length === 0 || !operationRow(operation).writes || operation === "cancelVaultDeletion") return;
  const subject = await subjectOf(inventory, place, params);
  const now = clock() + tenancies.clockOffsetMs();
  const refusal = judgeRails(rails, subject, {
    operation,
    params,
    ...why,
    now,
    ...(askedAt === undefined ? {} : { askedAt }),
  });
  if (refusal === null) return;
  throw new Refusal(403, "GuardRail", refusal.reason, {
    why: "The console's policy file says so, for everybody.",
    action: "If the rule is wrong for this vault, ask whoever keeps the policy file to change it.",
  });
}

async function subjectOf(
  inventory: InventoryKeeper,
  place: Place,
  params: Readonly<Record<string, unknown>>,
): Promise<RailSubject> {
  const body = (params.body ?? {}) as Partial<Vault>;
  const { vaultId } = params;
  const vault: Partial<Vault> =
    typeof vaultId === "string"
      ? ((
          await place.tenancy.read(ociRequest("getVault", { vaultId }), place.region, {
            isFresh: true,
            whose: place.whose,
          })
        ).data as unknown as Vault)
      : body;
  const compartment = vault.compartmentId ?? (typeof params.compartmentId === "string" ? params.compartmentId : null);
  return {
    tenancy: place.tenancy.id,
    region: place.region,
    vaultId: typeof vaultId === "string" ? vaultId : null,
    vaultType: vault.vaultType ?? null,
    compartments: compartment === null ? null : inventory.compartmentPath(place.tenancy.id, compartment),
    freeformTags: vault.freeformTags ?? {},
    definedTags: vault.definedTags ?? {},
  };
}

/* Four eyes. */

function approvalNeeded(): Refusal {
  return new Refusal(403, "ApprovalNeeded", "A second security admin has to agree to this first.", {
    why: "Nothing was sent. It cannot be undone, so no person alone can do it.",
    action: "Ask for approval; the other person finds it under Approvals.",
  });
}

/** What is hashed and later sent: the request without the ids of this one sending. */
function payloadOf(place: Place, { operation, params }: DecodedRequest): Payload {
  const { opcRetryToken: _, opcRequestId: __, ...rest } = params;
  return { operation, tenancy: place.tenancy.id, region: place.region, params: rest };
}

/** Answers 202: kept, not sent. The file of a restore is named by its digests; the person keeps it and sends it when somebody has agreed. */
async function ask(parts: ProxyParts, act: Act, row: OperationRow, request: Request): Promise<Response> {
  const { who, place, asked, why, requestId } = act;
  const etag = typeof asked.params.ifMatch === "string" ? asked.params.ifMatch : null;
  if (etag === null && typeof asked.params.vaultId === "string" && row.headers.includes("if-match")) {
    throw new Refusal(428, "EtagNeeded", "An approval is for the vault as you see it now, so it needs if-match.");
  }
  const file = row.body === "bytes" ? { file: announcedFile(request) } : {};
  const params = { ...asked.params, ...file };
  const target = targetOf(params);
  const before = parts.inventory.find(place.tenancy.id, place.region, target) ?? null;
  const body = asked.params.body as { timeOfDeletion?: string } | undefined;
  const due = asked.operation === "scheduleVaultDeletion" ? Date.parse(body?.timeOfDeletion ?? "") : Number.NaN;
  const told = await parts.approvals.ask(
    who,
    {
      payload: payloadOf(place, { operation: asked.operation, params }),
      target,
      shown: {
        params: askedOf(params),
        before: before as Record<string, unknown> | null,
        ticket: why.ticket,
      },
      etag,
      reason: why.reason,
      lastMoment: Number.isNaN(due) ? null : due - deletionWaitMinMs - parts.tenancies.clockOffsetMs(),
    },
    requestId,
  );
  return answerJson(202, told, { "x-ovc-outcome": "waiting" });
}

function announcedFile(request: Request): FileFacts {
  const byteLength = Number(request.headers.get("x-ovc-file-bytes"));
  const sha256 = request.headers.get("x-ovc-file-sha256") ?? "";
  const md5 = request.headers.get("content-md5") ?? "";
  if (!Number.isSafeInteger(byteLength) || byteLength <= 0 || !/^[A-Za-z0-9+/]{43}=$/.test(sha256) || md5 === "") {
    throw new Refusal(400, "InvalidParameter", "To ask for this restore, name the file's size, SHA-256 and MD5.");
  }
  return { byteLength, md5, sha256 };
}

/** Sends what two people agreed to, in the name of the one who asked. Throws the Refusal of a call that failed. */
export async function carryOut(parts: Omit<ProxyParts, "approvals">, agreed: Agreed): Promise<CarriedOut> {
  const { payload } = agreed;
  const tenancy = parts.tenancies.find(payload.tenancy);
  if (tenancy === undefined || payload.operation === "changeRole")
    throw new Refusal(409, "ApprovalVoid", "This console has no such tenancy any more.");
  const row = operationRow(payload.operation);
  const place = { tenancy, service: row.service, region: payload.region, managementOf: null, target: "", whose: "" };
  // One approval is one retry token: sent twice, it still takes effect once.
  const opcRetryToken = createHash("sha256").update(`approval ${agreed.id}`).digest("hex");
  const params = { ...payload.params, opcRequestId: agreed.requestId, opcRetryToken };
  const { reason, ticket } = agreed;
  const why = { reason, ticket, approval: { id: agreed.id, agreedBy: agreed.agreedBy } };
  const call = { operation: payload.operation, params };
  const askedAt = agreed.askedAt + parts.tenancies.clockOffsetMs();
  const act = { who: agreed.requester, place, asked: call, why, requestId: agreed.requestId, askedAt };
  await refusedOnRecord(parts, act, () => requireRails(parts, act));
  const answer = await write(parts, agreed.requester, place, call, row, why, agreed.requestId);
  return {
    receiptId: answer.headers.get("x-ovc-receipt"),
    outcome: answer.headers.get("x-ovc-outcome") === "confirmed" ? "Oracle has done it." : "Oracle has accepted it.",
  };
}

function wrongType(row: OperationRow): Refusal {
  return new Refusal(415, "UnsupportedMediaType", `This operation takes ${row.body === "bytes" ? "a file" : "JSON"}.`, {
    action: `Send content-type: ${row.body === "bytes" ? fileType : "application/json"}.`,
  });
}

/** The body goes to disk only after everything else has been judged; the file is gone when the call has ended. */
async function writeFile(
  parts: ProxyParts,
  act: Act,
  asked: DecodedRequest,
  row: OperationRow,
  request: Request,
): Promise<Response> {
  const { who, place, why, requestId } = act;
  const id = request.headers.get("x-ovc-approval");
  if (id === null && (await parts.approvals.fourEyes()).isOn) throw approvalNeeded();
  if (id !== null) {
    const announced = {
      byteLength: Number(request.headers.get("content-length")),
      md5: request.headers.get("content-md5") ?? "",
    };
    await refusedOnRecord(parts, act, () => parts.approvals.requireAgreed(who, id, payloadOf(place, asked), announced));
  }
  const file = await parts.uploads.receive(request, who.accountId);
  try {
    const params = { ...asked.params, contentMd5: file.md5Base64, body: file.source };
    const timeoutMs = 60_000 + file.byteLength / uploadBytesPerMs;
    const facts = { byteLength: file.byteLength, md5: file.md5Base64, sha256: file.sha256Base64 };
    const call = { operation: asked.operation, params };
    const sent = { facts, signal: request.signal, timeoutMs };
    if (id !== null) {
      const payload = payloadOf(place, { operation: asked.operation, params: { ...asked.params, file: facts } });
      return await parts.approvals.withApproval(who, id, payload, (agreedBy) =>
        write(parts, who, place, call, row, { ...why, approval: { id, agreedBy } }, requestId, sent),
      );
    }
    return await write(parts, who, place, call, row, why, requestId, sent);
  } finally {
    await file.discard();
  }
}

function findPlace({ tenancies, inventory }: ProxyParts, target: string, { sidHash: whose }: SignedIn): Place {
  const [, tenancyId = "", service = "", region = "", rest = ""] =
    /^\/api\/oci\/([^/?]+)\/([^/?]+)\/([^/?]+)(\/.*)$/.exec(target) ?? [];
  if (!services.includes(service)) throw new Refusal(404, "NotFound", "There is no such address in the console.");
  const tenancy = tenancies.find(decodeURIComponent(tenancyId));
  if (tenancy === undefined) throw new Refusal(404, "UnknownTenancy", "This console has no such tenancy.");
  if (!inventory.hasRegion(tenancy.id, region)) {
    throw new Refusal(
      404,
      "UnknownRegion",
      `The tenancy is not subscribed to region ${cleanText(region).slice(0, 60)}.`,
    );
  }
  if (service !== "management")
    return { tenancy, service: service as Service, region, managementOf: null, target: rest, whose };
  const [, vault = "", path = ""] = /^\/([^/?]+)(\/.*)$/.exec(rest) ?? [];
  return { tenancy, service, region, managementOf: decodeURIComponent(vault), target: path, whose };
}

function decodeStrictly(place: Place, request: Request, body: Uint8Array | undefined): DecodedRequest {
  const arrived: ArrivedRequest = {
    method: request.method,
    target: place.target,
    header: (name) => request.headers.get(name),
    body,
  };
  const decoded = decode(arrived, { service: place.service, unknown: "refuse" });
  // The console's own id goes to the service; a browser does not choose it.
  delete decoded.params.opcRequestId;
  return decoded;
}

async function managementEndpoint(place: Place): Promise<string | undefined> {
  if (place.managementOf === null) return undefined;
  const vault = await place.tenancy.read(ociRequest("getVault", { vaultId: place.managementOf }), place.region, {
    whose: place.whose,
  });
  return (vault.data as unknown as Vault).managementEndpoint;
}

async function read(
  parts: ProxyParts,
  place: Place,
  call: DecodedRequest,
  request: Request,
  sight: Sight,
): Promise<Response> {
  const startedAt = parts.clock();
  const answer = await place.tenancy.read(call, place.region, {
    isFresh: request.headers.get("cache-control") === "no-cache",
    managementEndpoint: await managementEndpoint(place),
    whose: place.whose,
    signal: request.signal,
  });
  if (call.operation === "getVault") {
    parts.inventory.noteVault(
      place.tenancy.id,
      place.region,
      answer.data as unknown as Vault,
      Math.min(startedAt, answer.readAt),
    );
  }
  if (call.operation === "getVaultUsage" && !answer.isStale) {
    const at = { tenancy: place.tenancy.id, region: place.region, vault: String(call.params.vaultId) };
    void keepUsage(parts.db, at, answer.data as unknown as VaultUsage, answer.readAt + parts.tenancies.clockOffsetMs());
  }
  return pass(maskAnswer(answer, sight), {
    "x-ovc-read-at": String(answer.readAt + parts.tenancies.clockOffsetMs()),
    ...(answer.isStale ? { "x-ovc-stale": "1" } : {}),
  });
}

async function write(
  parts: Omit<ProxyParts, "approvals">,
  who: SignedIn,
  place: Place,
  asked: DecodedRequest,
  row: OperationRow,
  why: Why,
  requestId: string,
  file?: FileWrite,
): Promise<Response> {
  const call = withRetryToken(asked, row);
  const intent = receiptFor(parts, who, place, call, why, requestId, "intent", file?.facts);
  await recordIntent(parts, intent);
  const startedAt = parts.clock();
  let answer: CachedAnswer;
  try {
    answer = await place.tenancy.write(call, place.region, { ...file, whose: place.whose });
  } catch (error) {
    throw await recordFailure(parts, place, call, intent, error);
  }
  afterWrite(parts, place, call, answer, startedAt);
  const vault = answer.data as unknown as Vault | null;
  await recordOutcome(parts, intent, {
    result: "ok",
    status: answer.status,
    opcRequestId: answer.opcRequestId ?? null,
    details: {
      after: withoutSecrets(vault ?? null),
      etag: answer.etag,
      workRequestId: answer.opcWorkRequestId,
      lifecycleState: vault?.lifecycleState,
    },
  });
  const isSettled = answer.status === 200 && answer.data !== null;
  return pass(answer, { "x-ovc-receipt": intent.receiptId, "x-ovc-outcome": isSettled ? "confirmed" : "submitted" });
}

/** The refusal the person gets for a call that failed, once its outcome is recorded. */
async function recordFailure(
  parts: Omit<ProxyParts, "approvals">,
  place: Place,
  call: DecodedRequest,
  intent: Receipt,
  error: unknown,
): Promise<Refusal> {
  const isUnknown = isOutcomeUnknown(error);
  if (isUnknown && typeof call.params.vaultId === "string")
    parts.inventory.noteChanged(place.tenancy.id, place.region, call.params.vaultId);
  const refusal = explain(error);
  await recordOutcome(parts, intent, {
    result: isUnknown ? "unknown" : "failed",
    status: error instanceof OciError ? error.status : null,
    opcRequestId: error instanceof OciError ? (error.requestId ?? null) : null,
    details: { code: refusal.code, message: refusal.message },
  });
  refusal.headers = { "x-ovc-receipt": intent.receiptId, "x-ovc-outcome": isUnknown ? "unknown" : "refused" };
  return refusal;
}

/** Writes are only ever repeated under the same token; a caller that gave none gets one for this call. */
function withRetryToken(call: DecodedRequest, row: OperationRow): DecodedRequest {
  if (!row.headers.includes("opc-retry-token") || call.params.opcRetryToken !== undefined) return call;
  return { operation: call.operation, params: { ...call.params, opcRetryToken: randomUUID() } };
}

function afterWrite(
  parts: Omit<ProxyParts, "approvals">,
  place: Place,
  call: DecodedRequest,
  answer: CachedAnswer,
  startedAt: number,
): void {
  const vault = answer.data as unknown as Vault | null;
  if (vault !== null && typeof vault.id === "string" && typeof vault.lifecycleState === "string") {
    parts.inventory.noteVault(place.tenancy.id, place.region, vault, startedAt);
  } else if (typeof call.params.vaultId === "string") {
    parts.inventory.noteChanged(place.tenancy.id, place.region, call.params.vaultId);
  }
}

/* Receipts. */

function receiptFor(
  parts: Pick<ProxyParts, "clock" | "inventory">,
  who: SignedIn,
  place: Place,
  call: DecodedRequest,
  why: Why,
  requestId: string,
  phase: "intent" | "refused",
  fileFacts?: FileFacts,
): Receipt {
  return {
    receiptId: randomUUID(),
    phase,
    at: parts.clock(),
    actor: who.name,
    role: who.role,
    operation: call.operation,
    tenancy: place.tenancy.id,
    region: place.region,
    target: targetOf(call.params),
    reason: why.reason,
    requestId,
    details: {
      // Names can be alike; the identity cannot.
      by: { issuer: who.issuer, subject: who.subject },
      ...(why.approval === undefined ? {} : { approval: why.approval }),
      ...(why.ticket === null ? {} : { ticket: why.ticket }),
      params: askedOf(fileFacts === undefined ? call.params : { ...call.params, body: fileFacts }),
      before: parts.inventory.find(place.tenancy.id, place.region, targetOf(call.params)) ?? null,
    },
    result: phase === "intent" ? "pending" : "refused",
    status: null,
    opcRequestId: null,
  };
}

function targetOf(params: Record<string, unknown>): string {
  const body = params.body as { compartmentId?: unknown } | undefined;
  for (const candidate of [params.vaultId, params.compartmentId, body?.compartmentId, params.bucketName]) {
    if (typeof candidate === "string") return candidate;
  }
  return "";
}

/** Ids and tokens of the one call are no part of what was asked. */
function askedOf(params: Record<string, unknown>): Record<string, unknown> {
  const { opcRetryToken: _, opcRequestId: __, ...asked } = params;
  return withoutSecrets(asked);
}

const secretFields = new Set(["uri", "accessUri", "fullPath", "clientAppSecret"]);

/**
 * Pre-authenticated addresses, given or made, and client secrets are bearer secrets: a receipt says that there was one, not
 * which.
 */
function withoutSecrets<Json>(json: Json): Json {
  return JSON.parse(JSON.stringify(json, (key, value: unknown) => (secretFields.has(key) ? "(not recorded)" : value)));
}

/** Fail closed: what cannot be recorded is not done. */
async function recordIntent(parts: Pick<ProxyParts, "db" | "log">, receipt: Receipt): Promise<void> {
  try {
    await writeReceipt(parts.db, receipt);
  } catch (error) {
    parts.log.error({ err: error, requestId: receipt.requestId }, "the receipt could not be written");
    throw new Refusal(
      503,
      "ReceiptNotWritten",
      "The console could not record this action, so it was not carried out.",
      {
        action: "Nothing was changed. Whoever runs the console should check its data directory or database.",
        retryAfterSeconds: 30,
      },
    );
  }
}

async function recordOutcome(
  parts: Omit<ProxyParts, "approvals">,
  intent: Receipt,
  outcome: Pick<Receipt, "result" | "status" | "opcRequestId" | "details">,
): Promise<void> {
  const receipt: Receipt = { ...intent, ...outcome, phase: "outcome", at: parts.clock() };
  try {
    await writeReceipt(parts.db, receipt);
  } catch (error) {
    parts.reconciler.owe(receipt);
    parts.log.error(
      { err: error, requestId: intent.requestId, outcome: outcome.result },
      "the outcome could not be recorded",
    );
    throw new Refusal(500, "OutcomeNotRecorded", "The call was made, but its outcome could not be recorded.", {
      why:
        outcome.result === "ok" ? "Oracle accepted the change." : "Oracle refused the change, or its answer was lost.",
      action: "Look at the vault before doing anything again, and tell whoever runs the console.",
    });
  }
}

/** What is passed on is the service's own text, fields no model knows included: it is masked as text. */
function maskAnswer(answer: CachedAnswer, { masking }: Sight): CachedAnswer {
  if (masking === null || typeof answer.raw !== "string" || answer.raw === "") return answer;
  return { ...answer, raw: JSON.stringify(mask(JSON.parse(answer.raw), masking)) };
}

/** Hands on the answer: its status, its JSON as it came, and the headers of the list. */
function pass(answer: CachedAnswer, more: Record<string, string>): Response {
  const headers: Record<string, string> = { "cache-control": "no-store", ...more };
  const values = {
    etag: answer.etag,
    "opc-next-page": answer.opcNextPage,
    "opc-request-id": answer.opcRequestId,
    "opc-work-request-id": answer.opcWorkRequestId,
    "opc-content-md5": answer.opcContentMd5,
  };
  for (const name of passedHeaders) {
    const value = values[name];
    if (value !== undefined && value !== null) headers[name] = value;
  }
  const hasBody = answer.data !== null && answer.status !== 204;
  if (hasBody) headers["content-type"] = "application/json";
  return new Response(hasBody ? (answer.raw as BodyInit) : null, { status: answer.status, headers });
}
