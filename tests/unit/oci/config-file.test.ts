import { generateKeyPairSync, type KeyExportOptions, type KeyObject } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigError, type ConfigOptions, defaultConfigFile, readOciConfig } from "#lib/oci/config-file.ts";
import { keyFingerprint } from "#lib/oci/key-file.ts";

const tenancy = "ocid1.tenancy.oc1..aaaaaaaatenancy";
const user = "ocid1.user.oc1..aaaaaaaauser";
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const fingerprint = keyFingerprint(rsa.publicKey);
/** Differs from the key's own whatever that begins with. */
const otherFingerprint = `${fingerprint.startsWith("00") ? "11" : "00"}${fingerprint.slice(2)}`;
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const pem = (key: KeyObject, passphrase?: string) =>
  key
    .export({
      type: "pkcs8",
      format: "pem",
      ...(passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase }),
    })
    .toString();

/** A home directory with files of mode 0600. */
function home(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "oci-config-"));
  folders.push(folder);
  mkdirSync(join(folder, ".oci"), { mode: 0o700 });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, ".oci", name), text, { mode: 0o600 });
  return folder;
}
const read = (folder: string, options: ConfigOptions = {}) =>
  readOciConfig("~/.oci/config", { home: folder, ...options });
const base = `tenancy=${tenancy}\nuser=${user}\nfingerprint=${fingerprint}\nregion=us-ashburn-1\n`;
const good = `[DEFAULT]\n${base}key_file=~/.oci/key.pem\n`;

async function complaint(promise: Promise<unknown>): Promise<ConfigError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
}

describe("readOciConfig", () => {
  it("opens an ordinary file", async () => {
    const [profile] = await read(home({ config: good, "key.pem": pem(rsa.privateKey) }));
    expect(profile).toMatchObject({
      name: "DEFAULT",
      kind: "api_key",
      tenancy,
      user,
      fingerprint,
      region: "us-ashburn-1",
    });
    const { keyId, key } = await profile!.credential.signingKey();
    expect(keyId).toBe(`${tenancy}/${user}/${fingerprint}`);
    expect(key.asymmetricKeyType).toBe("rsa");
  });

  it("shows no secret when it is printed", async () => {
    const text = good.replace("key_file", "pass_phrase=open sesame\nkey_file");
    const profiles = await read(home({ config: text, "key.pem": pem(rsa.privateKey, "open sesame") }));
    const { inspect } = await import("node:util");
    const printed = inspect(profiles, { depth: 9, showHidden: true }) + JSON.stringify(profiles);
    expect(printed).not.toMatch(/open sesame|PRIVATE KEY/);
  });

  it("fills profiles from DEFAULT, ignores comments, blank lines, spaces, CR and a byte order mark", async () => {
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const config = `\ufeff# mine\r\n[DEFAULT]\r\nuser = ${user}\r\nregion=us-phoenix-1\r\n key_file = key.pem \r\n\r\n[ONE]\r\ntenancy=${tenancy}\r\nfingerprint=${fingerprint.toUpperCase()}\r\n[TWO]\r\ntenancy=${tenancy}2\r\nfingerprint=${keyFingerprint(other.publicKey)}\r\nregion=eu-paris-1\r\nkey_file=two.pem\r\n`;
    const folder = home({ config, "key.pem": `${pem(rsa.privateKey)}OCI_API_KEY\n`, "two.pem": pem(other.privateKey) });
    const profiles = await read(folder);
    expect(profiles.map(({ name, region, tenancy: id }) => [name, region, id])).toEqual([
      ["ONE", "us-phoenix-1", tenancy],
      ["TWO", "eu-paris-1", `${tenancy}2`],
    ]);
    expect((await read(folder, { profiles: ["TWO"] })).map(({ name }) => name)).toEqual(["TWO"]);
  });

  it.each([
    ["pkcs1", { type: "pkcs1", format: "pem" }],
    ["aes", { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "söd" }],
    ["legacy encryption", { type: "pkcs1", format: "pem", cipher: "des-ede3-cbc", passphrase: "söd" }],
  ] as const)("opens keys as %s", async (_, options) => {
    const text = rsa.privateKey.export(options as KeyExportOptions<"pem">).toString();
    const [profile] = await read(home({ config: `${good}pass_phrase=söd\n`, "key.pem": text }));
    expect(profile?.kind).toBe("api_key");
  });

  it("takes the region of the environment when the profile has none", async () => {
    const folder = home({ config: good.replace(/region=.*\n/, ""), "key.pem": pem(rsa.privateKey) });
    expect((await read(folder, { defaultRegion: "us-luke-1" }))[0]?.region).toBe("us-luke-1");
    expect((await complaint(read(folder))).message).toMatch(/profile \[DEFAULT\], region: is missing/);
  });

  it("follows a link to a key that is well kept", async () => {
    const folder = home({ config: good.replace("key.pem", "link.pem"), "key.pem": pem(rsa.privateKey) });
    symlinkSync(join(folder, ".oci", "key.pem"), join(folder, ".oci", "link.pem"));
    await expect(read(folder)).resolves.toHaveLength(1);
    chmodSync(join(folder, ".oci", "key.pem"), 0o640);
    expect((await complaint(read(folder))).key).toBe("key_file");
  });
});

describe("complaints name file, profile, key and what to do", () => {
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  const cases: [
    name: string,
    config: string,
    key: string,
    wanted: { key?: string; profile?: string },
    words: RegExp,
  ][] = [
    ["empty file", "", "", {}, /no profile in it.*oci setup config/],
    ["text before a profile", "region=x\n[DEFAULT]", "", {}, /line 1 stands before any profile/],
    ["a line without =", `${good}pass phrase secret\n`, "", {}, /line 7 is neither \[PROFILE\] nor key=value/],
    ["empty profile name", "[ ]", "", {}, /line 1 has an empty profile name/],
    ["no user", good.replace(/user=.*\n/, ""), pem(rsa.privateKey), { key: "user", profile: "DEFAULT" }, /is missing/],
    ["user is a name", good.replace(user, "admin"), pem(rsa.privateKey), { key: "user" }, /is not the OCID of a user/],
    [
      "tenancy of the wrong kind",
      good.replace(tenancy, user),
      pem(rsa.privateKey),
      { key: "tenancy" },
      /begins with ocid1\.tenancy\./,
    ],
    ["bad fingerprint", good.replace(fingerprint, "aa:bb"), pem(rsa.privateKey), { key: "fingerprint" }, /16 pairs/],
    [
      "other key's fingerprint",
      good.replace(fingerprint, otherFingerprint),
      pem(rsa.privateKey),
      { key: "fingerprint" },
      /but the key in .*key\.pem has/,
    ],
    ["no key_file", good.replace(/key_file=.*\n/, ""), "", { key: "key_file" }, /is missing/],
    ["key_file not there", good.replace("key.pem", "none.pem"), "", { key: "key_file" }, /none\.pem does not exist/],
    ["key_file is a directory", good.replace("/key.pem", ""), "", { key: "key_file" }, /is not a file/],
    ["key is no key", good, "hello", { key: "key_file" }, /does not hold a PEM key/],
    ["key is damaged", good, pem(rsa.privateKey).replace(/\n.{20}/, "\n@@@"), { key: "key_file" }, /damaged/],
    [
      "key is public",
      good,
      rsa.publicKey.export({ type: "spki", format: "pem" }).toString(),
      { key: "key_file" },
      /public key/,
    ],
    [
      "key is OpenSSH's",
      good,
      "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n",
      { key: "key_file" },
      /ssh-keygen -p -m PEM/,
    ],
    ["key is not RSA", good, pem(ec), { key: "key_file" }, /is ec, not RSA/],
    ["key is too small", good, pem(small), { key: "key_file" }, /only 1024 bits/],
    ["encrypted without pass phrase", good, pem(rsa.privateKey, "x"), { key: "key_file" }, /no pass phrase/],
    [
      "wrong pass phrase",
      `${good}pass_phrase=wrong\n`,
      pem(rsa.privateKey, "right"),
      { key: "key_file" },
      /does not open the key/,
    ],
    ["key_content", `${good}key_content=abc\n`, pem(rsa.privateKey), { key: "key_content" }, /not accepted in files/],
    [
      "unknown authentication_type",
      `${good}authentication_type=magic\n`,
      pem(rsa.privateKey),
      { key: "authentication_type" },
      /not known/,
    ],
  ];
  it.each(cases)("%s", async (_, config, key, wanted, words) => {
    const error = await complaint(read(home({ config, "key.pem": key })));
    expect(error.message).toMatch(words);
    expect(error.message).toContain(error.file);
    expect(error.file).toMatch(/\.oci\/config$/);
    expect(error).toMatchObject(wanted);
    expect(error.message).not.toMatch(/wrong|secret/);
  });

  it("missing file, directory, missing profile", async () => {
    expect((await complaint(readOciConfig("/nowhere/config"))).message).toMatch(/^\/nowhere\/config: does not exist/);
    expect((await complaint(readOciConfig(tmpdir()))).message).toMatch(/is not a file/);
    const folder = home({ config: good, "key.pem": pem(rsa.privateKey) });
    const error = await complaint(read(folder, { profiles: ["PROD"] }));
    expect(error.message).toMatch(/profile \[PROD\]: there is no such profile\. It has: DEFAULT\./);
  });

  it.skipIf(process.platform === "win32")("keys others can read, settings everybody can change", async () => {
    const folder = home({ config: good, "key.pem": pem(rsa.privateKey) });
    for (const mode of [0o640, 0o604, 0o644, 0o660]) {
      chmodSync(join(folder, ".oci", "key.pem"), mode);
      expect((await complaint(read(folder))).message).toMatch(
        /can be read or changed by other users \(mode 0\d+\)\. Run: chmod 600 /,
      );
    }
    chmodSync(join(folder, ".oci", "key.pem"), 0o400);
    await expect(read(folder)).resolves.toHaveLength(1);
    // The file itself is a secret once a pass phrase is in it.
    const secret = home({ config: `${good}pass_phrase=open sesame\n`, "key.pem": pem(rsa.privateKey, "open sesame") });
    await expect(read(secret)).resolves.toHaveLength(1);
    chmodSync(join(secret, ".oci", "config"), 0o644);
    expect((await complaint(read(secret))).message).toMatch(
      /pass_phrase: .*config can be read or changed by other users/,
    );
    chmodSync(join(folder, ".oci", "config"), 0o646);
    expect((await complaint(read(folder))).message).toMatch(/changed by every user/);
    chmodSync(join(folder, ".oci", "config"), 0o600);
    chmodSync(join(folder, ".oci"), 0o777);
    expect((await complaint(read(folder))).message).toMatch(/its directory is writable by all/);
  });
});

describe("where the file is when none is named", () => {
  it("is Oracle's place, or the older one when only that is there", () => {
    const home = mkdtempSync(join(tmpdir(), "oci-home-"));
    const [now = "", before = ""] = [".oci", ".oraclebmc"].map((folder) => join(home, folder, "config"));
    expect(defaultConfigFile(home)).toBe(now);
    mkdirSync(join(home, ".oraclebmc"));
    writeFileSync(before, "");
    expect(defaultConfigFile(home)).toBe(before);
    mkdirSync(join(home, ".oci"));
    writeFileSync(now, "");
    expect(defaultConfigFile(home)).toBe(now);
    rmSync(home, { recursive: true });
  });
});
