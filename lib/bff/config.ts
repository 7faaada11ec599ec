/** The only reader of the environment. A wrong setting stops the start, in words that name it. */
import { isIP } from "node:net";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod";
import type { VaultLimits } from "#lib/contract/api.ts";
import { defaultConfigFile } from "#lib/oci/config-file.ts";
import { type EndpointSettings, readEndpoints } from "./config-endpoints.ts";
import { type OidcSettings, readOidc } from "./config-oidc.ts";
import { defaultPolicy, type Policy, readPolicyFile } from "./policy-file.ts";
import { SettingError } from "./setting-error.ts";

export type OciAuth = "config_file" | "instance_principal" | "resource_principal" | "oke_workload_identity";

/** How to reach a real tenancy; null means rehearsal with the built-in emulator. */
export interface LiveSettings {
  readonly auth: OciAuth;
  /** Absolute path of the OCI configuration file; null for principals. */
  readonly configFile: string | null;
  /** Profiles to use, each a tenancy; empty: DEFAULT. */
  readonly profiles: readonly string[];
  /** Profiles that sign the reads of their tenancies instead; empty: the profiles of the writes do. */
  readonly readProfiles: readonly string[];
  /** Region of profiles that name none. */
  readonly region: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** `postgres://…` with its password; null keeps the store in the data directory. */
  readonly databaseUrl: string | null;
  /** Chains the receipts; null: generated and kept in the data directory. */
  readonly receiptsKey: string | null;
  /** File the signed checkpoints of the receipts are appended to; absolute. */
  readonly receiptsCheckpoints: string;
  /** Origins a browser may use for this console, first one canonical. */
  readonly origins: readonly string[];
  readonly isHttps: boolean;
  /** iron-session passwords by id; the highest seals, all open. Null: generated and kept in the data directory. */
  readonly sessionSecrets: Readonly<Record<string, string>> | null;
  readonly live: LiveSettings | null;
  readonly oidc: OidcSettings | null;
  /** Print a one-time token for a new admin although there are admins. */
  readonly isAdminRecovery: boolean;
  /** Addresses of TLS proxies whose last X-Forwarded-For entry is believed; loopback always is when the origin is https. */
  readonly trustedProxies: readonly string[];
  /** Addresses of a real tenancy's services. Only from configuration, never from a request. */
  readonly endpoints: EndpointSettings;
  /** Whether a second person has to agree to what cannot be undone; `auto`: live consoles with two security admins or more. */
  readonly fourEyes: "auto" | "on" | "off";
  readonly limits: VaultLimits;
  /** Guard rails, scopes and masking, from POLICY_FILE. */
  readonly policy: Policy;
  /** Reads, and as many writes, a second this instance spends on each tenancy; the service allows 10. */
  readonly callsPerSecond: number;
  /** Largest backup file a browser may send. */
  readonly uploadBytesMax: number;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  readonly isDevelopment: boolean;
  /** Arguments for the built-in emulator, e.g. `--seed scale:5000`. */
  readonly emulatorArguments: readonly string[];
}

const limitsSchema = z.strictObject({
  keyCount: z.int().positive().optional(),
  keyVersionCount: z.int().positive().optional(),
  softwareKeyCount: z.int().positive().optional(),
  softwareKeyVersionCount: z.int().positive().optional(),
});

/** Reads and checks every setting. Throws SettingError for the first one that cannot be used. */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const get = (name: string): string | null => {
    const value = env[name]?.trim();
    return value === undefined || value === "" ? null : value;
  };
  const host = get("HOST") ?? "127.0.0.1";
  const port = readInteger("PORT", get("PORT") ?? "3000", 1, 65_535);
  const origins = readOrigins(get("APP_ORIGIN"), host, port);
  const isHttps = origins[0]?.startsWith("https://") ?? false;
  refuseOpenDoor(host, isHttps);
  if (get("NODE_TLS_REJECT_UNAUTHORIZED") === "0") {
    throw new SettingError(
      "NODE_TLS_REJECT_UNAUTHORIZED",
      "is 0, which switches off the check of Oracle's certificates.",
      "Remove it. For a private authority set NODE_EXTRA_CA_CERTS to its file.",
    );
  }
  const live = readLive(get, env);
  if (live !== null && get("EMULATOR_ARGS") !== null) {
    throw new SettingError(
      "EMULATOR_ARGS",
      "is set beside a real tenancy, where no emulator runs.",
      "Remove it, or remove OCI_CONFIG_FILE, OCI_PROFILES and OCI_AUTH to rehearse.",
    );
  }
  return {
    host,
    port,
    dataDir: resolve(get("DATA_DIR") ?? ".data"),
    databaseUrl: readDatabaseUrl(get("DATABASE_URL")),
    receiptsKey: readReceiptsKey(get("RECEIPTS_KEY"), get("SESSION_SECRETS")),
    receiptsCheckpoints: resolve(get("RECEIPTS_CHECKPOINTS") ?? join(get("DATA_DIR") ?? ".data", "checkpoints.jsonl")),
    origins,
    isHttps,
    sessionSecrets: readSecrets(get("SESSION_SECRETS")),
    live,
    oidc: readOidc(get, isHttps),
    isAdminRecovery: readOneOf("RECOVER_ADMIN", get("RECOVER_ADMIN") ?? "0", ["0", "1"]) === "1",
    trustedProxies: readAddresses("TRUSTED_PROXIES", get("TRUSTED_PROXIES")),
    endpoints: readEndpoints(get, live === null ? null : homedir()),
    fourEyes: readOneOf("FOUR_EYES", get("FOUR_EYES") ?? "auto", ["auto", "on", "off"]),
    limits: readLimits(get("VAULT_LIMITS"), live === null ? rehearsalLimits : {}),
    policy: readPolicy(get("POLICY_FILE")),
    callsPerSecond: readInteger("CALLS_PER_SECOND", get("CALLS_PER_SECOND") ?? "10", 1, 10),
    uploadBytesMax: readInteger("UPLOAD_BYTES_MAX", get("UPLOAD_BYTES_MAX") ?? "104857600", 1, 10 * 1024 ** 3),
    logLevel: readOneOf("LOG_LEVEL", get("LOG_LEVEL") ?? (live === null ? "warn" : "info"), [
      "debug",
      "info",
      "warn",
      "error",
      "silent",
    ]),
    isDevelopment: get("NODE_ENV") !== "production",
    emulatorArguments: get("EMULATOR_ARGS")?.split(/\s+/) ?? [],
  };
}

function readInteger(name: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
    throw new SettingError(name, `is "${text}".`, `Set it to a whole number from ${minimum} to ${maximum}.`);
  }
  return value;
}

function readOneOf<const Values extends readonly string[]>(name: string, text: string, values: Values): Values[number] {
  if (!values.includes(text)) throw new SettingError(name, `is "${text}".`, `Use one of: ${values.join(", ")}.`);
  return text as Values[number];
}

const loopbackHosts = new Set(["127.0.0.1", "localhost", "::1", "[::1]"]);

/** On loopback both names of it work; everywhere else the origin must be said. */
function readOrigins(text: string | null, host: string, port: number): string[] {
  if (text === null) {
    if (!loopbackHosts.has(host)) {
      throw new SettingError(
        "APP_ORIGIN",
        `is not set, and HOST is ${host}.`,
        "Set APP_ORIGIN to the https:// address people type, e.g. https://vaults.example.com.",
      );
    }
    return [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  }
  return text.split(",").map((part) => {
    const origin = part.trim();
    const url = URL.parse(origin);
    if (url === null || url.origin !== origin || !/^https?:$/.test(url.protocol)) {
      throw new SettingError(
        "APP_ORIGIN",
        `has "${origin}", which is not an origin.`,
        "Write scheme, host and port only, e.g. https://vaults.example.com.",
      );
    }
    if (url.protocol === "http:" && !loopbackHosts.has(url.hostname)) {
      throw new SettingError(
        "APP_ORIGIN",
        `has "${origin}", which is not https.`,
        "Serve the console over TLS (a reverse proxy in front of it) and use its https:// address.",
      );
    }
    return origin;
  });
}

/** The address holds a password: no message repeats any part of it but the host. */
function readDatabaseUrl(text: string | null): string | null {
  if (text === null) return null;
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === "" || url.pathname.length < 2) {
    throw new SettingError(
      "DATABASE_URL",
      "is not the address of a PostgreSQL database.",
      "Write postgres://user:password@host:5432/database (characters like @ or / in the password percent-encoded), or leave it out.",
    );
  }
  const mode = url.searchParams.get("sslmode");
  if (mode !== null && mode !== "verify-full" && mode !== "disable") {
    throw new SettingError(
      "DATABASE_URL",
      `has sslmode=${mode.slice(0, 20)}.`,
      "Use sslmode=verify-full, with sslrootcert=FILE for a private authority, or sslmode=disable.",
    );
  }
  if (mode === null && !loopbackHosts.has(url.hostname)) {
    throw new SettingError(
      "DATABASE_URL",
      `names another machine (${url.hostname}) and does not say whether the connection is encrypted.`,
      "Add ?sslmode=verify-full, or ?sslmode=disable when nobody else is on the network between them.",
    );
  }
  return text;
}

function readReceiptsKey(text: string | null, sessionSecrets: string | null): string | null {
  if (text === null) return null;
  if (isWeak(text)) {
    throw new SettingError(
      "RECEIPTS_KEY",
      "is too weak.",
      "Use at least 32 random characters, e.g. from: openssl rand -base64 32",
    );
  }
  if (sessionSecrets?.includes(text)) {
    throw new SettingError("RECEIPTS_KEY", "is also a session secret.", "Give the receipts a key of their own.");
  }
  return text;
}

function isWeak(secret: string): boolean {
  return secret.length < 32 || new Set(secret).size < 10;
}

function readAddresses(name: string, text: string | null): string[] {
  const addresses = text?.split(",").map((part) => part.trim()) ?? [];
  for (const address of addresses) {
    if (isIP(address) === 0) {
      throw new SettingError(name, `has "${address}".`, "Write the IP addresses of your proxies, separated by commas.");
    }
  }
  return addresses;
}

function refuseOpenDoor(host: string, isHttps: boolean): void {
  if (loopbackHosts.has(host) || isHttps) return;
  throw new SettingError(
    "HOST",
    `is ${host}: the console would be reachable from other machines without TLS.`,
    "Put a TLS proxy in front and set APP_ORIGIN to its https:// address, or leave HOST at 127.0.0.1.",
  );
}

/**
 * `id:secret` pairs, comma separated; the highest id seals, all of them open, so a key is rotated without signing
 * anybody out: `1:old` → `2:new,1:old` → `2:new`. A plain secret has id 1.
 */
function readSecrets(text: string | null): Record<string, string> | null {
  if (text === null) return null;
  const secrets: Record<string, string> = {};
  for (const part of text.split(",")) {
    const [, id = "1", secret = ""] = /^(?:(\d{1,6}):)?(.*)$/.exec(part.trim()) ?? [];
    if (isWeak(secret)) {
      throw new SettingError(
        "SESSION_SECRETS",
        "has a secret that is too weak.",
        "Use at least 32 random characters, e.g. from: openssl rand -base64 32",
      );
    }
    if (id in secrets)
      throw new SettingError(
        "SESSION_SECRETS",
        `has the id ${id} twice.`,
        "Give each secret its own number: 2:new,1:old",
      );
    secrets[id] = secret;
  }
  return secrets;
}

function readLive(
  get: (name: string) => string | null,
  env: Readonly<Record<string, string | undefined>>,
): LiveSettings | null {
  const file = get("OCI_CONFIG_FILE");
  const profiles = get("OCI_PROFILES");
  const authText = get("OCI_AUTH");
  if (file === null && profiles === null && authText === null) return null;
  const auth = readOneOf("OCI_AUTH", authText ?? "config_file", [
    "config_file",
    "instance_principal",
    "resource_principal",
    "oke_workload_identity",
  ]);
  const path = file?.replace(/^~(?=\/|$)/, homedir()) ?? defaultConfigFile();
  return {
    auth,
    configFile: auth === "config_file" ? resolve(path) : null,
    profiles: profiles?.split(",").map((name) => name.trim()) ?? [],
    readProfiles: readReadProfiles(get("OCI_READ_PROFILES"), auth),
    region: get("OCI_REGION"),
    environment: env,
  };
}

function readReadProfiles(text: string | null, auth: OciAuth): string[] {
  if (text === null) return [];
  if (auth !== "config_file") {
    throw new SettingError(
      "OCI_READ_PROFILES",
      `is set, and OCI_AUTH is ${auth}, which has one principal for everything.`,
      "Remove it, or use a configuration file with a profile for reading.",
    );
  }
  return text.split(",").map((name) => name.trim());
}

/** The rehearsal's company has limits, so that its gauges show something. */
const rehearsalLimits: VaultLimits = {
  keyCount: 50,
  keyVersionCount: 100,
  softwareKeyCount: 50,
  softwareKeyVersionCount: 100,
};

function readPolicy(text: string | null): Policy {
  if (text === null) return defaultPolicy;
  const path = resolve(text);
  try {
    return readPolicyFile(path);
  } catch (error) {
    throw new SettingError(
      "POLICY_FILE",
      `${path} cannot be used:\n  ${(error as Error).message.replaceAll("\n", "\n  ")}`,
      "Check it with: npm run check-policy -- FILE (docs/policy-file.md says what it may hold).",
    );
  }
}

function readLimits(text: string | null, otherwise: VaultLimits): VaultLimits {
  if (text === null) return otherwise;
  try {
    return limitsSchema.parse(JSON.parse(text));
  } catch {
    throw new SettingError(
      "VAULT_LIMITS",
      "cannot be read.",
      'Write JSON with whole numbers, e.g. {"keyCount": 100, "keyVersionCount": 1000}. Names: keyCount, keyVersionCount, softwareKeyCount, softwareKeyVersionCount.',
    );
  }
}
