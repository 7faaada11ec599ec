/** Settings of an identity provider (OpenID Connect). */
import { readFileSync, statSync } from "node:fs";
import * as z from "zod";
import { type ConsoleRole, consoleRoles } from "#lib/contract/api.ts";
import { SettingError } from "./setting-error.ts";

export interface OidcSettings {
  /** Exactly as the provider names itself. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Group (exact text) to role; who is in none of them may not sign in. */
  readonly roles: Readonly<Record<string, ConsoleRole>>;
  readonly groupsClaim: string;
  readonly scope: string;
}

type Get = (name: string) => string | null;
const names = [
  "OIDC_CLIENT_ID",
  "OIDC_CLIENT_SECRET",
  "OIDC_CLIENT_SECRET_FILE",
  "OIDC_ROLES",
  "OIDC_GROUPS_CLAIM",
  "OIDC_SCOPE",
];
const rolesExample = `{"vault-admins": "admin", "it-helpdesk": "helpdesk"}`;

/** All of it or nothing. Throws a SettingError for the first setting that cannot be used. */
export function readOidc(get: Get, isHttps: boolean): OidcSettings | null {
  const issuer = get("OIDC_ISSUER");
  if (issuer === null) {
    const alone = names.find((name) => get(name) !== null);
    if (alone === undefined) return null;
    throw new SettingError(
      "OIDC_ISSUER",
      `is not set, but ${alone} is.`,
      "Set it to your provider's issuer, or remove the other OIDC settings.",
    );
  }
  const isLocal = checkIssuer(issuer);
  if (!isLocal && !isHttps) {
    throw new SettingError(
      "APP_ORIGIN",
      "is not https, and OIDC_ISSUER is.",
      "A provider sends people back to a public address: set APP_ORIGIN to the https:// address people type.",
    );
  }
  return {
    issuer,
    clientId: need(get, "OIDC_CLIENT_ID", "Set it to the id your provider gave this console."),
    clientSecret: readSecret(get),
    roles: readRoles(get("OIDC_ROLES")),
    groupsClaim: get("OIDC_GROUPS_CLAIM") ?? "groups",
    scope: readScope(get("OIDC_SCOPE") ?? "openid profile"),
  };
}

function need(get: Get, name: string, hint: string): string {
  const value = get(name);
  if (value === null) throw new SettingError(name, "is not set, but OIDC_ISSUER is.", hint);
  return value;
}

/** True for a provider on this machine, which may do without TLS. */
function checkIssuer(issuer: string): boolean {
  const url = URL.parse(issuer);
  const isPlain = url !== null && url.username === "" && url.search === "" && url.hash === "";
  const isLocal = isPlain && url.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (!isPlain || !(url.protocol === "https:" || isLocal)) {
    throw new SettingError(
      "OIDC_ISSUER",
      "is not the https:// address of a provider.",
      "Write the issuer exactly as in the provider's .well-known/openid-configuration.",
    );
  }
  return isLocal;
}

function readSecret(get: Get): string {
  const plain = get("OIDC_CLIENT_SECRET");
  const file = get("OIDC_CLIENT_SECRET_FILE");
  if ((plain === null) === (file === null)) {
    throw new SettingError(
      "OIDC_CLIENT_SECRET",
      plain === null ? "is not set, but OIDC_ISSUER is." : "and OIDC_CLIENT_SECRET_FILE are both set.",
      "Set one of OIDC_CLIENT_SECRET and OIDC_CLIENT_SECRET_FILE.",
    );
  }
  const secret = plain ?? readSecretFile(file ?? "");
  if (secret.length < 16) {
    throw new SettingError(
      plain === null ? "OIDC_CLIENT_SECRET_FILE" : "OIDC_CLIENT_SECRET",
      "has a secret that is too short.",
      "Use the client secret of your provider, at least 16 characters.",
    );
  }
  return secret;
}

function readSecretFile(file: string): string {
  const name = "OIDC_CLIENT_SECRET_FILE";
  try {
    if ((statSync(file).mode & 0o077) !== 0)
      throw new SettingError(name, `names ${file}, which others can read.`, `Close it: chmod 600 ${file}`);
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if (error instanceof SettingError) throw error;
    throw new SettingError(name, `names ${file}, which cannot be read.`, "Check the path and who may read it.");
  }
}

function readRoles(text: string | null): Record<string, ConsoleRole> {
  const schema = z.record(z.string().min(1), z.enum(consoleRoles)).refine((roles) => Object.keys(roles).length > 0);
  try {
    return schema.parse(JSON.parse(text ?? ""));
  } catch {
    throw new SettingError(
      "OIDC_ROLES",
      text === null ? "is not set, but OIDC_ISSUER is." : "cannot be read.",
      `Write JSON from group to role (${consoleRoles.join(", ")}), e.g. ${rolesExample}`,
    );
  }
}

function readScope(text: string): string {
  if (text.split(" ").includes("openid") && !/[^\x21-\x7e ]/.test(text)) return text;
  throw new SettingError("OIDC_SCOPE", `is "${text}".`, 'It must contain openid, e.g. "openid profile groups".');
}
