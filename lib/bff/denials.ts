/**
 * Denials in the trail: who was turned away, from what, and why. The first of a kind is written before it is answered; what a
 * person repeats, or all strangers together, is counted and written once when five minutes are over, so that no flood fills the store.
 */
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { strangerName } from "#lib/contract/api.ts";
import type { Database } from "#lib/store/database.ts";
import { type Receipt, writeReceipt } from "#lib/store/receipts.ts";
import { hashSecret } from "#lib/store/sessions.ts";
import { type AccountAction, rowOf } from "./account-receipts.ts";
import { placeOf } from "./device.ts";
import type { Refusal } from "./refusal.ts";
import type { SignedIn } from "./session.ts";

const windowMs = 5 * 60_000;
/** Rows one person, or all strangers together, can cause in that time; repeats add as many again, and one for the rest. */
const kindsMax = 40;
const strangers = "strangers";

/** Codes of refusals that say: you may not, or you have not shown who you are. Asking for a proof or a second person is no denial. */
const denying: readonly string[] = [
  "NotPermitted",
  "NotYours",
  "NotTheSamePerson",
  "PasswordNotRight",
  "SignInRefused",
  "TokenNotAccepted",
  "TooManyTries",
];

/** What an address is for, as the trail says it. Calls to the service are noted by the funnel, which knows the operation. */
const purposes: Readonly<Record<string, AccountAction["operation"]>> = {
  "POST /api/session": "signIn",
  "POST /api/session/setup": "useToken",
  "POST /api/session/step-up": "confirmIdentity",
  "POST /api/session/password": "changePassword",
  "GET /api/session/list": "readSessions",
  "POST /api/session/end": "endSessions",
  "GET /api/activity": "readTrail",
  "GET /api/activity/export": "exportTrail",
  "GET /api/activity/verify": "verifyTrail",
  "GET /api/approvals": "readApprovals",
  "GET /api/approvals/[id]": "readApprovals",
  "POST /api/approvals/[id]": "decideApproval",
  "GET /api/people": "readPeople",
  "POST /api/people/add": "addPerson",
  "POST /api/people/role": "changeRole",
  "POST /api/people/disable": "disablePerson",
  "POST /api/people/enable": "enablePerson",
  "POST /api/people/invite": "invitePerson",
  "POST /api/people/end-sessions": "endSessions",
};

/** What an address is for; undefined where nobody is denied anything, or the funnel notes it. */
export function purposeOf(method: string, path: string): AccountAction["operation"] | undefined {
  return purposes[`${method} ${path}`];
}

export interface Denials {
  /** Notes a refusal of the console's own addresses, when it is a denial. Never throws. */
  note(refusal: Refusal, at: DeniedAt): Promise<void>;
  /** Notes a refusal of somebody, counted with others of `kind`; the receipt is of the phase `refused`. Never throws. */
  noteReceipt(countedFor: string, kind: string, receipt: Receipt): Promise<void>;
  /** Writes what was only counted so far. */
  flush(): Promise<void>;
}

export interface DeniedAt {
  readonly request: Request;
  /** The address as the table of routes has it. */
  readonly path: string;
  readonly requestId: string;
  readonly who: SignedIn | null;
  /** A name somebody else vouches for, where nobody is signed in. */
  readonly name?: string;
  readonly operation?: AccountAction["operation"];
}

interface Kind {
  readonly receipt: Receipt;
  again: number;
}

interface Window {
  readonly endsAt: number;
  readonly kinds: Map<string, Kind>;
  /** Of the kinds beyond the most; as the first of them. */
  rest: Kind | null;
  readonly timer: NodeJS.Timeout;
}

export function createDenials(parts: {
  readonly db: Database;
  readonly log: Logger;
  readonly clock: () => number;
}): Denials {
  const { db, log, clock } = parts;
  const windows = new Map<string, Window>();

  async function write(receipt: Receipt): Promise<void> {
    await writeReceipt(db, receipt).catch((error: unknown) =>
      log.error({ err: error, requestId: receipt.requestId }, "a denial could not be recorded"),
    );
  }

  async function close(countedFor: string): Promise<void> {
    const window = windows.get(countedFor);
    if (window === undefined) return;
    windows.delete(countedFor);
    clearTimeout(window.timer);
    for (const { receipt, again } of window.kinds.values())
      if (again > 0) await write(repeated(receipt, again, clock()));
    if (window.rest !== null) await write(others(window.rest, clock()));
  }

  function open(countedFor: string): Window {
    const timer = setTimeout(() => void close(countedFor), windowMs);
    timer.unref();
    const window: Window = { endsAt: clock() + windowMs, kinds: new Map(), rest: null, timer };
    windows.set(countedFor, window);
    return window;
  }

  async function noteReceipt(countedFor: string, kind: string, receipt: Receipt): Promise<void> {
    const before = windows.get(countedFor);
    if (before !== undefined && before.endsAt <= clock()) await close(countedFor);
    const window = windows.get(countedFor) ?? open(countedFor);
    const known = window.kinds.get(kind);
    if (known !== undefined) known.again += 1;
    else if (window.kinds.size < kindsMax) {
      window.kinds.set(kind, { receipt, again: 0 });
      await write(receipt);
    } else if (window.rest === null) window.rest = { receipt, again: 1 };
    else window.rest.again += 1;
  }

  async function note(refusal: Refusal, at: DeniedAt): Promise<void> {
    const operation = at.operation ?? purposeOf(at.request.method, at.path);
    if (operation === undefined || !denying.includes(refusal.code)) return;
    const { who, request, requestId } = at;
    const action: AccountAction = {
      operation,
      actor: who?.name ?? at.name ?? strangerName,
      role: who?.role ?? "helpdesk",
      ...(who === null ? {} : { by: { issuer: who.issuer, subject: who.subject } }),
      target: "",
      requestId,
    };
    const from = who === null ? `${at.name ?? ""} ${hashSecret(placeOf(request))}` : "";
    const receipt = refusedReceipt(action, clock(), refusal);
    await noteReceipt(who?.accountId ?? strangers, `${operation} ${refusal.code} ${from}`, receipt);
  }

  return {
    note,
    noteReceipt,
    async flush() {
      for (const countedFor of [...windows.keys()]) await close(countedFor);
    },
  };
}

function refusedReceipt(action: AccountAction, at: number, { code, message }: Refusal): Receipt {
  const by = action.by === undefined ? {} : { by: action.by };
  return {
    ...rowOf(action, at),
    phase: "refused",
    result: "refused",
    details: { ...by, params: { ...action.params, code }, before: action.before ?? null, message },
  };
}

function repeated(receipt: Receipt, again: number, at: number): Receipt {
  const { details } = receipt;
  const times = again === 1 ? "Once" : `${again} times`;
  const message = `${times} more within five minutes: ${String(details.message)}`;
  const params = { ...(details.params as object), timesMore: again };
  return { ...receipt, receiptId: randomUUID(), at, details: { ...details, params, message } };
}

function others({ receipt, again }: Kind, at: number): Receipt {
  const message = `${again} more refusals within five minutes, of other kinds, are counted here and not listed one by one.`;
  return {
    ...receipt,
    receiptId: randomUUID(),
    at,
    operation: "otherDenials",
    tenancy: "",
    region: "",
    target: "",
    reason: null,
    details: { by: receipt.details.by, params: { timesMore: again }, before: null, message },
  };
}
