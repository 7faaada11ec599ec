import { homedir } from "node:os";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "#lib/bff/config.ts";
import { SettingError } from "#lib/bff/setting-error.ts";

const secret = "kJ8sPq2LmZx7Vb4Nc9Rt1Wy6Hd3Fg5Aa";

describe("settings", () => {
  it("needs nothing: loopback, the rehearsal, and both names of this machine", () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ host: "127.0.0.1", port: 3000, live: null, isHttps: false, sessionSecrets: null });
    expect(config.origins).toEqual(["http://localhost:3000", "http://127.0.0.1:3000"]);
    expect(config.dataDir).toBe(resolve(".data"));
  });

  it("talks to Oracle as soon as a file, a profile or a way to sign is named", () => {
    expect(loadConfig({ OCI_CONFIG_FILE: "~/.oci/config" }).live).toMatchObject({
      auth: "config_file",
      configFile: `${homedir()}/.oci/config`,
    });
    expect(loadConfig({ OCI_PROFILES: "DEFAULT, EU" }).live?.profiles).toEqual(["DEFAULT", "EU"]);
    expect(loadConfig({ OCI_AUTH: "resource_principal" }).live).toMatchObject({
      auth: "resource_principal",
      configFile: null,
    });
  });

  it("rotates session secrets by number", () => {
    expect(loadConfig({ SESSION_SECRETS: `2:${secret},1:${secret}x` }).sessionSecrets).toEqual({
      2: secret,
      1: `${secret}x`,
    });
  });

  const provider = {
    APP_ORIGIN: "https://vaults.example.com",
    OIDC_ISSUER: "https://login.example.com/realms/it",
    OIDC_CLIENT_ID: "vault-console",
    OIDC_CLIENT_SECRET: "canary-secret-of-the-client",
    OIDC_ROLES: '{"vault-admins": "admin"}',
  };

  it("takes an identity provider, whole", () => {
    expect(loadConfig({}).oidc).toBeNull();
    expect(loadConfig(provider).oidc).toEqual({
      issuer: "https://login.example.com/realms/it",
      clientId: "vault-console",
      clientSecret: "canary-secret-of-the-client",
      roles: { "vault-admins": "admin" },
      groupsClaim: "groups",
      scope: "openid profile",
    });
    const here = { ...provider, APP_ORIGIN: "", OIDC_ISSUER: "http://127.0.0.1:8080" };
    expect(loadConfig(here).oidc?.issuer).toBe("http://127.0.0.1:8080");
    expect(loadConfig({ TRUSTED_PROXIES: "10.0.0.1, ::1" }).trustedProxies).toEqual(["10.0.0.1", "::1"]);
  });

  const bad: [setting: string, env: Record<string, string>][] = [
    ["PORT", { PORT: "http" }],
    ["PORT", { PORT: "0" }],
    ["PORT", { PORT: "70000" }],
    ["APP_ORIGIN", { HOST: "0.0.0.0" }],
    ["APP_ORIGIN", { APP_ORIGIN: "https://vaults.example.com/console" }],
    ["APP_ORIGIN", { APP_ORIGIN: "vaults.example.com" }],
    ["APP_ORIGIN", { APP_ORIGIN: "http://vaults.example.com" }],
    ["HOST", { HOST: "0.0.0.0", APP_ORIGIN: "http://localhost:3000" }],
    ["NODE_TLS_REJECT_UNAUTHORIZED", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }],
    ["SESSION_SECRETS", { SESSION_SECRETS: "short" }],
    ["SESSION_SECRETS", { SESSION_SECRETS: "a".repeat(64) }],
    ["SESSION_SECRETS", { SESSION_SECRETS: `1:${secret},1:${secret}x` }],
    ["DATABASE_URL", { DATABASE_URL: "console.sqlite" }],
    ["DATABASE_URL", { DATABASE_URL: "mysql://ada:hunter2secret@127.0.0.1/console" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://ada:hunter2secret@127.0.0.1" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://ada:hunter2secret@db.example.com/console" }],
    ["DATABASE_URL", { DATABASE_URL: "postgres://ada:hunter2secret@db.example.com/console?sslmode=prefer" }],
    ["RECEIPTS_KEY", { RECEIPTS_KEY: "hunter2" }],
    ["RECEIPTS_KEY", { RECEIPTS_KEY: secret, SESSION_SECRETS: `2:${secret}` }],
    ["OCI_AUTH", { OCI_AUTH: "password" }],
    ["KMS_ENDPOINT", { KMS_ENDPOINT: "https://user:pw@kms.example.com" }],
    ["KMS_ENDPOINT", { KMS_ENDPOINT: "https://kms.{region}.example.com/20180608" }],
    ["IDENTITY_ENDPOINT", { IDENTITY_ENDPOINT: "ftp://identity.example.com" }],
    ["VAULT_LIMITS", { VAULT_LIMITS: '{"keys": 3}' }],
    ["VAULT_LIMITS", { VAULT_LIMITS: "100" }],
    ["CALLS_PER_SECOND", { CALLS_PER_SECOND: "11" }],
    ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
    ["RECOVER_ADMIN", { RECOVER_ADMIN: "yes" }],
    ["TRUSTED_PROXIES", { TRUSTED_PROXIES: "proxy.example.com" }],
    ["OIDC_ISSUER", { OIDC_CLIENT_ID: "x" }],
    ["OIDC_ISSUER", { ...provider, OIDC_ISSUER: "login.example.com" }],
    ["OIDC_ISSUER", { ...provider, OIDC_ISSUER: "http://login.example.com" }],
    ["OIDC_ISSUER", { ...provider, OIDC_ISSUER: "https://login.example.com/?realm=it" }],
    ["OIDC_ISSUER", { ...provider, OIDC_ISSUER: "https://user:pw@login.example.com" }],
    ["APP_ORIGIN", { ...provider, APP_ORIGIN: "" }],
    ["OIDC_CLIENT_ID", { ...provider, OIDC_CLIENT_ID: "" }],
    ["OIDC_CLIENT_SECRET", { ...provider, OIDC_CLIENT_SECRET: "" }],
    ["OIDC_CLIENT_SECRET", { ...provider, OIDC_CLIENT_SECRET: "short" }],
    ["OIDC_CLIENT_SECRET", { ...provider, OIDC_CLIENT_SECRET_FILE: "/nowhere" }],
    ["OIDC_CLIENT_SECRET_FILE", { ...provider, OIDC_CLIENT_SECRET: "", OIDC_CLIENT_SECRET_FILE: "/nowhere" }],
    ["OIDC_CLIENT_SECRET_FILE", { ...provider, OIDC_CLIENT_SECRET: "", OIDC_CLIENT_SECRET_FILE: import.meta.filename }],
    ["OIDC_ROLES", { ...provider, OIDC_ROLES: "" }],
    ["OIDC_ROLES", { ...provider, OIDC_ROLES: "{}" }],
    ["OIDC_ROLES", { ...provider, OIDC_ROLES: '{"vault-admins": "root"}' }],
    ["OIDC_ROLES", { ...provider, OIDC_ROLES: "vault-admins=admin" }],
    ["OIDC_SCOPE", { ...provider, OIDC_SCOPE: "profile" }],
  ];
  it.each(bad)("refuses a bad %s, names it and says what to do", (setting, env) => {
    const error = (() => {
      try {
        return loadConfig(env);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(SettingError);
    expect((error as SettingError).setting).toBe(setting);
    expect((error as SettingError).message).toContain(setting);
    expect((error as SettingError).hint.length).toBeGreaterThan(10);
    expect(`${(error as SettingError).message} ${(error as SettingError).hint}`).not.toMatch(/canary|user:pw/);
    expect(String(error)).not.toContain("hunter2");
  });

  it("never repeats a secret in a complaint", () => {
    expect(() => loadConfig({ SESSION_SECRETS: "hunter2-hunter2" })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("hunter2") }),
    );
  });
});
