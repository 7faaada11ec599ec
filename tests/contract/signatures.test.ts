import { createHash, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fingerprintOf, makeSessionToken, trustedKey } from "#emulator/signing-keys.ts";
import { verifySignature } from "#emulator/verify-signature.ts";
import { World } from "#emulator/world.ts";
import { Service, verdict } from "./service.ts";
import { signHeaders } from "./signed-client.ts";

interface Vector {
  readonly id: string;
  readonly method?: string;
  readonly url?: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
  readonly bodyBase64?: string;
  readonly signedHeaders: string[];
  readonly signature: string;
  readonly authorization?: string;
  readonly keyId?: string;
}
const published = JSON.parse(
  readFileSync(new URL("../fixtures/contract/signing-vectors.json", import.meta.url), "utf8"),
) as { keyId: string; publicKeyPem: string; vectors: Vector[]; fingerprint: string; computedFingerprint: string };

describe("published vectors", () => {
  const requests = published.vectors.filter(({ method, signature }) => method !== undefined && signature != null);
  test("there are eight of them", () => expect(requests).toHaveLength(8));

  test.each(requests)("$id verifies, and with one character changed does not", (vector) => {
    const world = new World({ settleMs: 0, isThrottled: false });
    const keyId = vector.keyId ?? published.keyId;
    world.put("signingKey", { id: keyId, pem: published.publicKeyPem, tenancyId: "t", userId: "u", expiresAt: null });
    const url = /^https:\/\/([^/]+)(.*)$/.exec(vector.url ?? "");
    const fields = [
      `keyId="${keyId}"`,
      `algorithm="rsa-sha256"`,
      `headers="${vector.signedHeaders.join(" ")}"`,
      `signature="${vector.signature}"`,
    ];
    const body = vector.bodyBase64 ? Buffer.from(vector.bodyBase64, "base64") : Buffer.from(vector.body ?? "");
    const headers: Record<string, string> = {
      ...lowerCase(vector.headers),
      authorization: vector.authorization ?? `Signature ${fields.join(",")}`,
    };
    const request = { method: vector.method ?? "", rawTarget: url?.[2] ?? "", headers, body };
    const at = Date.parse(headers["x-date"] ?? headers.date ?? "");
    const check = (changed: object) => verifySignature(world, { ...request, ...changed }, at, vector.method === "PUT");
    expect(check({})).toEqual({ tenancyId: "t", userId: "u" });
    expect(() => check({ rawTarget: `${request.rawTarget}x` })).toThrow();
    expect(() => check({ method: "DELETE" })).toThrow();
    if (headers["x-content-sha256"]) expect(() => check({ body: Buffer.from("other") })).toThrow();
  });

  test("the fingerprint of the published key", () => {
    expect(fingerprintOf(createPublicKey(published.publicKeyPem))).toBe(published.computedFingerprint);
  });
});

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Signs whatever list of headers a case asks for. */
function authorize(
  service: Service,
  method: string,
  target: string,
  headers: Record<string, string>,
  names: string[],
  change: (fields: Record<string, string>) => Record<string, string> = (fields) => fields,
): string {
  const line = (name: string): string =>
    name.toLowerCase() === "(request-target)"
      ? `(request-target): ${method.toLowerCase()} ${target}`
      : `${name.toLowerCase()}: ${headers[name.toLowerCase()]}`;
  const text = names.map(line).join("\n");
  const { tenancy, user, fingerprint, privateKeyPem } = service.mine;
  const fields = change({
    version: "1",
    keyId: `${tenancy}/${user}/${fingerprint}`,
    algorithm: "rsa-sha256",
    headers: names.join(" "),
    signature: sign("RSA-SHA256", Buffer.from(text), privateKeyPem).toString("base64"),
  });
  return `Signature ${Object.entries(fields)
    .map(([name, value]) => `${name}="${value}"`)
    .join(",")}`;
}

describe("what clients do differently is all the same", () => {
  const service = new Service();
  const target = `/20180608/vaults?compartmentId=${service.compartment}&page=`;
  const path = `/20180608/vaults?compartmentId=${service.compartment}`;
  const host = "127.0.0.1:9000";
  const date = new Date(service.now).toUTCString();
  const get = (headers: Record<string, string>, authorization: string): string =>
    verdict(service.askUnsigned("GET", path, { ...headers, authorization }));

  test.each([
    ["any order", ["host", "(request-target)", "date"]],
    ["mixed case in the list", ["Date", "(Request-Target)", "Host"]],
    ["more headers than needed", ["date", "(request-target)", "host", "accept", "opc-obo-token"]],
  ])("%s", (_, names) => {
    const headers = { host, date, accept: "*/*", "opc-obo-token": "x" };
    expect(get(headers, authorize(service, "GET", path, headers, names))).toBe("200");
  });

  test("fields in any order, version left out, spaces after commas", () => {
    const headers = { host, date };
    const names = ["date", "(request-target)", "host"];
    const reordered = authorize(
      service,
      "GET",
      path,
      headers,
      names,
      ({ signature = "", headers: list = "", keyId = "", algorithm = "" }) => ({
        signature,
        algorithm,
        keyId,
        headers: list,
      }),
    );
    expect(get(headers, reordered)).toBe("200");
    expect(get(headers, reordered.replaceAll('",', '", ').replace("Signature", "signature"))).toBe("200");
  });

  test("x-date instead of date, and x-date before date", () => {
    const names = ["x-date", "(request-target)", "host"];
    const alone = { host, "x-date": date };
    expect(get(alone, authorize(service, "GET", path, alone, names))).toBe("200");
    const both = { ...alone, date: "Thu, 01 Jan 1970 00:00:00 GMT" };
    expect(get(both, authorize(service, "GET", path, both, names))).toBe("200");
    const unsigned = { host, date, "x-date": date };
    expect(get(unsigned, authorize(service, "GET", path, unsigned, ["date", "(request-target)", "host"]))).toBe(
      "401 NotAuthenticated",
    );
  });

  test.each([
    ["2 s under 5 minutes late", 298_000, "200"],
    ["2 s under 5 minutes early", -298_000, "200"],
    ["over 5 minutes late", 302_000, "401 NotAuthenticated"],
    ["over 5 minutes early", -302_000, "401 NotAuthenticated"],
  ])("the clock: %s", (_, offsetMs, expected) => {
    const headers = { host, date: new Date(service.now - offsetMs).toUTCString() };
    expect(get(headers, authorize(service, "GET", path, headers, ["date", "(request-target)", "host"]))).toBe(expected);
  });

  test("turning the world's clock does not lock clients out", () => {
    const turned = new Service();
    turned.world.advance(40 * 86_400_000);
    expect(turned.ask("listVaults", { compartmentId: turned.compartment }).status).toBe(200);
  });

  test("the raw target is signed: the same query spelled otherwise does not pass", () => {
    const headers = { host, date };
    const authorization = authorize(service, "GET", path, headers, ["date", "(request-target)", "host"]);
    const respelled = path.replace("compartmentId", "compartment%49d");
    expect(verdict(service.askUnsigned("GET", respelled, { ...headers, authorization }))).toBe("401 NotAuthenticated");
    expect(target).toContain("page=");
  });
});

describe("everything wrong is one 401 with one message", () => {
  const service = new Service();
  const path = `/20180608/vaults?compartmentId=${service.compartment}`;
  const headers = { host: "127.0.0.1:9000", date: new Date(service.now).toUTCString() };
  const names = ["date", "(request-target)", "host"];
  const good = authorize(service, "GET", path, headers, names);
  const elsewhere = generateKeyPairSync("rsa", { modulusLength: 1024 });

  test.each<[string, Record<string, string>]>([
    ["no header", {}],
    ["an empty one", { authorization: "" }],
    ["another scheme", { authorization: "Bearer x" }],
    ["version 2", { authorization: good.replace('version="1"', 'version="2"') }],
    ["another algorithm", { authorization: good.replace("rsa-sha256", "hmac-sha256") }],
    ["an unknown key", { authorization: good.replace(service.mine.fingerprint, "00:00") }],
    [
      "another tenancy's name on the key",
      { authorization: good.replace(service.mine.tenancy, service.stranger.tenancy) },
    ],
    ["a changed signature", { authorization: good.replace('signature="', 'signature="A') }],
    ["no signature", { authorization: good.replace(/,signature=".*"/, "") }],
    ["a field twice", { authorization: `${good},keyId="x"` }],
    ["a field cut short", { authorization: good.slice(0, -1) }],
    ["host not signed", { authorization: authorize(service, "GET", path, headers, ["date", "(request-target)"]) }],
    ["target not signed", { authorization: authorize(service, "GET", path, headers, ["date", "host"]) }],
    ["no date signed", { authorization: authorize(service, "GET", path, headers, ["(request-target)", "host"]) }],
    ["a signed header that did not come", { authorization: good.replace(" host", " host x-gone") }],
    ["another host", { authorization: good, host: "127.0.0.1:9001" }],
    ["a date no one writes", { authorization: good, date: new Date(service.now).toISOString() }],
    [
      "signed by a stranger's key",
      {
        authorization: authorize(
          {
            mine: {
              ...service.mine,
              privateKeyPem: elsewhere.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
            },
          } as Service,
          "GET",
          path,
          headers,
          names,
        ),
      },
    ],
  ])("%s", (_, change) => {
    const answer = service.askUnsigned("GET", path, { ...headers, ...change });
    expect(verdict(answer)).toBe("401 NotAuthenticated");
    expect(answer.json.message).toBe(
      "The required information to complete authentication was not provided or was incorrect.",
    );
  });

  test("bodies of POST and PUT: hash, type and length must be signed and true (E9); PutObject need not", () => {
    const body = JSON.stringify({ compartmentId: service.compartment, displayName: "x", vaultType: "DEFAULT" });
    const full = signHeaders(service.mine, {
      method: "POST",
      target: "/20180608/vaults",
      host: headers.host,
      date: new Date(service.now),
      body,
    });
    const post = (given: Record<string, string>, sent: string) =>
      verdict(service.askUnsigned("POST", "/20180608/vaults", given, sent));
    expect(post(full, body)).toBe("200");
    expect(post(full, body.replace('"x"', '"y"'))).toBe("401 NotAuthenticated");
    const bodyHeaders = ["content-length", "content-type", "x-content-sha256"];
    for (const left of bodyHeaders) {
      const list = [...names, ...bodyHeaders.filter((name) => name !== left)];
      const authorization = authorize(service, "POST", "/20180608/vaults", full, list);
      expect(post({ ...full, authorization }, body), left).toBe("401 NotAuthenticated");
    }
    const object = "/n/nsmine/b/backups/o/a";
    const bare = { ...headers, authorization: authorize(service, "PUT", object, headers, names) };
    expect(service.askUnsigned("PUT", object, bare, "anything").status).toBe(200);
    const par = "/n/nsmine/b/backups/p";
    const unsigned = { ...headers, authorization: authorize(service, "POST", par, headers, names) };
    expect(verdict(service.askUnsigned("POST", par, unsigned, "{}"))).toBe("401 NotAuthenticated");
    const wrong = { ...headers, "x-content-sha256": createHash("sha256").update("x").digest("base64") };
    const authorization = authorize(service, "PUT", object, wrong, [...names, "x-content-sha256"]);
    expect(verdict(service.askUnsigned("PUT", object, { ...wrong, authorization }, "y"))).toBe("401 NotAuthenticated");
  });
});

describe("session tokens", () => {
  test("stand for their user until they run out", () => {
    const service = new Service();
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const { token, key } = makeSessionToken(service.mine.tenancy, service.mine.user, pem, service.now + 60_000);
    const ask = () => {
      const path = `/20180608/vaults?compartmentId=${service.compartment}`;
      const headers = { host: "h", date: new Date(service.now).toUTCString() };
      const mine = { ...service.mine, privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
      const authorization = authorize(
        { mine } as Service,
        "GET",
        path,
        headers,
        ["date", "(request-target)", "host"],
        (fields) => ({
          ...fields,
          keyId: `ST$${token}`,
        }),
      );
      return verdict(service.askUnsigned("GET", path, { ...headers, authorization }));
    };
    expect(ask()).toBe("401 NotAuthenticated");
    service.world.put("signingKey", key);
    expect(ask()).toBe("200");
    service.pass(61_000);
    expect(ask()).toBe("401 NotAuthenticated");
  });

  test("keyIds of a tenancies file: three parts or a token with claims, and an RSA key", () => {
    const { publicKeyPem } = published;
    expect(trustedKey("t/u/f", publicKeyPem)).toMatchObject({ tenancyId: "t", userId: "u", expiresAt: null });
    const claims = Buffer.from(JSON.stringify({ tenant: "t", sub: "u", exp: 2 })).toString("base64url");
    expect(trustedKey(`ST$x.${claims}.y`, publicKeyPem)).toMatchObject({
      tenancyId: "t",
      userId: "u",
      expiresAt: 2000,
    });
    expect(() => trustedKey("t/u", publicKeyPem)).toThrow(/"t\/u" is neither/);
    expect(() => trustedKey("ST$x", publicKeyPem)).toThrow(/neither/);
    expect(() => trustedKey("t/u/f", "no key")).toThrow(/not an RSA key/);
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" });
    expect(() => trustedKey("t/u/f", ec.toString())).toThrow(/not an RSA key/);
  });
});
