/**
 * People with a password kept here: signing in, the first admin, invitations, changing the password. Guessing is counted
 * in the store for all instances, before it is judged, and names that do not exist are treated like those that do.
 */
import type { Logger } from "pino";
import { consoleRoles } from "#lib/contract/api.ts";
import { type Account, addAccount, findAccount, findIdentity, hasAdmin, setPassword } from "#lib/store/accounts.ts";
import type { Database } from "#lib/store/database.ts";
import { hashSecret } from "#lib/store/sessions.ts";
import { claimToken, findToken, hasToken, mintToken } from "#lib/store/sign-in-tokens.ts";
import { forgetTries, forgiveTries, noteSeen, type TryRule, takeTry, wasSeen } from "#lib/store/sign-in-tries.ts";
import type { Config } from "./config.ts";
import { placeOf } from "./device.ts";
import { acceptedIssuers, hasPersonas, localIssuer } from "./identities.ts";
import { findKnownDevice, knownMs } from "./known-device.ts";
import { checkPassword, hashPassword, judgePassword } from "./password.ts";
import { cleanText, Refusal } from "./refusal.ts";

export interface AccountParts {
  readonly config: Config;
  readonly db: Database;
  readonly log: Logger;
  readonly clock: () => number;
  /** Gets every new one-time token for a first admin. */
  readonly announceToken: (token: string) => void;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Five free tries, then 1, 2, 4, 8, 15, 15 … minutes: at most 99 more in a day, and never for ever. */
const accountRule: TryRule = {
  freeTries: 5,
  forgetMs: dayMs,
  isFixed: false,
  firstWaitMs: minuteMs,
  waitMaxMs: 15 * minuteMs,
};
const addressRule: TryRule = { freeTries: 20, forgetMs: minuteMs, isFixed: true, firstWaitMs: 0, waitMaxMs: 0 };
const setupTokenMs = 15 * minuteMs;
const invitationMs = dayMs;
const nameCharactersMax = 80;

/** The form names are compared in. */
export function subjectOf(name: string): string {
  return name.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}

/** A name as it is shown. Throws a Refusal when it cannot be one. */
export function readName(name: string): string {
  const shown = cleanText(name.normalize("NFC")).trim().replace(/\s+/g, " ");
  if (Array.from(shown).length < 2 || Array.from(shown).length > nameCharactersMax) {
    throw new Refusal(400, "InvalidParameter", `A name has 2 to ${nameCharactersMax} characters.`);
  }
  return shown;
}

function tooMany(waitMs: number): Refusal {
  return new Refusal(429, "TooManyTries", "Too many tries to sign in.", {
    why: "After a few wrong passwords every further try has to wait, at most 15 minutes.",
    action: "Wait, then try again. A security admin can give you a new invitation.",
    retryAfterSeconds: Math.ceil(waitMs / 1000),
  });
}

const addressKey = (request: Request) => `address:${hashSecret(placeOf(request))}`;
const knownPlaceKey = (request: Request, subject: string) =>
  `place:${hashSecret(subject)}:${hashSecret(placeOf(request))}`;

interface Counter {
  readonly key: string;
  readonly rule: TryRule;
}

/** By what a try is counted: a known browser by itself, a known place and its neighbours, or the account and where it comes from. */
async function countersOf(parts: AccountParts, request: Request, subject: string): Promise<readonly Counter[]> {
  const device = await findKnownDevice(parts, request, subject);
  if (device !== null) return [{ key: device, rule: accountRule }];
  const place = knownPlaceKey(request, subject);
  const isKnown = await wasSeen(parts.db, place, parts.clock() - knownMs);
  return [
    { key: addressKey(request), rule: addressRule },
    { key: isKnown ? place : `account:${hashSecret(subject)}`, rule: accountRule },
  ];
}

/**
 * Judges a name and password. Gives the account, or null when they are not right (for whatever reason). Throws a 429
 * Refusal when this account or address has to wait.
 */
export async function judgeSignIn(
  parts: AccountParts,
  request: Request,
  name: string,
  password: string,
): Promise<Account | null> {
  const { db } = parts;
  const now = parts.clock();
  await forgetTries(db, { tries: now - dayMs, seen: now - knownMs });
  const subject = subjectOf(name);
  const place = knownPlaceKey(request, subject);
  const counted = await countersOf(parts, request, subject);
  for (const { key, rule } of counted) {
    const waitMs = await takeTry(db, key, rule, now);
    if (waitMs > 0) throw tooMany(waitMs);
  }
  const account = await findIdentity(db, localIssuer, subject);
  const stored = account === null || account.disabledAt !== null ? null : account.password;
  let verdict: Awaited<ReturnType<typeof checkPassword>>;
  try {
    verdict = await checkPassword(password, stored);
  } catch (error) {
    // Not judged, so not counted.
    for (const { key } of counted) await forgiveTries(db, key, "one");
    throw error;
  }
  if (!verdict.isRight || account === null) return null;
  for (const { key, rule } of counted) await forgiveTries(db, key, rule === addressRule ? "one" : "all");
  await noteSeen(db, place, now);
  if (verdict.isOld) await setPassword(db, account.id, await hashPassword(password), { endsSessions: false });
  return account;
}

/** Throws a Refusal with the reason when a password will not do. */
export function requireGoodPassword(parts: AccountParts, password: string, name: string): void {
  const hosts = parts.config.origins.map((origin) => new URL(origin).hostname);
  const reason = judgePassword(password, [name, ...hosts]);
  if (reason !== null) throw new Refusal(400, "PasswordNotAccepted", "This password will not do.", { why: reason });
}

/* The first admin. */

/** Whether nobody can administer the console yet. Never with personas, never with an identity provider. */
export async function isSetupNeeded({ config, db }: AccountParts): Promise<boolean> {
  if (hasPersonas(config) || config.oidc !== null) return false;
  return !(await hasAdmin(db, acceptedIssuers(config)));
}

/** Makes and announces a token for a first admin when one is needed; `isAgain` makes a new one although one is waiting. */
export async function offerSetup(parts: AccountParts, options = { isAgain: false }): Promise<void> {
  const isRecovery = options.isAgain && parts.config.isAdminRecovery && !hasPersonas(parts.config);
  if (!isRecovery && !(await isSetupNeeded(parts))) return;
  if (!options.isAgain && (await hasToken(parts.db, "setup", parts.clock()))) return;
  parts.announceToken(await mintToken(parts.db, { purpose: "setup", accountId: null }, setupTokenMs, parts.clock()));
}

/** An invitation for an account; it works once, for a day, and makes earlier ones useless. */
export function invite(parts: AccountParts, accountId: string): Promise<string> {
  return mintToken(parts.db, { purpose: "invite", accountId }, invitationMs, parts.clock());
}

function tokenNotAccepted(): Refusal {
  return new Refusal(403, "TokenNotAccepted", "This one-time link or token is not valid.", {
    why: "Each works once and for a limited time: the first admin's 15 minutes, an invitation a day.",
    action:
      "For the first admin, use the newest token from the console's terminal or from the file sign-in-token in its data directory. For an invitation, ask a security admin for a new one.",
  });
}

export interface Setup {
  readonly operation: "makeFirstAdmin" | "acceptInvitation";
  readonly account: { readonly id: string; readonly name: string; readonly role: string };
  /** Takes the token and writes the account. */
  readonly finish: () => Promise<Account>;
}

/** Checks a one-time token, name and password; nothing is changed before `finish`. Throws a Refusal in words. */
export async function prepareSetup(
  parts: AccountParts,
  request: Request,
  body: { readonly token: string; readonly name?: string | undefined; readonly password: string },
): Promise<Setup> {
  const { db, config } = parts;
  if (hasPersonas(config)) {
    throw new Refusal(403, "NoPasswordsHere", "This console has personas instead of passwords.", {
      action: "Choose a persona on the sign-in page.",
    });
  }
  const waitMs = await takeTry(db, addressKey(request), addressRule, parts.clock());
  if (waitMs > 0) throw tooMany(waitMs);
  const kind = await findToken(db, body.token, parts.clock());
  if (kind === null) throw tokenNotAccepted();
  return kind.accountId === null ? prepareAdmin(parts, body) : prepareInvited(parts, kind.accountId, body);
}

async function claim(parts: AccountParts, token: string): Promise<void> {
  if (!(await claimToken(parts.db, token, parts.clock()))) throw tokenNotAccepted();
}

async function prepareAdmin(
  parts: AccountParts,
  body: { readonly token: string; readonly name?: string | undefined; readonly password: string },
): Promise<Setup> {
  const name = readName(body.name ?? "");
  requireGoodPassword(parts, body.password, name);
  if ((await findIdentity(parts.db, localIssuer, subjectOf(name))) !== null) throw nameTaken(name);
  const password = await hashPassword(body.password);
  return {
    operation: "makeFirstAdmin",
    account: { id: "", name, role: "admin" },
    async finish() {
      await claim(parts, body.token);
      const identity = { issuer: localIssuer, subject: subjectOf(name), name, role: "admin", password };
      const account = await addAccount(parts.db, identity, parts.clock());
      if (account === null) throw nameTaken(name);
      return account;
    },
  };
}

async function prepareInvited(
  parts: AccountParts,
  accountId: string,
  body: { readonly token: string; readonly password: string },
): Promise<Setup> {
  const account = await findAccount(parts.db, accountId);
  if (account === null || account.disabledAt !== null) throw tokenNotAccepted();
  requireGoodPassword(parts, body.password, account.name);
  const password = await hashPassword(body.password);
  return {
    operation: "acceptInvitation",
    account,
    async finish() {
      await claim(parts, body.token);
      await setPassword(parts.db, account.id, password, { endsSessions: true });
      const now = await findAccount(parts.db, account.id);
      if (now === null) throw tokenNotAccepted();
      return now;
    },
  };
}

/** The refusal of a name somebody has already. */
export function nameTaken(name: string): Refusal {
  return new Refusal(409, "NameTaken", `Somebody here is called ${name} already.`, { action: "Choose another name." });
}

/** A stored role as one of the console's. Throws when the store holds another. */
export function roleOf(account: { readonly role: string }) {
  const role = consoleRoles.find((known) => known === account.role);
  if (role === undefined) throw new Error("an account has a role this console does not know");
  return role;
}
