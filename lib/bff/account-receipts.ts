/** Receipts of what is done here and not at the service (people, sign-ins, reveals): intent before, outcome after, as with vaults. */
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Database } from "#lib/store/database.ts";
import { type Receipt, writeReceipt } from "#lib/store/receipts.ts";
import { Refusal } from "./refusal.ts";

export interface AccountAction {
  readonly operation:
    | "signIn"
    | "signOut"
    | "confirmIdentity"
    | "useToken"
    | "readSessions"
    | "readPeople"
    | "readTrail"
    | "exportTrail"
    | "verifyTrail"
    | "readApprovals"
    | "decideApproval"
    | "makeFirstAdmin"
    | "acceptInvitation"
    | "changePassword"
    | "addPerson"
    | "invitePerson"
    | "changeRole"
    | "disablePerson"
    | "enablePerson"
    | "endSessions"
    | "askApproval"
    | "approve"
    | "denyApproval"
    | "withdrawApproval"
    | "startWithoutFourEyes"
    | "makeFeed"
    | "endFeed"
    | "reveal";
  readonly actor: string;
  readonly role: string;
  /** The actor's identity, where it is not the account it is about: names can be alike. */
  readonly by?: { readonly issuer: string; readonly subject: string };
  /** Id of the account it is about, or the OCID of the vault. */
  readonly target: string;
  /** Where the vault is. */
  readonly place?: { readonly tenancy: string; readonly region: string };
  readonly reason?: string;
  readonly requestId: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

interface Parts {
  readonly db: Database;
  readonly log: Logger;
  readonly clock: () => number;
}

/** What every receipt of such an action says. */
export function rowOf(action: AccountAction, at: number): Omit<Receipt, "phase" | "result" | "details"> {
  return {
    receiptId: randomUUID(),
    at,
    actor: action.actor,
    role: action.role,
    operation: action.operation,
    tenancy: action.place?.tenancy ?? "",
    region: action.place?.region ?? "",
    target: action.target,
    reason: action.reason ?? null,
    requestId: action.requestId,
    status: null,
    opcRequestId: null,
  };
}

/** Writes what is about to happen, does it, writes how it ended. What cannot be recorded is not done. */
export async function recorded<T>(parts: Parts, action: AccountAction, act: () => Promise<T>): Promise<T> {
  const details = {
    ...(action.by === undefined ? {} : { by: action.by }),
    params: action.params ?? {},
    before: action.before ?? null,
  };
  const intent: Receipt = { ...rowOf(action, parts.clock()), phase: "intent", result: "pending", details };
  try {
    await writeReceipt(parts.db, intent);
  } catch (error) {
    parts.log.error({ err: error, requestId: action.requestId }, "the receipt could not be written");
    throw new Refusal(503, "ReceiptNotWritten", "The console could not record this, so it was not carried out.", {
      action: "Nothing was changed. Whoever runs the console should check its data directory or database.",
      retryAfterSeconds: 30,
    });
  }
  const end = (result: "ok" | "failed", outcome: Record<string, unknown>) =>
    writeReceipt(parts.db, { ...intent, phase: "outcome", at: parts.clock(), result, details: outcome });
  let value: T;
  try {
    value = await act();
  } catch (error) {
    const said = error instanceof Refusal ? { code: error.code, message: error.message } : { code: "InternalError" };
    await end("failed", said);
    throw error;
  }
  await end("ok", { after: action.after ?? null });
  return value;
}

/** Does what must never be held up, such as signing out, and writes that it was done; a trail that fails is in the log alone. */
export async function recordedAfter<T>(parts: Parts, action: AccountAction, act: () => Promise<T>): Promise<T> {
  const value = await act();
  await recorded(parts, action, async () => undefined).catch((error: unknown) =>
    parts.log.error({ err: error, requestId: action.requestId }, "what was done could not be recorded"),
  );
  return value;
}
