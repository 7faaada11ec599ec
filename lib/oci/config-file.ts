/**
 * Oracle's configuration file (`~/.oci/config`): profiles with keys, the DEFAULT profile fills what others leave out
 * (contract, section 5). Every complaint names the file, the profile and the key, and says what to do.
 */
import type { KeyObject } from "node:crypto";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { ocidPattern } from "#lib/contract/models.ts";
import { apiKeyCredential } from "./api-key.ts";
import { type Credential, CredentialError, type CredentialKind } from "./credentials.ts";
import { delegatedCredential } from "./delegation.ts";
import { instancePrincipalCredential } from "./federated.ts";
import { keyFingerprint, loadPrivateKey, readSecretFile, readSettingsFile } from "./key-file.ts";
import { sessionTokenCredential } from "./session-token.ts";

/** What is wrong in a configuration file, where, and what to do; `message` says all of it in one line. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly file: string;
  readonly profile: string | undefined;
  readonly key: string | undefined;
  readonly hint: string;

  constructor(details: {
    file: string;
    profile?: string | undefined;
    key?: string | undefined;
    problem: string;
    hint: string;
  }) {
    const place = [
      details.file,
      details.profile === undefined ? "" : `profile [${details.profile}]`,
      details.key === undefined ? "" : details.key,
    ].filter((part) => part !== "");
    super(`${place.join(", ")}: ${details.problem}. ${details.hint}`);
    this.file = details.file;
    this.profile = details.profile;
    this.key = details.key;
    this.hint = details.hint;
  }
}

/** A profile that is ready to sign. */
export interface OciProfile {
  readonly name: string;
  readonly file: string;
  readonly kind: CredentialKind;
  /** OCID. */
  readonly tenancy: string;
  readonly user: string | undefined;
  readonly fingerprint: string | undefined;
  /** As written, a region identifier or key; `endpoints.region()` resolves it. */
  readonly region: string;
  readonly credential: Credential;
}

export interface ConfigOptions {
  /** Profiles to open; without it all of them (DEFAULT only when it names a tenancy or stands alone). */
  readonly profiles?: readonly string[] | undefined;
  /** Region of profiles that name none (`OCI_REGION`). */
  readonly defaultRegion?: string | undefined;
  /** What `~` means; the user's home directory. */
  readonly home?: string | undefined;
}

type Sections = Map<string, Map<string, string>>;

/**
 * Where Oracle's tools keep the configuration file: the place of now, and the one of before when only that is there. Oracle's
 * TypeScript client looks at `OCI_CONFIG_FILE` only when neither is; whoever names a file to this console gets that one.
 */
export function defaultConfigFile(home = homedir()): string {
  const [now = "", before = ""] = [".oci", ".oraclebmc"].map((folder) => join(home, folder, "config"));
  return existsSync(before) && !existsSync(now) ? before : now;
}

/** Reads a configuration file and opens its profiles; keys are loaded and checked here. Throws ConfigError. */
export async function readOciConfig(path: string, options: ConfigOptions = {}): Promise<OciProfile[]> {
  const home = options.home ?? homedir();
  const file = expandHome(path, home);
  const text = await readSettingsFile(file).catch((error: unknown) => {
    throw asConfigError(error, { file });
  });
  const sections = parseSections(text.toString("utf8"), file);
  const profiles: OciProfile[] = [];
  for (const name of chooseProfiles(sections, options.profiles, file)) {
    profiles.push(await openProfile(settingsOf(sections, name, file, home), options.defaultRegion));
  }
  return profiles;
}

/** The sections of the file, values untouched. Lines are reported by number: their text may be a secret. */
export function parseSections(text: string, file: string): Sections {
  const sections: Sections = new Map();
  let current: Map<string, string> | undefined;
  for (const [index, raw] of text
    .replace(/^\ufeff/, "")
    .split("\n")
    .entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const broken = (problem: string, hint: string) =>
      new ConfigError({ file, problem: `line ${index + 1} ${problem}`, hint });
    if (line.startsWith("[") && line.endsWith("]")) {
      const name = line.slice(1, -1).trim();
      if (name === "")
        throw broken("has an empty profile name", "Write the name between the brackets, as in [DEFAULT].");
      current = sections.get(name) ?? new Map();
      sections.set(name, current);
      continue;
    }
    const mark = line.indexOf("=");
    if (mark < 1)
      throw broken("is neither [PROFILE] nor key=value", "Correct the line, or begin it with # to make it a comment.");
    if (current === undefined) throw broken("stands before any profile", "Put [DEFAULT] on a line above it.");
    current.set(line.slice(0, mark).trim(), line.slice(mark + 1).trim());
  }
  return sections;
}

function chooseProfiles(sections: Sections, wanted: readonly string[] | undefined, file: string): string[] {
  if (sections.size === 0) {
    throw new ConfigError({
      file,
      problem: "there is no profile in it",
      hint: "Run `oci setup config`, or write one as Oracle's documentation shows.",
    });
  }
  const names = [...sections.keys()];
  if (wanted === undefined) {
    return names.filter((name) => name !== "DEFAULT" || names.length === 1 || sections.get(name)?.has("tenancy"));
  }
  for (const name of wanted) {
    if (!sections.has(name)) {
      throw new ConfigError({
        file,
        profile: name,
        problem: "there is no such profile",
        hint: `It has: ${names.join(", ")}.`,
      });
    }
  }
  return [...new Set(wanted)];
}

interface Settings {
  readonly file: string;
  readonly profile: string;
  get(key: string): string | undefined;
  need(key: string, hint: string): string;
  path(key: string): string | undefined;
  error(key: string, problem: string, hint: string): ConfigError;
}

function settingsOf(sections: Sections, profile: string, file: string, home: string): Settings {
  const get = (key: string) => {
    const value = sections.get(profile)?.get(key) ?? sections.get("DEFAULT")?.get(key);
    return value === "" ? undefined : value;
  };
  const error = (key: string, problem: string, hint: string) => new ConfigError({ file, profile, key, problem, hint });
  const need = (key: string, hint: string) => {
    const value = get(key);
    if (value === undefined) throw error(key, "is missing", hint);
    return value;
  };
  const path = (key: string) => {
    const value = get(key);
    if (value === undefined) return undefined;
    const expanded = expandHome(value, home);
    // Relative to the file, not to wherever the server happened to be started.
    return isAbsolute(expanded) ? expanded : join(dirname(file), expanded);
  };
  return { file, profile, get, need, path, error };
}

async function openProfile(settings: Settings, defaultRegion: string | undefined): Promise<OciProfile> {
  if (settings.get("key_content") !== undefined) {
    throw settings.error(
      "key_content",
      "is not accepted in files",
      "Write the key to a file of its own with mode 0600 and name it in key_file.",
    );
  }
  const kind = profileKind(settings);
  const tenancy = checkOcid(settings, "tenancy", "ocid1.tenancy.");
  const region = settings.get("region") ?? defaultRegion;
  if (region === undefined)
    throw settings.error("region", "is missing", "Add for example region=us-ashburn-1, or set OCI_REGION.");
  const credential = await openCredential(kind, settings, tenancy, region);
  const { user, fingerprint } = credential.describe;
  return { name: settings.profile, file: settings.file, kind, tenancy, user, fingerprint, region, credential };
}

function profileKind(settings: Settings): CredentialKind {
  const type = settings.get("authentication_type");
  if (type === "instance_principal") return "instance_principal";
  if (type !== undefined && type !== "api_key" && type !== "security_token") {
    throw settings.error(
      "authentication_type",
      "is not known here",
      "Use api_key, security_token or instance_principal, or remove the line.",
    );
  }
  return settings.get("security_token_file") === undefined ? "api_key" : "session_token";
}

async function openCredential(
  kind: CredentialKind,
  settings: Settings,
  tenancy: string,
  region: string,
): Promise<Credential> {
  if (kind === "instance_principal") {
    const signer = await guarded(settings, "authentication_type", () => instancePrincipalCredential());
    const tokenFile = settings.path("delegation_token_file");
    return tokenFile === undefined
      ? signer
      : guarded(settings, "delegation_token_file", () => delegatedCredential(signer, tokenFile));
  }
  const keyHint = "Name the PEM file of the private key.";
  settings.need("key_file", keyHint);
  const keyFile = settings.path("key_file") ?? "";
  const passPhrase = settings.get("pass_phrase");
  // With a pass phrase in it the file is a secret itself.
  if (passPhrase !== undefined) await guarded(settings, "pass_phrase", () => readSecretFile(settings.file));
  const tokenFile = settings.path("security_token_file");
  const key = await guarded(settings, "key_file", () => loadKeyFile(keyFile, passPhrase));
  if (tokenFile !== undefined) {
    const session = { tenancy, region, tokenFile, keyFile, passPhrase, profile: settings.profile };
    return guarded(settings, "security_token_file", () => sessionTokenCredential(session));
  }
  const user = checkOcid(settings, "user", "ocid1.");
  return apiKeyCredential({ tenancy, user, fingerprint: checkFingerprint(settings, key, keyFile), key, region });
}

async function loadKeyFile(path: string, passPhrase: string | undefined): Promise<KeyObject> {
  const pem = await readSecretFile(path);
  try {
    return loadPrivateKey(pem, path, passPhrase);
  } finally {
    pem.fill(0);
  }
}

/** The service only says 401 to a wrong pair of key and fingerprint, so it is found here. */
function checkFingerprint(settings: Settings, key: KeyObject, keyFile: string): string {
  const fingerprint = settings
    .need("fingerprint", "Copy it from the API key's page in Oracle's console.")
    .toLowerCase();
  if (!/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/.test(fingerprint)) {
    throw settings.error(
      "fingerprint",
      "is not 16 pairs of hex digits with colons between",
      "Copy it from the API key's page in Oracle's console.",
    );
  }
  const actual = keyFingerprint(key);
  if (actual !== fingerprint) {
    throw settings.error(
      "fingerprint",
      `is ${fingerprint}, but the key in ${keyFile} has ${actual}`,
      "Name the key that belongs to the fingerprint, or correct the fingerprint.",
    );
  }
  return fingerprint;
}

function checkOcid(settings: Settings, key: string, prefix: string): string {
  const value = settings.need(key, `Add the ${key} OCID from Oracle's console.`);
  if (value.length > 255 || !value.startsWith(prefix) || !ocidPattern.test(value)) {
    throw settings.error(
      key,
      `is not the OCID of a ${key}`,
      `It begins with ${prefix === "ocid1." ? "ocid1.user." : prefix}`,
    );
  }
  return value;
}

async function guarded<Value>(settings: Settings, key: string, open: () => Promise<Value>): Promise<Value> {
  try {
    return await open();
  } catch (error) {
    throw asConfigError(error, { file: settings.file, profile: settings.profile, key });
  }
}

function asConfigError(error: unknown, place: { file: string; profile?: string; key?: string }): unknown {
  if (!(error instanceof CredentialError)) return error;
  // "FILE: FILE does not exist" says it twice.
  const problem = place.key === undefined ? error.message.replace(`${place.file} `, "") : error.message;
  return new ConfigError({ ...place, problem, hint: error.hint });
}

function expandHome(path: string, home: string): string {
  return path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;
}
