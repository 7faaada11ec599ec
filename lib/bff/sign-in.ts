/** `/api/session…`: signing in by every way there is, confirming that it is still oneself, and where one is signed in. */
import * as z from "zod";
import {
  type PersonaId,
  type ProviderAnswer,
  personaIds,
  type SessionAnswer,
  type SessionEntry,
  type SessionListAnswer,
  type SessionUser,
  type SignOutAnswer,
} from "#lib/contract/api.ts";
import { type Account, findAccount, findIdentity, keepIdentity, setPassword } from "#lib/store/accounts.ts";
import { endFeed } from "#lib/store/feeds.ts";
import { endSessions, hashSecret } from "#lib/store/sessions.ts";
import { type AccountAction, recorded, recordedAfter } from "./account-receipts.ts";
import {
  type AccountParts,
  isSetupNeeded,
  judgeSignIn,
  offerSetup,
  prepareSetup,
  requireGoodPassword,
  roleOf,
} from "./accounts.ts";
import type { Approvals } from "./approvals.ts";
import type { Denials } from "./denials.ts";
import { addressOf } from "./device.ts";
import { type Call, ofPerson } from "./gate.ts";
import { readBody, readJson, requireSameOriginRead, requireSameOriginWrite } from "./guard.ts";
import { hasPersonas, localIssuer, personasOf, rehearsalIssuer, viaOf } from "./identities.ts";
import { rememberDevice } from "./known-device.ts";
import { callbackPath, type Provider, type ProviderProblem, ProviderRefusal, type Vouched } from "./oidc.ts";
import { hashPassword } from "./password.ts";
import { answerJson, cleanText, Refusal } from "./refusal.ts";
import { notSignedIn, type Sessions, type SignedIn, type SignInFacts } from "./session.ts";
import { requireStepUp } from "./step-up.ts";

export interface SignInParts extends AccountParts {
  readonly sessions: Sessions;
  readonly mode: "rehearsal" | "live";
  readonly provider: Provider | null;
  readonly approvals: Approvals;
  readonly denials: Denials;
}

type Handler = (parts: SignInParts, call: Call) => Promise<Response>;

const password = z.string().min(1).max(1000);
const SignIn = z.union([
  z.strictObject({ persona: z.enum(personaIds) }),
  z.strictObject({ name: z.string().min(1).max(200), password }),
]);
const StepUp = z.union([z.strictObject({ persona: z.enum(personaIds) }), z.strictObject({ password })]);
const Setup = z.strictObject({ token: z.string().min(1).max(200), name: z.string().max(200).optional(), password });
const ChangePassword = z.strictObject({ current: password, password });
const Begin = z.strictObject({ next: z.string().max(2000).optional(), stepUp: z.boolean().optional() });
const End = z.union([
  z.strictObject({ session: z.string().min(1).max(100) }),
  z.strictObject({ others: z.literal(true) }),
]);

/** Every address of `/api/session`; what is not here does not exist. */
const handlers: Readonly<Record<string, Handler>> = {
  "GET /api/session": tell,
  "POST /api/session": signIn,
  "DELETE /api/session": signOut,
  "POST /api/session/setup": setUp,
  "GET /api/session/step-up": isFresh,
  "POST /api/session/step-up": stepUp,
  "POST /api/session/password": changePassword,
  "GET /api/session/list": list,
  "POST /api/session/end": endOne,
  "POST /api/session/provider": beginAtProvider,
  [`GET ${callbackPath}`]: finishAtProvider,
  "POST /api/session/provider/logout": endByProvider,
};
/** Those the identity provider's browser redirect or the provider itself asks: with checks of their own. */
const fromElsewhere: readonly Handler[] = [finishAtProvider, endByProvider];

/** Answers `/api/session…`. Throws what `explain` turns into a refusal. */
export async function answerSession(parts: SignInParts, call: Call): Promise<Response> {
  const path = call.target.split("?", 1)[0] ?? "";
  const { method } = call.request;
  const handler = handlers[`${method} ${path}`];
  if (handler === undefined) throw new Refusal(404, "NotFound", "There is no such address in the console.");
  if (!fromElsewhere.includes(handler)) {
    if (method === "GET") requireSameOriginRead(call.request);
    else requireSameOriginWrite(call.request, parts.config.origins);
  }
  return handler(parts, call);
}

async function read<T>(request: Request, schema: z.ZodType<T>, message: string, action?: string): Promise<T> {
  const body = schema.safeParse(await readJson(request));
  if (body.success) return body.data;
  throw new Refusal(400, "InvalidParameter", message, { ...(action === undefined ? {} : { action }) });
}

function userOf({ id, name, role, signedInAt, authAt, via }: SessionUser): SessionUser {
  return { id, name, role, signedInAt, authAt, via };
}

/** What anybody is told before it is known who asks: how one may sign in here. */
export function answerToStrangers(parts: SignInParts): Promise<SessionAnswer> {
  return sessionAnswer(parts, null);
}

async function sessionAnswer(parts: SignInParts, user: SessionUser | null): Promise<SessionAnswer> {
  const { config } = parts;
  const areThere = hasPersonas(config);
  return {
    user: user === null ? null : userOf(user),
    mode: parts.mode,
    personas: areThere ? personasOf(config) : [],
    ways: {
      password: !areThere,
      provider: config.oidc === null ? null : new URL(config.oidc.issuer).host,
      isSetupNeeded: user === null && (await isSetupNeeded(parts)),
    },
    limits: config.limits,
    uploadBytesMax: config.uploadBytesMax,
    fourEyes: user === null ? null : await parts.approvals.fourEyes(),
    guardRails: user === null ? [] : config.policy.rails,
  };
}

async function tell(parts: SignInParts, { request }: Call): Promise<Response> {
  const answer = await sessionAnswer(parts, await parts.sessions.identify(request));
  // Tokens live 15 minutes: who comes later finds a new one in the terminal.
  if (answer.ways.isSetupNeeded) await offerSetup(parts);
  return answerJson(200, answer);
}

/** Starts the session with its receipt and answers as GET does. */
async function welcome(
  parts: SignInParts,
  { request, requestId }: Call,
  account: Account,
  facts: SignInFacts & {
    readonly operation?: AccountAction["operation"];
  } = {},
): Promise<{ cookie: string; user: SessionUser }> {
  const role = roleOf(account);
  const { operation = "signIn", ...signInFacts } = facts;
  const cookie = await recorded(
    parts,
    {
      operation,
      actor: account.name,
      role,
      target: account.id,
      requestId,
      params: { way: viaOf(account.issuer), issuer: account.issuer, subject: account.subject },
      before: { displayName: account.name },
    },
    () => parts.sessions.start(request, account, signInFacts),
  );
  const now = parts.clock();
  const authAt = signInFacts.authAt ?? now;
  return {
    cookie,
    user: { id: account.id, name: account.name, role, signedInAt: now, authAt, via: viaOf(account.issuer) },
  };
}

async function signIn(parts: SignInParts, call: Call): Promise<Response> {
  const areThere = hasPersonas(parts.config);
  const body = await read(
    call.request,
    SignIn,
    areThere ? "Name one persona." : "Give a name and a password.",
    areThere
      ? `Use one of: ${personasOf(parts.config)
          .map((each) => each.id)
          .join(", ")}.`
      : undefined,
  );
  const account =
    "persona" in body
      ? await personaOf(parts, body.persona)
      : await passwordHolder(parts, call, body.name, body.password);
  const { cookie, user } = await welcome(parts, call, account);
  const isPassword = account.issuer === localIssuer;
  return signedIn(
    parts,
    user,
    isPassword ? [cookie, await rememberDevice(parts, call.request, account.subject)] : [cookie],
  );
}

async function signedIn(parts: SignInParts, user: SessionUser, cookies: readonly string[]): Promise<Response> {
  const answer = answerJson(200, await sessionAnswer(parts, user));
  for (const cookie of cookies) answer.headers.append("set-cookie", cookie);
  return answer;
}

/** Personas exist with the emulator on this machine and nowhere else. */
async function personaOf(parts: SignInParts, id: PersonaId): Promise<Account> {
  const found = personasOf(parts.config).find((each) => each.id === id);
  if (!hasPersonas(parts.config) || found === undefined) {
    throw new Refusal(403, "PersonasAreForRehearsal", "Personas exist only in a rehearsal on one's own machine.", {
      action: "Sign in with your name and password, or through your identity provider.",
    });
  }
  return keepIdentity(
    parts.db,
    { issuer: rehearsalIssuer, subject: found.id, name: found.name, role: found.role },
    parts.clock(),
  );
}

async function passwordHolder(parts: SignInParts, call: Call, name: string, typed: string): Promise<Account> {
  if (hasPersonas(parts.config)) {
    throw new Refusal(403, "NoPasswordsHere", "This console has personas instead of passwords.", {
      action: "Choose a persona.",
    });
  }
  const account = await judgeSignIn(parts, call.request, name, typed);
  if (account !== null) return account;
  throw new Refusal(403, "SignInRefused", "The name or the password is not right.", {
    action: "Check both. If you forgot your password, ask a security admin for a new invitation.",
  });
}

async function setUp(parts: SignInParts, call: Call): Promise<Response> {
  const body = await read(call.request, Setup, "Give the token and a password.");
  const setup = await prepareSetup(parts, call.request, body);
  // One person alone made it, before two had to agree: whoever holds it would be their own second pair of eyes.
  if (
    setup.operation === "acceptInvitation" &&
    setup.account.role === "admin" &&
    (await parts.approvals.fourEyes()).isOn
  ) {
    throw new Refusal(403, "ApprovalNeeded", "This invitation was made before two security admins had to agree.", {
      action: "Ask to be made help desk and invited anew; the role is then asked for and agreed to.",
    });
  }
  const account = await recorded(
    parts,
    {
      operation: setup.operation,
      actor: setup.account.name,
      role: setup.account.role,
      target: setup.account.id,
      requestId: call.requestId,
      before: { displayName: setup.account.name },
    },
    () => setup.finish(),
  );
  const { cookie, user } = await welcome(parts, call, account);
  return signedIn(parts, user, [cookie, await rememberDevice(parts, call.request, account.subject)]);
}

async function signOut(parts: SignInParts, call: Call): Promise<Response> {
  const who = await parts.sessions.identify(call.request, { isActivity: false });
  const end = () => parts.sessions.end(call.request);
  const cookie = who === null ? await end() : await recordedAfter(parts, signOutOf(who, call), end);
  const leaveTo = who?.via === "provider" ? ((await parts.provider?.leaveUrl(originOf(parts, call))) ?? null) : null;
  const answer: SignOutAnswer = { ...(await sessionAnswer(parts, null)), leaveTo };
  return answerJson(200, answer, { "set-cookie": cookie, "clear-site-data": '"cache", "storage"' });
}

function signOutOf(who: SignedIn, { requestId }: Call): AccountAction {
  return {
    operation: "signOut",
    actor: who.name,
    role: who.role,
    by: { issuer: who.issuer, subject: who.subject },
    target: who.accountId,
    requestId,
    before: { displayName: who.name },
  };
}

/** For what is too large to be sent in vain: whether the last proof is fresh enough. */
async function isFresh(parts: SignInParts, call: Call): Promise<Response> {
  requireStepUp(ofPerson(call).who, parts.clock());
  return answerJson(200, { fresh: true });
}

async function stepUp(parts: SignInParts, call: Call): Promise<Response> {
  const { who } = ofPerson(call);
  const body = await read(call.request, StepUp, "Confirm with your persona or your password.");
  const account =
    "persona" in body ? await samePersona(parts, who, body.persona) : await samePerson(parts, call, who, body.password);
  const { cookie, user } = await welcome(parts, call, account, {
    endsBecause: "confirmed",
    operation: "confirmIdentity",
  });
  return answerJson(200, await sessionAnswer(parts, user), { "set-cookie": cookie });
}

async function samePersona(parts: SignInParts, who: SignedIn, id: PersonaId): Promise<Account> {
  if (who.via !== "rehearsal" || who.subject !== id) {
    throw new Refusal(403, "NotTheSamePerson", `You are signed in as ${who.name}; only ${who.name} can confirm it.`, {
      action: "To act as somebody else, sign out first.",
    });
  }
  return personaOf(parts, id);
}

async function samePerson(parts: SignInParts, call: Call, who: SignedIn, typed: string): Promise<Account> {
  if (who.via !== "password") {
    throw new Refusal(403, "ConfirmElsewhere", "You do not have a password here.", {
      action: who.via === "provider" ? "Confirm it at your identity provider." : "Confirm your persona.",
    });
  }
  const account = await judgeSignIn(parts, call.request, who.subject, typed);
  if (account === null || account.id !== who.accountId) {
    throw new Refusal(403, "PasswordNotRight", "The password is not right.", { action: "Try again." });
  }
  return account;
}

async function changePassword(parts: SignInParts, call: Call): Promise<Response> {
  const { who } = ofPerson(call);
  const body = await read(call.request, ChangePassword, "Give the current and the new password.");
  await samePerson(parts, call, who, body.current);
  requireGoodPassword(parts, body.password, who.name);
  const hash = await hashPassword(body.password);
  const facts = { actor: who.name, role: who.role, target: who.accountId, requestId: call.requestId };
  await recorded(parts, { ...facts, operation: "changePassword", before: { displayName: who.name } }, () =>
    setPassword(parts.db, who.accountId, hash, { endsSessions: true }),
  );
  const account = await findAccount(parts.db, who.accountId);
  if (account === null) throw notSignedIn();
  const { cookie, user } = await welcome(parts, call, account, { endsBecause: "password" });
  return answerJson(200, await sessionAnswer(parts, user), { "set-cookie": cookie });
}

/* Where people are signed in. */

async function list(parts: SignInParts, call: Call): Promise<Response> {
  const { who, request, target } = ofPerson(call);
  const wanted = new URLSearchParams(target.split("?")[1] ?? "").get("account") ?? who.accountId;
  if (wanted !== who.accountId && who.role !== "admin") throw onlyOwn();
  const rows = await parts.sessions.list(wanted === "*" ? null : wanted);
  const here = hashSecret(addressOf(request));
  const sessions = rows.map(
    (row): SessionEntry => ({
      id: row.sidHash,
      accountId: row.accountId,
      name: row.userName,
      role: roleOf(row),
      device: row.device,
      isThis: row.sidHash === who.sidHash,
      isSameAddress: row.addressHash === here,
      signedInAt: row.createdAt,
      lastSeenAt: row.lastSeenAt,
    }),
  );
  return answerJson(200, { sessions } satisfies SessionListAnswer);
}

function onlyOwn(): Refusal {
  return new Refusal(403, "NotPermitted", "Only a security admin sees and ends other people's sessions.");
}

async function endOne(parts: SignInParts, call: Call): Promise<Response> {
  const { who } = ofPerson(call);
  const body = await read(call.request, End, "Name one session, or all others.");
  const by = { issuer: who.issuer, subject: who.subject };
  const facts = { actor: who.name, role: who.role, by, requestId: call.requestId, operation: "endSessions" } as const;
  if ("others" in body) {
    const which = { accountId: who.accountId, except: who.sidHash };
    const action = { ...facts, target: who.accountId, params: { which: "others" }, before: { displayName: who.name } };
    await recorded(parts, action, () => endSessions(parts.db, which, "ended-by-person", parts.clock()));
    return answerJson(200, { ended: true });
  }
  const whose = await parts.sessions.findByHash(body.session);
  if (whose !== null) {
    const isOwn = whose.accountId === who.accountId;
    if (!isOwn && who.role !== "admin") throw onlyOwn();
    const action = { ...facts, target: whose.accountId, params: { which: "one" }, before: { displayName: whose.name } };
    await recorded(parts, action, () =>
      endSessions(parts.db, { sidHash: body.session }, isOwn ? "ended-by-person" : "ended-by-admin", parts.clock()),
    );
  }
  return answerJson(200, { ended: true });
}

/* The identity provider. */

function requireProvider(parts: SignInParts): Provider {
  if (parts.provider !== null) return parts.provider;
  throw new Refusal(404, "NoProvider", "This console has no identity provider.", {
    action: "Sign in with your name and password.",
  });
}

/** The one of the console's origins the person is at; the guard has checked it. */
function originOf({ config }: SignInParts, { request }: Call): string {
  const origin = request.headers.get("origin") ?? "";
  return config.origins.includes(origin) ? origin : (config.origins[0] ?? "");
}

async function beginAtProvider(parts: SignInParts, call: Call): Promise<Response> {
  const provider = requireProvider(parts);
  const body = await read(call.request, Begin, "Say where to go on.");
  const who = body.stepUp === true ? await parts.sessions.identify(call.request) : null;
  if (body.stepUp === true && who === null) throw notSignedIn();
  const { redirect, cookie } = await provider.begin({
    origin: originOf(parts, call),
    next: body.next ?? "/vaults",
    stepUpOf: who?.sidHash ?? null,
  });
  return answerJson(200, { redirect } satisfies ProviderAnswer, { "set-cookie": cookie });
}

function goTo(path: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location: path, "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

async function finishAtProvider(parts: SignInParts, call: Call): Promise<Response> {
  const provider = requireProvider(parts);
  try {
    const vouched = await provider.finish(call.request, call.target);
    const cookie = await letIn(parts, call, vouched);
    return goTo(vouched.stepUpOf === null ? vouched.next : "/sign-in/done", [cookie, provider.clearedCookie]);
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    const { problem, person, cause } = error;
    parts.log.warn(
      { requestId: call.requestId, problem, person, err: cause ?? error },
      "sign-in at the provider refused",
    );
    if (problem !== "ProviderUnreachable") await noteTurnedAway(parts, call, error);
    if (error.shutOut !== null) await shutOut(parts, call, provider.issuer, error.shutOut);
    return goTo(`/sign-in?problem=${problem satisfies ProviderProblem}`, [provider.clearedCookie]);
  }
}

async function noteTurnedAway(parts: SignInParts, call: Call, { message, person }: ProviderRefusal): Promise<void> {
  const refusal = new Refusal(403, "SignInRefused", `At the identity provider: ${message}.`);
  const at = { ...call, path: callbackPath, operation: "signIn" } as const;
  await parts.denials.note(refusal, person === null ? at : { ...at, name: person });
}

/** Who has no role at the provider any more loses at once what they had here. */
async function shutOut(parts: SignInParts, { requestId }: Call, issuer: string, subject: string): Promise<void> {
  const account = await findIdentity(parts.db, issuer, subject);
  if (account === null) return;
  const action = {
    operation: "endSessions",
    ...byProvider,
    target: account.id,
    requestId,
    params: { which: "provider", issuer },
    before: { displayName: account.name },
  } as const;
  await recorded(parts, action, async () => {
    await endSessions(parts.db, { accountId: account.id }, "provider", parts.clock());
    await endFeed(parts.db, account.id);
  });
}

const byProvider = { actor: "Identity provider", role: "admin" } as const;

async function letIn(parts: SignInParts, call: Call, vouched: Vouched): Promise<string> {
  const { issuer, subject, name, role, groups, authAt, idpSid, stepUpOf } = vouched;
  const before = stepUpOf === null ? null : await parts.sessions.findByHash(stepUpOf);
  if (stepUpOf !== null && (before === null || before.issuer !== issuer || before.subject !== subject)) {
    throw new ProviderRefusal("OtherPerson", "the confirmation is not by the person of the session", { person: name });
  }
  const account = await keepIdentity(parts.db, { issuer, subject, name, role, groups }, parts.clock());
  if (account.disabledAt !== null)
    throw new ProviderRefusal("AccountDisabled", "the account is disabled", { person: name });
  const facts: SignInFacts =
    stepUpOf === null ? { authAt, idpSid } : { authAt, idpSid, endsBecause: "confirmed", replaces: stepUpOf };
  const operation = stepUpOf === null ? "signIn" : "confirmIdentity";
  return (await welcome(parts, call, account, { ...facts, operation })).cookie;
}

/** OpenID Connect Back-Channel Logout: the provider says whose sessions end. */
async function endByProvider(parts: SignInParts, call: Call): Promise<Response> {
  const provider = requireProvider(parts);
  if (!/^application\/x-www-form-urlencoded\b/i.test(call.request.headers.get("content-type") ?? ""))
    throw new Refusal(415, "invalid_request", "A logout token comes as a form.");
  const form = new URLSearchParams(new TextDecoder().decode(await readBody(call.request)));
  const tokens = form.getAll("logout_token");
  if (tokens.length !== 1 || tokens[0] === undefined)
    throw new Refusal(400, "invalid_request", "The form holds no logout token, or several.");
  const { subject, idpSid } = await provider.readLogoutToken(tokens[0]).catch((error: unknown) => {
    if (!(error instanceof ProviderRefusal)) throw error;
    throw new Refusal(503, error.problem, "The provider's keys cannot be read.", { why: cleanText(error.message) });
  });
  const action = {
    operation: "endSessions",
    ...byProvider,
    requestId: call.requestId,
  } as const;
  await recorded(
    parts,
    { ...action, target: subject ?? "", params: { which: "provider", issuer: provider.issuer } },
    () => endSessions(parts.db, { issuer: provider.issuer, subject, idpSid }, "provider", parts.clock()),
  );
  return answerJson(200, { ended: true });
}
