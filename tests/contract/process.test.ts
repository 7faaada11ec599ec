/** The emulator as a process: arguments, files, durability, control, faults. */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { fingerprintOf } from "#emulator/signing-keys.ts";
import { readTenanciesFile } from "#emulator/tenancies-file.ts";
import { type Launched, launch, launchToRefuse } from "./launch.ts";
import { readProfile, send, sendRaw, type TestAnswer, type TestJson, type TestProfile } from "./signed-client.ts";

const scratch = mkdtempSync(join(tmpdir(), "emulator-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const home = "us-ashburn-1";
const addressOf = ({ announcement }: Launched): string => announcement.regions[home]?.kms ?? "";

describe("durability", () => {
  test("kill -9 right after an answer loses nothing: vault, retry token, keys, clock, objects, other ports", {
    timeout: 30_000,
  }, async () => {
    const directory = join(scratch, "world");
    const options = ["--seed", "empty", "--settle-ms", "60000", "--dir", directory];
    const first = await launch(...options);
    const profile = readProfile(first.announcement.config);
    const compartmentId = first.announcement.tenancies[0]?.compartments[0] ?? "";
    const body = JSON.stringify({ compartmentId, displayName: "kept", vaultType: "DEFAULT" });
    const create = (emulator: Launched) =>
      send(profile, addressOf(emulator), {
        method: "POST",
        target: "/20180608/vaults",
        body,
        headers: { "opc-retry-token": "t" },
      });
    const object = "/n/axhalyard7k2/b/vault-backups/o/kept.bin";
    await send(profile, addressOf(first), { method: "PUT", target: object, body: Buffer.from([1, 2, 3]) });
    await fetch(`${first.announcement.control}/clock`, { method: "POST", body: '{"advanceSeconds": 86000}' });
    const created = await create(first);
    await first.stop("SIGKILL");
    expect(created.status).toBe(200);

    const second = await launch(...options);
    expect(readProfile(second.announcement.config)).toEqual(profile);
    expect(second.announcement.tenancies).toEqual(first.announcement.tenancies);
    expect((await create(second)).json().id).toBe(created.json().id);
    const read = await send(profile, addressOf(second), {
      method: "GET",
      target: `/20180608/vaults/${created.json().id}`,
    });
    expect(read.json().lifecycleState).toBe("CREATING");
    expect(read.json().managementEndpoint).toContain(`:${new URL(addressOf(second)).port}`);
    const clock = (await (await fetch(`${second.announcement.control}/clock`)).json()) as { offsetSeconds: number };
    expect(clock.offsetSeconds).toBe(86000);
    const file = await send(profile, addressOf(second), { method: "GET", target: object });
    expect([...file.body]).toEqual([1, 2, 3]);
    await fetch(`${second.announcement.control}/clock`, { method: "POST", body: '{"advanceSeconds": 61}' });
    const later = await send(profile, addressOf(second), {
      method: "GET",
      target: `/20180608/vaults/${created.json().id}`,
    });
    expect(later.json().lifecycleState).toBe("ACTIVE");
    expect(await second.stop()).toBe(0);
  });

  test("a directory is one emulator's at a time, and says so", { timeout: 30_000 }, async () => {
    const directory = join(scratch, "shared");
    const first = await launch("--seed", "empty", "--dir", directory);
    const second = await launchToRefuse("--seed", "empty", "--dir", directory);
    await first.stop();
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/in use by another emulator/);
  });
});

describe("arguments", () => {
  test("each bad one ends in words and exit code 2", { timeout: 30_000 }, async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => blocker.once("listening", resolve));
    const { port } = blocker.address() as AddressInfo;
    const cases: [string[], RegExp][] = [
      [["--port", String(port)], new RegExp(`port ${port} on 127.0.0.1 is taken`)],
      [["--port", "high"], /--port must be a whole number/],
      [["--seed", "scale:0"], /--seed must be demo, empty or scale:N/],
      [["--dir", process.execPath], /--dir .* is not a directory \(EEXIST\)/],
      [["--colour"], /Unknown option '--colour'/],
      [["--tenancies", join(scratch, "nowhere")], /nowhere: cannot be read \(ENOENT\)/],
    ];
    const answers = await Promise.all(cases.map(([options]) => launchToRefuse(...options)));
    blocker.close();
    for (const [index, [options, words]] of cases.entries()) {
      expect(answers[index]?.code, options.join(" ")).toBe(2);
      expect(answers[index]?.stderr).toMatch(words);
    }
  });

  test.each([
    ["{", /is not JSON$/],
    ["[]", /must be \{"keys"/],
    ['{"keys": {}}', /"keys" must name at least one key/],
    ['{"keys": {"t/u/f": 5}}', /keys\["t\/u\/f"\] must be a PEM text/],
    ['{"keys": {"t/u/f": "nonsense"}}', /"t\/u\/f" is not an RSA key in PEM form/],
    ['{"keys": {"t": "nonsense"}}', /the public key of "t"/],
  ])("a tenancies file that says %s is refused by name and field", (text, words) => {
    const file = join(scratch, "bad-tenancies.json");
    writeFileSync(file, text);
    expect(() => readTenanciesFile(file)).toThrow(words);
    expect(() => readTenanciesFile(file)).toThrow(/bad-tenancies\.json: /);
  });

  test("--tenancies trusts a client's own key, and its compartments exist", { timeout: 30_000 }, async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const profile: TestProfile = {
      tenancy: "ocid1.tenancy.oc1..aaaaaaaavisitor",
      user: "ocid1.user.oc1..aaaaaaaavisitor",
      fingerprint: fingerprintOf(createPublicKey(pem)),
      privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    };
    const compartment = "ocid1.compartment.oc1..aaaaaaaavisited";
    const file = join(scratch, "tenancies.json");
    const keys = { [`${profile.tenancy}/${profile.user}/${profile.fingerprint}`]: pem };
    writeFileSync(file, JSON.stringify({ keys, compartments: [compartment] }));
    const emulator = await launch("--seed", "empty", "--tenancies", file);
    expect(emulator.announcement.tenancies).toContainEqual({ tenancy: profile.tenancy, compartments: [compartment] });
    const list = (id: string): Promise<TestAnswer> =>
      send(profile, addressOf(emulator), { method: "GET", target: `/20180608/vaults?compartmentId=${id}` });
    expect((await list(compartment)).json()).toEqual([]);
    expect((await list(profile.tenancy)).json()).toEqual([]);
    expect((await list(emulator.announcement.tenancies[0]?.tenancy ?? "")).status).toBe(404);
    await emulator.stop();
  });

  test("10,000 vaults are there soon, and a list is one page of one compartment", {
    timeout: 30_000,
  }, async () => {
    const startedAt = performance.now();
    const emulator = await launch("--seed", "scale:10000", "--no-throttle");
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    const compartments = emulator.announcement.tenancies[0]?.compartments ?? [];
    expect(compartments.length).toBeGreaterThan(90);
    const profile = readProfile(emulator.announcement.config);
    const target = `/20180608/vaults?compartmentId=${compartments[5]}&limit=1000`;
    const answer = await send(profile, addressOf(emulator), { method: "GET", target });
    expect(answer.json().length).toBeGreaterThan(10);
    await emulator.stop();
  });

  test("ends when its parent's pipe closes, and takes its private files with it", { timeout: 30_000 }, async () => {
    const emulator = await launch("--seed", "empty", "--exit-with-parent");
    const ended = new Promise((resolve) => emulator.child.once("exit", resolve));
    expect(statSync(emulator.announcement.config).isFile()).toBe(true);
    emulator.child.stdin?.end();
    expect(await ended).toBe(0);
    expect(() => statSync(emulator.announcement.config)).toThrow();
  });
});

describe("a running emulator", () => {
  let emulator: Launched;
  let profile: TestProfile;
  let compartmentId: string;
  let target: string;
  beforeAll(async () => {
    emulator = await launch("--seed", "empty", "--settle-ms", "0", "--no-throttle");
    profile = readProfile(emulator.announcement.config);
    compartmentId = emulator.announcement.tenancies[0]?.compartments[0] ?? "";
    target = `/20180608/vaults?compartmentId=${compartmentId}`;
  });
  afterAll(() => emulator?.stop());
  afterEach(async () => {
    await control("DELETE", "/faults");
    await control("DELETE", "/calls");
  });
  const control = async (
    method: string,
    path: string,
    body?: unknown,
    headers = {},
  ): Promise<{ status: number; json: TestJson }> => {
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const answer = await sendRaw(emulator.announcement.control, method, path, headers, text);
    return { status: answer.status, json: answer.json() };
  };
  const list = () => send(profile, addressOf(emulator), { method: "GET", target });
  const fault = (...rules: object[]) => control("POST", "/faults", { rules });

  test("prints one line, and its config is a file for its owner only, of keys that work for each tenancy", async () => {
    expect(emulator.stdout().trim().split("\n")).toHaveLength(1);
    const { config, regions, tenancies } = emulator.announcement;
    expect(Object.keys(regions)).toEqual([home, "eu-frankfurt-1", "uk-london-1"]);
    expect(tenancies).toHaveLength(2);
    for (const file of [config, join(dirname(config), "default.pem"), join(dirname(config), "labs.pem")]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    expect(readFileSync(config, "utf8")).toMatch(/^\[DEFAULT\]$/m);
    const labs = readProfile(config, "LABS");
    expect(labs.tenancy).toBe(tenancies[1]?.tenancy);
    const own = `/20180608/vaults?compartmentId=${tenancies[1]?.compartments[0]}`;
    expect((await send(labs, addressOf(emulator), { method: "GET", target: own })).status).toBe(200);
    expect((await send(labs, addressOf(emulator), { method: "GET", target })).status).toBe(404);
  });

  test("listens on loopback only", async () => {
    for (const address of [
      ...Object.values(emulator.announcement.regions).map(({ kms }) => kms),
      emulator.announcement.control,
    ]) {
      expect(new URL(address).hostname).toBe("127.0.0.1");
    }
  });

  test("turns the clock: what is due happens, and never backwards", async () => {
    const body = JSON.stringify({ compartmentId, displayName: "x", vaultType: "DEFAULT" });
    const { id } = (
      await send(profile, addressOf(emulator), { method: "POST", target: "/20180608/vaults", body })
    ).json();
    const path = `/20180608/vaults/${id}`;
    await send(profile, addressOf(emulator), { method: "POST", target: `${path}/actions/scheduleDeletion` });
    const see = async () =>
      (await send(profile, addressOf(emulator), { method: "GET", target: path })).json().lifecycleState;
    expect(await see()).toBe("PENDING_DELETION");
    const before = Date.parse((await control("GET", "/clock")).json.now);
    const turned = await control("POST", "/clock", { advanceSeconds: 31 * 86_400 });
    expect(Date.parse(turned.json.now) - before).toBeGreaterThanOrEqual(31 * 86_400_000);
    expect(await see()).toBe(undefined);
    for (const wrong of [{ advanceSeconds: -1 }, { advanceSeconds: "1" }, {}, "{", [], { advanceSeconds: 1e12 }]) {
      expect((await control("POST", "/clock", wrong)).status).toBe(400);
    }
    const answer = await list();
    expect(Math.abs(Date.parse(answer.headers.date ?? "") - Date.parse(turned.json.now))).toBeLessThan(10_000);
  });

  test("tells what came: counts, the busiest second, callers, request ids, no secrets", async () => {
    const headers = { "opc-request-id": "mine" };
    for (let index = 0; index < 3; index++)
      await send(profile, addressOf(emulator), { method: "GET", target, headers });
    await send(profile, addressOf(emulator), {
      method: "PUT",
      target: "/20180608/vaults/ocid1.vault.oc1.iad.b.c",
      body: "{}",
    });
    await sendRaw(addressOf(emulator), "GET", target, { host: "x" });
    await sendRaw(addressOf(emulator), "GET", "/p/secret-part/n/a/b/c/o/d", {});
    const { json } = await control("GET", "/calls");
    expect(json).toMatchObject({
      total: 6,
      reads: 3,
      writes: 1,
      maxInAnySecond: { reads: 3, writes: 1 },
      byOperation: { listVaults: 4, updateVault: 1, preauthenticated: 1 },
      byStatus: { 200: 3, 401: 1, 404: 2 },
    });
    expect(json.calls[0]).toMatchObject({
      operation: "listVaults",
      region: home,
      method: "GET",
      target,
      status: 200,
      budget: "read",
      tenancy: profile.tenancy,
      user: profile.user,
      sentRequestId: "mine",
    });
    expect(json.calls[0].requestId).toMatch(/^mine\//);
    expect(JSON.stringify(json)).not.toContain("secret-part");
    expect((await control("DELETE", "/calls")).json.total).toBe(0);
  });

  test("refuses browsers and other names", async () => {
    for (const headers of [
      { host: "emulator.example" },
      { origin: "http://localhost:3000" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "cross-site" },
    ]) {
      expect((await control("GET", "/calls", undefined, headers)).status).toBe(403);
    }
    expect((await control("GET", "/calls", undefined, { host: "localhost" })).status).toBe(200);
    expect((await control("GET", "/nothing")).status).toBe(404);
    expect((await control("POST", "/faults", "x".repeat(300_000))).status).toBe(400);
  });

  test("faults: latency, statuses with retry-after, a number of times, one operation, one region", async () => {
    await fault(
      { kind: "latency", ms: 120, times: 1 },
      { kind: "status", status: 503, retryAfterSeconds: 7, times: 2, operation: "listVaults", region: home },
    );
    const startedAt = performance.now();
    const refused = await list();
    expect(performance.now() - startedAt).toBeGreaterThan(110);
    expect([refused.status, refused.headers["retry-after"], refused.json().code]).toEqual([
      503,
      "7",
      "ServiceUnavailable",
    ]);
    expect(refused.headers["opc-request-id"]).toBeDefined();
    expect((await send(profile, addressOf(emulator), { method: "GET", target: "/20160918/regions" })).status).toBe(200);
    expect(
      (await send(profile, emulator.announcement.regions["eu-frankfurt-1"]?.kms ?? "", { method: "GET", target }))
        .status,
    ).toBe(200);
    expect([(await list()).status, (await list()).status]).toEqual([503, 200]);
    await fault({ kind: "status", status: 400, code: "LimitExceeded", times: 1 });
    expect((await list()).json().code).toBe("LimitExceeded");
    expect((await control("GET", "/faults")).json.rules).toEqual([]);
  });

  test("faults: reset, truncated, lost answer after commit, malformed, control characters, hang", async () => {
    const body = JSON.stringify({ compartmentId, displayName: "lost", vaultType: "DEFAULT" });
    const create = () => send(profile, addressOf(emulator), { method: "POST", target: "/20180608/vaults", body });
    const count = async () =>
      (await list()).json().filter(({ displayName }: { displayName: string }) => displayName === "lost").length;
    await fault({ kind: "reset", times: 1 });
    await expect(create()).rejects.toThrow();
    expect(await count()).toBe(0);
    await fault({ kind: "lostAnswer", times: 1 });
    await expect(create()).rejects.toThrow();
    expect(await count()).toBe(1);
    await fault({ kind: "truncate", times: 1 });
    await expect(list()).rejects.toThrow();
    await fault({ kind: "malformed", times: 1 });
    const malformed = await list();
    expect(malformed.status).toBe(200);
    expect(() => malformed.json()).toThrow();
    await fault({ kind: "controlCharacters", times: 1 });
    const controls = await list();
    expect(() => controls.json()).toThrow();
    expect(controls.body.includes("\u0007")).toBe(true);
    await fault({ kind: "hang", times: 1 });
    const outcome = await Promise.race([
      list().then(() => "answered"),
      new Promise((resolve) => setTimeout(resolve, 200, "hangs")),
    ]);
    expect(outcome).toBe("hangs");
    const { json } = await control("GET", "/calls");
    expect(
      json.calls
        .filter(({ status }: { status: number | null }) => status === null)
        .map(({ fault: kind }: { fault: string }) => kind),
    ).toEqual(["reset", "lostAnswer", "hang"]);
  });

  test.each([
    [{ kind: "earthquake" }],
    [{}],
    [{ kind: "latency" }],
    [{ kind: "status", status: 200 }],
    [{ kind: "reset", operation: "dropVault" }],
    [{ kind: "reset", times: 0 }],
    [{ kind: "reset", region: 5 }],
    ["{"],
  ])("refuses the rule %j", async (rule) => {
    const answer = await control("POST", "/faults", rule);
    expect(answer.status).toBe(400);
    expect(answer.json.error).toBeTypeOf("string");
  });

  test("a session token can be had, as from a sign-in service", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = publicKey.export({ type: "spki", format: "pem" });
    const made = await control("POST", "/session-tokens", {
      tenancy: profile.tenancy,
      user: profile.user,
      publicKey: pem,
    });
    expect(made.json.token.split(".")).toHaveLength(3);
    expect((await control("POST", "/session-tokens", { tenancy: "x", user: "u", publicKey: pem })).status).toBe(400);
    expect(
      (await control("POST", "/session-tokens", { tenancy: profile.tenancy, user: "u", publicKey: "x" })).status,
    ).toBe(400);
  });

  const speak = (text: string): Promise<string> =>
    new Promise((resolve) => {
      const { port } = new URL(addressOf(emulator));
      let heard = "";
      const socket = connect(Number(port), "127.0.0.1", () => socket.write(text));
      socket.on("data", (chunk) => {
        heard += chunk.toString();
        if (/\r\n\r\n[\s\S]*\}/.test(heard)) socket.destroy();
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(heard));
    });

  test("what is not HTTP, or too much of it, is refused and harms nobody", async () => {
    expect(await speak("hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"CannotParseRequest"/);
    expect(await speak(`GET / HTTP/1.1\r\nhost: x\r\na: ${"x".repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 [\s\S]*RequestHeaderFieldsTooLarge/,
    );
    expect(await speak(`GET http://x${target} HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await speak("POST /20180608/vaults HTTP/1.1\r\nhost: x\r\ncontent-length: 9000000\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 413 [\s\S]*"PayloadTooLarge"/,
    );
    expect(await speak("PUT /n/a/b/c/o/d HTTP/1.1\r\nhost: x\r\ncontent-length: 9000000000\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 413 [\s\S]*"RequestEntityTooLarge"/,
    );
    expect((await list()).status).toBe(200);
  });

  test("a body without end is cut off", async () => {
    const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
    const heard = await speak(
      `POST /20180608/vaults HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(20)}`,
    );
    expect(heard === "" || heard.startsWith("HTTP/1.1 413")).toBe(true);
    expect((await list()).status).toBe(200);
  });
});
