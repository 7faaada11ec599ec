import { createHash, createPublicKey, verify } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BodySource, request } from "#lib/contract/request.ts";
import type { OciEvent } from "#lib/oci/call.ts";
import { createOciClient, type OciClient, type OciClientOptions } from "#lib/oci/client.ts";
import { systemClock } from "#lib/oci/clock.ts";
import { CredentialError } from "#lib/oci/credentials.ts";
import { createEndpoints } from "#lib/oci/endpoints.ts";
import { isOutcomeUnknown } from "#lib/oci/failure.ts";
import { createPace, type Pace } from "#lib/oci/pace.ts";
import {
  answer,
  cutOff,
  hang,
  refuse,
  reset,
  type ScriptedServer,
  type Step,
  scriptedServer,
} from "./scripted-server.ts";
import { credential, privateKey } from "./test-credential.ts";

const publicKey = createPublicKey(privateKey);
const region = "us-ashburn-1";
const vaultId = "ocid1.vault.oc1.iad.part.unique";
const vault = {
  id: vaultId,
  compartmentId: "ocid1.compartment.oc1..c",
  displayName: "v",
  vaultType: "DEFAULT",
  lifecycleState: "ACTIVE",
  timeCreated: "2026-01-01T00:00:00.000Z",
  cryptoEndpoint: "https://c",
  managementEndpoint: "https://m",
  externalVendorMetadata: null,
};
const good = answer(200, JSON.stringify(vault), { etag: "e1", "opc-request-id": "SRV/1" });
const getVault = request("getVault", { vaultId });
const interactive = { region, priority: "interactive" } as const;

let server: ScriptedServer;
const clients: OciClient[] = [];
const events: OciEvent[] = [];
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server.close();
});

function clientOf(options: Partial<OciClientOptions> = {}): OciClient {
  const services = { kms: server.origin, identity: server.origin, objectstorage: server.origin };
  const endpoints = createEndpoints({ overrides: { [region]: services }, isOverridesOnly: true });
  const client = createOciClient({
    credential,
    endpoints,
    random: () => 0,
    log: (event) => events.push(event),
    ...options,
  });
  clients.push(client);
  return client;
}
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error("it should have failed");
    },
    (error: Error & Record<string, unknown>) => error,
  );

describe("an ordinary call", () => {
  it("is signed over exactly what arrives", async () => {
    server.script(good);
    await clientOf().call(request("getVault", { vaultId, opcRequestId: "click-1" }), interactive);
    const { headers, method, url } = server.calls[0]!;
    const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(headers.authorization!)![1]!;
    const lines = part("headers")
      .split(" ")
      .map((name) => `${name}: ${name === "(request-target)" ? `${method.toLowerCase()} ${url}` : headers[name]}`);
    expect(verify("sha256", Buffer.from(lines.join("\n")), publicKey, Buffer.from(part("signature"), "base64"))).toBe(
      true,
    );
    expect(url).toBe(`/20180608/vaults/${vaultId}`);
    expect(headers).toMatchObject({
      "opc-request-id": "click-1",
      "accept-encoding": "identity",
      host: new URL(server.origin).host,
    });
  });

  it("gives data, raw text and the headers that matter", async () => {
    const text = `[${JSON.stringify(vault)} ]`;
    server.script(answer(200, text, { "opc-next-page": "p2", "opc-request-id": "R" }));
    const query = { compartmentId: "ocid1.compartment.oc1..c", page: "a+b/c==", limit: 5 };
    const listed = await clientOf().call(request("listVaults", query), interactive);
    expect(server.calls[0]?.url).toBe(
      "/20180608/vaults?compartmentId=ocid1.compartment.oc1..c&limit=5&page=a%2Bb%2Fc%3D%3D",
    );
    expect(listed).toMatchObject({ status: 200, raw: text, opcNextPage: "p2", opcRequestId: "R", retries: 0 });
    expect(listed.data[0]?.displayName).toBe("v");
  });

  it("sends bytes as they are, from memory and from a source", async () => {
    const body = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31) % 256);
    const source: BodySource = {
      byteLength: body.length,
      sha256Base64: createHash("sha256").update(body).digest("base64"),
      async *stream() {
        for (let at = 0; at < body.length; at += 9999) yield body.subarray(at, at + 9999);
      },
    };
    for (const content of [body, source]) {
      server.script(good);
      await clientOf().call(
        request("restoreVaultFromFile", { compartmentId: "ocid1.compartment.oc1..c", body: content }),
        interactive,
      );
      const arrived = server.calls[0]!;
      expect(arrived.body.equals(body)).toBe(true);
      expect(arrived.headers["content-length"]).toBe("70000");
      expect(arrived.headers["transfer-encoding"]).toBeUndefined();
      expect(arrived.headers["x-content-sha256"]).toBe(source.sha256Base64);
    }
  });

  it("keeps its connection", async () => {
    server.script(good);
    const client = clientOf();
    await client.call(getVault, interactive);
    const before = server.sockets;
    for (let n = 0; n < 5; n++) await client.call(getVault, interactive);
    expect(server.sockets).toBe(before);
  });

  it("takes any 2xx and no body where none is expected", async () => {
    server.script(answer(200, "whatever", { etag: "e2" }));
    const moved = await clientOf().call(
      request("changeVaultCompartment", { vaultId, body: { compartmentId: "ocid1.compartment.oc1..d" } }),
      interactive,
    );
    expect(moved).toMatchObject({ status: 200, data: null, raw: "", etag: "e2" });
  });

  it("reads the gzip a proxy may add, and escapes raw control characters", async () => {
    const text = JSON.stringify({ ...vault, displayName: "bell?" }).replace("?", "\u0007");
    server.script(answer(200, gzipSync(text), { "content-encoding": "gzip" }));
    const read = await clientOf().call(getVault, interactive);
    expect(read.data.displayName).toBe("bell\u0007");
    expect(read.raw).toContain('"bell\\u0007"');
    const error = await failure(clientOf({ isControlCharsAllowed: false }).call(getVault, interactive));
    expect(error).toMatchObject({ name: "UpstreamFailure", kind: "bad_answer" });
  });

  it("reaches names under .localhost without a resolver", async () => {
    server.script(answer(200, "[]"));
    const { port } = new URL(server.origin);
    const managementEndpoint = `http://abc-management.kms.${region}.localhost:${port}`;
    const listKeys = request("listKeys", { compartmentId: "ocid1.compartment.oc1..c" });
    await clientOf().call(listKeys, { ...interactive, managementEndpoint });
    expect(server.calls[0]?.headers.host).toBe(`abc-management.kms.${region}.localhost:${port}`);
    const error = await failure(
      clientOf().call(listKeys, { ...interactive, managementEndpoint: "https://evil.example" }),
    );
    expect(error).toMatchObject({ kind: "bad_endpoint" });
    expect(server.calls).toHaveLength(1);
  });
});

describe("reads are asked again", () => {
  it.each([
    ["500", refuse(500, "InternalServerError")],
    ["503", refuse(503, "ServiceUnavailable")],
    ["429", refuse(429, "TooManyRequests", { "retry-after": "0" })],
    ["a reset", reset],
    ["half an answer", cutOff],
  ])("after %s, three times at most", async (_, bad) => {
    server.script(bad, bad, good);
    const read = await clientOf().call(getVault, interactive);
    expect(read.retries).toBe(2);
    expect(new Set(server.calls.map(({ headers }) => headers["opc-request-id"])).size).toBe(1);
    server.script(bad);
    await failure(clientOf().call(getVault, interactive));
    expect(server.calls).toHaveLength(3);
  });

  it.each([
    ["400", refuse(400, "InvalidParameter"), "InvalidParameter"],
    ["401", refuse(401, "NotAuthenticated"), "NotAuthenticated"],
    ["404", refuse(404, "NotAuthorizedOrNotFound"), "NotAuthorizedOrNotFound"],
    ["409", refuse(409, "IncorrectState"), "IncorrectState"],
    ["501", refuse(501, "MethodNotImplemented"), "MethodNotImplemented"],
  ])("not after %s", async (_, bad, code) => {
    server.script(bad);
    expect(await failure(clientOf().call(getVault, interactive))).toMatchObject({ name: "OciError", code });
    expect(server.calls).toHaveLength(1);
  });

  it("no sooner than retry-after says, and everything of that budget waits", async () => {
    server.script(refuse(429, "TooManyRequests", { "retry-after": "1" }), good);
    const client = clientOf();
    const first = client.call(getVault, interactive);
    while (server.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await Promise.all([first, client.call(getVault, interactive)]);
    expect(server.calls).toHaveLength(3);
    for (const { at } of server.calls.slice(1)) expect(at - server.calls[0]!.at).toBeGreaterThan(950);
    expect(client.state().pace.read.pausesTotal).toBe(1);
  });

  it("gives up at once when retry-after is past the deadline", async () => {
    server.script(refuse(429, "TooManyRequests", { "retry-after": "30" }));
    const error = await failure(clientOf().call(getVault, interactive));
    expect(error).toMatchObject({ code: "TooManyRequests", retryAfterSeconds: 30 });
    expect(server.calls).toHaveLength(1);
  });

  it("within the budget of all calls together", async () => {
    server.script(refuse(500, "InternalServerError"));
    const client = clientOf({ retryBudget: { spend: () => false, earn: () => undefined, tokens: 0 } });
    await failure(client.call(getVault, interactive));
    expect(server.calls).toHaveLength(1);
  });
});

describe("writes", () => {
  const schedule = request("scheduleVaultDeletion", { vaultId, body: {} });

  it("are asked again with the same token, made when none was given", async () => {
    server.script(reset, refuse(503, "ServiceUnavailable"), good);
    await clientOf().call(schedule, interactive);
    const tokens = server.calls.map(({ headers }) => headers["opc-retry-token"]);
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/^.{1,64}$/);
    server.script(reset, good);
    await clientOf().call(request("scheduleVaultDeletion", { vaultId, body: {}, opcRetryToken: "mine" }), interactive);
    expect(server.calls.map(({ headers }) => headers["opc-retry-token"])).toEqual(["mine", "mine"]);
  });

  it("never when the operation takes no token", async () => {
    const update = request("updateVault", { vaultId, body: { displayName: "x" } });
    for (const [bad, isUnknown] of [
      [reset, true],
      [cutOff, true],
      [refuse(503, "ServiceUnavailable"), true],
      [refuse(429, "TooManyRequests", { "retry-after": "0" }), false],
      [answer(200, "not json"), true],
      [refuse(412, "NoEtagMatch"), false],
    ] as const) {
      server.script(bad);
      const error = await failure(clientOf().call(update, interactive));
      expect(server.calls).toHaveLength(1);
      expect([error.message, isOutcomeUnknown(error)]).toEqual([error.message, isUnknown]);
    }
  });

  it("stay unknown when an attempt before the last got no answer", async () => {
    server.script(reset, refuse(412, "NoEtagMatch"));
    const error = await failure(clientOf().call(schedule, interactive));
    expect(error).toMatchObject({ code: "NoEtagMatch" });
    expect(isOutcomeUnknown(error)).toBe(true);
  });

  it("are not asked again from a source that cannot be opened twice", async () => {
    let opened = 0;
    const body: BodySource = {
      byteLength: 3,
      sha256Base64: createHash("sha256").update("abc").digest("base64"),
      async *stream() {
        if (++opened > 1) throw new Error("already read");
        yield Buffer.from("abc");
      },
    };
    server.script(refuse(503, "ServiceUnavailable"));
    const restore = request("restoreVaultFromFile", { compartmentId: "ocid1.compartment.oc1..c", body });
    const error = await failure(clientOf().call(restore, interactive));
    expect(isOutcomeUnknown(error)).toBe(true);
    expect(server.calls).toHaveLength(1);
  });
});

describe("failures", () => {
  it("a deadline for the whole call", async () => {
    server.script(hang);
    const startedAt = performance.now();
    const error = await failure(clientOf().call(getVault, { ...interactive, timeoutMs: 200 }));
    expect(error).toMatchObject({
      kind: "timeout",
      isOutcomeUnknown: false,
      message: "Key Management in us-ashburn-1 did not answer within 0.2 s.",
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it("a slow trickle does not outlive it", async () => {
    server.script((response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    });
    expect(await failure(clientOf().call(getVault, { ...interactive, timeoutMs: 200 }))).toMatchObject({
      kind: "timeout",
    });
  });

  it("the caller gives up", async () => {
    server.script(hang);
    const caller = new AbortController();
    setTimeout(() => caller.abort(), 50);
    const error = await failure(clientOf().call(getVault, { ...interactive, signal: caller.signal }));
    expect(error).toMatchObject({ kind: "aborted" });
    expect(await failure(clientOf().call(getVault, { ...interactive, signal: caller.signal }))).toMatchObject({
      kind: "aborted",
    });
  });

  it("nothing listens: a write certainly was not applied", async () => {
    const gone = await scriptedServer();
    await gone.close();
    const endpoints = createEndpoints({ overrides: { [region]: { kms: gone.origin } } });
    const error = await failure(
      clientOf({ endpoints }).call(request("updateVault", { vaultId, body: {} }), interactive),
    );
    expect(error).toMatchObject({ kind: "unreachable", isOutcomeUnknown: false });
    expect(error.message).toBe(
      `Key Management in us-ashburn-1 cannot be reached at ${new URL(gone.origin).host}: nothing listens there.`,
    );
  });

  it.each([
    ["a redirect", answer(307, "", { location: "http://127.0.0.1:9/" }), "redirected"],
    ["HTML", answer(200, "<html>"), "bad_answer"],
    ["another model", answer(200, '{"id":5}'), "bad_answer"],
    ["a declared size over the limit", answer(200, Buffer.alloc(6 * 1024 * 1024)), "too_large"],
    ["a gzip bomb", answer(200, gzipSync(Buffer.alloc(50 * 1024 * 1024)), { "content-encoding": "gzip" }), "too_large"],
    ["brotli", answer(200, "x", { "content-encoding": "br" }), "bad_answer"],
  ])("%s", async (_, step, kind) => {
    server.script(step);
    expect(await failure(clientOf().call(getVault, interactive))).toMatchObject({ name: "UpstreamFailure", kind });
    expect(server.calls).toHaveLength(1);
  });

  it("a size over the limit is believed before the first byte", async () => {
    server.script((response) => {
      response.writeHead(200, { "content-length": "99999999" });
      response.flushHeaders();
    });
    const error = await failure(clientOf().call(getVault, { ...interactive, timeoutMs: 2000 }));
    expect(error).toMatchObject({ kind: "too_large" });
  });

  it("an endless answer is cut at the limit", async () => {
    let sent = 0;
    server.script((response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && sent < 100e6) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536, 32))) return void response.once("drain", more);
        }
      };
      more();
    });
    expect(await failure(clientOf().call(getVault, interactive))).toMatchObject({ kind: "too_large" });
    expect(sent).toBeLessThan(20e6);
  });

  it("clocks too far apart are named as that", async () => {
    server.script(refuse(401, "NotAuthenticated", { date: new Date(Date.now() + 3_600_000).toUTCString() }));
    const error = await failure(clientOf().call(getVault, interactive));
    expect(error).toMatchObject({ kind: "clock_skew" });
    expect(error.message).toContain("clock is 60 minutes behind");
  });

  it("a credential that cannot sign", async () => {
    const broken = {
      describe: credential.describe,
      signingKey: () => Promise.reject(new CredentialError("the token ended", "Run: oci session authenticate")),
    };
    server.script(good);
    expect(await failure(clientOf({ credential: broken }).call(getVault, interactive))).toMatchObject({
      kind: "credential",
      message: "the token ended. Run: oci session authenticate",
    });
    expect(server.calls).toHaveLength(0);
  });
});

describe("the breaker", () => {
  it("refuses at once after ten failures in a row, elsewhere all goes on, and recovers by a probe", async () => {
    let offsetMs = 0;
    const clock = { ...systemClock, ticks: () => performance.now() + offsetMs };
    const client = clientOf({ clock, retryBudget: { spend: () => false, earn: () => undefined, tokens: 0 } });
    server.script(refuse(503, "ServiceUnavailable"));
    for (let n = 0; n < 10; n++) await failure(client.call(getVault, interactive));
    const error = await failure(client.call(getVault, interactive));
    expect(error).toMatchObject({ kind: "breaker_open", retryAfterSeconds: 30, isOutcomeUnknown: false });
    expect(server.calls).toHaveLength(10);
    server.script(answer(200, '"ns"'));
    await expect(client.call(request("getNamespace", {}), interactive)).resolves.toMatchObject({ data: "ns" });
    offsetMs = 30_001;
    server.script(good);
    await client.call(getVault, interactive);
    expect(client.state().contacts.find(({ service }) => service === "kms")).toMatchObject({
      position: "closed",
      failuresInRow: 0,
    });
  });

  it("does not count refusals, not even 409 ten times", async () => {
    const client = clientOf();
    server.script(refuse(409, "IncorrectState"));
    for (let n = 0; n < 12; n++) await failure(client.call(request("getNamespace", {}), interactive));
    expect(client.state().contacts[0]).toMatchObject({ position: "closed", failuresInRow: 0 });
  });
});

describe("pacing", () => {
  it("spends the row's budget: listVaultReplicas a write, identity none", async () => {
    const client = clientOf();
    server.script(answer(200, "[]"));
    await client.call(request("listVaultReplicas", { vaultId }), interactive);
    await client.call(request("listRegions", {}), interactive);
    const { read, write } = client.state().pace;
    expect([read.grantedTotal.interactive, write.grantedTotal.interactive]).toEqual([0, 1]);
  });

  it("keeps thirty calls within ten a second as the server sees them", async () => {
    server.script(good);
    const client = clientOf();
    const calls = Array.from({ length: 30 }, (_, n) =>
      client.call(getVault, { region, priority: n % 2 === 0 ? "interactive" : "background" }),
    );
    const answers = await Promise.all(calls);
    const times = server.calls.map(({ at }) => at);
    for (const from of times)
      expect(times.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(10);
    expect(times.at(-1)! - times[0]!).toBeLessThan(3500);
    expect(Math.max(...answers.map(({ paceWaitMs }) => paceWaitMs))).toBeGreaterThan(1500);
  });

  it("counts the time of all its attempts, a background call's too", async () => {
    const background = { region, priority: "background" } as const;
    server.script(hang);
    const error = await failure(clientOf().call(getVault, { ...background, timeoutMs: 200 }));
    expect(error).toMatchObject({ kind: "timeout" });
    const slowly: Step = (response, arrived) => {
      setTimeout(() => refuse(503, "ServiceUnavailable")(response, arrived), 150);
    };
    server.script(slowly);
    await failure(clientOf().call(getVault, { ...background, timeoutMs: 290 }));
    expect(server.calls).toHaveLength(2);
  });

  it("does not count the waits between a background call's attempts either", async () => {
    const free = createPace();
    const slow: Pace = {
      ...free,
      async take() {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return { waitedMs: 300, leaving: () => undefined, arrived: () => undefined, unused: () => undefined };
      },
    };
    const bad = refuse(503, "ServiceUnavailable");
    server.script(bad, bad, good);
    const read = await clientOf({ pace: slow }).call(getVault, { region, priority: "background", timeoutMs: 400 });
    expect(read).toMatchObject({ retries: 2, paceWaitMs: 900 });
  });

  it("does not count a background call's wait against its deadline", async () => {
    server.script(good);
    const client = clientOf();
    const answers = await Promise.all(
      Array.from({ length: 14 }, () => client.call(getVault, { region, priority: "background", timeoutMs: 400 })),
    );
    expect(Math.max(...answers.map(({ paceWaitMs }) => paceWaitMs))).toBeGreaterThan(400);
    const people = Array.from({ length: 30 }, () => client.call(getVault, { ...interactive, timeoutMs: 400 }));
    const errors = (await Promise.allSettled(people)).flatMap((each) =>
      each.status === "rejected" ? [each.reason] : [],
    );
    expect(errors.length).toBeGreaterThan(5);
    expect(errors.at(-1)).toMatchObject({
      kind: "timeout",
      message: expect.stringContaining("could not be asked within"),
    });
  });
});

it("logs hold no secret", () => {
  const text = JSON.stringify(events);
  expect(events.length).toBeGreaterThan(50);
  expect(text).not.toMatch(/authorization|signature=|PRIVATE|retry-token/i);
});
