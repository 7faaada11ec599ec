// P29: what the browser hashed is what the server got and what the service got; one bit less and nothing is sent.
import { createHash, randomBytes, randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readReceipts } from "#lib/store/receipts.ts";
import { startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const files = isFull ? 1_000 : 150;
const largest = isFull ? 10 * 1024 * 1024 : 64 * 1024;
let app: TestConsole;
let admin: string;
let bucket: string;

beforeAll(async () => {
  app = await startTestConsole();
  admin = await app.signIn("admin");
  const { vaults } = await app.inventory(admin);
  const region = vaults.find(({ tenancy }) => tenancy === app.tenancy)?.region ?? "";
  const base = `/api/oci/${app.tenancy}/objectstorage/${region}`;
  const { body } = await app.ask("GET", `${base}/n`, { cookie: admin });
  bucket = `${base}/n/${body}/b/vault-backups/o`;
});
afterAll(() => app.stop());

const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("base64");

/** Sizes around the places where something could be cut: pieces of 1 MiB, chunks of 256 KiB, 10 MiB. */
function sizeOf(index: number): number {
  if (!isFull) return 1 + randomInt(largest);
  const edges = [1, 256 * 1024, 1024 * 1024, largest];
  const edge = edges[index % edges.length] ?? 1;
  return index % 10 < 4 ? Math.max(1, edge - 1 + randomInt(3)) : 1 + randomInt(256 * 1024);
}

const put = (name: string, bytes: Uint8Array, declared: string) =>
  app.ask("PUT", `${bucket}/${name}`, {
    cookie: admin,
    bytes,
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(bytes.byteLength),
      "content-md5": declared,
    },
  });

describe(`P29: files arrive as they were sent (${files} whole and ${files} bent files, ${2 * files} cases)`, () => {
  it("whole ones are taken, with the same digest at the other end and in the receipt", async () => {
    for (let index = 0; index < files; index += 1) {
      const bytes = randomBytes(sizeOf(index));
      const answer = await put("whole", bytes, md5(bytes));
      expect(answer.status, `${bytes.byteLength} bytes: ${JSON.stringify(answer.body)}`).toBe(200);
      expect(answer.headers.get("opc-content-md5")).toBe(md5(bytes));
      if (index % 50 !== 0) continue;
      const back = await app.ask("GET", `${bucket}/whole`, { cookie: admin });
      expect(Buffer.compare(back.bytes, bytes)).toBe(0);
      const [receipt] = await readReceipts(app.db, { limit: 2 });
      const intents = (await readReceipts(app.db, { limit: 4 })).filter(({ phase }) => phase === "intent");
      expect(receipt?.operation).toBe("putObject");
      expect(JSON.stringify(intents[0]?.details)).toContain(createHash("sha256").update(bytes).digest("base64"));
    }
    expect((await app.calls()).byOperation.putObject).toBe(files);
  }, 600_000);

  it("with one bit flipped none is sent", async () => {
    for (let index = 0; index < files; index += 1) {
      const bytes = randomBytes(sizeOf(index));
      const declared = md5(bytes);
      const at = randomInt(bytes.byteLength);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << randomInt(8));
      const answer = await put("bent", bytes, declared);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ code: "UnmatchedContentMD5", message: expect.stringContaining(declared) });
    }
    expect((await app.calls()).byOperation.putObject).toBe(files);
  }, 600_000);
});
