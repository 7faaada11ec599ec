// P10: an identity provider's answer makes a session only when everything about it is right.
import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { decodeJwt, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ProviderAnswer } from "#lib/contract/api.ts";
import {
  clientId,
  clientSecret,
  type IdentityProvider,
  startIdentityProvider,
} from "#tests/console/identity-provider.ts";
import { origin, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const people = { ada: { name: "Ada Provided", groups: ["vault-admins"] } };
const callback = "/api/session/provider/callback";
let app: TestConsole;
let provider: IdentityProvider;
const foreign: string[] = [];

beforeAll(async () => {
  provider = await startIdentityProvider(people, origin, "http://127.0.0.1:9/none");
  app = await startTestConsole({}, { OCI_PROFILES: "DEFAULT", ...provider.env });
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (url.hostname !== "127.0.0.1" && url.hostname !== "localhost") foreign.push(url.href);
    return real(input, init);
  });
});
afterAll(async () => {
  await app.stop();
  await provider.close();
});

const cookieOf = (answer: { headers: Headers }, name: string) =>
  answer.headers
    .getSetCookie()
    .find((line) => line.startsWith(`${name}=`))
    ?.split(";")[0] ?? "";
const sessionCount = async () => (await app.db.selectFrom("sessions").selectAll().execute()).length;

async function begin(): Promise<{ redirect: string; transaction: string }> {
  const answer = await app.ask("POST", "/api/session/provider", { body: {} });
  return { redirect: (answer.body as ProviderAnswer).redirect, transaction: cookieOf(answer, "ovc_transaction") };
}
async function walk(): Promise<{ target: string; transaction: string }> {
  const { redirect, transaction } = await begin();
  return { target: await provider.browser().walk(redirect, "ada"), transaction };
}

interface Arrival {
  readonly target: string;
  readonly transaction: string;
}

/** Every way a callback can be wrong, made from a right one. */
const callbacks: [what: string, spoil: (good: Arrival) => Arrival | Promise<Arrival>][] = [
  ["no transaction cookie", (good) => ({ ...good, transaction: "" })],
  ["a broken transaction cookie", (good) => ({ ...good, transaction: `${good.transaction.slice(0, -9)}AAAA~2` })],
  ["the cookie of another transaction", async (good) => ({ ...good, transaction: (await begin()).transaction })],
  [
    "a session in place of a transaction",
    async (good) => ({ ...good, transaction: good.transaction.replace(/=.*/, "=Fe26.2*1*x*y*z**a*b~2") }),
  ],
  ["no state", (good) => ({ ...good, target: good.target.replace(/state=[^&]*/, "") })],
  ["another state", (good) => ({ ...good, target: good.target.replace(/state=[^&]*/, `state=${"A".repeat(43)}`) })],
  ["state twice", (good) => ({ ...good, target: `${good.target}&state=${"A".repeat(43)}` })],
  ["no code", (good) => ({ ...good, target: good.target.replace(/code=[^&]*&?/, "") })],
  ["another code", (good) => ({ ...good, target: good.target.replace(/code=[^&]*/, `code=${"A".repeat(43)}`) })],
  ["an empty code", (good) => ({ ...good, target: good.target.replace(/code=[^&]*/, "code=") })],
  ["code twice", (good) => ({ ...good, target: `${good.target}&code=another` })],
  [
    "a code of another transaction",
    async (good) => {
      const code = /code=[^&]*/.exec((await walk()).target)?.[0] ?? "";
      return { ...good, target: good.target.replace(/code=[^&]*/, code) };
    },
  ],
  [
    "another issuer (mix-up)",
    (good) => ({ ...good, target: good.target.replace(/iss=[^&]*/, "iss=https%3A%2F%2Fevil.example") }),
  ],
  [
    "no issuer, which this provider always gives",
    (good) => ({ ...good, target: good.target.replace(/&?iss=[^&]*/, "") }),
  ],
  [
    "an error",
    (good) => ({
      ...good,
      target: good.target.replace(/code=[^&]*/, "error=access_denied&error_description=%3Cscript%3E"),
    }),
  ],
  [
    "a token in the address",
    (good) => ({
      ...good,
      target: `${callback}?id_token=x.y.z&access_token=x&state=${/state=([^&]*)/.exec(good.target)?.[1]}`,
    }),
  ],
  ["nothing at all", (good) => ({ ...good, target: callback })],
  ["a wrong encoding", (good) => ({ ...good, target: good.target.replace(/code=[^&]*/, "code=%E0%A4%A") })],
];

const now = () => Math.floor(Date.now() / 1000);
type Bend = (claims: JWTPayload, json: Record<string, unknown>) => Promise<string | undefined> | string | undefined;
const resign =
  (change: (claims: JWTPayload) => JWTPayload, header?: Record<string, unknown>): Bend =>
  (claims) =>
    provider.sign(change(claims), header);
const without = (claims: JWTPayload, name: string): JWTPayload =>
  Object.fromEntries(Object.entries(claims).filter(([each]) => each !== name));

/** Every way an ID token can be wrong, made from a right one; the provider's own key signs unless it says otherwise. */
const tokens: [what: string, bend: Bend][] = [
  ["no ID token", () => undefined],
  ["another issuer", resign((claims) => ({ ...claims, iss: "https://evil.example" }))],
  ["no issuer", resign((claims) => without(claims, "iss"))],
  ["another audience", resign((claims) => ({ ...claims, aud: "another-client" }))],
  [
    "several audiences, ours not the authorised one",
    resign((claims) => ({ ...claims, aud: [clientId, "another"], azp: "another" })),
  ],
  ["several audiences and nobody authorised", resign((claims) => ({ ...claims, aud: [clientId, "another"] }))],
  ["no audience", resign((claims) => without(claims, "aud"))],
  ["another nonce", resign((claims) => ({ ...claims, nonce: "A".repeat(43) }))],
  ["no nonce", resign((claims) => without(claims, "nonce"))],
  ["expired", resign((claims) => ({ ...claims, exp: now() - 120, iat: now() - 600 }))],
  ["no expiry", resign((claims) => without(claims, "exp"))],
  ["no subject", resign((claims) => without(claims, "sub"))],
  ["an empty subject", resign((claims) => ({ ...claims, sub: "" }))],
  ["a subject that is no text", resign((claims) => ({ ...claims, sub: { admin: true } as unknown as string }))],
  ["no time of issue", resign((claims) => without(claims, "iat"))],
  ["valid only later", resign((claims) => ({ ...claims, nbf: now() + 600 }))],
  ["a key nobody knows", resign((claims) => claims, { kid: "another" })],
  [
    "signed by another key",
    (claims) => {
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(privateKey);
    },
  ],
  [
    "signed with the client's secret",
    (claims) => new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(clientSecret)),
  ],
  [
    "not signed",
    (claims) => {
      const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
      return `${encode({ alg: "none" })}.${encode(claims)}.`;
    },
  ],
  [
    "changed after signing",
    (claims, json) => {
      const [head, , signature] = String(json.id_token).split(".");
      return `${head}.${Buffer.from(JSON.stringify({ ...claims, groups: ["vault-admins"], sub: "eve" })).toString("base64url")}.${signature}`;
    },
  ],
  ["no token at all", () => "not a token"],
  ["critical header nobody understands", resign((claims) => claims, { crit: ["x"], x: 1 })],
];

describe(`P10: malformed callbacks and tokens make no session (${callbacks.length + tokens.length + 3} cases)`, () => {
  it("a right one does", async () => {
    const { target, transaction } = await walk();
    const answer = await app.ask("GET", target, { cookie: transaction });
    expect(cookieOf(answer, "ovc_session")).not.toBe("");
    const before = await sessionCount();
    const again = await app.ask("GET", target, { cookie: transaction });
    expect(again.headers.get("location")).toBe("/sign-in?problem=SignInExpired");
    expect(await sessionCount()).toBe(before);
  });

  it.each(callbacks)("callback with %s", async (_what, spoil) => {
    const { target, transaction } = await spoil(await walk());
    const before = await sessionCount();
    const answer = await app.ask("GET", target, { cookie: transaction });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toMatch(/^\/sign-in\?problem=[A-Za-z]+$/);
    expect(cookieOf(answer, "ovc_session")).toBe("");
    expect(await sessionCount()).toBe(before);
  });

  it.each(tokens)("ID token: %s", async (_what, bend) => {
    const { target, transaction } = await walk();
    provider.bend = async (json) => {
      const bent = await bend(decodeJwt(String(json.id_token)), json);
      return { ...json, id_token: bent };
    };
    const before = await sessionCount();
    try {
      const answer = await app.ask("GET", target, { cookie: transaction });
      expect(answer.headers.get("location")).toBe("/sign-in?problem=AnswerNotAccepted");
      expect(cookieOf(answer, "ovc_session")).toBe("");
      expect(await sessionCount()).toBe(before);
    } finally {
      provider.bend = null;
    }
  });

  it("a transaction older than ten minutes", async () => {
    const { target, transaction } = await walk();
    app.clock.offsetMs = 10 * 60_000 + 1;
    const answer = await app.ask("GET", target, { cookie: transaction });
    app.clock.offsetMs = 0;
    expect(answer.headers.get("location")).toBe("/sign-in?problem=SignInExpired");
  });

  it("nobody but the provider was asked", () => {
    expect(foreign).toEqual([]);
  });
});

const queries = isFull ? 2_000 : 300;
describe(`P10: callbacks nobody thought of (${queries.toLocaleString("en-GB")} cases)`, () => {
  it("no query and no transaction makes a session, a crash or a way elsewhere", async () => {
    const { redirect, transaction } = await begin();
    const state = new URL(redirect).searchParams.get("state") ?? "";
    const before = await sessionCount();
    const value = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom(
        state,
        "",
        "https://evil.example/",
        "//evil.example",
        "\r\nset-cookie: a=b",
        "__proto__",
        "A".repeat(2_000),
      ),
    );
    const name = fc.constantFrom(
      "code",
      "state",
      "iss",
      "error",
      "error_description",
      "session_state",
      "next",
      "id_token",
      "response",
    );
    const query = fc.array(fc.tuple(name, value), { maxLength: 6 });
    const cookie = fc.constantFrom("", transaction, `${transaction}~3`, transaction.slice(0, -3), "ovc_transaction=x");
    for (const [pairs, sent] of fc.sample(fc.tuple(query, cookie), { numRuns: queries, seed: 10 })) {
      const search = pairs
        .map(([key, text]) => `${key}=${encodeURIComponent(text.replace(/[\ud800-\udfff]/g, "?"))}`)
        .join("&");
      const answer = await app.ask("GET", `${callback}?${search}`, { cookie: sent });
      expect(answer.status, search).toBeLessThan(500);
      expect(cookieOf(answer, "ovc_session"), search).toBe("");
      const to = answer.headers.get("location");
      if (to !== null) expect(new URL(to, origin).origin, search).toBe(origin);
    }
    expect(await sessionCount()).toBe(before);
    expect(foreign).toEqual([]);
  }, 120_000);
});
