// P18: people with a scope never see anything outside it, in whatever order they ask and whoever filled the cache; and what the help
// desk is not shown does not leave the server.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sightOf } from "#lib/bff/sight.ts";
import { type Inventory, maskedText, personaIds, type RevealAnswer, type VaultRow } from "#lib/contract/api.ts";
import { readReceipts } from "#lib/store/receipts.ts";
import { kmsPath, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const asks = isFull ? 1_000 : 300;
const folder = mkdtempSync(join(tmpdir(), "ovc-scopes-"));
let app: TestConsole;
let whole: Inventory;
/** A compartment with vaults, and what lies below it. */
let root: string;
let inside: VaultRow[];
let outside: VaultRow[];
const cookies: Record<string, string> = {};

beforeAll(async () => {
  // The scope needs the OCID of a compartment, and the demo has the same ones every time.
  const first = await startTestConsole();
  whole = await first.inventory(await first.signIn("admin"));
  const tenancy = whole.tenancies.find(({ id }) => id === first.tenancy);
  const parents = new Map(tenancy?.compartments.map(({ id, parentId }) => [id, parentId]));
  const counts = new Map<string, number>();
  const lineage = (id: string) => {
    const path: string[] = [];
    for (let at: string | null | undefined = id; at != null; at = parents.get(at)) path.push(at);
    return path;
  };
  for (const row of whole.vaults)
    for (const id of lineage(row.compartmentId)) counts.set(id, (counts.get(id) ?? 0) + 1);
  // One with others below it, and not everything.
  root =
    tenancy?.compartments.find(
      ({ id, parentId }) => parentId !== null && [...parents.values()].includes(id) && (counts.get(id) ?? 0) > 3,
    )?.id ?? "";
  expect(root).not.toBe("");
  inside = whole.vaults.filter((row) => row.tenancy === first.tenancy && lineage(row.compartmentId).includes(root));
  outside = whole.vaults.filter((row) => !inside.includes(row));
  await first.stop();
  const file = join(folder, "policy.yaml");
  writeFileSync(
    file,
    JSON.stringify({
      version: 1,
      scopes: [
        { name: "part", roles: ["helpdesk"], compartments: [root] },
        { name: "none of these people", roles: ["operator"], people: ["Nobody"], tenancies: [first.tenancy] },
      ],
      masking: { tags: ["Owner", "oracle-tags.createdby"] },
    }),
  );
  app = await startTestConsole({}, { POLICY_FILE: file });
  for (const persona of personaIds.filter((each) => each !== "second-admin"))
    cookies[persona] = await app.signIn(persona);
  // Endpoints name the emulator's port: those of this one count.
  const now = await app.inventory(cookies.admin ?? "");
  const isInside = new Set(inside.map(({ region, id }) => `${region} ${id}`));
  inside = now.vaults.filter(({ region, id }) => isInside.has(`${region} ${id}`));
  outside = now.vaults.filter((row) => !inside.includes(row));
}, 90_000);
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});

/** Everything by which a vault outside would show. */
function traces(row: VaultRow): string[] {
  return [row.id, row.displayName, row.cryptoEndpoint].filter(
    (each) => !inside.some((mine) => JSON.stringify(mine).includes(each)),
  );
}

describe(`P18: scopes hold, cached or not (${asks} interleaved asks)`, () => {
  it("the inventory of each is their part of it, under its own etag", async () => {
    const read = async (who: string) => {
      const answer = await app.ask("GET", "/api/inventory", { cookie: cookies[who] });
      return { etag: answer.headers.get("etag"), inventory: answer.body as Inventory };
    };
    const mine = await read("helpdesk");
    const all = await read("admin");
    const none = await read("operator");
    expect(mine.inventory.vaults.map(({ id }) => id).sort()).toEqual(inside.map(({ id }) => id).sort());
    expect(all.inventory.vaults).toHaveLength(whole.vaults.length);
    expect(none.inventory).toMatchObject({ vaults: [], tenancies: [] });
    expect(new Set([mine.etag, all.etag, none.etag]).size).toBe(3);
    // Somebody else's etag is not taken for one's own.
    const asked = await app.ask("GET", "/api/inventory", {
      cookie: cookies.helpdesk,
      headers: { "if-none-match": all.etag ?? "" },
    });
    expect(asked.status).toBe(200);
    const text = JSON.stringify(mine.inventory);
    for (const row of outside) for (const trace of traces(row)) expect(text).not.toContain(trace);
  });

  it("whoever asks for whatever in whatever order", async () => {
    const active = outside.filter(({ lifecycleState }) => lifecycleState === "ACTIVE");
    const forms: ((row: VaultRow) => string)[] = [
      (row) => kmsPath(row),
      (row) => kmsPath(row, "/usage"),
      (row) => `/api/oci/${row.tenancy}/kms/${row.region}/20180608/vaults?compartmentId=${row.compartmentId}`,
      (row) =>
        `/api/oci/${row.tenancy}/management/${row.region}/${row.id}/20180608/keys?compartmentId=${row.compartmentId}`,
      (row) => `/api/oci/${row.tenancy}/management/${row.region}/${row.id}/20180608/keys?compartmentId=${root}`,
      (row) => `/api/oci/${row.tenancy}/identity/${row.region}/20160918/compartments/${row.compartmentId}`,
      (row) => `/api/activity?target=${row.id}`,
    ];
    const ask = fc.record({
      who: fc.constantFrom("helpdesk", "operator", "admin", "auditor"),
      row: fc.constantFrom(
        ...active.slice(0, 6),
        ...inside.filter(({ lifecycleState }) => lifecycleState === "ACTIVE"),
      ),
      form: fc.constantFrom(...forms),
    });
    const all = fc.sample(ask, { numRuns: asks, seed: 18 });
    let leaks = 0;
    let seen = 0;
    for (let at = 0; at < all.length; at += 10) {
      await Promise.all(
        all.slice(at, at + 10).map(async ({ who, row, form }) => {
          const answer = await app.ask("GET", form(row), { cookie: cookies[who] });
          const isSeen = answer.status === 200 && JSON.stringify(answer.body) !== '{"entries":[],"next":null}';
          const maySee = who === "admin" || who === "auditor" || (who === "helpdesk" && inside.includes(row));
          if (isSeen) seen += 1;
          if (isSeen && !maySee) leaks += 1;
          const text = JSON.stringify(answer.body);
          if (!maySee && traces(row).some((trace) => text.includes(trace) && !form(row).includes(trace))) leaks += 1;
        }),
      );
    }
    expect(leaks).toBe(0);
    expect(seen).toBeGreaterThan(asks / 4);
  }, 300_000);

  it("what is outside is answered like what is not there", async () => {
    const [hidden] = outside.filter(
      ({ tenancy, lifecycleState }) => tenancy === app.tenancy && lifecycleState === "ACTIVE",
    );
    const [seen] = inside;
    if (hidden === undefined || seen === undefined) throw new Error("the demo has no such vaults");
    const answer = await app.ask("GET", kmsPath(hidden), { cookie: cookies.helpdesk });
    expect(answer.status).toBe(404);
    expect(
      (await app.ask("GET", kmsPath({ ...seen, id: `${seen.id.slice(0, -8)}aaaaaaaa` }), { cookie: cookies.helpdesk }))
        .status,
    ).toBe(404);
    const buckets = `/api/oci/${app.tenancy}/objectstorage/${seen.region}/n/ns/b/bucket/o`;
    expect((await app.ask("GET", buckets, { cookie: cookies.helpdesk })).status).toBe(404);
    // A change that was tried is in the trail, although nothing was told of the vault.
    const tried = await app.ask("PUT", kmsPath(hidden), { cookie: cookies.operator, body: { displayName: "x" } });
    expect(tried.status).toBe(404);
    const [receipt] = await readReceipts(app.db, { limit: 1 });
    expect(receipt).toMatchObject({ operation: "updateVault", phase: "refused", role: "operator" });
    const status = (await app.ask("GET", "/api/status", { cookie: cookies.operator })).body;
    expect(status).toMatchObject({ tenancies: [] });
  });
});

describe("P18: what the help desk is not shown does not leave the server (6 cases)", () => {
  const row = () =>
    inside.find(({ lifecycleState, freeformTags }) => lifecycleState === "ACTIVE" && "owner" in freeformTags) ??
    inside[0];
  const secrets = () => inside.flatMap((each) => [each.cryptoEndpoint, each.managementEndpoint]);

  it("endpoints and marked tags, in the list, in a vault, in receipts and in the answers of the service", async () => {
    const vault = row();
    if (vault === undefined) throw new Error("no vault");
    const targets = [
      "/api/inventory",
      kmsPath(vault),
      `/api/oci/${vault.tenancy}/kms/${vault.region}/20180608/vaults?compartmentId=${vault.compartmentId}`,
      kmsPath(vault, "/actions/listReplicas"),
      `/api/activity?target=${vault.id}`,
    ];
    for (const target of targets) {
      const { status, body } = await app.ask("GET", target, { cookie: cookies.helpdesk });
      expect(status, target).toBe(200);
      const text = JSON.stringify(body);
      for (const secret of secrets()) expect(text, target).not.toContain(secret);
    }
    const { body } = await app.ask("GET", kmsPath(vault), { cookie: cookies.helpdesk });
    expect((body as VaultRow).cryptoEndpoint).toBe(maskedText);
    expect((body as VaultRow).freeformTags.owner).toBe(maskedText);
    const { body: unmasked } = await app.ask("GET", kmsPath(vault), { cookie: cookies.auditor });
    expect((unmasked as VaultRow).cryptoEndpoint).toBe(vault.cryptoEndpoint);
  });

  it("names of people in a vault's receipts", async () => {
    const vault = row();
    if (vault === undefined) throw new Error("no vault");
    await app.ask("PUT", kmsPath(vault), { cookie: cookies.admin, body: { displayName: vault.displayName } });
    const read = async (who: string) =>
      JSON.stringify((await app.ask("GET", `/api/activity?target=${vault.id}`, { cookie: cookies[who] })).body);
    expect(await read("auditor")).toContain("Ada Admin");
    expect(await read("helpdesk")).toContain('"updateVault"');
    expect(await read("helpdesk")).not.toContain("Ada Admin");
  });

  it("is revealed for a reason, for one vault, and recorded before it is shown", async () => {
    const vault = row();
    if (vault === undefined) throw new Error("no vault");
    const { tenancy, region, id: vaultId } = vault;
    const reveal = (reason: string, body: object = { tenancy, region, vaultId }) =>
      app.ask("POST", "/api/reveal", {
        cookie: cookies.helpdesk,
        body,
        headers: { "x-ovc-reason": encodeURIComponent(reason) },
      });
    expect((await reveal("short")).status).toBe(400);
    const shown = await reveal("INC-4711: caller reads the endpoint out");
    expect(shown.status).toBe(200);
    const { vault: whole, actors } = shown.body as RevealAnswer;
    expect(whole.cryptoEndpoint).toBe(vault.cryptoEndpoint);
    expect(Object.values(actors)).toContain("Ada Admin");
    const [outcome, intent] = (await readReceipts(app.db, { limit: 2 })).map(({ operation, phase, reason }) => [
      operation,
      phase,
      reason,
    ]);
    expect(intent).toEqual(["reveal", "intent", "INC-4711: caller reads the endpoint out"]);
    expect(outcome?.slice(0, 2)).toEqual(["reveal", "outcome"]);
    // A vault outside stays outside, whatever the reason.
    const [hidden] = outside.filter((each) => each.tenancy === tenancy && each.lifecycleState === "ACTIVE");
    const refused = await reveal("INC-4711: caller reads the endpoint out", {
      tenancy,
      region: hidden?.region,
      vaultId: hidden?.id,
    });
    expect(refused.status).toBe(404);
  });
});

describe("P18: whom a scope means (4 cases)", () => {
  const scopes = [{ name: "Kim's", roles: ["helpdesk" as const], people: ["Kim"], groups: ["emea"], tenancies: ["t"] }];
  const policy = { rails: [], scopes, masking: { endpoints: false, people: false, tags: [] } };
  const who = { role: "helpdesk" as const, name: "Kim", subject: "kim", issuer: "local", groups: [] as string[] };
  const sees = (person: typeof who) => sightOf(policy, person).within?.tenancies.has("t");

  it("people by their name here, at a provider by the subject: a name there can be chosen", () => {
    expect(sees(who)).toBe(true);
    expect(sees({ ...who, issuer: "https://id.example.com", subject: "4711" })).toBe(false);
    expect(sees({ ...who, issuer: "https://id.example.com", name: "Mallory", subject: "Kim" })).toBe(true);
    expect(sees({ ...who, issuer: "https://id.example.com", name: "Lee", subject: "4712", groups: ["emea"] })).toBe(
      true,
    );
  });
});

describe("P18: what changes place changes sight (1 cases)", () => {
  it("a vault that is moved out of it is gone at once, cached as it may be", async () => {
    const moved = inside.find(
      (row) => row.lifecycleState === "ACTIVE" && row.details?.isPrimary !== false && row.vaultType !== "EXTERNAL",
    );
    if (moved === undefined) throw new Error("the demo has no such vault");
    const read = () => app.ask("GET", kmsPath(moved), { cookie: cookies.helpdesk });
    expect((await read()).status).toBe(200);
    const move = await app.ask("POST", kmsPath(moved, "/actions/changeCompartment"), {
      cookie: cookies.admin,
      body: { compartmentId: app.tenancy },
    });
    expect(move.status, JSON.stringify(move.body)).toBe(204);
    await expect.poll(async () => (await read()).status, { timeout: 10_000 }).toBe(404);
  });
});
