import { describe, expect, test } from "vitest";
import { abroad, Service, settleMs, unknownOcid, verdict } from "./service.ts";

describe("updateVault", () => {
  test("changes what is given, keeps the rest, replaces a tag map as a whole", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault({ freeformTags: { a: "1", b: "2" }, definedTags: { ns: { k: "v" } } });
    const renamed = service.ask("updateVault", { vaultId, body: { displayName: "renamed" } });
    expect(renamed.json).toMatchObject({
      displayName: "renamed",
      lifecycleState: "ACTIVE",
      freeformTags: { a: "1", b: "2" },
    });
    const tagged = service.ask("updateVault", { vaultId, body: { freeformTags: { c: "3" } } });
    expect(tagged.json).toMatchObject({
      displayName: "renamed",
      freeformTags: { c: "3" },
      definedTags: { ns: { k: "v" } },
    });
    const cleared = service.ask("updateVault", { vaultId, body: { freeformTags: {}, definedTags: {} } });
    expect(cleared.json).toMatchObject({ freeformTags: {}, definedTags: {} });
  });

  test("E20: no body, an empty body and an empty object change nothing", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    for (const rawBody of ["", "{}"]) {
      const answer = service.ask("updateVault", { vaultId }, { rawBody });
      expect(answer.json.displayName).toBe("ledger");
    }
  });

  test("is allowed while CREATING, which goes on", () => {
    const service = new Service();
    const body = { compartmentId: service.compartment, displayName: "new", vaultType: "DEFAULT" } as const;
    const { id: vaultId } = service.ask("createVault", { body }).json;
    expect(service.ask("updateVault", { vaultId, body: { displayName: "newer" } }).json.lifecycleState).toBe(
      "CREATING",
    );
    service.pass();
    expect(service.see(vaultId)).toMatchObject({ displayName: "newer", lifecycleState: "ACTIVE" });
  });

  test.each([
    ["the current etag", (etag: string) => etag, "200"],
    ["E18: the etag with --gzip", (etag: string) => `${etag}--gzip`, "200"],
    ["E18: *", () => "*", "200"],
    ["another etag", () => "0".repeat(40), "412 NoEtagMatch"],
    ["the etag in other case", (etag: string) => etag.toUpperCase(), "412 NoEtagMatch"],
    ["nothing", () => "", "412 NoEtagMatch"],
  ])("if-match with %s", (_, ifMatchOf, expected) => {
    const service = new Service();
    const vaultId = service.addVault().id;
    const etag = service.ask("getVault", { vaultId }).headers.etag ?? "";
    const answer = service.ask("updateVault", { vaultId, ifMatch: ifMatchOf(etag), body: { displayName: "x" } });
    expect(verdict(answer)).toBe(expected);
    expect(service.see(vaultId).displayName).toBe(expected === "200" ? "x" : "ledger");
  });

  test("of two writers with the same etag one loses", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const ifMatch = service.ask("getVault", { vaultId }).headers.etag;
    expect(service.ask("updateVault", { vaultId, ifMatch, body: { displayName: "one" } }).status).toBe(200);
    expect(service.ask("updateVault", { vaultId, ifMatch, body: { displayName: "two" } }).status).toBe(412);
    expect(service.see(vaultId).displayName).toBe("one");
  });

  test.each([
    ["an empty name", { displayName: "" }],
    ["null as name", { displayName: null }],
    ["tags as text", { freeformTags: "a=1" }],
    ["a tag key with a space", { freeformTags: { "a b": "1" } }],
    ["more than 5 KB of tags", { definedTags: { ns: { big: "x".repeat(6000) } } }],
  ])("refuses %s", (_, body) => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    expect(verdict(service.ask("updateVault", { vaultId }, { rawBody: JSON.stringify(body) }))).toBe(
      "400 InvalidParameter",
    );
  });

  test("E5: refuses other states with IncorrectState; E6: replicas with Conflict", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    service.ask("createVaultReplica", { vaultId, body: { replicaRegion: abroad } });
    service.pass();
    const onReplica = service.ask("updateVault", { vaultId, body: { displayName: "x" } }, { region: abroad });
    expect(verdict(onReplica)).toBe("409 Conflict");
    service.ask("scheduleVaultDeletion", { vaultId });
    for (const wait of [0, settleMs * 2]) {
      service.pass(wait);
      expect(verdict(service.ask("updateVault", { vaultId, body: { displayName: "x" } }))).toBe("409 IncorrectState");
    }
    expect(verdict(service.ask("updateVault", { vaultId: unknownOcid, body: {} }))).toBe("404 NotAuthorizedOrNotFound");
  });
});
