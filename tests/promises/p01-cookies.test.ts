// P1: every cookie the server sets is locked down.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IdentityProvider, startIdentityProvider } from "#tests/console/identity-provider.ts";
import { origin as plainOrigin, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const secureOrigin = "https://vaults.example.com";
const password = "tiger lamp orbit canyon";
const rounds = isFull ? 170 : 20;
let secure: TestConsole;
let plain: TestConsole;
let provider: IdentityProvider;
const seen: string[] = [];

beforeAll(async () => {
  provider = await startIdentityProvider({}, secureOrigin, "http://127.0.0.1:9/none");
  secure = await startTestConsole(
    {},
    { OCI_PROFILES: "DEFAULT", APP_ORIGIN: secureOrigin, ...provider.env, RECOVER_ADMIN: "1" },
  );
  plain = await startTestConsole();
});
afterAll(async () => {
  await secure.stop();
  await plain.stop();
  await provider.close();
});

async function ask(app: TestConsole, method: string, path: string, body?: unknown, cookie?: string) {
  const origin = app === secure ? secureOrigin : plainOrigin;
  const sent = {
    headers: { origin },
    ...(body === undefined ? {} : { body }),
    ...(cookie === undefined ? {} : { cookie }),
  };
  const answer = await app.ask(method, path, sent);
  expect(answer.status).toBe(200);
  seen.push(...answer.headers.getSetCookie());
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

function attributesOf(line: string): Map<string, string> {
  const parts = line.split(";").slice(1);
  return new Map(parts.map((part) => [part.trim().split("=")[0]?.toLowerCase() ?? "", part.split("=")[1] ?? ""]));
}

describe(`P1: cookies carry __Host-, Secure, HttpOnly, SameSite, Path=/ and no Domain (${rounds * 3 + 1} cases)`, () => {
  it("behind https, for sessions, sign-outs and transactions", async () => {
    const token = secure.tokens[0];
    await ask(secure, "POST", "/api/session/setup", { token, name: "Ada Admin", password });
    for (let round = 0; round < rounds; round += 1) {
      const cookie = await ask(secure, "POST", "/api/session/provider", {});
      expect(cookie).toMatch(/^__Host-ovc_transaction=/);
    }
    for (let round = 0; round < Math.min(rounds, 15); round += 1) {
      const cookie = await ask(secure, "POST", "/api/session", { name: "Ada Admin", password });
      expect(cookie).toMatch(/^__Host-ovc_session=/);
      expect(seen.at(-1)).toMatch(/^__Host-ovc_device=[\w-]{43};/);
      await ask(secure, "DELETE", "/api/session", undefined, cookie);
    }
    for (const line of seen) {
      const attributes = attributesOf(line);
      const isTransaction = line.includes("_transaction=");
      expect(line).toMatch(/^__Host-/);
      expect(line.length).toBeLessThanOrEqual(1024);
      expect([...attributes.keys()].sort()).toEqual(["httponly", "max-age", "path", "samesite", "secure"]);
      expect(attributes.get("path")).toBe("/");
      expect(attributes.get("samesite")).toBe(isTransaction ? "Lax" : "Strict");
      if (isTransaction) expect(Number(attributes.get("max-age"))).toBeLessThanOrEqual(600);
    }
  }, 120_000);

  it("on plain loopback, the same but for what needs https", async () => {
    seen.length = 0;
    for (let round = 0; round < rounds; round += 1) {
      const cookie = await ask(plain, "POST", "/api/session", { persona: "admin" });
      await ask(plain, "DELETE", "/api/session", undefined, cookie);
    }
    for (const line of seen) {
      expect(line.length).toBeLessThanOrEqual(1024);
      expect([...attributesOf(line).keys()].sort()).toEqual(["httponly", "max-age", "path", "samesite"]);
      expect(attributesOf(line).get("samesite")).toBe("Strict");
    }
  }, 120_000);
});
