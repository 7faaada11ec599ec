// P9: no default account; the first admin's token is long, short-lived, used once and closed to others.
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "#lib/bff/config.ts";
import { addressHeader } from "#lib/bff/device.ts";
import { hasPersonas } from "#lib/bff/identities.ts";
import { keepSetupToken } from "#lib/bff/setup-token.ts";
import type { SessionAnswer } from "#lib/contract/api.ts";
import { startTestConsole, type TestConsole } from "#tests/console/start-console.ts";

const password = "tiger lamp orbit canyon";
const pairs = [
  "admin",
  "administrator",
  "root",
  "user",
  "test",
  "guest",
  "oracle",
  "console",
  "vault",
  "operator",
].flatMap(
  (name) =>
    [
      [name, name],
      [name, "password"],
    ] as const,
);
let app: TestConsole;
beforeAll(async () => {
  app = await startTestConsole({}, { OCI_PROFILES: "DEFAULT" });
});
afterAll(() => app.stop());

let places = 0;
const ask = (path: string, body: object) => {
  places += 1;
  return app.ask("POST", path, { body, headers: { [addressHeader]: `198.51.100.${places % 250}` } });
};

describe(`P9: no default account; a bootstrap token that works once (${pairs.length + 50 + 12} cases)`, () => {
  it.each(pairs)("nobody is %s with %s", async (name, word) => {
    const answer = await ask("/api/session", { name, password: word });
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([403, null]);
  });

  it("has a token of 256 bits, in a file of mode 0600 even where a careless one was", () => {
    const token = app.tokens.at(-1) ?? "";
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    const file = join(app.dataDir, "sign-in-token");
    writeFileSync(file, "older");
    chmodSync(file, 0o644);
    expect(keepSetupToken(app.config, token)).toBe(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).toBe(`${token}\n`);
  });

  it("lets it run out after 15 minutes, and prints another for whoever comes then", async () => {
    const [first = ""] = app.tokens;
    app.clock.offsetMs = 15 * 60_000;
    expect((await ask("/api/session/setup", { token: first, name: "Ada Admin", password })).status).toBe(403);
    await app.ask("GET", "/api/session");
    await app.ask("GET", "/api/session");
    expect(app.tokens).toHaveLength(2);
    app.clock.offsetMs = 0;
  });

  it("takes it from one of fifty at a time", async () => {
    const token = app.tokens.at(-1);
    // Hashing has a queue; who is not let in is told to come back and tries again.
    const claim = async (index: number) => {
      for (;;) {
        const answer = await ask("/api/session/setup", { token, name: `Ada ${index} Admin`, password });
        if ((answer.body as { code?: string }).code !== "TooBusy") return answer;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => claim(index)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(await app.db.selectFrom("accounts").selectAll().execute()).toHaveLength(1);
    expect(((await app.ask("GET", "/api/session")).body as SessionAnswer).ways.isSetupNeeded).toBe(false);
  });
});

describe("P9: rehearsal personas exist with the emulator on one's own machine and nowhere else (13 cases)", () => {
  const oidc = {
    OIDC_ISSUER: "https://login.example.com",
    OIDC_CLIENT_ID: "x",
    OIDC_CLIENT_SECRET: "a-secret-long-enough",
    OIDC_ROLES: '{"a": "admin"}',
  };
  const https = { APP_ORIGIN: "https://vaults.example.com" };
  it.each([
    [true, {}],
    [true, { HOST: "::1" }],
    [true, { HOST: "localhost", APP_ORIGIN: "http://127.0.0.1:3000" }],
    [false, { OCI_PROFILES: "DEFAULT" }],
    [false, { OCI_CONFIG_FILE: "/nowhere" }],
    [false, { OCI_AUTH: "instance_principal" }],
    [false, { HOST: "0.0.0.0", ...https }],
    [false, { HOST: "0.0.0.0", APP_ORIGIN: "https://localhost:8443" }],
    [false, { HOST: "127.0.0.1", APP_ORIGIN: "http://localhost:3000,https://vaults.example.com" }],
    [false, { HOST: "127.0.0.1", ...https }],
    [false, { HOST: "127.0.0.1", ...https, ...oidc }],
  ] as const)("%s with %j", async (isThere, env) => {
    expect(hasPersonas(loadConfig(env))).toBe(isThere);
  });

  it("is refused at the door too", async () => {
    const settings: Record<string, string>[] = [{ OCI_PROFILES: "DEFAULT" }, { HOST: "0.0.0.0", ...https }];
    for (const env of settings) {
      const other = await startTestConsole({}, env);
      const origin = other.config.origins[0] ?? "";
      const answer = await other.ask("POST", "/api/session", { body: { persona: "admin" }, headers: { origin } });
      expect(answer.body).toMatchObject({ code: "PersonasAreForRehearsal" });
      expect(answer.headers.get("set-cookie")).toBeNull();
      expect(((await other.ask("GET", "/api/session")).body as SessionAnswer).personas).toEqual([]);
      await other.stop();
    }
  });
});
