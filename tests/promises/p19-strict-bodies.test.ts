// P19: a body has the fields of its operation and no others, each once, in UTF-8: what was checked is what the service gets.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VaultRow } from "#lib/contract/api.ts";
import { activeVault, kmsPath, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const runs = isFull ? 500 : 150;
let app: TestConsole;
let admin: string;
let vault: VaultRow;

beforeAll(async () => {
  app = await startTestConsole();
  admin = await app.signIn("admin");
  vault = await activeVault(app, admin);
});
afterAll(() => app.stop());

/** Addresses that take a body, with one that would be taken. */
function writes(): [method: string, target: string, body: Record<string, unknown>][] {
  const none = { compartmentId: "ocid1.compartment.oc1..aaaaaaaanone" };
  return [
    ["POST", kmsPath(vault).replace(/\/[^/]+$/, ""), { ...none, displayName: "x", vaultType: "DEFAULT" }],
    ["PUT", kmsPath(vault), { displayName: "x" }],
    ["POST", kmsPath(vault, "/actions/changeCompartment"), none],
    ["POST", kmsPath(vault, "/actions/scheduleDeletion"), { timeOfDeletion: "2027-01-01T00:00:00Z" }],
    ["POST", kmsPath(vault, "/actions/createReplica"), { replicaRegion: "uk-london-1" }],
    ["POST", kmsPath(vault, "/actions/deleteReplica"), { replicaRegion: "uk-london-1" }],
    ["POST", "/api/session", { persona: "admin" }],
    ["POST", "/api/session/step-up", { persona: "admin" }],
    ["POST", "/api/people/role", { id: "x", role: "admin" }],
    ["POST", "/api/people/disable", { id: "x" }],
  ];
}

async function changes(): Promise<number> {
  const { byOperation } = await app.calls();
  return Object.entries(byOperation).reduce((sum, [name, n]) => sum + (/^(get|list|head)/.test(name) ? 0 : n), 0);
}

async function expectRefused(method: string, target: string, bytes: Uint8Array): Promise<void> {
  const headers = { "content-type": "application/json", "content-length": String(bytes.byteLength) };
  const answer = await app.ask(method, target, { cookie: admin, bytes, headers });
  expect(answer.status, `${method} ${target} ${Buffer.from(bytes).toString("latin1")}`).toBe(400);
  expect(answer.body).toMatchObject({ code: expect.any(String), message: expect.any(String) });
}

describe(`P19: nothing but the fields of the operation, each once (${runs} × 10 bodies)`, () => {
  it("unknown fields, names of prototypes, names given twice, other encodings", async () => {
    const name = fc.oneof(
      fc
        .string({ minLength: 1 })
        .filter((each) => !["displayName", "vaultType", "id", "role", "persona"].includes(each)),
      fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "lifecycleState", "isAdmin", "ROLE"),
    );
    const before = await changes();
    for (const [method, target, body] of writes()) {
      const [first = ""] = Object.keys(body);
      const text = JSON.stringify(body);
      for (const [extra, value] of fc.sample(fc.tuple(name, fc.jsonValue()), { numRuns: runs, seed: 19 })) {
        if (Object.hasOwn(body, extra)) continue;
        const more = `${JSON.stringify(extra)}:${JSON.stringify(value)}`;
        await expectRefused(method, target, Buffer.from(text.replace("{", `{${more},`)));
      }
      const again = `${JSON.stringify(first)}:${JSON.stringify(body[first])}`;
      const spelt = `"\\u00${first.charCodeAt(0).toString(16)}${first.slice(1)}": 1`;
      for (const twice of [again, spelt])
        await expectRefused(method, target, Buffer.from(text.replace("{", `{${twice},`)));
      for (const broken of [
        Buffer.from(text.replace('"x"', '"\xff"'), "latin1").fill(0xff, 3, 4),
        Buffer.from(text, "utf16le"),
        Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
        Buffer.from(`${text}{}`),
        Buffer.from(text.replaceAll('"', "'")),
        Buffer.from(`[${text}]`),
        Buffer.from("null"),
      ])
        await expectRefused(method, target, broken);
    }
    expect(await changes()).toBe(before);
  }, 300_000);

  it("a name twice deep inside, and the same name in two objects", async () => {
    const twice = '{"freeformTags":{"team":"a","team":"b"}}';
    await expectRefused("PUT", kmsPath(vault), Buffer.from(twice));
    const both = { freeformTags: { a: "x: {" }, definedTags: {}, displayName: 'a "quoted": name' };
    const answer = await app.ask("PUT", kmsPath(vault), { cookie: admin, body: both });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  });

  it("parameters of the address: unknown, prototypes', twice", async () => {
    const list = `/api/oci/${app.tenancy}/kms/${vault.region}/20180608/vaults?compartmentId=${app.tenancy}`;
    for (const more of ["constructor=1", "__proto__=1", "toString=", "x=1", "limit=1&limit=2", "CompartmentId=1"])
      expect((await app.ask("GET", `${list}&${more}`, { cookie: admin })).status, more).toBe(400);
  });
});
