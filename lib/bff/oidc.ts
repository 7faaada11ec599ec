/**
 * Signing in at an identity provider (OpenID Connect): code with PKCE, state and nonce, the transaction sealed in a cookie
 * of its own; what the provider vouches for is (issuer, subject), and groups become roles by the configured table alone.
 */
import { hkdfSync } from "node:crypto";
import { sealData, unsealData } from "iron-session";
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import * as client from "openid-client";
import type { ConsoleRole } from "#lib/contract/api.ts";
import { readReturnPath } from "#lib/contract/return-path.ts";
import type { Database } from "#lib/store/database.ts";
import { hashSecret } from "#lib/store/sessions.ts";
import { seeOnce } from "#lib/store/sign-in-tries.ts";
import type { Config } from "./config.ts";
import type { OidcSettings } from "./config-oidc.ts";
import { cleanText, Refusal } from "./refusal.ts";
import { absoluteLifetimeMs, loadSessionSecrets, readCookie } from "./session.ts";

const transactionMs = 10 * 60_000;
const answerSeconds = 10;
const clockSkewSeconds = 30;
const logoutTokenAgeSeconds = 120;
const returnCharactersMax = 200;
export const callbackPath = "/api/session/provider/callback";

/** Why a sign-in at the provider did not lead to a session; the page has words for each. */
export type ProviderProblem =
  | "ProviderUnreachable"
  | "ProviderRefused"
  | "SignInExpired"
  | "AnswerNotAccepted"
  | "NoRole"
  | "AccountDisabled"
  | "OtherPerson";

/** An answer that leads to no session; `cause` is for the log. */
export class ProviderRefusal extends Error {
  override readonly name = "ProviderRefusal";
  readonly problem: ProviderProblem;
  /** Whom the provider named, when it did. */
  readonly person: string | null;
  /** The person's name for ever there, when the provider vouches that they may not come in any more. */
  readonly shutOut: string | null;

  constructor(
    problem: ProviderProblem,
    message: string,
    more: { cause?: unknown; person?: string; shutOut?: string } = {},
  ) {
    super(message, { cause: more.cause });
    this.shutOut = more.shutOut ?? null;
    this.problem = problem;
    this.person = more.person ?? null;
  }
}

/** What the provider vouches for. */
export interface Vouched {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly role: ConsoleRole;
  /** Those of the person's groups the policy's scopes name. */
  readonly groups: readonly string[];
  /** Epoch ms of the person's last proof at the provider; 0 when it did not say. */
  readonly authAt: number;
  readonly idpSid: string | null;
  /** Path to go on at. */
  readonly next: string;
  /** Stored hash of the session that is being confirmed, or null for a sign-in. */
  readonly stepUpOf: string | null;
}

/** Where a sign-in begins. */
export interface BeginFrom {
  /** The console's origin the person is at, one of the configured ones; the provider sends them back there. */
  readonly origin: string;
  /** Path to go on at. */
  readonly next: string;
  /** Stored hash of the session to be confirmed. */
  readonly stepUpOf: string | null;
}

export interface Provider {
  readonly issuer: string;
  /** Starts a sign-in, or a confirmation of a session. Throws a 502 Refusal when the provider does not answer. */
  begin(from: BeginFrom): Promise<{ redirect: string; cookie: string }>;
  /** Judges the provider's answer. Throws a ProviderRefusal. */
  finish(request: Request, target: string): Promise<Vouched>;
  /** Set-Cookie value that ends the transaction. */
  readonly clearedCookie: string;
  /** Where the browser ends the provider's own session, or null when it has no such address. */
  leaveUrl(origin: string): Promise<string | null>;
  /** Judges a logout token: whose sessions end. Throws a 400 Refusal. */
  readLogoutToken(token: string): Promise<{ subject: string | undefined; idpSid: string | undefined }>;
}

interface Transaction {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly origin: string;
  readonly next: string;
  readonly stepUpOf: string | null;
  readonly at: number;
}

/** A path of this console, never another site's address. */
function readNext(next: string): string {
  return readReturnPath(next.length <= returnCharactersMax ? next : null);
}

/** The provider of the configuration, discovered on first need. `clock` in epoch milliseconds. */
export function createProvider(config: Config, settings: OidcSettings, db: Database, clock: () => number): Provider {
  // Keys of their own: a session's seal is no transaction, and the other way about.
  const password = Object.fromEntries(
    Object.entries(loadSessionSecrets(config)).map(([id, secret]) => [
      id,
      Buffer.from(hkdfSync("sha256", secret, "", "sign-in transaction", 48)).toString("base64url"),
    ]),
  );
  const scopedGroups = new Set(config.policy.scopes.flatMap((scope) => scope.groups ?? []));
  const cookieName = config.isHttps ? "__Host-ovc_transaction" : "ovc_transaction";
  const attributes = `Path=/; HttpOnly; SameSite=Lax${config.isHttps ? "; Secure" : ""}`;
  const discovered = rememberSuccess(() => discover(settings));
  const keys = rememberSuccess(async () => {
    const uri = (await discovered()).serverMetadata().jwks_uri;
    if (uri === undefined) throw new Error("the provider names no keys");
    return createRemoteJWKSet(new URL(uri), { timeoutDuration: answerSeconds * 1000, cooldownDuration: 10_000 });
  });

  async function begin({ origin, next, stepUpOf }: BeginFrom): Promise<{ redirect: string; cookie: string }> {
    const provider = await discovered().catch((error: unknown) => {
      throw new Refusal(502, "ProviderUnreachable", "The identity provider does not answer.", {
        why: cleanText(error instanceof Error ? error.message : String(error)),
        action: `Try again in a moment. Whoever runs the console checks that it reaches ${settings.issuer}.`,
        retryAfterSeconds: 5,
      });
    });
    const transaction: Transaction = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      origin,
      next: readNext(next),
      stepUpOf,
      at: clock(),
    };
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: `${origin}${callbackPath}`,
      scope: settings.scope,
      response_type: "code",
      code_challenge: await client.calculatePKCECodeChallenge(transaction.verifier),
      code_challenge_method: "S256",
      state: transaction.state,
      nonce: transaction.nonce,
      ...(stepUpOf === null ? { max_age: String(absoluteLifetimeMs / 1000) } : { prompt: "login", max_age: "0" }),
    });
    const seal = await sealData(transaction, { password, ttl: transactionMs / 1000 });
    return { redirect: url.href, cookie: `${cookieName}=${seal}; ${attributes}; Max-Age=${transactionMs / 1000}` };
  }

  async function readTransaction(request: Request): Promise<Transaction> {
    const expired = () => new ProviderRefusal("SignInExpired", "no transaction of this browser");
    const seal = readCookie(request.headers.get("cookie"), cookieName);
    if (seal === null || seal.length > 2048) throw expired();
    const found = await unsealData<Partial<Transaction>>(seal, { password, ttl: transactionMs / 1000 }).catch(
      () => null,
    );
    if (
      typeof found?.state !== "string" ||
      typeof found.origin !== "string" ||
      typeof found.at !== "number" ||
      clock() - found.at > transactionMs
    )
      throw expired();
    return found as Transaction;
  }

  async function finish(request: Request, target: string): Promise<Vouched> {
    const transaction = await readTransaction(request);
    const url = new URL(target, transaction.origin);
    if (url.searchParams.get("state") !== transaction.state)
      throw new ProviderRefusal("AnswerNotAccepted", "the state is another transaction's");
    // One answer for each transaction, on whichever instance.
    if (!(await seeOnce(db, `transaction:${hashSecret(transaction.state)}`, clock())))
      throw new ProviderRefusal("SignInExpired", "the transaction has been answered already");
    const error = url.searchParams.get("error");
    if (error !== null)
      throw new ProviderRefusal(
        "ProviderRefused",
        cleanText(`${error} ${url.searchParams.get("error_description") ?? ""}`),
      );
    const claims = await exchange(await reach(discovered()), url, transaction, settings);
    const authAt = typeof claims.auth_time === "number" ? claims.auth_time * 1000 : 0;
    if (transaction.stepUpOf !== null && authAt < transaction.at - clockSkewSeconds * 1000)
      throw new ProviderRefusal("AnswerNotAccepted", "the provider did not ask the person again");
    const name = nameOf(claims);
    const role = roleFrom(claims[settings.groupsClaim], settings.roles);
    if (role === null)
      throw new ProviderRefusal("NoRole", "in no group of OIDC_ROLES", {
        person: name,
        shutOut: String(claims.sub),
      });
    return {
      issuer: settings.issuer,
      subject: String(claims.sub),
      name,
      role,
      groups: groupsIn(claims[settings.groupsClaim]).filter((group) => scopedGroups.has(group)),
      authAt: Math.min(authAt, clock()),
      idpSid: typeof claims.sid === "string" ? claims.sid : null,
      next: transaction.next,
      stepUpOf: transaction.stepUpOf,
    };
  }

  async function leaveUrl(origin: string): Promise<string | null> {
    const provider = await discovered().catch(() => null);
    if (provider?.serverMetadata().end_session_endpoint === undefined) return null;
    return client.buildEndSessionUrl(provider, { post_logout_redirect_uri: `${origin}/sign-in` }).href;
  }

  async function readLogoutToken(token: string): Promise<{ subject: string | undefined; idpSid: string | undefined }> {
    const refuse = (why: string) => new Refusal(400, "invalid_request", "The logout token is not accepted.", { why });
    const { payload } = await jwtVerify(token, await reach(keys()), {
      issuer: settings.issuer,
      audience: settings.clientId,
      typ: "logout+jwt",
      algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
      requiredClaims: ["iat", "jti", "events"],
      maxTokenAge: logoutTokenAgeSeconds,
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(clock()),
    }).catch((error: Error) => {
      throw refuse(cleanText(error.message));
    });
    checkLogoutClaims(payload, refuse);
    if (!(await seeOnce(db, `logout:${hashSecret(`${payload.iss} ${payload.jti}`)}`, clock())))
      throw refuse("It has been used already.");
    return { subject: payload.sub, idpSid: payload.sid as string | undefined };
  }

  return {
    issuer: settings.issuer,
    begin,
    finish,
    clearedCookie: `${cookieName}=; ${attributes}; Max-Age=0`,
    leaveUrl,
    readLogoutToken,
  };
}

async function reach<T>(found: Promise<T>): Promise<T> {
  return found.catch((cause: unknown) => {
    throw new ProviderRefusal("ProviderUnreachable", "the provider cannot be asked", { cause });
  });
}

/** Asks once and keeps the answer; a failure is not kept. */
function rememberSuccess<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | null = null;
  return () => {
    known ??= ask().catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

async function discover(settings: OidcSettings): Promise<client.Configuration> {
  const isLocal = settings.issuer.startsWith("http:");
  const found = await client.discovery(
    new URL(settings.issuer),
    settings.clientId,
    { client_secret: settings.clientSecret, [client.clockTolerance]: clockSkewSeconds },
    client.ClientSecretBasic(settings.clientSecret),
    { timeout: answerSeconds, execute: isLocal ? [client.allowInsecureRequests] : [] },
  );
  // The signature too, not only that the token came over TLS.
  client.enableNonRepudiationChecks(found);
  return found;
}

async function exchange(
  provider: client.Configuration,
  url: URL,
  transaction: Transaction,
  settings: OidcSettings,
): Promise<Record<string, unknown>> {
  try {
    const tokens = await client.authorizationCodeGrant(provider, url, {
      expectedState: transaction.state,
      expectedNonce: transaction.nonce,
      pkceCodeVerifier: transaction.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error("there is no ID token");
    if (!/^[\x20-\x7e]{1,255}$/.test(claims.sub)) throw new Error("the subject is not 1 to 255 ASCII characters");
    if (claims[settings.groupsClaim] !== undefined || provider.serverMetadata().userinfo_endpoint === undefined)
      return claims;
    // Some providers tell groups and names only when asked.
    const more = await client.fetchUserInfo(provider, tokens.access_token, claims.sub);
    return { ...more, ...claims };
  } catch (cause) {
    throw new ProviderRefusal("AnswerNotAccepted", "the provider's answer is not accepted", { cause });
  }
}

function nameOf(claims: Record<string, unknown>): string {
  for (const claim of [claims.name, claims.preferred_username, claims.email]) {
    const text = typeof claim === "string" ? cleanText(claim).trim().slice(0, 80) : "";
    if (text !== "") return text;
  }
  return String(claims.sub).slice(0, 80);
}

const groupsIn = (claim: unknown): string[] =>
  (Array.isArray(claim) ? claim : [claim]).filter((group) => typeof group === "string");

/** Who is in several groups gets the role that may do most; auditors come after operators. */
function roleFrom(groups: unknown, table: OidcSettings["roles"]): ConsoleRole | null {
  const roles = groupsIn(groups)
    .filter((group) => Object.hasOwn(table, group))
    .map((group) => table[group]);
  return (["admin", "operator", "auditor", "helpdesk"] as const).find((role) => roles.includes(role)) ?? null;
}

/** OpenID Connect Back-Channel Logout 1.0, section 2.6, beyond what every JWT must be. */
function checkLogoutClaims(payload: JWTPayload, refuse: (why: string) => Refusal): void {
  const event = (payload.events as Record<string, unknown> | null)?.[
    "http://schemas.openid.net/event/backchannel-logout"
  ];
  if (typeof event !== "object" || event === null || Array.isArray(event)) throw refuse("It is not about a logout.");
  if ("nonce" in payload) throw refuse("It has a nonce, as an ID token has.");
  if (typeof payload.jti !== "string" || payload.jti === "") throw refuse("It has no id of its own.");
  const isText = (value: unknown) => typeof value === "string" && value !== "";
  if (!isText(payload.sub) && !isText(payload.sid)) throw refuse("It names nobody.");
  if ((payload.sub !== undefined && !isText(payload.sub)) || (payload.sid !== undefined && !isText(payload.sid)))
    throw refuse("It names somebody in a way that cannot be read.");
}
