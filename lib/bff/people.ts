/** `/api/people…`: who may use the console. For security admins; every change needs a fresh proof and leaves a receipt. */
import * as z from "zod";
import { type ApprovalAsked, consoleRoles, type PeopleAnswer, type Person } from "#lib/contract/api.ts";
import { type Account, addAccount, changeAccount, findAccount, listAccounts } from "#lib/store/accounts.ts";
import { endFeed } from "#lib/store/feeds.ts";
import { endSessions } from "#lib/store/sessions.ts";
import { isGrant } from "#lib/vault/actions.ts";
import { type AccountAction, recorded } from "./account-receipts.ts";
import { invite, nameTaken, readName, roleOf, subjectOf } from "./accounts.ts";
import type { Agreed, CarriedOut } from "./approvals.ts";
import type { PersonCall } from "./gate.ts";
import { readJson, readReason } from "./guard.ts";
import { acceptedIssuers, hasPersonas, localIssuer, viaOf } from "./identities.ts";
import { answerJson, Refusal } from "./refusal.ts";
import type { SignedIn } from "./session.ts";
import type { SignInParts } from "./sign-in.ts";
import { requireStepUp } from "./step-up.ts";

interface Asking {
  readonly parts: SignInParts;
  readonly who: SignedIn;
  readonly requestId: string;
  readonly body: unknown;
  /** With it the change is asked for instead of made. */
  readonly reason: string | undefined;
}

type Change = (call: Asking) => Promise<PeopleAnswer["invitation"]>;

const id = z.string().min(1).max(100);
const Add = z.strictObject({ name: z.string().max(200), role: z.enum(consoleRoles) });
const Role = z.strictObject({ id, role: z.enum(consoleRoles) });
const One = z.strictObject({ id });

const changes: Readonly<Record<string, Change>> = {
  add,
  role: changeRole,
  disable: (call) => setDisabled(call, true),
  enable: (call) => setDisabled(call, false),
  invite: inviteAgain,
  "end-sessions": endAll,
};

/** Answers `/api/people…`. Throws what `explain` turns into a refusal. */
export async function answerPeople(
  parts: SignInParts,
  { who, request, target, requestId }: PersonCall,
): Promise<Response> {
  const [, name] = /^\/api\/people(?:\/([a-z-]+))?$/.exec(target.split("?", 1)[0] ?? "") ?? ["", "?"];
  const change = name === undefined ? undefined : Object.hasOwn(changes, name) ? changes[name] : undefined;
  if (name !== undefined && change === undefined)
    throw new Refusal(404, "NotFound", "There is no such address in the console.");
  if (change === undefined) return answerJson(200, await listPeople(parts));
  // Ending sessions is the safe direction: nobody should have to find a password first.
  if (change !== endAll) requireStepUp(who, parts.clock());
  const call = { parts, who, requestId, body: await readJson(request), reason: readAsk(request) };
  // Two admins are noted before one of them can be changed away.
  await parts.approvals.fourEyes();
  let invitation: PeopleAnswer["invitation"];
  try {
    invitation = await change(call);
  } catch (error) {
    if (error instanceof Asked) return answerJson(202, error.told, { "x-ovc-outcome": "waiting" });
    throw error;
  }
  return answerJson(200, { ...(await listPeople(parts)), ...(invitation === undefined ? {} : { invitation }) });
}

/** The reason, when a second person is asked to agree; undefined when the change is to be made now. */
function readAsk(request: Request): string | undefined {
  return request.headers.get("x-ovc-ask") === "approval" ? (readReason(request) ?? "") : undefined;
}

async function listPeople(parts: SignInParts): Promise<PeopleAnswer> {
  const accounts = await listAccounts(parts.db, acceptedIssuers(parts.config));
  const sessions = await parts.sessions.list(null);
  const people = accounts.map(
    (account): Person => ({
      id: account.id,
      name: account.name,
      role: roleOf(account),
      via: viaOf(account.issuer),
      state: stateOf(account),
      lastSignInAt: account.lastSignInAt,
      createdAt: account.createdAt,
      sessions: sessions.filter((each) => each.accountId === account.id).length,
      isRoleFixed: account.issuer !== localIssuer,
    }),
  );
  return { people, canAdd: !hasPersonas(parts.config) };
}

function stateOf(account: Account): Person["state"] {
  if (account.disabledAt !== null) return "disabled";
  return account.issuer === localIssuer && account.password === null ? "invited" : "active";
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const found = schema.safeParse(body);
  if (found.success) return found.data;
  throw new Refusal(400, "InvalidParameter", "This change cannot be read.", { action: "Load the page again." });
}

/** The account, if it is one of this console's and may be changed in this way. */
async function find({ parts }: Asking, accountId: string, needs: "any" | "live" | "local"): Promise<Account> {
  const account = await findAccount(parts.db, accountId);
  if (account === null || !acceptedIssuers(parts.config).includes(account.issuer))
    throw new Refusal(404, "UnknownPerson", "There is no such person in this console.", {
      action: "Load the list again.",
    });
  if (needs !== "any" && hasPersonas(parts.config)) throw personasAreFixed();
  if (needs === "local" && account.issuer !== localIssuer) {
    throw new Refusal(
      409,
      "ComesFromProvider",
      `${account.name}'s role and password come from the identity provider.`,
      {
        action: "Change the person's groups there.",
      },
    );
  }
  return account;
}

function personasAreFixed(): Refusal {
  return new Refusal(409, "PersonasAreFixed", "The rehearsal's personas are always the same.", {
    action: "With a real tenancy you add people here.",
  });
}

function recordChange<T>(
  { parts, who, requestId }: Asking,
  operation: AccountAction["operation"],
  account: Pick<Account, "id" | "name" | "role">,
  after: Readonly<Record<string, unknown>>,
  act: () => Promise<T>,
): Promise<T> {
  const before = { displayName: account.name, role: account.role };
  const by = { issuer: who.issuer, subject: who.subject };
  const action = { operation, actor: who.name, role: who.role, by, target: account.id, requestId };
  return recorded(parts, { ...action, params: after, before, after: { ...before, ...after } }, act);
}

async function apply(call: Asking, account: Account, change: Parameters<typeof changeAccount>[2]): Promise<void> {
  if ((await changeAccount(call.parts.db, account.id, change, acceptedIssuers(call.parts.config))) === "changed")
    return;
  throw new Refusal(409, "LastAdmin", `${account.name} is the only security admin who can sign in.`, {
    why: "Without one nobody could let people in or out any more.",
    action: "Make somebody else a security admin first.",
  });
}

async function add(call: Asking) {
  const body = parse(Add, call.body);
  if (hasPersonas(call.parts.config)) throw personasAreFixed();
  if (body.role !== "helpdesk" && (await call.parts.approvals.fourEyes()).isOn) throw grantNeedsTwo();
  const name = readName(body.name);
  const draft = { id: "", name, role: body.role };
  const account = await recordChange(call, "addPerson", draft, { role: body.role }, async () => {
    const identity = { issuer: localIssuer, subject: subjectOf(name), name, role: body.role, password: null };
    const added = await addAccount(call.parts.db, identity, call.parts.clock());
    if (added === null) throw nameTaken(name);
    return added;
  });
  return invitationFor(call, account);
}

async function invitationFor({ parts }: Asking, account: Account) {
  const token = await invite(parts, account.id);
  // Behind the #, where no server and no log sees it.
  return { personId: account.id, name: account.name, path: `/setup#invitation=${token}` };
}

async function changeRole(call: Asking) {
  const body = parse(Role, call.body);
  const account = await find(call, body.id, "local");
  if (account.role === body.role) return undefined;
  if (call.reason !== undefined) throw new Asked(await askForRole(call, account, body.role, call.reason));
  if ((await call.parts.approvals.fourEyes()).isOn && isGrant(roleOf(account), body.role)) throw grantNeedsTwo();
  await recordChange(call, "changeRole", account, { role: body.role }, () => apply(call, account, { role: body.role }));
  return undefined;
}

/* Four eyes: nobody grants a role alone. Taking one away is the safe direction. */

function grantNeedsTwo(): Refusal {
  return new Refusal(403, "ApprovalNeeded", "A second security admin has to agree to this role.", {
    why: "Nothing was changed. Who grants roles alone could be both people of every later approval.",
    action: "Ask for approval; somebody new can be added as help desk meanwhile.",
  });
}

/** Thrown in place of an answer: nothing was changed, it waits for a second person. */
class Asked extends Error {
  readonly told: ApprovalAsked;
  constructor(told: ApprovalAsked) {
    super("waits for a second person");
    this.told = told;
  }
}

function askForRole({ parts, who, requestId }: Asking, account: Account, role: Account["role"], reason: string) {
  const shown = { params: { name: account.name, role }, before: { name: account.name, role: account.role } };
  const payload = {
    operation: "changeRole",
    tenancy: "",
    region: "",
    params: { id: account.id, role, from: account.role },
  } as const;
  return parts.approvals.ask(
    who,
    { payload, target: account.id, shown, etag: null, reason, lastMoment: null },
    requestId,
  );
}

/** Grants a role two people agreed to. Throws a Refusal when it cannot be granted any more. */
export async function carryOutRole(parts: SignInParts, agreed: Agreed): Promise<CarriedOut> {
  const wanted = z
    .strictObject({ id, role: z.enum(consoleRoles), from: z.enum(consoleRoles) })
    .parse(agreed.payload.params);
  const call: Asking = { parts, who: agreed.requester, requestId: agreed.requestId, body: null, reason: undefined };
  const account = await find(call, wanted.id, "local");
  if (account.role !== wanted.from)
    throw new Refusal(409, "ApprovalVoid", `${account.name}'s role has been changed meanwhile.`);
  const after = { role: wanted.role, approval: agreed.id, agreedBy: agreed.agreedBy };
  await recordChange(call, "changeRole", account, after, () => apply(call, account, { role: wanted.role }));
  return { receiptId: null, outcome: `${account.name} has the role now.` };
}

async function setDisabled(call: Asking, isDisabled: boolean) {
  const account = await find(call, parse(One, call.body).id, "live");
  const disabledAt = isDisabled ? call.parts.clock() : null;
  const operation = isDisabled ? "disablePerson" : "enablePerson";
  await recordChange(call, operation, account, { isDisabled }, () => apply(call, account, { disabledAt }));
  return undefined;
}

/** The old password stops working at once: who lost it, or whose it was, starts anew. */
async function inviteAgain(call: Asking) {
  const account = await find(call, parse(One, call.body).id, "local");
  // Whoever has the link is that person from then on: an admin could become their own second pair of eyes.
  if (roleOf(account) === "admin" && (await call.parts.approvals.fourEyes()).isOn) {
    throw new Refusal(403, "ApprovalNeeded", "A security admin is not invited anew by one person alone.", {
      why: "The link hands over the account, and with it the right to agree to your own requests.",
      action: "Make the person help desk, invite them anew, then ask for approval of the role.",
    });
  }
  await recordChange(call, "invitePerson", account, {}, () => apply(call, account, { password: null }));
  return invitationFor(call, account);
}

async function endAll(call: Asking) {
  const account = await find(call, parse(One, call.body).id, "any");
  await recordChange(call, "endSessions", account, {}, async () => {
    await endSessions(call.parts.db, { accountId: account.id }, "ended-by-admin", call.parts.clock());
    // Whoever was in may have made themselves a link.
    await endFeed(call.parts.db, account.id);
  });
  return undefined;
}
