// P11: the identity provider ends sessions here at once, and nobody else does.
import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSessions } from "#lib/bff/session.ts";
import { keepIdentity } from "#lib/store/accounts.ts";
import {
  clientId,
  clientSecret,
  type IdentityProvider,
  startIdentityProvider,
} from "#tests/console/identity-provider.ts";
import { origin, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";

const event = "http://schemas.openid.net/event/backchannel-logout";
let app: TestConsole;
let provider: IdentityProvider;
beforeAll(async () => {
  provider = await startIdentityProvider({}, origin, "http://127.0.0.1:9/none");
  app = await startTestConsole({}, { OCI_PROFILES: "DEFAULT", ...provider.env });
});
afterAll(async () => {
  await app.stop();
  await provider.close();
});

async function start(subject: string, idpSid: string): Promise<string> {
  const account = await keepIdentity(
    app.db,
    { issuer: provider.issuer, subject, name: subject, role: "admin" },
    Date.now(),
  );
  const sessions = createSessions(app.config, app.db, Date.now);
  return (await sessions.start(new Request(origin), account, { idpSid })).split(";")[0] ?? "";
}
const isLive = async (cookie: string) => (await app.ask("GET", "/api/session/list", { cookie })).status === 200;

let counter = 0;
function claims(more: Record<string, unknown> = {}): Record<string, unknown> {
  counter += 1;
  const iat = Math.floor(Date.now() / 1000);
  const all: Record<string, unknown> = {
    iss: provider.issuer,
    aud: clientId,
    iat,
    exp: iat + 120,
    jti: `jti-${counter}`,
    sub: "ada",
    sid: "idp-1",
    events: { [event]: {} },
    ...more,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
const signed = (more: Record<string, unknown> = {}, header: Record<string, unknown> = { typ: "logout+jwt" }) =>
  provider.sign(claims(more), header);

function send(body: string, type = "application/x-www-form-urlencoded") {
  // From the provider's server: no origin, no header of ours.
  const headers = { "content-type": type, origin: "", "x-ovc-request": "", "sec-fetch-site": "" };
  return app.ask("POST", "/api/session/provider/logout", { body, headers });
}
const sendToken = (token: string) => send(new URLSearchParams({ logout_token: token }).toString());

const malformed: [what: string, make: () => Promise<string>][] = [
  ["another type of token", () => signed({}, { typ: "JWT" })],
  ["no type", () => signed({}, {})],
  ["another issuer", () => signed({ iss: "https://evil.example" })],
  ["another audience", () => signed({ aud: "another" })],
  ["issued long ago", () => signed({ iat: Math.floor(Date.now() / 1000) - 600, exp: undefined })],
  ["issued in the future", () => signed({ iat: Math.floor(Date.now() / 1000) + 600 })],
  ["no time of issue", () => signed({ iat: undefined })],
  ["no events", () => signed({ events: undefined })],
  ["another event", () => signed({ events: { "http://schemas.openid.net/event/other": {} } })],
  ["an event that is no object", () => signed({ events: { [event]: "yes" } })],
  ["a nonce, as an ID token has", () => signed({ nonce: "x" })],
  ["nobody named", () => signed({ sub: undefined, sid: undefined })],
  ["names that are no text", () => signed({ sub: undefined, sid: ["idp-1"] })],
  ["no id of its own", () => signed({ jti: undefined })],
  ["expired", () => signed({ exp: Math.floor(Date.now() / 1000) - 300 })],
  [
    "another key",
    () => {
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      return new SignJWT(claims()).setProtectedHeader({ alg: "RS256", kid: "k1", typ: "logout+jwt" }).sign(privateKey);
    },
  ],
  [
    "the client's secret as key",
    () =>
      new SignJWT(claims())
        .setProtectedHeader({ alg: "HS256", typ: "logout+jwt" })
        .sign(new TextEncoder().encode(clientSecret)),
  ],
  [
    "no signature",
    async () => {
      const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
      return `${encode({ alg: "none", typ: "logout+jwt" })}.${encode(claims())}.`;
    },
  ],
  ["no token", async () => "x"],
];

describe(`P11: back-channel logout (3 valid, ${malformed.length + 5} malformed)`, () => {
  it("ends the named session, within the second, once", async () => {
    const [mine, other, hers] = [await start("ada", "idp-1"), await start("ada", "idp-2"), await start("eve", "idp-3")];
    const token = await signed();
    expect((await sendToken(token)).status).toBe(200);
    expect([await isLive(mine), await isLive(other), await isLive(hers)]).toEqual([false, true, true]);
    const again = await start("ada", "idp-1");
    expect((await sendToken(token)).status).toBe(400);
    expect(await isLive(again)).toBe(true);
  });

  it("ends all sessions of a person, or one by the provider's id alone", async () => {
    const [one, two, hers] = [await start("ada", "a"), await start("ada", "b"), await start("eve", "c")];
    await sendToken(await signed({ sid: undefined }));
    expect([await isLive(one), await isLive(two), await isLive(hers)]).toEqual([false, false, true]);
    await sendToken(await signed({ sub: undefined, sid: "c" }));
    expect(await isLive(hers)).toBe(false);
  });

  it.each(malformed)("not with %s", async (_what, make) => {
    const cookie = await start("ada", "idp-1");
    const answer = await sendToken(await make());
    expect(answer.status).toBe(400);
    expect(await isLive(cookie)).toBe(true);
  });

  it("not in another form", async () => {
    const cookie = await start("ada", "idp-1");
    const token = await signed();
    expect((await send(JSON.stringify({ logout_token: token }), "application/json")).status).toBe(415);
    expect((await send("")).status).toBeGreaterThanOrEqual(400);
    expect((await send("token=x")).status).toBe(400);
    expect((await send(`logout_token=${token}&logout_token=${token}`)).status).toBe(400);
    expect((await app.ask("GET", `/api/session/provider/logout?logout_token=${token}`)).status).toBe(405);
    expect(await isLive(cookie)).toBe(true);
  });
});
