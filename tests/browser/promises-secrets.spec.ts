// The secrets a console for real has: of its database, of the identity provider, of the key it signs with. All of them canaries;
// everything that can go wrong with each goes wrong, and none of them is said.
import { createPrivateKey, randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort, startProduct } from "../../scripts/product.ts";
import { clientSecret, startIdentityProvider } from "../console/identity-provider.ts";
import { type Launched, launch } from "../contract/launch.ts";
import { type Postgres, startPostgres } from "../start-postgres.ts";
import { expect, test } from "./harness.ts";
import { openWire } from "./wire.ts";

const people = {
  ada: { name: "Petra Provided", groups: ["vault-admins"] },
  eve: { name: "Eve Elsewhere", groups: ["staff"] },
};
const passPhrase = "canary-pass-phrase-6Vb2Xn8Qe4Tz1";
const databasePassword = "canary-database-9Kd3Rm7Wy5Lc0";

/** An OCI config file like the emulator's, its key encrypted with a pass phrase. */
function encryptedConfig(folder: string, plain: string, phrase: string): { config: string; key: string } {
  const text = readFileSync(plain, "utf8");
  const keyFile = /key_file\s*=\s*(.+)/.exec(text)?.[1]?.trim() ?? "";
  const key = createPrivateKey(readFileSync(keyFile, "utf8"));
  const pem = key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: passPhrase }).toString();
  const name = randomBytes(4).toString("hex");
  const file = join(folder, `${name}.pem`);
  const config = join(folder, `${name}.config`);
  writeFileSync(file, pem, { mode: 0o600 });
  const [section = ""] = /\[DEFAULT\][^[]*/.exec(text) ?? [];
  writeFileSync(config, `${section.replace(/key_file\s*=.+/, `key_file=${file}`).trimEnd()}\npass_phrase=${phrase}\n`, {
    mode: 0o600,
  });
  return { config, key: pem };
}

async function databaseOf(postgres: Postgres): Promise<string> {
  const owner = new pg.Client({ connectionString: await postgres.newDatabase() });
  await owner.connect();
  const name = owner.database ?? "";
  await owner.query(`CREATE ROLE canary LOGIN PASSWORD '${databasePassword}'`);
  await owner.query(`GRANT ALL ON DATABASE "${name}" TO canary`);
  await owner.query("GRANT ALL ON SCHEMA public TO canary");
  await owner.end();
  return name;
}

async function refusalOf(settings: Record<string, string>): Promise<string> {
  try {
    const product = await startProduct(settings, null);
    await product.stop();
  } catch (error) {
    return String(error);
  }
  throw new Error("it started");
}

test("P28: the database's password, the provider's secret, the key and its pass phrase are in no answer and no line (4 secrets)", async () => {
  test.setTimeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), "vault-console-secrets-"));
  chmodSync(folder, 0o700);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const postgres = await startPostgres();
  const provider = await startIdentityProvider(people, origin, `${origin}/api/session/provider/logout`);
  let emulator: Launched | undefined;
  const said: string[] = [];
  try {
    emulator = await launch();
    const { regions, config: plain } = emulator.announcement;
    const [home] = Object.values(regions);
    const database = await databaseOf(postgres);
    const { config, key } = encryptedConfig(folder, plain, passPhrase);
    const settings = {
      ...provider.env,
      PORT: String(port),
      LOG_LEVEL: "debug",
      DATA_DIR: join(folder, "data"),
      DATABASE_URL: postgres.addressOf(database, "canary", databasePassword),
      OCI_CONFIG_FILE: config,
      OCI_PROFILES: "DEFAULT",
      KMS_ENDPOINT: home?.kms ?? "",
      IDENTITY_ENDPOINT: home?.identity ?? "",
      OBJECTSTORAGE_ENDPOINT: home?.objectstorage ?? "",
      LIMITS_ENDPOINT: home?.limits ?? "",
    };
    const product = await startProduct(settings, null);
    const wire = openWire(product);

    const begin = async (person: string) => {
      const begun = await wire.send("POST", "/api/session/provider", { body: JSON.stringify({ next: "/vaults" }) });
      if (begun.status !== 200) return begun;
      const transaction = begun.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
      const target = await provider.browser().walk(JSON.parse(begun.text).redirect, person);
      return wire.send("GET", target, {
        cookie: transaction,
        headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
      });
    };
    const cookie = [(await begin("ada")).headers["set-cookie"] ?? []]
      .flat()
      .find((line) => line.includes("ovc_session="))
      ?.split(";")[0];
    expect(cookie, "somebody is signed in").toBeDefined();
    const look = async () => {
      for (const target of [
        "/api/session",
        "/api/status",
        "/api/inventory",
        "/api/ready",
        "/api/people",
        "/api/activity",
        "/api/activity/export?format=jsonl",
        "/api/activity/verify",
      ])
        await wire.send("GET", target, { cookie });
    };
    await look();
    expect(wire.answers.find(({ target }) => target === "/api/inventory")?.status).toBe(200);
    // A group that may not, and a provider that answers what it should not.
    await begin("eve");
    provider.bend = (json) => ({ ...json, id_token: "not a token" });
    await begin("ada");
    provider.bend = null;
    // Each of the three goes away.
    await emulator.stop("SIGKILL");
    emulator = undefined;
    await new Promise((later) => setTimeout(later, 3_000));
    await look();
    await postgres.kill();
    await look();
    await begin("ada").catch(() => undefined);
    await postgres.start();
    await provider.close();
    await begin("ada").catch(() => undefined);
    wire.close();
    await product.stop();
    said.push(product.output(), ...wire.answers.map(({ text, headers }) => `${text}\n${JSON.stringify(headers)}`));

    // Starts that are refused say which setting, never what it holds.
    const wrongPassword = postgres.addressOf(database, "canary", `${databasePassword}x`);
    const wrongPhrase = encryptedConfig(folder, plain, `${passPhrase}x`).config;
    const refusals = await Promise.all([
      refusalOf({ ...settings, PORT: String(await freePort()), DATABASE_URL: wrongPassword }),
      refusalOf({ ...settings, PORT: String(await freePort()), OCI_CONFIG_FILE: wrongPhrase }),
    ]);
    expect(refusals[0]).toContain("DATABASE_URL");
    expect(refusals[1]).toContain("pass_phrase");
    said.push(...refusals);

    const secrets = [
      passPhrase,
      databasePassword,
      encodeURIComponent(databasePassword),
      clientSecret,
      ...key.split("\n").filter((line) => /^[A-Za-z0-9+/=]{40,}$/.test(line)),
    ];
    expect(secrets.filter((secret) => said.some((text) => text.includes(secret)))).toEqual([]);
    expect(said[0]?.length, "debug lines were written").toBeGreaterThan(1_000);
  } finally {
    await emulator?.stop("SIGKILL");
    await provider.close().catch(() => undefined);
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
