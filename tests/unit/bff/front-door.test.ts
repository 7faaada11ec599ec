import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "#lib/bff/config.ts";
import { createFrontDoor } from "#lib/bff/front-door.ts";

let server: Server;
let port: number;
const seen: { url: string | undefined; headers: Record<string, unknown> }[] = [];

beforeAll(async () => {
  server = createServer({ maxHeaderSize: 16_384, requireHostHeader: false });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  const door = createFrontDoor(loadConfig({ PORT: String(port), NODE_ENV: "production" }));
  server.on("request", (request, response) => {
    if (!door.admit(request, response)) return;
    seen.push({ url: request.url, headers: { ...request.headers } });
    response.end("inside");
  });
  server.on("checkExpectation", door.refuseExpectation);
  server.on("clientError", door.rejectBroken);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Sends bytes as they are and gives back everything that came. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("end", () => resolve(answer)).on("error", reject);
    socket.setTimeout(5_000, () => socket.destroy(new Error("no answer")));
  });
}
const get = (target: string, headers = "") =>
  raw(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${headers}\r\n`);
const required = [
  "x-content-type-options: nosniff",
  "referrer-policy: no-referrer",
  "cross-origin-opener-policy: same-origin",
  "cross-origin-resource-policy: same-origin",
  "content-security-policy: ",
];

describe("the front door", () => {
  it.each([
    ["an absolute-form target", "http://evil.example/vaults", 400],
    ["a target for a proxy", "https://127.0.0.1/vaults", 400],
    ["a doubled slash", "//evil.example/", 400],
    ["dot segments", "/vaults/../api/session", 400],
    ["encoded dot segments", "/vaults/%2e%2E/api/session", 400],
    ["a backslash", "/\\evil.example", 400],
    ["an encoded backslash", "/%5cevil.example", 400],
    ["an encoded NUL", "/vaults/%00", 400],
    ["an encoded slash outside object names", "/api/oci/t/kms/r/20180608%2fvaults", 400],
    ["double encoding", "/vaults/%252e%252e/", 400],
    ["broken percent-encoding", "/vaults/%zz", 400],
    ["an endless target", `/${"a".repeat(9000)}`, 414],
  ])("refuses %s", async (_name, target, status) => {
    const before = seen.length;
    const answer = await get(target);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    for (const header of required) expect(answer.toLowerCase()).toContain(header);
    expect(answer.toLowerCase()).toContain("x-request-id: ");
    expect(seen.length).toBe(before);
  });

  it("answers only under its own names", async () => {
    const answer = await raw(`GET / HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain("HTTP/1.1 421 ");
    expect(answer).toContain("APP_ORIGIN");
    expect(await raw(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`)).toContain("200 OK");
  });

  it.each(["TRACE", "OPTIONS", "PATCH"])("has no use for %s", async (method) => {
    const answer = await raw(`${method} / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain("HTTP/1.1 405 ");
  });

  it("closes on what cannot be parsed, with headers", async () => {
    const answer = await raw("GET / HTTP/1.1\r\nHo st: x\r\n\r\n");
    expect(answer).toContain("400 Bad Request");
    for (const header of required) expect(answer.toLowerCase()).toContain(header);
    expect(await get("/", `X-Big: ${"a".repeat(20_000)}\r\n`)).toContain("431 ");
  });

  it("gives what cannot be parsed every header an answer has, over https too, and an id of its own", async () => {
    const config = loadConfig({ APP_ORIGIN: "https://vaults.example.com", NODE_ENV: "production" });
    const said: string[] = [];
    const socket = { writable: true, end: (text: string) => said.push(text), destroy: () => undefined };
    const door = createFrontDoor(config);
    for (const code of ["HPE_INVALID", "HPE_HEADER_OVERFLOW", "ERR_HTTP_REQUEST_TIMEOUT"])
      door.rejectBroken(Object.assign(new Error(code), { code }), socket as never);
    expect(said.map((text) => text.slice(9, 12))).toEqual(["400", "431", "408"]);
    const admitted: Record<string, unknown> = {};
    const response = { setHeader: (name: string, value: unknown) => (admitted[name] = value), end: () => undefined };
    door.admit({ url: "//", method: "GET", headers: {}, rawHeaders: [] } as never, response as never);
    const names = Object.keys(admitted).filter((name) => name !== "content-type");
    expect(names).toContain("strict-transport-security");
    for (const text of said) for (const name of names) expect(text, name).toContain(`\r\n${name}: `);
    const ids = said.map((text) => /x-request-id: ([0-9a-f]{32})\r\n/.exec(text)?.[1]);
    expect(new Set(ids).size).toBe(3);
  });

  it("keeps object names with encoded slashes whole", async () => {
    const target = "/api/oci/t/objectstorage/r/n/ns/b/bucket/o/dir%2Fa%20b.bin";
    expect(await get(target)).toContain("200 OK");
    expect(seen.at(-1)?.headers["x-ovc-target"]).toBe(target);
  });

  it("drops headers that only the inside may set", async () => {
    await get(
      "/vaults",
      "x-ovc-target: /evil\r\nx-ovc-request-id: mine\r\nx-nonce: abc\r\nx-middleware-subrequest: a\r\nx-forwarded-host: evil\r\nContent-Security-Policy: x\r\n",
    );
    const headers = seen.at(-1)?.headers ?? {};
    expect(headers["x-ovc-target"]).toBe("/vaults");
    expect(headers["x-ovc-request-id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(headers["x-middleware-subrequest"]).toBeUndefined();
    expect(headers["x-forwarded-host"]).toBeUndefined();
    expect(headers["x-nonce"]).not.toBe("abc");
  });

  it("gives every page a nonce of its own, and everything else a policy that runs nothing", async () => {
    const nonces = new Set<string>();
    for (let page = 0; page < 50; page += 1) {
      const nonce = /'nonce-([A-Za-z0-9+/=]+)' 'strict-dynamic'/.exec(await get("/vaults"))?.[1];
      expect(nonce).toBe(seen.at(-1)?.headers["x-nonce"]);
      nonces.add(nonce ?? "");
    }
    expect(nonces.size).toBe(50);
    expect(await get("/api/session")).toContain("default-src 'none'; frame-ancestors 'none'; sandbox");
    expect(await get("/vaults")).not.toContain("unsafe-");
  });
});

describe("whose address it is", () => {
  const told = async (env: Record<string, string>, headers: string): Promise<unknown> => {
    const inner = createServer();
    await new Promise<void>((resolve) => inner.listen(0, "127.0.0.1", resolve));
    const innerPort = (inner.address() as AddressInfo).port;
    const door = createFrontDoor(loadConfig({ PORT: String(innerPort), NODE_ENV: "production", ...env }));
    let address: unknown;
    inner.on("request", (request, response) => {
      if (!door.admit(request, response)) return;
      address = request.headers["x-ovc-address"];
      response.end();
    });
    const host = env.APP_ORIGIN === undefined ? `127.0.0.1:${innerPort}` : new URL(env.APP_ORIGIN).host;
    await new Promise<void>((resolve, reject) => {
      const socket = connect(innerPort, "127.0.0.1", () =>
        socket.write(`GET /api/session HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`),
      );
      socket.resume().on("end", resolve).on("error", reject);
    });
    inner.close();
    return address;
  };
  const forged = "X-Forwarded-For: 198.51.100.1, 198.51.100.2\r\nX-Ovc-Address: 198.51.100.3\r\n";
  const https = { APP_ORIGIN: "https://vaults.example.com" };

  it.each([
    ["the connection's, whatever is claimed", {}, forged, "127.0.0.1"],
    ["the last one a proxy on this machine saw", https, forged, "198.51.100.2"],
    ["the connection's when the proxy names nobody", https, "", "127.0.0.1"],
    ["the connection's when the proxy names nonsense", https, "X-Forwarded-For: unknown\r\n", "127.0.0.1"],
    ["what a proxy that is trusted by name saw", { TRUSTED_PROXIES: "127.0.0.1" }, forged, "198.51.100.2"],
    ["not what another says", { TRUSTED_PROXIES: "192.0.2.1" }, forged, "127.0.0.1"],
  ] as const)("is %s", async (_what, env, headers, expected) => {
    expect(await told(env, headers)).toBe(expected);
  });
});

describe("requests between the rules", () => {
  const host = () => `Host: 127.0.0.1:${port}\r\n`;
  it.each<[string, () => string, number]>([
    ["an expectation nobody has", () => `${host()}Expect: banana\r\n`, 417],
    ["two hosts, the right one first", () => `${host()}Host: evil.example\r\n`, 400],
    ["the right host twice", () => `${host()}${host()}`, 400],
    ["no host", () => "", 421],
  ])("%s", async (_name, headers, status) => {
    const answer = await raw(`GET /vaults HTTP/1.1\r\n${headers()}Connection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    for (const header of required) expect(answer).toContain(header);
    expect(answer).not.toContain("inside");
  });
});
