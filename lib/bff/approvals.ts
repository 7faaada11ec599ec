/**
 * Four eyes (promise P20): what cannot be undone is asked for by one person and agreed to by another. An approval holds exactly
 * what will be sent, with the etag the first person looked at; it expires, counts once, and is void when the vault has changed.
 */
import { createHash, randomUUID } from "node:crypto";
import { sealData, unsealData } from "iron-session";
import type { Logger } from "pino";
import * as z from "zod";
import type {
  Approval,
  ApprovalAsked,
  ApprovalState,
  ApprovalsAnswer,
  ConsoleRole,
  FourEyes,
} from "#lib/contract/api.ts";
import type { OperationName } from "#lib/contract/operations.ts";
import { type Account, findAccount } from "#lib/store/accounts.ts";
import * as store from "#lib/store/approvals.ts";
import type { Database } from "#lib/store/database.ts";
import { judgeRole } from "#lib/vault/actions.ts";
import { recorded } from "./account-receipts.ts";
import { roleOf } from "./accounts.ts";
import type { Config } from "./config.ts";
import { judgeFourEyes } from "./four-eyes.ts";
import type { PersonCall } from "./gate.ts";
import { readJson } from "./guard.ts";
import { acceptedIssuers } from "./identities.ts";
import { answerJson, cleanText, Refusal } from "./refusal.ts";
import { loadSessionSecrets, type SignedIn } from "./session.ts";
import { requireStepUp } from "./step-up.ts";

/** How long somebody has to agree, milliseconds. */
const lifetimeMs = 4 * 3_600_000;
/** Less than this is no time to find a second person. */
const lifetimeMinMs = 10 * 60_000;
const reasonCharactersMin = 10;
const pendingMax = 50;
const shownMax = 200;

/** A change as it will be made: everything that is hashed, sealed and later sent, and nothing else. */
export interface Payload {
  readonly operation: OperationName | "changeRole";
  readonly tenancy: string;
  readonly region: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What is known of a file before it arrives; the digest in base64. */
interface Announced {
  readonly byteLength: number;
  readonly md5: string;
}

export interface Ask {
  readonly payload: Payload;
  /** OCID, or the id of a person. */
  readonly target: string;
  /** The payload for people: without secrets. */
  readonly shown: store.StoredApproval["shown"];
  readonly etag: string | null;
  readonly reason: string | null;
  /** When it would be too late to carry it out, epoch ms; null when it never is. */
  readonly lastMoment: number | null;
}

/** One approval on its way to the service. */
export interface Agreed {
  readonly id: string;
  readonly payload: Payload;
  /** The person who asked, as they are now. */
  readonly requester: SignedIn;
  readonly reason: string;
  readonly agreedBy: string;
  readonly requestId: string;
  readonly ticket: string | null;
  /** Epoch milliseconds. */
  readonly askedAt: number;
}

export interface CarriedOut {
  readonly receiptId: string | null;
  readonly outcome: string;
}

export interface ApprovalParts {
  readonly config: Config;
  readonly db: Database;
  readonly log: Logger;
  readonly clock: () => number;
  /** Makes the change. Throws a Refusal when it could not. */
  readonly carryOut: (agreed: Agreed) => Promise<CarriedOut>;
}

export interface Approvals {
  fourEyes(): Promise<FourEyes>;
  /** Keeps what somebody asks for until another agrees. Throws a Refusal when it cannot wait. */
  ask(who: SignedIn, asked: Ask, requestId: string): Promise<ApprovalAsked>;
  /**
   * Before a file is taken: throws the Refusal it would meet however whole it arrives. `asked` is the change without the file.
   */
  requireAgreed(who: SignedIn, id: string, asked: Payload, file: Announced): Promise<void>;
  /**
   * A change whose bytes only the person who asked has: carries it out with `act` when `payload` is what was agreed to.
   * Throws a Refusal otherwise, and takes the approval only when everything fits.
   */
  withApproval(
    who: SignedIn,
    id: string,
    payload: Payload,
    act: (agreedBy: string) => Promise<Response>,
  ): Promise<Response>;
  /** `/api/approvals…` */
  answer(call: PersonCall): Promise<Response>;
}

const Decision = z.discriminatedUnion("decision", [
  z.strictObject({
    decision: z.literal("approve"),
    confirm: z.string().max(20),
    reason: z.string().max(500).optional(),
  }),
  z.strictObject({ decision: z.literal("deny"), reason: z.string().max(500) }),
  z.strictObject({ decision: z.literal("withdraw") }),
  z.strictObject({ decision: z.literal("carryOut") }),
]);

/** No call lasts longer, waits for its turn and repeats included; one with the largest file there can be may take so long. */
const callMsMax = 15 * 60_000;
const fileCallMsMax = 13 * 3_600_000;

/** True for what waits for its own bytes after it was agreed to: nobody else can carry it out. */
const needsItsFile = (operation: string) => operation === "restoreVaultFromFile";

export function createApprovals(parts: ApprovalParts): Approvals {
  const { config, db, clock } = parts;
  const password = loadSessionSecrets(config);

  const fourEyes = () => judgeFourEyes(parts);

  async function ask(who: SignedIn, asked: Ask, requestId: string): Promise<ApprovalAsked> {
    const now = clock();
    const reason = (asked.reason ?? "").trim();
    if (reason.length < reasonCharactersMin) {
      throw new Refusal(400, "ReasonNeeded", `Say why, in ${reasonCharactersMin} characters or more.`, {
        why: "The second person decides by it.",
      });
    }
    const expiresAt = Math.min(now + lifetimeMs, asked.lastMoment ?? Number.POSITIVE_INFINITY);
    if (expiresAt - now < lifetimeMinMs) {
      throw new Refusal(400, "TooSoonForApproval", "The date leaves no time for a second person to agree.", {
        why: "Oracle takes dates of seven days and more from the moment the request arrives, which is when somebody has agreed.",
        action: "Choose a date some hours later than seven days from now.",
      });
    }
    if ((await store.countPending(db, who.accountId, now)) >= pendingMax) {
      throw new Refusal(409, "TooManyWaiting", `${pendingMax} of your requests are waiting for a second person.`, {
        action: "Withdraw some, or ask another security admin to decide.",
      });
    }
    const { payload, shown, target, etag } = asked;
    const id = randomUUID();
    const text = canonical(payload);
    const sealed = await sealData(text, { password, ttl: 0 });
    const approval: store.NewApproval = {
      id,
      operation: payload.operation,
      tenancy: payload.tenancy,
      region: payload.region,
      target,
      requesterId: who.accountId,
      requesterName: who.name,
      reason: cleanText(reason),
      payload: sealed,
      payloadHash: hashOf(text),
      shown,
      etag,
      createdAt: now,
      expiresAt,
    };
    const params = {
      approval: id,
      operation: payload.operation,
      payloadHash: approval.payloadHash,
      reason: approval.reason,
    };
    await recorded(parts, { operation: "askApproval", ...actorOf(who), target, requestId, params }, () =>
      store.addApproval(db, approval),
    );
    return { approval: id, expiresAt };
  }

  async function decide(
    who: SignedIn,
    approval: store.StoredApproval,
    body: unknown,
    requestId: string,
  ): Promise<void> {
    const found = Decision.safeParse(body);
    if (!found.success)
      throw new Refusal(400, "InvalidParameter", "This decision cannot be read.", { action: "Load the page again." });
    const decision = found.data;
    if (decision.decision === "carryOut") return carryOutAgain(who, approval, requestId);
    const state = stateNow(approval, clock());
    if (state !== "pending") throw alreadyDecided(approval, state);
    if (decision.decision === "withdraw") {
      if (who.accountId !== approval.requesterId)
        throw new Refusal(403, "NotYours", `Only ${approval.requesterName} can withdraw this.`, {
          action: "Deny it instead.",
        });
    } else {
      const why = whyNot(approval, who);
      if (why !== null) throw new Refusal(403, "NotPermitted", why);
    }
    if (decision.decision === "approve") {
      requireStepUp(who, clock());
      if (decision.confirm !== endOf(approval.target))
        throw new Refusal(400, "NotConfirmed", "The six characters are not the end of what this is about.", {
          action: `They are the last six of ${approval.target.startsWith("ocid1.") ? "its OCID" : "the person's id"}.`,
        });
    }
    const reason = "reason" in decision && decision.reason !== undefined ? cleanText(decision.reason.trim()) : null;
    if (decision.decision === "deny" && (reason ?? "").length < 3)
      throw new Refusal(400, "ReasonNeeded", "Say why, so that the person who asked understands.");
    const operation = ({ approve: "approve", deny: "denyApproval", withdraw: "withdrawApproval" } as const)[
      decision.decision
    ];
    const params = { approval: approval.id, operation: approval.operation, payloadHash: approval.payloadHash, reason };
    await recorded(parts, { operation, ...actorOf(who), target: approval.target, requestId, params }, async () => {
      const isTaken = await store.decide(db, approval.id, {
        state: ({ approve: "approved", deny: "denied", withdraw: "withdrawn" } as const)[decision.decision],
        deciderId: who.accountId,
        deciderName: who.name,
        at: clock(),
        reason,
      });
      if (!isTaken) throw alreadyDecided(approval, stateNow(await reload(approval.id), clock()));
    });
    if (decision.decision === "approve" && !needsItsFile(approval.operation)) await execute(approval.id, requestId);
  }

  /** For what was agreed to but not carried out, because the console was stopped in between. */
  async function carryOutAgain(who: SignedIn, approval: store.StoredApproval, requestId: string): Promise<void> {
    const state = stateNow(approval, clock());
    if (state !== "approved" || needsItsFile(approval.operation)) throw alreadyDecided(approval, state);
    if (!mayDo(approval.operation, who.role))
      throw new Refusal(403, "NotPermitted", "Only a security admin can carry this out.");
    requireStepUp(who, clock());
    await execute(approval.id, requestId);
  }

  /** Carries out what was agreed to, if nobody else does. Never throws for a change that failed: the approval says how it ended. */
  async function execute(id: string, requestId: string): Promise<void> {
    if (!(await store.takeForExecution(db, id, clock()))) return;
    const approval = await reload(id);
    try {
      const agreed = await recheck(approval, requestId);
      const { receiptId, outcome } = await parts.carryOut(agreed);
      await store.endApproval(db, id, { state: "done", at: clock(), receiptId, outcome });
    } catch (error) {
      await noteFailure(id, error);
    }
  }

  async function noteFailure(id: string, error: unknown): Promise<void> {
    const refusal = error instanceof Refusal ? error : null;
    if (refusal === null) parts.log.error({ err: error, approval: id }, "an approval could not be carried out");
    const isVoid = refusal?.status === 412 || refusal?.code === "ApprovalVoid";
    await store.endApproval(db, id, {
      state: isVoid ? "void" : "failed",
      at: clock(),
      receiptId: refusal?.headers?.["x-ovc-receipt"] ?? null,
      outcome: refusal?.message ?? "The console could not carry it out; its log says why.",
    });
  }

  /** Everything that must still be true at the moment it is carried out. */
  async function recheck(approval: store.StoredApproval, requestId: string): Promise<Agreed> {
    const text = await unsealData<string>(approval.payload, { password, ttl: 0 });
    const isSame = typeof text === "string" && hashOf(text) === approval.payloadHash;
    if (!isSame)
      throw new Refusal(409, "ApprovalVoid", "What was asked for is not what was agreed to; nothing was sent.");
    const payload = JSON.parse(text) as Payload;
    const requester = await liveAccount(approval.requesterId);
    const decider = await liveAccount(approval.deciderId ?? "");
    if (requester === null || !mayDo(approval.operation, roleOf(requester)))
      throw new Refusal(409, "ApprovalVoid", `${approval.requesterName} may not do this any more.`);
    if (decider === null || !mayDo(approval.operation, roleOf(decider)) || decider.id === requester.id)
      throw new Refusal(409, "ApprovalVoid", `${approval.deciderName ?? "Nobody"} may not agree to this any more.`);
    return {
      id: approval.id,
      payload,
      requester: signedInAs(requester, clock()),
      reason: approval.reason,
      agreedBy: decider.name,
      requestId,
      ticket: approval.shown.ticket ?? null,
      askedAt: approval.createdAt,
    };
  }

  async function liveAccount(id: string): Promise<Account | null> {
    const account = await findAccount(db, id);
    const isLive = account !== null && account.disabledAt === null && acceptedIssuers(config).includes(account.issuer);
    return isLive ? account : null;
  }

  async function reload(id: string): Promise<store.StoredApproval> {
    const approval = await store.findApproval(db, id);
    if (approval === null) throw new Refusal(404, "UnknownApproval", "There is no such request for approval.");
    return approval;
  }

  async function findOwn(who: SignedIn, id: string): Promise<store.StoredApproval> {
    const approval = await reload(id);
    if (approval.requesterId !== who.accountId)
      throw new Refusal(403, "NotYours", `Only ${approval.requesterName}, who asked for it, can carry this out.`);
    return approval;
  }

  async function requireAgreed(who: SignedIn, id: string, asked: Payload, file: Announced): Promise<void> {
    const approval = await findOwn(who, id);
    const state = stateNow(approval, clock());
    if (state !== "approved") throw alreadyDecided(approval, state);
    const { payload } = await recheck(approval, "");
    const { file: agreed, ...params } = payload.params as { readonly file?: Announced };
    const isSame = canonical({ ...payload, params }) === canonical(asked);
    if (!isSame || agreed?.byteLength !== file.byteLength || agreed.md5 !== file.md5) throw mismatch();
  }

  async function withApproval(
    who: SignedIn,
    id: string,
    payload: Payload,
    act: (agreedBy: string) => Promise<Response>,
  ): Promise<Response> {
    const approval = await findOwn(who, id);
    if (approval.payloadHash !== hashOf(canonical(payload))) throw mismatch();
    const isTaken = await store.takeForExecution(db, id, clock());
    if (!isTaken) throw alreadyDecided(approval, stateNow(await reload(id), clock()));
    try {
      const { agreedBy } = await recheck(await reload(id), "");
      const answer = await act(agreedBy);
      const receiptId = answer.headers.get("x-ovc-receipt");
      await store.endApproval(db, id, { state: "done", at: clock(), receiptId, outcome: "Carried out." });
      return answer;
    } catch (error) {
      await noteFailure(id, error);
      throw error;
    }
  }

  async function answer({ who, request, target, requestId }: PersonCall): Promise<Response> {
    const [, id] = /^\/api\/approvals(?:\/([0-9a-f-]{36}))?$/.exec(target.split("?", 1)[0] ?? "") ?? ["", "?"];
    if (id === "?") throw new Refusal(404, "NotFound", "There is no such address in the console.");
    if (request.method === "POST" && id !== undefined)
      await decide(who, await reload(id), await readJson(request), requestId);
    const list = id === undefined ? await store.listApprovals(db, shownMax) : [await reload(id)];
    const approvals = list.map((each) => shownTo(each, who, clock()));
    return answerJson(200, { fourEyes: await fourEyes(), approvals } satisfies ApprovalsAnswer);
  }

  return { fourEyes, ask, requireAgreed, withApproval, answer };
}

/** Waiting ends with time, and so does what was being carried out when its console ended, whether anybody looks or not. */
function stateNow(approval: store.StoredApproval, now: number): ApprovalState {
  const isWaiting = approval.state === "pending" || approval.state === "approved";
  if (isWaiting && approval.expiresAt <= now) return "expired";
  return isCutOff(approval, now) ? "failed" : (approval.state as ApprovalState);
}

function isCutOff({ state, operation, takenAt, decidedAt }: store.StoredApproval, now: number): boolean {
  const longestMs = needsItsFile(operation) ? fileCallMsMax : callMsMax;
  return state === "executing" && now - (takenAt ?? decidedAt ?? now) > longestMs;
}

const cutOff =
  "The console ended while this was being sent. Its receipt, looked up afterwards, says what became of it.";

const stateWords: Readonly<Record<ApprovalState, string>> = {
  pending: "still waits",
  approved: "has been agreed to",
  executing: "is being carried out",
  done: "has been carried out",
  failed: "was agreed to, but failed",
  denied: "has been denied",
  withdrawn: "has been withdrawn",
  expired: "has expired",
  void: "is void: what it was about has changed",
};

function alreadyDecided(approval: store.StoredApproval, state: ApprovalState): Refusal {
  return new Refusal(409, "AlreadyDecided", `The request of ${approval.requesterName} ${stateWords[state]}.`, {
    action: "Load the page again; ask anew if it is still wanted.",
  });
}

function mismatch(): Refusal {
  return new Refusal(409, "ApprovalMismatch", "This is not what was agreed to; nothing was sent.", {
    action: "Choose the same file and the same place, or ask again.",
  });
}

function whyNot(approval: store.StoredApproval, who: SignedIn): string | null {
  if (who.accountId === approval.requesterId) return "You asked for it; somebody else has to agree.";
  if (!mayDo(approval.operation, who.role)) return "Only a security admin can decide this.";
  return null;
}

function mayDo(operation: string, role: ConsoleRole): boolean {
  return operation === "changeRole" ? role === "admin" : judgeRole(operation as OperationName, role).isAllowed;
}

function shownTo(approval: store.StoredApproval, who: SignedIn, now: number): Approval {
  const state = stateNow(approval, now);
  return {
    id: approval.id,
    state,
    operation: approval.operation,
    tenancy: approval.tenancy,
    region: approval.region,
    target: approval.target,
    requester: { id: approval.requesterId, name: approval.requesterName },
    reason: approval.reason,
    params: approval.shown.params,
    before: approval.shown.before,
    ticket: approval.shown.ticket ?? null,
    etag: approval.etag,
    payloadHash: approval.payloadHash,
    createdAt: approval.createdAt,
    expiresAt: approval.expiresAt,
    decidedAt: approval.decidedAt,
    endedAt: approval.endedAt,
    decider: approval.deciderId === null ? null : { id: approval.deciderId, name: approval.deciderName ?? "" },
    decisionReason: approval.decisionReason,
    receiptId: approval.receiptId,
    outcome: isCutOff(approval, now) ? cutOff : approval.outcome,
    whyNotYou: state === "pending" ? whyNot(approval, who) : `It ${stateWords[state]}.`,
  };
}

function actorOf(who: SignedIn) {
  return { actor: who.name, role: who.role, by: { issuer: who.issuer, subject: who.subject } };
}

/** A person who is not at the console now but whose request is being carried out. */
function signedInAs(account: Account, now: number): SignedIn {
  return {
    id: account.id,
    name: account.name,
    role: roleOf(account),
    signedInAt: now,
    authAt: now,
    via: "password",
    sidHash: "",
    accountId: account.id,
    issuer: account.issuer,
    subject: account.subject,
    groups: account.groups,
  };
}

/** The last six characters: what the second person types, so that they have looked at what it is about. */
function endOf(target: string): string {
  return target.slice(-6);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** JSON with sorted keys: the same change is the same text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
