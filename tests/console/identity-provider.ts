// A real OpenID provider (oidc-provider) on loopback, a person who walks through its pages, and a hand that can bend its answers.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import Provider from "oidc-provider";

export const clientId = "vault-console";
export const clientSecret = "a-secret-of-the-tests-only-31415926535";

export interface Person {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface IdentityProvider {
  readonly issuer: string;
  /** Settings of a console that trusts this provider. */
  readonly env: Record<string, string>;
  /** Bends the JSON of the token endpoint; null leaves it. */
  bend: ((json: Record<string, unknown>) => Promise<Record<string, unknown>> | Record<string, unknown>) | null;
  /** Requests by path, as they came. */
  readonly asked: string[];
  /** Signs with the provider's own key. */
  sign(payload: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  /** A browser that keeps the provider's cookies. */
  browser(): Browser;
  close(): Promise<void>;
}

export interface Browser {
  /** Walks from the console's redirect to the provider's answer, signing in as `person` where asked; gives the callback's target. */
  walk(redirect: string, person: string): Promise<string>;
  /** Ends the provider's session, as its own sign-out page does. */
  leave(url: string): Promise<void>;
}

/** Starts the provider; `origin` is the console's, `logoutUri` where its back-channel logout arrives. */
export async function startIdentityProvider(
  people: Readonly<Record<string, Person>>,
  origin: string,
  logoutUri: string,
): Promise<IdentityProvider> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: "k1", use: "sig", alg: "RS256" };
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${origin}/api/session/provider/callback`],
        post_logout_redirect_uris: [`${origin}/sign-in`],
        backchannel_logout_uri: logoutUri,
        backchannel_logout_session_required: true,
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: ["only for tests"] },
    claims: { openid: ["sub"], profile: ["name", "groups"] },
    conformIdTokenClaims: false,
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    // The provider refuses to call loopback by itself; here that is where everything is.
    fetch: (url: string, init: RequestInit & { dispatcher?: unknown }) =>
      fetch(url, { ...init, dispatcher: undefined } as RequestInit),
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: people[id]?.name, groups: people[id]?.groups }),
    }),
    interactions: { url: (_context: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    async loadExistingGrant(context: { oidc: Record<string, never> }) {
      const oidc = context.oidc as unknown as {
        provider: { Grant: new (facts: object) => { addOIDCScope(scope: string): void; save(): Promise<void> } };
        client: { clientId: string };
        session: { accountId: string };
      };
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
  });
  const self: Pick<IdentityProvider, "bend" | "asked"> = { bend: null, asked: [] };
  const handle = provider.callback();
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? "";
    self.asked.push(path.split("?", 1)[0] ?? "");
    if (path.startsWith("/interaction/")) {
      const accountId = new URL(path, issuer).searchParams.get("as");
      if (accountId === null) {
        // What a person sees: who they want to be.
        const links = Object.entries(people).map(([id, { name }]) => `<li><a href="?as=${id}">${name}</a></li>`);
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.end(
          `<!doctype html><html lang="en"><title>Provider</title><h1>Sign in here</h1><ul>${links.join("")}</ul>`,
        );
        return;
      }
      void provider.interactionFinished(request, response, { login: { accountId } });
      return;
    }
    if (path.startsWith("/token") && self.bend !== null) bendAnswer(response, self.bend);
    handle(request, response);
  });

  return {
    issuer,
    env: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: clientId,
      OIDC_CLIENT_SECRET: clientSecret,
      OIDC_ROLES: JSON.stringify({ "vault-admins": "admin", "it-helpdesk": "helpdesk", audit: "auditor" }),
    },
    get bend() {
      return self.bend;
    },
    set bend(bend) {
      self.bend = bend;
    },
    asked: self.asked,
    sign: (payload, header = {}) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: "RS256", kid: "k1", ...header })
        .sign(privateKey, "crit" in header ? { crit: { x: true } } : {}),
    browser: () => makeBrowser(issuer, origin),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function bendAnswer(response: ServerResponse, bend: NonNullable<IdentityProvider["bend"]>): void {
  const end = response.end.bind(response);
  response.end = ((chunk: unknown) => {
    const json = JSON.parse(String(chunk)) as Record<string, unknown>;
    void Promise.resolve(bend(json)).then((bent) => {
      const text = JSON.stringify(bent);
      response.setHeader("content-length", Buffer.byteLength(text));
      end(text);
    });
    return response;
  }) as typeof response.end;
}

function makeBrowser(issuer: string, origin: string): Browser {
  const jar = new Map<string, string>();
  async function go(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, {
      ...init,
      redirect: "manual",
      headers: { ...(init.headers as Record<string, string>), ...(cookie === "" ? {} : { cookie }) },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }
  return {
    async walk(redirect, person) {
      let url = redirect;
      for (let step = 0; step < 10; step += 1) {
        const answer = await go(url);
        const location = answer.headers.get("location");
        if (location === null) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
        const next = new URL(location, issuer);
        if (next.origin === origin) return `${next.pathname}${next.search}`;
        if (next.pathname.startsWith("/interaction/")) next.searchParams.set("as", person);
        url = next.href;
      }
      throw new Error("the provider did not come to an end");
    },
    async leave(url) {
      const page = await (await go(url)).text();
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
      const form = new URLSearchParams({ xsrf, logout: "yes" });
      const type = { "content-type": "application/x-www-form-urlencoded" };
      await go(`${issuer}/session/end/confirm`, { method: "POST", headers: type, body: form.toString() });
    },
  };
}
