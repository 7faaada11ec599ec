// Bad configurations refuse to start, in words that name the setting and never carry a secret: each with the real program.
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "bad-starts-"));
const passPhrase = "canary-pass-phrase-8f2e";
const weakSecret = "canary-weak-secret";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const plainPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const lockedPem = privateKey
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: passPhrase })
  .toString();

function put(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** An OCI configuration file; `more` are lines of its only profile. */
function profile(name: string, keyFile: string, more: Readonly<Record<string, string>> = {}): string {
  const lines = {
    user: "ocid1.user.oc1..aaaaaaaaexampleuser",
    fingerprint: "aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99",
    tenancy: "ocid1.tenancy.oc1..aaaaaaaaexampletenancy",
    region: "us-ashburn-1",
    key_file: keyFile,
    ...more,
  };
  const text = Object.entries(lines)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${value}`)
    .join("\n");
  return put(name, `[DEFAULT]\n${text}\n`);
}

const key = put("key.pem", plainPem);
const goodFile = profile("good", key);
let taken: Server;
let takenPort = 0;

beforeAll(async () => {
  mkdirSync(join(folder, "directory"));
  taken = createServer().listen(0, "127.0.0.1");
  await new Promise((ready) => taken.once("listening", ready));
  takenPort = (taken.address() as AddressInfo).port;
});
afterAll(() => {
  taken.close();
  rmSync(folder, { recursive: true, force: true });
});

type Case = readonly [what: string, env: () => Record<string, string>, words: RegExp];
const live = (file: string, more: Record<string, string> = {}) => ({ OCI_CONFIG_FILE: file, ...more });

const cases: readonly Case[] = [
  ["a port that is no number", () => ({ PORT: "http" }), /PORT is "http"[\s\S]*whole number/],
  ["a port out of range", () => ({ PORT: "70000" }), /PORT is "70000"/],
  ["a port that is taken", () => ({ PORT: String(takenPort) }), /PORT \d+ is taken[\s\S]*choose another port/],
  [
    "an address of another machine",
    () => ({ HOST: "192.0.2.1", APP_ORIGIN: "https://vaults.example.com" }),
    /HOST 192\.0\.2\.1 is not an address of this machine/,
  ],
  ["an open door without an origin", () => ({ HOST: "0.0.0.0" }), /APP_ORIGIN is not set/],
  [
    "an open door without TLS",
    () => ({ HOST: "0.0.0.0", APP_ORIGIN: "http://localhost:3000" }),
    /HOST is 0\.0\.0\.0[\s\S]*TLS/,
  ],
  ["an origin without TLS", () => ({ APP_ORIGIN: "http://vaults.example.com" }), /APP_ORIGIN has[\s\S]*not https/],
  [
    "an origin with a path",
    () => ({ APP_ORIGIN: "https://vaults.example.com/console" }),
    /APP_ORIGIN has[\s\S]*not an origin/,
  ],
  ["a data directory that is a file", () => ({ DATA_DIR: key }), /DATA_DIR .* is not a directory/],
  ["a data directory below a file", () => ({ DATA_DIR: join(key, "data") }), /DATA_DIR .* is not a directory/],
  ["a data directory nobody can make", () => ({ DATA_DIR: "/proc/nowhere/data" }), /DATA_DIR .* cannot be used \(/],
  ["a weak session secret", () => ({ SESSION_SECRETS: weakSecret }), /SESSION_SECRETS has a secret that is too weak/],
  [
    "a repeated letter as session secret",
    () => ({ SESSION_SECRETS: "a".repeat(64) }),
    /SESSION_SECRETS has a secret that is too weak/,
  ],
  ["certificates unchecked", () => ({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }), /NODE_TLS_REJECT_UNAUTHORIZED is 0/],
  ["an unknown log level", () => ({ LOG_LEVEL: "loud" }), /LOG_LEVEL is "loud"/],
  ["more calls than the service allows", () => ({ CALLS_PER_SECOND: "11" }), /CALLS_PER_SECOND is "11"/],
  ["limits that are no JSON", () => ({ VAULT_LIMITS: "100 keys" }), /VAULT_LIMITS cannot be read/],
  ["an upload limit of nothing", () => ({ UPLOAD_BYTES_MAX: "0" }), /UPLOAD_BYTES_MAX is "0"/],
  ["an unknown way to sign", () => ({ OCI_AUTH: "password" }), /OCI_AUTH is "password"/],
  [
    "an endpoint with a password",
    () => live(goodFile, { KMS_ENDPOINT: "https://user:pw@kms.example.com" }),
    /KMS_ENDPOINT is not a service address/,
  ],
  [
    "an endpoint that is not HTTP",
    () => live(goodFile, { IDENTITY_ENDPOINT: "ftp://identity.example.com" }),
    /IDENTITY_ENDPOINT is not a service address/,
  ],
  [
    "an endpoint without TLS",
    () => live(goodFile, { KMS_ENDPOINT: "http://kms.example.com" }),
    /KMS_ENDPOINT is http:\/\/ on another machine/,
  ],
  [
    "a region that is no JSON",
    () => live(goodFile, { OCI_REGION_METADATA: "us-new-1" }),
    /OCI_REGION_METADATA cannot be used: it is not JSON/,
  ],
  [
    "a realm that is no domain",
    () => live(goodFile, { OCI_DEFAULT_REALM: "oc1" }),
    /OCI_DEFAULT_REALM is "oc1", which is not a domain/,
  ],
  ["an unknown seed", () => ({ EMULATOR_ARGS: "--seed bogus" }), /EMULATOR_ARGS[\s\S]*--seed must be/],
  [
    "the emulator beside a real tenancy",
    () => live(goodFile, { EMULATOR_ARGS: "--seed demo" }),
    /EMULATOR_ARGS is set beside a real tenancy/,
  ],
  ["a configuration file that is not there", () => live(join(folder, "nowhere")), /nowhere: does not exist/],
  ["a directory as configuration file", () => live(join(folder, "directory")), /is not a file/],
  ["a line that cannot be read", () => live(put("broken", "[DEFAULT\nuser")), /line 1 is neither/],
  ["an unknown profile", () => live(goodFile, { OCI_PROFILES: "PROD" }), /profile \[PROD\]: there is no such profile/],
  [
    "a key file that is not there",
    () => live(profile("keyless", join(folder, "no.pem"))),
    /key_file: .*no\.pem does not exist/,
  ],
  [
    "a key others can read",
    () => live(profile("open", put("open.pem", plainPem, 0o644))),
    /can be read or changed by other users \(mode 0644\)/,
  ],
  ["a key that is no key", () => live(profile("junk", put("junk.pem", "junk"))), /does not hold a PEM key/],
  [
    "a locked key without its pass phrase",
    () => live(profile("locked", put("locked.pem", lockedPem))),
    /encrypted and no pass phrase is configured/,
  ],
  [
    "a locked key with another pass phrase",
    () => live(profile("wrong", put("wrong.pem", lockedPem), { pass_phrase: "canary-other-4b1d" })),
    /pass_phrase/,
  ],
  ["a fingerprint of another key", () => live(goodFile), /fingerprint: is aa:bb/],
  ["a profile without its user", () => live(profile("userless", key, { user: "" })), /user/],
  ["a profile without its region", () => live(profile("placeless", key, { region: "" })), /region/i],
];

const secrets = [passPhrase, weakSecret, "canary-other-4b1d", "user:pw", plainPem.split("\n")[3] ?? "PRIVATE"];

/** A port nobody listens on now. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((ready) => probe.once("listening", ready));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}

async function start(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const base = {
    NODE_ENV: "test" as const,
    PATH: process.env.PATH ?? "",
    HOME: folder,
    TMPDIR: tmpdir(),
    DATA_DIR: join(folder, "data"),
    PORT: String(await freePort()),
  };
  return new Promise((done) => {
    execFile(
      process.execPath,
      [join(root, "server.ts")],
      { env: { ...base, ...env }, timeout: 60_000, encoding: "utf8" },
      (error, stdout, stderr) => {
        done({ code: error === null ? 0 : typeof error.code === "number" ? error.code : null, said: stdout + stderr });
      },
    );
  });
}

describe(`P44: ${cases.length} bad configurations refuse to start`, { concurrent: true }, () => {
  it.each(cases)("%s", { timeout: 120_000 }, async (_what, env, words) => {
    const { code, said } = await start(env());
    expect(said).toMatch(words);
    expect(said).toContain("The console did not start.");
    expect(said, "a stack trace is no help").not.toMatch(/\n\s+at .*:\d+:\d+/);
    for (const secret of secrets) expect(said).not.toContain(secret);
    expect(code).toBe(1);
  });
});
