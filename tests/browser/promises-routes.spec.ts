// What the running product answers to every kind of person at every address, and to those who try to get round it.
// MATRIX=write writes tests/promises/matrix.json from what the product answers; read the difference before keeping it.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { apiRoutes } from "#lib/bff/routes.ts";
import { operationNames, operationRow } from "#lib/contract/operations.ts";
import { type Product, startProduct } from "../../scripts/product.ts";
import { addressOf, bodiesOf } from "../console/addresses.ts";
import { isFull } from "../promises/size.ts";
import { type Calls, expect, type PersonaId, test } from "./harness.ts";
import { inTurns, openWire, type Wire, type WireAnswer, type WireOptions } from "./wire.ts";

const matrixFile = resolve(import.meta.dirname, "../promises/matrix.json");
const verbs = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"] as const;
/** `nobody` has no cookie, `revoked` one whose session was ended. */
const principals = ["nobody", "revoked", "helpdesk", "auditor", "operator", "admin"] as const;
type Principal = (typeof principals)[number];
/** Who is turned away by each word of the table of routes; `by operation`, `by question` and `own checks` have tests of their own. */
const whoIsRefused: Readonly<Partial<Record<string, readonly Principal[]>>> = {
  anyone: [],
  "signed in": ["nobody", "revoked"],
  reviewer: ["nobody", "revoked", "helpdesk", "operator"],
  admin: ["nobody", "revoked", "helpdesk", "auditor", "operator"],
};
/** By address and verb: one status for each principal, in their order. */
type Matrix = Record<string, Record<string, string>>;

/** Secrets that would show anywhere they leak to. */
const canaries = {
  SESSION_SECRETS: "canary-session-secret-4pXq7Rt2Lz9Wv",
  RECEIPTS_KEY: "canary-receipts-key-8Yb3Nc6Kd1MhQs5",
};

let product: Product;
let wire: Wire;
const cookies: Record<Principal, string | undefined> = {
  nobody: undefined,
  revoked: "",
  helpdesk: "",
  auditor: "",
  operator: "",
  admin: "",
};
let place: { tenancy: string; region: string; vault: string };

test.beforeAll(async () => {
  test.setTimeout(120_000);
  product = await startProduct({ ...canaries, LOG_LEVEL: "debug" });
  wire = openWire(product);
  for (const persona of ["helpdesk", "auditor", "operator", "admin"] as const)
    cookies[persona] = await wire.signIn(persona);
  cookies.revoked = await wire.signIn("admin");
  await wire.send("DELETE", "/api/session", { cookie: cookies.revoked });
  place = await findPlace();
});
test.afterAll(async () => {
  wire?.close();
  await product?.stop();
});

async function findPlace(): Promise<typeof place> {
  for (let turn = 0; turn < 200; turn += 1) {
    const { text } = await wire.send("GET", "/api/inventory", { cookie: cookies.admin });
    const { tenancies, vaults } = JSON.parse(text);
    const isRead = tenancies.every((each: { partsTotal: number; partsRead: number }) =>
      Boolean(each.partsTotal > 0 && each.partsRead === each.partsTotal),
    );
    const found = vaults.find((each: { lifecycleState: string }) => each.lifecycleState === "ACTIVE");
    if (isRead && found !== undefined) return { tenancy: found.tenancy, region: found.region, vault: found.id };
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error("the inventory was not read");
}

async function callsNow(): Promise<Calls> {
  return (await (await fetch(`${product.control}/calls`)).json()) as Calls;
}

/** Which of these requests made a call to the service. */
async function reached(answers: readonly WireAnswer[]): Promise<WireAnswer[]> {
  const sent = new Set((await callsNow()).calls.map((call) => call.sentRequestId));
  return answers.filter(({ requestId }) => requestId !== "" && sent.has(requestId));
}

const noVault = (id: string) => `${id.slice(0, -8)}aaaaaaaa`;
interface Address {
  /** As the matrix names it. */
  readonly name: string;
  readonly target: string;
  readonly verbs: readonly string[];
  readonly body?: string | Uint8Array;
  readonly headers?: Record<string, string>;
}

/** Each operation at its own address with its own verb; the other verbs once for each address, by the operation listed first. */
function addresses(): Address[] {
  const seen = new Set<string>();
  const ofOperations = operationNames.map((operation): Address => {
    const row = operationRow(operation);
    const vaultId = row.writes ? noVault(place.vault) : place.vault;
    const isFirst = !seen.has(row.path);
    seen.add(row.path);
    const others = operationNames
      .map(operationRow)
      .filter((each) => each.path === row.path)
      .map(({ method }) => method as string);
    return {
      name: operation,
      // Who may ask gets the service's 404 for a change, and nothing changes.
      target: addressOf(operation, { ...place, vaultId }, place.vault),
      verbs: verbs.filter((verb) => verb === row.method || (isFirst && !others.includes(verb))),
      ...(row.body === "bytes"
        ? { body: Buffer.from("no backup"), headers: { "content-type": "application/octet-stream" } }
        : bodiesOf[operation] === undefined
          ? {}
          : { body: JSON.stringify(bodiesOf[operation]) }),
    };
  });
  const ofConsole = Object.keys(apiRoutes)
    .filter((path) => path !== "/api/oci/[...path]")
    .map((path): Address => {
      const isExport = path === "/api/activity/export";
      const ofVault = new URLSearchParams({ tenancy: place.tenancy, region: place.region, vault: place.vault });
      const query = isExport ? "?format=csv" : path === "/api/usage" ? `?${ofVault}` : "";
      const target = path.replace("[id]", "00000000-0000-4000-8000-000000000000") + query;
      return { name: path, target, verbs, body: "{}" };
    });
  const beside = [
    "/vaults",
    "/people",
    "/no-such-page",
    "/api/none",
    "/api/oci/x",
    "/_next/image",
    "/_next/data/x.json",
  ];
  return [...ofOperations, ...ofConsole, ...beside.map((path): Address => ({ name: path, target: path, verbs }))];
}

interface Cell {
  readonly address: Address;
  readonly verb: string;
  readonly principal: Principal;
}

function cellsOf(list: readonly Address[]): Cell[] {
  return list.flatMap((address) =>
    address.verbs.flatMap((verb) => principals.map((principal) => ({ address, verb, principal }))),
  );
}

async function ask({ address, verb, principal }: Cell, { headers = {} }: WireOptions = {}): Promise<WireAnswer> {
  const hasBody = address.body !== undefined && verb !== "GET" && verb !== "HEAD" && verb !== "OPTIONS";
  // Signing out is a change like any other, and ends the very session it is asked with.
  const isSignOut = verb === "DELETE" && address.target.startsWith("/api/session");
  const isPersona = principal !== "nobody" && principal !== "revoked";
  const cookie = isSignOut && isPersona ? await wire.signIn(principal as PersonaId) : cookies[principal];
  return wire.send(verb, address.target, {
    cookie,
    ...(hasBody ? { body: address.body } : {}),
    headers: { ...(hasBody ? address.headers : {}), ...headers },
  });
}

const isDenied = (status: number) => [401, 403, 404, 405, 421].includes(status);

test("P13: every principal, address and verb, against the checked-in matrix (2,646 cases)", async () => {
  test.setTimeout(300_000);
  const cells = cellsOf(addresses());
  const answers = await inTurns(cells, 8, (cell) => ask(cell));
  const found: Matrix = {};
  for (const [index, { address, verb }] of cells.entries()) {
    const row = found[address.name] ?? {};
    row[verb] = [row[verb], answers[index]?.status].filter((each) => each !== undefined).join(" ");
    found[address.name] = row;
  }
  if (process.env.MATRIX === "write") writeFileSync(matrixFile, `${JSON.stringify({ principals, found }, null, 2)}\n`);
  const expected: { principals: string[]; found: Matrix } = JSON.parse(readFileSync(matrixFile, "utf8"));
  expect(expected.principals).toEqual([...principals]);
  expect(found).toEqual(expected.found);
  // The table of routes says the same, address by address.
  for (const [path, methods] of Object.entries(apiRoutes)) {
    for (const [verb, who] of Object.entries(methods)) {
      const refused = whoIsRefused[who];
      const statuses = found[path]?.[verb]?.split(" ");
      if (refused === undefined || statuses === undefined) continue;
      const turned = principals.filter((_, index) => ["401", "403"].includes(statuses[index] ?? ""));
      expect(turned, `${verb} ${path} is for: ${who}`).toEqual(refused);
    }
  }
  expect(cells.length, "the title tells how many").toBe(2_646);
  // A 404 of the service comes from the service; everything else that is a no was said without it.
  const refused = answers.filter(
    ({ status, headers }) => isDenied(status) && headers["opc-request-id"] === undefined && status !== 404,
  );
  expect((await reached(refused)).map(({ method, target }) => `${method} ${target}`)).toEqual([]);
  expect(refused.length).toBeGreaterThan(1_000);
  // Whoever was known and tried to change something is in the trail.
  const { text } = await wire.send("GET", "/api/activity/export?format=jsonl", { cookie: cookies.admin });
  const tried = cells.flatMap(({ address, verb, principal }, index) => {
    const row = operationNames.includes(address.name as never) ? operationRow(address.name as never) : null;
    const isTried = row?.writes === true && verb === row.method && answers[index]?.status === 403;
    return isTried ? [{ id: answers[index]?.requestId ?? "", what: `${address.name} as ${principal}` }] : [];
  });
  expect(tried.length).toBeGreaterThan(20);
  expect(tried.filter(({ id }) => !text.includes(id)).map(({ what }) => what)).toEqual([]);
});

/** Headers by which other servers were once talked out of asking who comes. */
const bypassHeaders: readonly Readonly<Record<string, string>>[] = [
  { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
  { "x-middleware-subrequest": "src/middleware:src/middleware:proxy:proxy" },
  { "x-middleware-prefetch": "1", "x-nextjs-data": "1" },
  { "x-original-url": "/api/health", "x-rewrite-url": "/api/health" },
  { "x-http-method-override": "GET", "x-method-override": "GET" },
  { "x-ovc-target": "/api/health", "x-ovc-request-id": "canary", "x-ovc-address": "127.0.0.1" },
  { "x-forwarded-host": "evil.example", "x-forwarded-for": "127.0.0.1", forwarded: "for=127.0.0.1;host=localhost" },
  { "x-invoke-path": "/api/health", "x-matched-path": "/api/health", "x-invoke-status": "200" },
  { rsc: "1", "next-router-prefetch": "1", "next-router-state-tree": "%5B%22%22%5D" },
  { "next-resume": "1", "x-nextjs-matched-path": "/api/health", "x-now-route-matches": "1=health" },
  { authorization: "Bearer admin", "x-user": "admin", "x-role": "admin", "x-remote-user": "admin" },
  { "x-ovc-approval": "00000000-0000-4000-8000-000000000000" },
];

/** Other spellings of an address; what is behind them must not be more than behind the plain one. */
const bypassTargets: readonly ((target: string) => string)[] = [
  (target) => `/${target}`,
  (target) => target.replace("/api/", "/api/./"),
  (target) => target.replace("/api/", "/x/../api/"),
  (target) => target.replace("/api/", "/%61pi/"),
  (target) => target.replace("/api/", "/API/"),
  (target) => target.replace("/api/", "/api%2f"),
  (target) => target.replace("/api/", "/api;x=1/"),
  (target) => target.replace(/(\?|$)/, "/$1"),
];

test(`P15: no header and no spelling of an address gets anybody further (${isFull ? "20 ways × 2646 cells" : "20 ways × 40 cells"})`, async () => {
  test.setTimeout(isFull ? 1_800_000 : 180_000);
  const { found }: { found: Matrix } = JSON.parse(readFileSync(matrixFile, "utf8"));
  const cells = cellsOf(addresses());
  const isWrite = ({ verb }: Cell) => verb !== "GET" && verb !== "HEAD";
  let tried = 0;
  for (const [way, headers] of bypassHeaders.entries()) {
    // Every way meets other cells: together they have been everywhere.
    const some = isFull ? cells : cells.filter((_, index) => index % 61 === way * 5);
    // A page answers these with its own shell as data, and has nothing else.
    const met = "rsc" in headers ? some.filter(({ address }) => address.target.startsWith("/api/")) : some;
    await inTurns(met, 8, async (cell) => {
      tried += 1;
      const answer = await ask(cell, { headers });
      const expected = found[cell.address.name]?.[cell.verb]?.split(" ")[principals.indexOf(cell.principal)];
      // Where files are sent, an approval is looked for before the body: nobody has this one.
      const isSought = "x-ovc-approval" in headers && expected === "400" && answer.status === 404;
      expect(
        isSought ? expected : `${answer.status}`,
        `${cell.verb} ${cell.address.target} as ${cell.principal} with ${JSON.stringify(headers)}`,
      ).toBe(expected);
    });
  }
  const strangers = cells.filter(
    (cell) => ["nobody", "revoked", "helpdesk"].includes(cell.principal) && cell.address.target.startsWith("/api/"),
  );
  const answers: WireAnswer[] = [];
  for (const [way, spell] of bypassTargets.entries()) {
    const some = isFull ? strangers : strangers.filter((_, index) => index % 29 === way * 3);
    await inTurns(some, 8, async (cell) => {
      tried += 1;
      const target = spell(cell.address.target);
      const answer = await wire.send(cell.verb, target, { cookie: cookies[cell.principal] });
      answers.push(answer);
      // Next takes a slash off the end by a redirect; everything else is no address at all.
      expect([400, 401, 403, 404, 405, 308], `${cell.verb} ${target} as ${cell.principal}`).toContain(answer.status);
    });
  }
  expect(await reached(answers)).toEqual([]);
  expect(tried).toBeGreaterThan(isFull ? 40_000 : 700);
  expect(cells.some(isWrite)).toBe(true);
});

const fuzzForms = isFull ? 200 : 24;
const changing = operationNames.filter(
  (operation) => operationRow(operation).service === "kms" && operationRow(operation).writes,
);

test(`P16: whatever the help desk sends, nothing is changed (${changing.length} operations × ${fuzzForms} forms)`, async () => {
  test.setTimeout(600_000);
  const list = addresses().filter(({ name }) => changing.includes(name as never));
  expect(list).toHaveLength(changing.length);
  // Most forms are one step from a request that would do it.
  const right = <T>(value: T) => ({ arbitrary: fc.constant(value), weight: 6 });
  const wrong = <T>(...values: T[]) => ({ arbitrary: fc.constantFrom(...values), weight: 2 });
  const form = fc.record({
    verb: fc.oneof(right(null), wrong("POST", "PUT", "DELETE", "GET")),
    override: fc.oneof(right(""), wrong("POST", "PUT")),
    body: fc.oneof(
      right(null),
      wrong("{}", '{"role":"admin"}'),
      { arbitrary: fc.json(), weight: 1 },
      { arbitrary: fc.string(), weight: 1 },
    ),
    query: fc.oneof(right(null), wrong("?role=admin", "?_method=POST", "?compartmentId=", "?a=1&a=2")),
    type: fc.oneof(right(null), wrong("application/octet-stream", "text/plain", "application/json; charset=utf-8")),
    reason: fc.oneof(right("because"), wrong("", "%ff")),
    ask: fc.oneof(right(""), wrong("approval")),
    whose: fc.oneof(right("helpdesk"), wrong("auditor", "twice")),
  });
  const forms = list.flatMap((address) =>
    fc.sample(form, { numRuns: fuzzForms, seed: 16 }).map((each) => ({ address, each })),
  );
  const answers = await inTurns(forms, 8, ({ address, each }) => {
    const verb = each.verb ?? operationRow(address.name as "updateVault").method;
    const [path, query] = address.target.split("?");
    const cookie =
      each.whose === "twice" ? `${cookies.revoked}; ${cookies.helpdesk}` : cookies[each.whose as "helpdesk"];
    return wire.send(verb, path + (each.query ?? (query === undefined ? "" : `?${query}`)), {
      cookie,
      ...(verb === "GET" ? {} : { body: each.body ?? address.body ?? "{}" }),
      headers: {
        ...(verb === "GET"
          ? {}
          : { "content-type": each.type ?? address.headers?.["content-type"] ?? "application/json" }),
        "x-http-method-override": each.override,
        "x-ovc-reason": each.reason,
        "x-ovc-ask": each.ask,
      },
    });
  });
  const sent = new Map(answers.map((answer) => [answer.requestId, answer]));
  const calls = (await callsNow()).calls.filter((call) => call.method !== "GET" && call.method !== "HEAD");
  expect(calls.filter((call) => sent.has(call.sentRequestId ?? ""))).toEqual([]);
  const changed = answers.filter(({ method, status }) => method !== "GET" && status < 400);
  expect(changed.map(({ method, target, status }) => `${method} ${target} ${status}`)).toEqual([]);
  expect(answers.filter(({ status }) => status >= 500).map(({ text }) => text)).toEqual([]);
});

const fuzzed = isFull ? 10_000 : 2_000;

test(`P17: no id and no query leaves the paths of the table (${fuzzed.toLocaleString("en-GB")} cases)`, async () => {
  test.setTimeout(900_000);
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(
      "..",
      ".",
      "%2e%2e",
      "..%2f",
      "%2f",
      "%5c",
      "%00",
      "%0d%0aHost:%20evil.example",
      "@evil.example",
      "//evil.example",
      "http://169.254.169.254/opc/v2/",
      "vaults?compartmentId=x",
      "#",
      ";",
      "%23",
      "%3f",
      "ocid1.vault.oc1",
      "ocid1.vault.oc1..",
      `${"a".repeat(300)}`,
      "__proto__",
      "constructor",
    ),
  );
  const ways = fc.record({
    parts: fc.array(piece, { minLength: 1, maxLength: 4 }),
    isEncoded: fc.boolean(),
    at: fc.constantFrom("tenancy", "service", "region", "vault", "path", "query", "management", "object"),
    verb: fc.constantFrom("GET", "GET", "HEAD", "POST", "DELETE"),
  });
  const encode = (text: string) => encodeURIComponent(text.replace(/[\ud800-\udfff]/g, "?"));
  // Node itself refuses to send what no HTTP client sends; the door's own test sends those bytes raw.
  const plain = (text: string) => text.replace(/[^\x21-\xff]|[\x7f-\xff]/g, (each) => encode(each));
  const before = await callsNow();
  const answers = await inTurns(
    fc.sample(ways, { numRuns: fuzzed, seed: 17 }),
    16,
    async ({ parts, isEncoded, at, verb }) => {
      const text = isEncoded ? parts.map(encode).join("/") : parts.map(plain).join("/");
      const { tenancy, region, vault } = place;
      const kms = `/api/oci/${tenancy}/kms/${region}/20180608`;
      const target = {
        tenancy: `/api/oci/${text}/kms/${region}/20180608/vaults/${vault}`,
        service: `/api/oci/${tenancy}/${text}/${region}/20180608/vaults/${vault}`,
        region: `/api/oci/${tenancy}/kms/${text}/20180608/vaults/${vault}`,
        vault: `${kms}/vaults/${text}`,
        path: `${kms}/${text}`,
        query: `${kms}/vaults?compartmentId=${text}&page=${text}`,
        management: `/api/oci/${tenancy}/management/${region}/${text}/20180608/keys?compartmentId=${tenancy}`,
        object: `/api/oci/${tenancy}/objectstorage/${region}/n/ns/b/${text}/o/${text}`,
      }[at];
      return wire.send(verb, target, { cookie: cookies.admin });
    },
  );
  expect(answers.filter(({ status }) => status >= 500).map(({ target, text }) => `${target} ${text}`)).toEqual([]);
  const after = await callsNow();
  // Everything the service was asked is an operation of the table.
  expect(after.byOperation.unknown ?? 0).toBe(before.byOperation.unknown ?? 0);
  expect(Object.keys(after.byOperation).filter((name) => !operationNames.includes(name as never))).toEqual([]);
});

const changingAddresses = () => [
  ...addresses()
    .filter(({ name }) => changing.includes(name as never) || name === "putObject" || name === "deleteObject")
    .map((address) => ({ address, verb: operationRow(address.name as "putObject").method })),
  ...addresses().flatMap((address) =>
    Object.keys(apiRoutes[address.name] ?? {})
      .filter((verb) => verb !== "GET" && verb !== "HEAD")
      // Browsers send reports by themselves, and the provider calls with a token of its own (P11).
      .filter(() => address.name !== "/api/csp-report" && address.name !== "/api/session/provider/logout")
      .map((verb) => ({ address, verb })),
  ),
];

test("P25: no other site makes the console change anything (14 vectors × 29 addresses)", async () => {
  const { origin, host, port } = new URL(product.origin);
  const vectors: readonly Readonly<Record<string, string>>[] = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
    { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
    { "sec-fetch-site": "", origin: "https://evil.example" },
    { "sec-fetch-site": "", origin: "null" },
    { "sec-fetch-site": "", origin: "" },
    { "sec-fetch-site": "", origin: `http://${host}.evil.example` },
    { "sec-fetch-site": "", origin: `https://${host}` },
    { "sec-fetch-site": "", origin: `http://127.0.0.1:${Number(port) + 1}` },
    { "sec-fetch-site": "", origin: `${origin}/` },
    { "x-ovc-request": "" },
    { "x-ovc-request": "0" },
    { "content-type": "text/plain", "content-length": "2" },
  ];
  const targets = changingAddresses();
  const before = await callsNow();
  const cookie = cookies.admin;
  const answers = await inTurns(
    targets.flatMap((target) => vectors.map((headers) => ({ ...target, headers }))),
    8,
    async ({ address, verb, headers }) => ({
      what: `${verb} ${address.target} ${JSON.stringify(headers)}`,
      answer: await wire.send(verb, address.target, {
        cookie,
        body: headers["content-type"] === undefined ? (address.body ?? "{}") : "{}",
        headers: { ...address.headers, ...headers },
      }),
    }),
  );
  expect(
    answers.filter(({ answer }) => answer.status !== 403 && answer.status !== 415).map(({ what }) => what),
  ).toEqual([]);
  expect(await reached(answers.map(({ answer }) => answer))).toEqual([]);
  expect(targets.length, "the title tells how many").toBe(29);
  // The admin is still signed in: not even signing out was done from elsewhere.
  expect((await wire.send("GET", "/api/people", { cookie })).status).toBe(200);
  const after = await callsNow();
  expect(after.writes).toBe(before.writes);
});

const requiredHeaders: Readonly<Record<string, RegExp>> = {
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /^no-referrer$/,
  "cross-origin-opener-policy": /^same-origin$/,
  "cross-origin-resource-policy": /^same-origin$/,
  "cross-origin-embedder-policy": /^require-corp$/,
  "x-frame-options": /^DENY$/,
  "permissions-policy": /camera=\(\)/,
  "content-security-policy": /^default-src 'none'/,
  "x-request-id": /^[0-9a-f]{32}$/,
};

test("P21: every answer has every header, whatever its status (60 cases)", async () => {
  await inTurns(
    cellsOf(addresses()).filter((_, index) => index % 7 === 0),
    8,
    (cell) => ask(cell),
  );
  const files = (await wire.send("GET", "/sign-in")).text.match(/\/_next\/static\/[^"\\]+/g) ?? [];
  for (const target of [...new Set(files)].slice(0, 8)) await wire.send("GET", target);
  for (const target of ["/favicon.svg", "/", "/vaults/", "/_next/static/none.js", `/${"a".repeat(9_000)}`, "/x\\y"])
    await wire.send("GET", target);
  await wire.send("GET", "/vaults", { headers: { host: "evil.example" } });
  await wire.send("GET", "/api/inventory", { headers: { "sec-fetch-site": "cross-site" }, cookie: cookies.admin });
  const kinds = new Map(wire.answers.map((answer) => [`${answer.target.split("?")[0]} ${answer.status}`, answer]));
  const missing: string[] = [];
  for (const [kind, { headers }] of kinds) {
    for (const [name, pattern] of Object.entries(requiredHeaders))
      if (!pattern.test(String(headers[name] ?? ""))) missing.push(`${kind}: ${name} is ${headers[name]}`);
    for (const name of ["access-control-allow-origin", "x-powered-by", "server"])
      if (headers[name] !== undefined) missing.push(`${kind}: ${name}`);
    const isStatic = kind.startsWith("/_next/static/") || kind.startsWith("/favicon");
    if (!isStatic && !/no-store/.test(String(headers["cache-control"] ?? "")))
      missing.push(`${kind}: cache-control is ${headers["cache-control"]}`);
  }
  expect(missing).toEqual([]);
  expect(kinds.size).toBeGreaterThanOrEqual(60);
  const statuses = new Set(wire.answers.map(({ status }) => status));
  for (const status of [200, 307, 308, 400, 401, 403, 404, 405, 414, 415, 421]) expect([...statuses]).toContain(status);
});

test("P28: no secret is in any answer, line of the log, file of the build or receipt (5 secrets)", async () => {
  const { readdirSync, statSync } = await import("node:fs");
  const configText = readFileSync(product.emulator.config, "utf8");
  const keyFile = /key_file\s*=\s*(.+)/.exec(configText)?.[1]?.trim() ?? "";
  const pem = readFileSync(keyFile, "utf8")
    .split("\n")
    .filter((line) => /^[A-Za-z0-9+/=]{40,}$/.test(line));
  expect(pem.length).toBeGreaterThan(10);
  const seals = [cookies.admin, cookies.helpdesk].map((cookie) => cookie?.split("=")[1]?.slice(0, 60) ?? "");
  expect(seals.every((seal) => seal.length > 40)).toBe(true);
  const secrets = [...Object.values(canaries), ...pem, ...seals];
  // Errors say the most: some of every kind before looking.
  for (const target of ["/api/people", "/api/activity/export?format=jsonl", "/api/activity?limit=500", "/api/ready"])
    await wire.send("GET", target, { cookie: cookies.admin });
  for (const { verb, address } of changingAddresses()) {
    if (verb !== "DELETE") await wire.send(verb, address.target, { cookie: cookies.admin, body: "{" });
    await wire.send(verb, address.target, { cookie: cookies.helpdesk, body: address.body, headers: address.headers });
  }
  const places: [string, string][] = [
    ...wire.answers.map((answer): [string, string] => {
      // The one place a session belongs to is the cookie that sets it.
      const { "set-cookie": _, ...headers } = answer.headers;
      return [`${answer.method} ${answer.target}`, `${answer.text}\n${JSON.stringify(headers)}`];
    }),
    ["what it printed", product.output()],
  ];
  const folder = resolve(import.meta.dirname, "../../.next/static");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = resolve(folder, name);
    if (statSync(path).isFile()) places.push([name, readFileSync(path, "latin1")]);
  }
  const leaks = places.flatMap(([where, text]) => secrets.filter((each) => text.includes(each)).map(() => where));
  expect(leaks).toEqual([]);
  expect(product.output().length, "debug lines were written").toBeGreaterThan(1_000);
  // In the bundle not even the names of server-only things.
  const bundle = places.map(([where, text]) => (where.endsWith(".js") ? text : "")).join("\n");
  expect(bundle).not.toMatch(/SESSION_SECRETS|RECEIPTS_KEY|DATABASE_URL|createPrivateKey|BEGIN (RSA )?PRIVATE KEY/);
});
