import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiErrorBody, Inventory } from "#lib/contract/api.ts";
import type { BucketSummary, ListObjects, Vault } from "#lib/contract/models.ts";
import { readReceipts } from "#lib/store/receipts.ts";
import { startTestConsole, type TestConsole } from "./start-console.ts";

let app: TestConsole;
let admin: string;
let inventory: Inventory;
const region = "us-ashburn-1";
beforeAll(async () => {
  app = await startTestConsole({}, { UPLOAD_BYTES_MAX: "3000000" });
  admin = await app.signIn("admin");
  inventory = await app.inventory(admin);
});
afterAll(() => app.stop());

const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("base64");
const storage = (path: string) => `/api/oci/${app.tenancy}/objectstorage/${region}${path}`;
const restorePath = (compartment: string) =>
  `/api/oci/${app.tenancy}/kms/${region}/20180608/vaults/actions/restoreFromFile?compartmentId=${compartment}`;

async function upload(bytes: Uint8Array, over: Record<string, string> = {}, cookie = admin, compartment = app.tenancy) {
  return app.ask("POST", restorePath(compartment), {
    cookie,
    bytes,
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(bytes.length),
      "content-md5": md5(bytes),
      ...over,
    },
  });
}

const spooled = () => readdirSync(join(app.dataDir, "uploads"));
const restores = async () => (await app.calls()).byOperation.restoreVaultFromFile ?? 0;

async function waitFor(id: string, state: string): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) {
    const { body } = await app.ask("GET", `/api/oci/${app.tenancy}/kms/${region}/20180608/vaults/${id}`, {
      cookie: admin,
      headers: { "cache-control": "no-cache" },
    });
    if ((body as Vault).lifecycleState === state) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`never ${state}`);
}

describe("files through the funnel", () => {
  it("backs a vault up, downloads the file with its MD5, and hears that the vault still exists when restoring it", async () => {
    const vault = inventory.vaults.find(
      (row) =>
        row.tenancy === app.tenancy &&
        row.region === region &&
        row.vaultType === "VIRTUAL_PRIVATE" &&
        row.lifecycleState === "ACTIVE" &&
        row.details?.isPrimary !== false,
    );
    if (vault === undefined) throw new Error("no private vault in the demo");
    const namespace = (await app.ask("GET", storage("/n"), { cookie: admin })).body as string;
    const compartments = inventory.tenancies.find((each) => each.id === app.tenancy)?.compartments ?? [];
    let bucket: BucketSummary | undefined;
    for (const compartment of compartments) {
      const { body } = await app.ask("GET", storage(`/n/${namespace}/b?compartmentId=${compartment.id}`), {
        cookie: admin,
      });
      bucket ??= (body as BucketSummary[])[0];
    }
    if (bucket === undefined) throw new Error("no bucket in the demo");
    const objectName = "tests/böckup one.bin";
    const backup = await app.ask(
      "POST",
      `/api/oci/${app.tenancy}/kms/${region}/20180608/vaults/${vault.id}/actions/backup`,
      {
        cookie: admin,
        body: {
          isIncludeKeys: true,
          backupLocation: { destination: "BUCKET", namespace, bucketName: bucket.name, objectName },
        },
      },
    );
    expect(backup.status).toBe(200);
    await waitFor(vault.id, "ACTIVE");
    const found = await app.ask(
      "GET",
      storage(`/n/${namespace}/b/${bucket.name}/o?prefix=tests/&fields=name,size,md5`),
      { cookie: admin },
    );
    expect((found.body as ListObjects).objects.map((each) => each.name)).toContain(objectName);

    const file = await app.ask("GET", storage(`/n/${namespace}/b/${bucket.name}/o/${encodeURIComponent(objectName)}`), {
      cookie: admin,
    });
    expect(file.status).toBe(200);
    expect(md5(file.bytes)).toBe(file.headers.get("content-md5"));
    expect(file.headers.get("content-disposition")).toContain(`filename*=UTF-8''b%C3%B6ckup%20one.bin`);
    const helpdesk = await app.signIn("helpdesk");
    expect((await app.ask("GET", storage(`/n/${namespace}/b/${bucket.name}/o/x`), { cookie: helpdesk })).status).toBe(
      403,
    );

    const restored = await upload(file.bytes, {}, admin, vault.compartmentId);
    expect(restored.status).toBe(409);
    expect((restored.body as ApiErrorBody).message).toMatch(/exist/i);
    const receipt = (await readReceipts(app.db, { limit: 5 })).find(
      (each) => each.operation === "restoreVaultFromFile",
    );
    expect(JSON.stringify((await readReceipts(app.db, { limit: 5 })).map((each) => each.details))).toContain(
      md5(file.bytes),
    );
    expect(receipt?.result).toBe("failed");
    expect(spooled()).toEqual([]);
  });

  it("refuses a flipped bit before anything is sent", async () => {
    const bytes = randomBytes(200_000);
    const flipped = Uint8Array.from(bytes);
    flipped[100_000] = (flipped[100_000] ?? 0) ^ 1;
    const before = await restores();
    const answer = await upload(flipped, { "content-md5": md5(bytes) });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: "UnmatchedContentMD5", message: expect.stringContaining(md5(flipped)) });
    expect((answer.body as ApiErrorBody).message).toContain(md5(bytes));
    expect(await restores()).toBe(before);
    expect(spooled()).toEqual([]);
  });

  it("sends exactly the bytes it was given", async () => {
    const answer = await upload(randomBytes(2_500_000));
    expect(answer.status).toBe(400);
    expect((answer.body as ApiErrorBody).code).toBe("InvalidParameter");
    expect(spooled()).toEqual([]);
  });

  it.each([
    ["too large a file", { "content-length": "3000001" }, 413],
    ["no length", { "content-length": "" }, 411],
    ["a shorter body than said", { "content-length": "900" }, 400],
    ["a longer body than said", { "content-length": "10" }, 400],
    ["no MD5", { "content-md5": "" }, 400],
    ["a hex MD5", { "content-md5": createHash("md5").update("x").digest("hex") }, 400],
    ["JSON", { "content-type": "application/json" }, 415],
    ["a foreign page", { origin: "http://evil.example" }, 403],
  ])("refuses %s", async (_name, headers, status) => {
    const before = await restores();
    expect((await upload(randomBytes(100), headers)).status).toBe(status);
    expect(await restores()).toBe(before);
    expect(spooled()).toEqual([]);
  });

  it("refuses those who may not, before reading the file", async () => {
    for (const role of ["helpdesk", "operator", "auditor"] as const) {
      const cookie = await app.signIn(role);
      expect((await upload(randomBytes(100), {}, cookie)).status, role).toBe(403);
    }
    expect((await upload(randomBytes(100), {}, "")).status).toBe(401);
  });
});
