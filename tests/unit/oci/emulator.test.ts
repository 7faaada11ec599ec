// The whole room against somebody else's house: the emulator as its own process, over sockets, checking every signature.
import { spawn } from "node:child_process";
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type BodySource, request } from "#lib/contract/request.ts";
import { createOciClient, type OciClient, type OciClientOptions } from "#lib/oci/client.ts";
import { systemClock } from "#lib/oci/clock.ts";
import { type OciProfile, readOciConfig } from "#lib/oci/config-file.ts";
import { createEndpoints, type EndpointOverrides, type Endpoints } from "#lib/oci/endpoints.ts";
import { isOutcomeUnknown } from "#lib/oci/failure.ts";
import { createPace } from "#lib/oci/pace.ts";
import { sessionTokenCredential } from "#lib/oci/session-token.ts";

interface Line {
  readonly regions: EndpointOverrides;
  readonly control: string;
  readonly config: string;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const home = "us-ashburn-1";
const here = { region: home, priority: "interactive" } as const;
const clients: OciClient[] = [];
let stop: () => Promise<void>;
let line: Line;
let profile: OciProfile;
let endpoints: Endpoints;
let client: OciClient;
let compartmentId: string;

beforeAll(async () => {
  const child = spawn(process.execPath, ["emulator/main.ts", "--settle-ms", "0", "--exit-with-parent"], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  stop = async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
  };
  const [first] = await once(createInterface({ input: child.stdout }), "line");
  line = JSON.parse(String(first)) as Line;
  const [opened] = await readOciConfig(line.config);
  profile = opened!;
  endpoints = createEndpoints({ overrides: line.regions, isOverridesOnly: true });
  client = clientOf();
  const compartments = await client.call(
    request("listCompartments", { compartmentId: profile.tenancy, compartmentIdInSubtree: true }),
    here,
  );
  for (const { id } of compartments.data) {
    const { data } = await client.call(request("listVaults", { compartmentId: id }), here);
    if (data.length >= 3) compartmentId ??= id;
  }
});
afterAll(async () => {
  await Promise.all(clients.map((each) => each.close()));
  await stop?.();
});
afterEach(async () => {
  await control("DELETE", "/faults");
  await control("DELETE", "/calls");
});

function clientOf(options: Partial<OciClientOptions> = {}): OciClient {
  // The pace is shared as the console shares it, so that the throttle counts what it would there.
  const made = createOciClient({ credential: profile.credential, endpoints, pace, random: () => 0, ...options });
  clients.push(made);
  return made;
}
const pace = createPace();

async function control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(line.control + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}
const order = (fault: Record<string, unknown>) => control("POST", "/faults", fault);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error("it should have failed");
    },
    (error: Error & Record<string, unknown>) => error,
  );
async function createVault(displayName: string, vaultType: "DEFAULT" | "VIRTUAL_PRIVATE" = "DEFAULT") {
  const created = await client.call(request("createVault", { body: { compartmentId, displayName, vaultType } }), here);
  return created.data;
}
const vaultsNamed = async (name: string) =>
  (await client.call(request("listVaults", { compartmentId, limit: 1000 }), here)).data.filter(
    ({ displayName }) => displayName === name,
  );

describe("against the emulator", () => {
  it("pages through a list to its end", async () => {
    const whole = await client.call(request("listVaults", { compartmentId }), here);
    const paged: string[] = [];
    let page: string | undefined;
    do {
      const part = await client.call(
        request("listVaults", { compartmentId, limit: 2, ...(page ? { page } : {}) }),
        here,
      );
      paged.push(...part.data.map(({ id }) => id));
      page = part.opcNextPage;
    } while (page !== undefined);
    expect(paged).toEqual(whole.data.map(({ id }) => id));
    expect(paged.length).toBeGreaterThanOrEqual(3);
  });

  it("schedules a deletion by etag, refuses an old one, and takes it back", async () => {
    const { id: vaultId } = await createVault("short-lived");
    const { etag } = await client.call(request("getVault", { vaultId }), here);
    const scheduled = await client.call(request("scheduleVaultDeletion", { vaultId, body: {}, ifMatch: etag! }), here);
    expect(scheduled.data.timeOfDeletion).toMatch(/^\d{4}-/);
    const stale = await failure(client.call(request("cancelVaultDeletion", { vaultId, ifMatch: etag! }), here));
    expect(stale).toMatchObject({ name: "OciError", status: 412, code: "NoEtagMatch" });
    expect(isOutcomeUnknown(stale)).toBe(false);
    await client.call(request("cancelVaultDeletion", { vaultId }), here);
    expect((await client.call(request("getVault", { vaultId }), here)).data.lifecycleState).toBe("ACTIVE");
  });

  it("reads keys at the management endpoint the vault names", async () => {
    const [summary] = (await client.call(request("listVaults", { compartmentId }), here)).data;
    const { managementEndpoint } = summary!;
    expect(new URL(managementEndpoint).hostname).toMatch(/\.localhost$/);
    const keys = await client.call(request("listKeys", { compartmentId }), { ...here, managementEndpoint });
    expect(keys.status).toBe(200);
  });

  it("backs a vault up, downloads the file and restores it in another region, byte for byte", async () => {
    const vault = await createVault("to be restored", "VIRTUAL_PRIVATE");
    const namespaceName = (await client.call(request("getNamespace", {}), here)).data;
    const buckets = (await client.call(request("listBuckets", { namespaceName, compartmentId }), here)).data;
    const bucketName = buckets[0]?.name ?? "vault-backups";
    const objectName = "dir/a b&c.bin";
    await client.call(
      request("backupVault", {
        vaultId: vault.id,
        body: {
          isIncludeKeys: true,
          backupLocation: { destination: "BUCKET", namespace: namespaceName, bucketName, objectName },
        },
      }),
      here,
    );
    const file = await client.call(request("getObject", { namespaceName, bucketName, objectName }), here);
    expect(file.data.length).toBe(Number(file.headers["content-length"]));
    const elsewhere = { ...here, region: Object.keys(line.regions)[1]! };
    const source: BodySource = {
      byteLength: file.data.length,
      sha256Base64: createHash("sha256").update(file.data).digest("base64"),
      async *stream() {
        yield file.data.subarray(0, 100);
        yield file.data.subarray(100);
      },
    };
    const contentMd5 = createHash("md5").update(file.data).digest("base64");
    const restored = await client.call(
      request("restoreVaultFromFile", { compartmentId, body: source, contentMd5 }),
      elsewhere,
    );
    expect(restored.data).toMatchObject({ displayName: "to be restored", restoredFromVaultId: vault.id });
    expect(restored.opcContentMd5).toBe(contentMd5);
    const damaged = Buffer.from(file.data);
    damaged[200]! ^= 1;
    const wrongMd5 = await failure(
      client.call(request("restoreVaultFromFile", { compartmentId, body: damaged, contentMd5 }), elsewhere),
    );
    expect(wrongMd5).toMatchObject({ status: 400, code: "UnmatchedContentMD5" });
  });

  it("sends any bytes unharmed: the signature and the MD5 over them are accepted", async () => {
    const body = randomBytes(300_000);
    const contentMd5 = createHash("md5").update(body).digest("base64");
    const refused = await failure(
      client.call(request("restoreVaultFromFile", { compartmentId, body, contentMd5 }), here),
    );
    // Not 401 and not UnmatchedContentMD5: only the content is no backup.
    expect(refused).toMatchObject({ status: 400, code: "InvalidParameter" });
    const namespaceName = (await client.call(request("getNamespace", {}), here)).data;
    const [bucket] = (await client.call(request("listBuckets", { namespaceName, compartmentId }), here)).data;
    if (bucket === undefined) return;
    const place = { namespaceName, bucketName: bucket.name, objectName: "räuber/ö 1%.bin" };
    await client.call(request("putObject", { ...place, body, contentMd5 }), here);
    const back = await client.call(request("getObject", place), here);
    expect(Buffer.compare(back.data, body)).toBe(0);
    await client.call(request("deleteObject", place), here);
    expect(await failure(client.call(request("headObject", place), here))).toMatchObject({ status: 404 });
  });

  it("has exactly one effect when the answer is lost after the commit", async () => {
    for (let n = 0; n < 5; n++) {
      await order({ kind: "lostAnswer", operation: "createVault", times: 1 });
      const name = `lost-${n}`;
      const created = await client.call(
        request("createVault", { body: { compartmentId, displayName: name, vaultType: "DEFAULT" } }),
        here,
      );
      expect(created.retries).toBe(1);
      expect((await vaultsNamed(name)).map(({ id }) => id)).toEqual([created.data.id]);
    }
  });

  it("never asks updateVault twice, and says that its outcome is unknown", async () => {
    const { id: vaultId } = await createVault("before");
    await control("DELETE", "/calls");
    await order({ kind: "lostAnswer", operation: "updateVault", times: 1 });
    const error = await failure(client.call(request("updateVault", { vaultId, body: { displayName: "after" } }), here));
    expect(error).toMatchObject({ name: "UpstreamFailure", isOutcomeUnknown: true });
    expect((await client.call(request("getVault", { vaultId }), here)).data.displayName).toBe("after");
    expect(await control("GET", "/calls")).toMatchObject({ byOperation: { updateVault: 1 } });
  });

  it("waits as long as a 429 says", async () => {
    const [summary] = (await client.call(request("listVaults", { compartmentId }), here)).data;
    await order({ kind: "status", status: 429, retryAfterSeconds: 1, operation: "getVault", times: 1 });
    const startedAt = performance.now();
    const read = await client.call(request("getVault", { vaultId: summary!.id }), here);
    expect(read.retries).toBe(1);
    expect(performance.now() - startedAt).toBeGreaterThan(990);
  });

  it("is never throttled, however many ask", async () => {
    const [summary] = (await client.call(request("listVaults", { compartmentId }), here)).data;
    await control("DELETE", "/calls");
    const calls = Array.from({ length: 40 }, (_, n) =>
      client.call(request("getVault", { vaultId: summary!.id }), {
        ...here,
        priority: n % 4 === 0 ? "interactive" : "background",
      }),
    );
    expect((await Promise.all(calls)).every(({ retries }) => retries === 0)).toBe(true);
    const report = await control("GET", "/calls");
    expect(report).toMatchObject({ byStatus: { 200: 40 } });
    expect((report.maxInAnySecond as { reads: number }).reads).toBeLessThanOrEqual(10);
  });

  it.each([
    ["truncate", "cut_off"],
    ["reset", "unreachable"],
    ["malformed", "bad_answer"],
    ["hang", "timeout"],
  ])("%s ends as %s", async (kind, expected) => {
    await order({ kind, operation: "listVaults" });
    const error = await failure(client.call(request("listVaults", { compartmentId }), { ...here, timeoutMs: 1500 }));
    expect(error).toMatchObject({ name: "UpstreamFailure", kind: expected });
  });

  it("reads control characters where that is allowed", async () => {
    await order({ kind: "controlCharacters", operation: "listVaults" });
    const listed = await client.call(request("listVaults", { compartmentId }), here);
    expect(() => JSON.parse(String(listed.raw))).not.toThrow();
    const strict = clientOf({ isControlCharsAllowed: false });
    expect(await failure(strict.call(request("listVaults", { compartmentId }), here))).toMatchObject({
      kind: "bad_answer",
    });
  });

  it("names a wrong clock", async () => {
    const slow = clientOf({ clock: { ...systemClock, now: () => Date.now() - 20 * 60_000 } });
    const error = await failure(slow.call(request("listVaults", { compartmentId }), here));
    expect(error).toMatchObject({ kind: "clock_skew", message: expect.stringContaining("20 minutes behind") });
  });

  it("signs with a session token", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { token } = await control("POST", "/session-tokens", {
      tenancy: profile.tenancy,
      user: profile.user,
      publicKey: publicKey.export({ type: "spki", format: "pem" }),
    });
    const folder = mkdtempSync(join(tmpdir(), "oci-session-"));
    try {
      const [tokenFile, keyFile] = [join(folder, "token"), join(folder, "key.pem")];
      writeFileSync(tokenFile, String(token), { mode: 0o600 });
      writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
      const credential = await sessionTokenCredential({ tenancy: profile.tenancy, tokenFile, keyFile });
      const listed = await clientOf({ credential }).call(request("listVaults", { compartmentId }), here);
      expect(listed.status).toBe(200);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
