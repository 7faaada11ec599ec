// P32: names and addresses from outside are text: they make no file, no header of their own and no connection.
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VaultRow } from "#lib/contract/api.ts";
import { activeVault, kmsPath, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

let app: TestConsole;
let admin: string;
let vault: VaultRow;
let bucket: string;

beforeAll(async () => {
  app = await startTestConsole();
  admin = await app.signIn("admin");
  vault = await activeVault(app, admin, "VIRTUAL_PRIVATE");
  const base = `/api/oci/${app.tenancy}/objectstorage/${vault.region}`;
  const { body } = await app.ask("GET", `${base}/n`, { cookie: admin });
  bucket = `${base}/n/${body}/b/vault-backups/o`;
});
afterAll(() => app.stop());

const seeds = [
  "../../../etc/passwd",
  "..\\..\\windows\\win.ini",
  "/etc/passwd",
  "C:\\x.bin",
  'a"; filename="evil.exe',
  "a\r\nset-cookie: x=1",
  "a%0d%0aset-cookie: x=1",
  "CON.txt",
  "a;b;c",
  "名前.bin",
  "\u202egnp.exe",
  "e\u0301.bin",
  "💥.bin",
  "a\u0000b",
  ".",
  "...",
  " ",
  "a".repeat(900),
  "<img src=x onerror=hit()>",
  "%2e%2e%2f",
  "~/.ssh/id_rsa",
  "$(id)",
  "`id`",
  "|id",
  "nul\u007f.bin",
];
const names = Array.from({ length: isFull ? 200 : 50 }, (_, index) =>
  index < seeds.length ? (seeds[index] ?? "") : `${index}-${seeds[index % seeds.length]}`,
);

/** RFC 6266: token and quoted string or extended value, one line of ASCII. */
const disposition =
  /^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]*"(; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]*)?$/;

describe(`P32: hostile names (${names.length} cases)`, () => {
  it("an object of any name goes there and back; the name makes no file and no header", async () => {
    const before = readdirSync(app.dataDir, { recursive: true }).map(String).sort();
    const bytes = Buffer.from("sealed");
    const md5 = createHash("md5").update(bytes).digest("base64");
    let stored = 0;
    for (const name of names) {
      const target = `${bucket}/${encodeURIComponent(name)}`;
      const put = await app.ask("PUT", target, {
        cookie: admin,
        bytes,
        headers: {
          "content-type": "application/octet-stream",
          "content-length": String(bytes.byteLength),
          "content-md5": md5,
        },
      });
      expect(put.status, JSON.stringify(name)).toBeLessThan(500);
      if (put.status !== 200) continue;
      stored += 1;
      const back = await app.ask("GET", target, { cookie: admin });
      expect(back.status, JSON.stringify(name)).toBe(200);
      expect(back.headers.get("content-disposition") ?? "", JSON.stringify(name)).toMatch(disposition);
      expect(back.headers.get("set-cookie")).toBeNull();
      expect(back.headers.get("content-type")).toBe("application/octet-stream");
      await app.ask("DELETE", target, { cookie: admin });
    }
    expect(stored).toBeGreaterThan(names.length / 2);
    const files = readdirSync(app.dataDir, { recursive: true }).map(String).sort();
    // The store's own files come and go.
    const isOurs = (file: string) => !/\.(sqlite|db)(-\w+)?$|checkpoints/.test(file);
    expect(files.filter(isOurs)).toEqual(before.filter(isOurs));
  }, 120_000);
});

const spellings = 40;
describe(`P32: addresses a person gives (${spellings} cases)`, () => {
  it("no spelling of an address makes the console connect to it", async () => {
    let reached = 0;
    const trap = createServer((_request, response) => {
      reached += 1;
      response.end("trapped");
    });
    trap.on("connection", () => {
      reached += 1;
    });
    await new Promise<void>((resolve) => trap.listen(0, "127.0.0.1", resolve));
    const { port } = trap.address() as AddressInfo;
    const hosts = [
      "127.0.0.1",
      "localhost",
      "2130706433",
      "0x7f000001",
      "017700000001",
      "127.1",
      "[::ffff:127.0.0.1]",
      "[::1]",
      "127.0.0.1.nip.io",
      "user:pass@127.0.0.1",
    ];
    const forms = [
      (host: string) => `http://${host}:${port}/p/x/n/ns/b/b/o/o`,
      (host: string) => `https://${host}:${port}/p/x/n/ns/b/b/o/o`,
      (host: string) => `http://objectstorage.us-ashburn-1.oraclecloud.com@${host}:${port}/p/x`,
      (host: string) => `//${host}:${port}/p/x`,
    ];
    const addresses = hosts.flatMap((host) => forms.map((form) => form(host)));
    expect(addresses).toHaveLength(spellings);
    for (const uri of addresses) {
      const backupLocation = { destination: "PRE_AUTHENTICATED_REQUEST_URI", uri };
      const backup = await app.ask("POST", kmsPath(vault, "/actions/backup"), {
        cookie: admin,
        body: { backupLocation },
      });
      expect(backup.status, uri).toBeGreaterThanOrEqual(400);
      const restore = `/api/oci/${vault.tenancy}/kms/${vault.region}/20180608/vaults/actions/restoreFromObjectStore`;
      const { status } = await app.ask("POST", `${restore}?compartmentId=${vault.compartmentId}`, {
        cookie: admin,
        body: { backupLocation },
      });
      expect(status, uri).toBeGreaterThanOrEqual(400);
    }
    expect(reached).toBe(0);
    await new Promise((resolve) => trap.close(resolve));
  }, 120_000);
});
