import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestIdHeader, targetHeader } from "#lib/bff/console.ts";
import type { FeedAnswer, ProviderAnswer, SessionAnswer, SignOutAnswer } from "#lib/contract/api.ts";
import { readReceipts } from "#lib/store/receipts.ts";
import { type IdentityProvider, startIdentityProvider } from "./identity-provider.ts";
import { eachStore, origin, startTestConsole, type TestConsole } from "./start-console.ts";

const people = {
  ada: { name: "Ada Provided", groups: ["staff", "vault-admins"] },
  hanna: { name: "Hanna Provided", groups: ["it-helpdesk"] },
  both: { name: "Bo Both", groups: ["audit", "it-helpdesk", "vault-admins"] },
  eve: { name: "Eve Elsewhere", groups: ["Vault-Admins", "vault-admins ", "staff"] },
};
const minuteMs = 60_000;
let app: TestConsole;
let provider: IdentityProvider;
let bridge: Server;

eachStore((newStore) => {
  beforeAll(async () => {
    // The provider reaches the console's back channel over a socket, as it would in earnest.
    bridge = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", async () => {
        const body = Buffer.concat(chunks);
        const headers = { ...(request.headers as Record<string, string>), [targetHeader]: request.url ?? "" };
        const asked = new Request(`${origin}${request.url}`, {
          method: "POST",
          headers: { ...headers, [requestIdHeader]: "bridge" },
          body: new Uint8Array(body),
        });
        const answer = await app.console.session(asked);
        response.writeHead(answer.status).end(await answer.text());
      });
    });
    await new Promise<void>((listening) => bridge.listen(0, "127.0.0.1", listening));
    const logout = `http://127.0.0.1:${(bridge.address() as AddressInfo).port}/api/session/provider/logout`;
    provider = await startIdentityProvider(people, origin, logout);
    app = await startTestConsole({}, { OCI_PROFILES: "DEFAULT", ...provider.env, ...(await newStore()) });
  });
  afterAll(async () => {
    await app.stop();
    await provider.close();
    bridge.closeAllConnections();
    await new Promise((closed) => bridge.close(closed));
  });

  const cookiesOf = (answer: { headers: Headers }) =>
    Object.fromEntries(
      answer.headers.getSetCookie().map((line) => [line.split("=")[0] ?? "", (line.split(";")[0] ?? "") as string]),
    );
  const userOf = async (cookie: string) =>
    ((await app.ask("GET", "/api/session", { cookie })).body as SessionAnswer).user;

  async function begin(body: object = {}, cookie?: string) {
    const answer = await app.ask("POST", "/api/session/provider", {
      body,
      ...(cookie === undefined ? {} : { cookie }),
    });
    expect(answer.status).toBe(200);
    return { redirect: (answer.body as ProviderAnswer).redirect, transaction: cookiesOf(answer).ovc_transaction ?? "" };
  }

  async function signIn(person: string, browser = provider.browser(), next = "/deletions?desk=1") {
    const { redirect, transaction } = await begin({ next });
    const target = await browser.walk(redirect, person);
    const answer = await app.ask("GET", target, {
      cookie: transaction,
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    });
    return { answer, session: cookiesOf(answer).ovc_session ?? "", location: answer.headers.get("location") };
  }

  describe("signing in at an identity provider", () => {
    it("asks with code, PKCE, state and nonce, and keeps them sealed in a short-lived cookie of their own", async () => {
      const answer = await app.ask("POST", "/api/session/provider", { body: {} });
      const url = new URL((answer.body as ProviderAnswer).redirect);
      expect(Object.fromEntries(url.searchParams)).toMatchObject({
        response_type: "code",
        code_challenge_method: "S256",
        redirect_uri: `${origin}/api/session/provider/callback`,
        client_id: "vault-console",
      });
      for (const name of ["state", "nonce", "code_challenge"])
        expect((url.searchParams.get(name) ?? "").length).toBeGreaterThan(40);
      const cookie = answer.headers.get("set-cookie") ?? "";
      expect(cookie).toMatch(/^ovc_transaction=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
      expect(cookie.length).toBeLessThan(1024);
      expect(cookie).not.toContain(url.searchParams.get("state"));
    });

    it("lets a person of a known group in, with the group's role, where they wanted to go", async () => {
      const { answer, session, location } = await signIn("ada");
      expect([answer.status, location]).toEqual([303, "/deletions?desk=1"]);
      expect(await userOf(session)).toMatchObject({ name: "Ada Provided", role: "admin", via: "provider" });
      expect(answer.headers.getSetCookie().join()).toContain("ovc_transaction=; ");
      expect(await userOf((await signIn("hanna")).session)).toMatchObject({ role: "helpdesk" });
      expect(await userOf((await signIn("both")).session)).toMatchObject({ role: "admin" });
    });

    it("turns away who is in no group, groups compared exactly, and leaves a receipt", async () => {
      const { session, location } = await signIn("eve");
      expect([session, location]).toEqual(["", "/sign-in?problem=NoRole"]);
      const refused = (await readReceipts(app.db, { limit: 50 })).find((each) => each.actor === "Eve Elsewhere");
      expect(refused).toMatchObject({ operation: "signIn", phase: "refused" });
    });

    it.each(["//evil.example", "https://evil.example", "/\\evil.example", "/api/session", "vaults", "/a b"])(
      "never goes on to %s",
      async (next) => {
        expect((await signIn("hanna", provider.browser(), next)).location).toBe("/vaults");
      },
    );

    it("has no personas and no first admin's token beside it", async () => {
      expect((await app.ask("POST", "/api/session", { body: { persona: "admin" } })).status).toBe(403);
      expect(app.tokens).toEqual([]);
      expect(((await app.ask("GET", "/api/session")).body as SessionAnswer).ways).toMatchObject({
        provider: new URL(provider.issuer).host,
        isSetupNeeded: false,
      });
    });

    it("takes from who has no role any more what they had here: sessions and the calendar feed", async () => {
      const { session } = await signIn("hanna");
      const made = await app.ask("POST", "/api/feeds", { cookie: session });
      const path = (made.body as FeedAnswer).path ?? "";
      const read = async () => (await app.ask("GET", path, { headers: { "sec-fetch-site": "" } })).status;
      await expect.poll(read, { timeout: 15_000 }).toBe(200);
      await provider.setGroups("hanna", ["elsewhere"]);
      const { location } = await signIn("hanna");
      await provider.setGroups("hanna", ["it-helpdesk"]);
      expect(location).toBe("/sign-in?problem=NoRole");
      expect(await userOf(session)).toBeNull();
      expect(await read()).toBe(404);
      const [ended] = (await readReceipts(app.db, { limit: 50 })).filter(
        ({ operation }) => operation === "endSessions",
      );
      expect(ended).toMatchObject({ actor: "Identity provider", result: "ok" });
    });

    it("ends sessions when a role changes at the provider, and refuses the disabled", async () => {
      const first = (await signIn("hanna")).session;
      await provider.setGroups("hanna", ["audit"]);
      const second = (await signIn("hanna")).session;
      await provider.setGroups("hanna", ["it-helpdesk"]);
      expect(await userOf(first)).toBeNull();
      const user = await userOf(second);
      expect(user?.role).toBe("auditor");
      const { session: ada } = await signIn("ada");
      const change = (path: string) =>
        app.ask("POST", `/api/people/${path}`, {
          cookie: ada,
          body: { id: user?.id, ...(path === "role" ? { role: "admin" } : {}) },
        });
      expect((await change("role")).body).toMatchObject({ code: "ComesFromProvider" });
      expect((await change("disable")).status).toBe(200);
      expect(await userOf(second)).toBeNull();
      expect((await signIn("hanna")).location).toBe("/sign-in?problem=AccountDisabled");
      await change("enable");
    });
  });

  describe("confirming at the provider", () => {
    it("makes the proof fresh in place of the old session, for the same person only", async () => {
      const browser = provider.browser();
      const { session } = await signIn("ada", browser);
      const before = await userOf(session);
      app.clock.offsetMs = 5 * minuteMs + 2000;
      try {
        const fresh = await app.ask("GET", "/api/session/step-up", { cookie: session });
        expect(fresh.body).toMatchObject({ code: "StepUpNeeded" });
        app.clock.offsetMs = 0;
        for (const person of ["hanna", "ada"]) {
          const { redirect, transaction } = await begin({ stepUp: true }, session);
          expect(new URL(redirect).searchParams.get("prompt")).toBe("login");
          const target = await provider.browser().walk(redirect, person);
          const answer = await app.ask("GET", target, { cookie: transaction });
          const renewed = cookiesOf(answer).ovc_session ?? "";
          if (person === "hanna") {
            expect(answer.headers.get("location")).toBe("/sign-in?problem=OtherPerson");
            expect(renewed).toBe("");
            continue;
          }
          expect(answer.headers.get("location")).toBe("/sign-in/done");
          expect(await userOf(session)).toBeNull();
          expect((await userOf(renewed))?.authAt).toBeGreaterThanOrEqual(before?.authAt ?? 0);
          expect((await app.ask("GET", "/api/session/step-up", { cookie: renewed })).status).toBe(200);
        }
      } finally {
        app.clock.offsetMs = 0;
      }
    });
  });

  describe("signing out", () => {
    it("ends the provider's session too, which ends every session of it here at once", async () => {
      const browser = provider.browser();
      const one = (await signIn("ada", browser)).session;
      const two = (await signIn("ada", browser)).session;
      const other = (await signIn("ada")).session;
      const answer = await app.ask("DELETE", "/api/session", { cookie: one });
      const { leaveTo } = answer.body as SignOutAnswer;
      expect(leaveTo).toContain(`${provider.issuer}/session/end?`);
      expect(new URL(leaveTo ?? "").searchParams.get("post_logout_redirect_uri")).toBe(`${origin}/sign-in`);
      expect(await userOf(one)).toBeNull();
      expect(await userOf(two)).not.toBeNull();
      await browser.leave(leaveTo ?? "");
      await expect.poll(() => userOf(two), { timeout: 1000 }).toBeNull();
      expect(await userOf(other)).not.toBeNull();
    });
  });
});
