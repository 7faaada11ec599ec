// A real OpenID provider as another process, a person who walks through its pages, and a hand that can bend its answers.
import { fork } from "node:child_process";
import { on, once } from "node:events";
import { fileURLToPath } from "node:url";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import type { Beginning, NewGroups, TokenAnswer } from "./identity-provider-process.ts";

const processFile = fileURLToPath(new URL("./identity-provider-process.ts", import.meta.url));

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
  /** Puts a person into other groups, from the next sign-in on. */
  setGroups(person: string, groups: readonly string[]): Promise<void>;
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
  const child = fork(processFile, { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = once(child, "exit");
  const client = { id: clientId, secret: clientSecret };
  child.send({ people, origin, logoutUri, client, jwk } satisfies Beginning);
  const [issuer] = (await Promise.race([
    once(child, "message"),
    ended.then(([code]) => {
      throw new Error(`the identity provider ended with ${code} before it listened`);
    }),
  ])) as [string];
  const self: Pick<IdentityProvider, "bend"> = { bend: null };
  child.on("message", async (message: TokenAnswer | NewGroups) => {
    if (!("number" in message)) return;
    const { number, json } = message;
    const bent = self.bend === null ? json : await self.bend(json);
    child.send({ number, json: bent } satisfies TokenAnswer);
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
    async setGroups(person, groups) {
      child.send({ person, groups } satisfies NewGroups);
      for await (const [message] of on(child, "message")) {
        if ((message as NewGroups).person === person) return;
      }
    },
    sign: (payload, header = {}) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: "RS256", kid: "k1", ...header })
        .sign(privateKey, "crit" in header ? { crit: { x: true } } : {}),
    browser: () => makeBrowser(issuer, origin),
    async close() {
      child.kill();
      await ended;
    },
  };
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
