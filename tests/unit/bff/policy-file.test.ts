import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "#lib/bff/config.ts";
import { PolicyFileError, parsePolicy } from "#lib/bff/policy-file.ts";
import type { GuardRail } from "#lib/contract/api.ts";
import { operationNames, operationRow } from "#lib/contract/operations.ts";
import { dayMs, deletionTimeOf } from "#lib/vault/lifecycle.ts";
import { judgeRails, minimumWait, type RailAct, type RailSubject, railRefusals } from "#lib/vault/rails.ts";

const docs = readFileSync(resolve(import.meta.dirname, "../../../docs/policy-file.md"), "utf8");
const example = /```yaml\n([\s\S]*?)```/.exec(docs)?.[1] ?? "";

describe("the policy file", () => {
  it("reads the example of the documentation", () => {
    const { rails, scopes, masking } = parsePolicy(example);
    expect(rails).toHaveLength(6);
    expect(scopes).toHaveLength(2);
    expect(masking).toEqual({ endpoints: true, people: true, tags: ["Oracle-Tags.CreatedBy", "on-call"] });
  });

  it.each<[string, string, RegExp]>([
    ["no YAML", "version: 1\nrails: [", /^line \d: /],
    ["another version", "version: 2\nrails: []", /^line 1: version/],
    ["a field nobody knows", "version: 1\nrails:\n  - name: a\n    protct: true", /^line 4: .*no field protct/],
    [
      "a condition nobody knows",
      "version: 1\nrails:\n  - name: a\n    when:\n      tag: x\n    protect: true",
      /^line 5: .*tag/,
    ],
    ["a name twice in one map", "version: 1\nrails:\n  - name: a\n    protect: true\n    protect: true", /^line 5: /],
    ["no effect", "version: 1\nrails:\n  - name: a", /^line 3: .*does nothing/],
    ["protect: false", "version: 1\nrails:\n  - name: a\n    protect: false", /^line 4/],
    ["days out of range", "version: 1\nrails:\n  - name: a\n    minimumWaitDays: 31", /^line 4: .*minimumWaitDays/],
    [
      "a freeze without a zone",
      "version: 1\nrails:\n  - name: a\n    freeze: {from: 2026-01-01, until: 2026-02-01}",
      /^line 4/,
    ],
    [
      "a freeze that ends before it begins",
      "version: 1\nrails:\n  - name: a\n    freeze: {from: 2026-02-01T00:00:00Z, until: 2026-01-01T00:00:00Z}",
      /^line 4: .*ends before/,
    ],
    [
      "an operation nobody knows",
      "version: 1\nrails:\n  - name: a\n    protect: true\n    operations: [deleteEverything]",
      /^line 5/,
    ],
    [
      "a rail over cancelling",
      "version: 1\nrails:\n  - name: a\n    protect: true\n    operations: [cancelVaultDeletion]",
      /^line 5/,
    ],
    ["a broken pattern", "version: 1\nrails:\n  - name: a\n    reasonPattern: '('", /^line 4: .*regular expression/],
    ["a scope of nobody's sight", "version: 1\nscopes:\n  - name: a\n    roles: [helpdesk]", /^line 3: .*neither/],
    ["a scope of admins", "version: 1\nscopes:\n  - {name: a, roles: [admin], tenancies: [t]}", /^line 3/],
    [
      "two rails of one name",
      "version: 1\nrails:\n  - {name: a, protect: true}\n  - {name: a, protect: true}",
      /two rails/,
    ],
    [
      "a bomb of aliases",
      `version: 1\nx: &a [x,x]\n${Array.from({ length: 9 }, (_, n) => `y${n}: &b${n} [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]`).join("\n")}\nrails: []`,
      /./,
    ],
  ])("refuses %s and says where", (_name, text, words) => {
    expect(() => parsePolicy(text)).toThrow(words);
  });

  it("stops the start, naming the setting, the file and the line", () => {
    expect(() => loadConfig({ POLICY_FILE: "/none/policy.yaml" })).toThrow(/POLICY_FILE.*\/none\/policy.yaml.*ENOENT/s);
    expect(new PolicyFileError("x").name).toBe("PolicyFileError");
  });
});

const now = Date.parse("2026-06-01T00:00:00Z");
const subject: RailSubject = {
  tenancy: "t",
  region: "us-ashburn-1",
  vaultId: "v",
  vaultType: "VIRTUAL_PRIVATE",
  compartments: ["c.card", "c.pay", "root"],
  freeformTags: { env: "prod" },
  definedTags: { Finance: { CostCenter: "42" } },
};
const act = (operation: RailAct["operation"], body: object = {}, reason: string | null = "CHG-1234: old"): RailAct => ({
  operation,
  params: { vaultId: "v", body },
  reason,
  ticket: null,
  now,
});
const rail = (does: Partial<GuardRail>): GuardRail[] => [{ name: "r", when: {}, ...does }];
const at = (days: number) => ({ timeOfDeletion: new Date(now + days * dayMs).toISOString() });

describe("guard rails", () => {
  it.each<[string, Partial<GuardRail>["when"], boolean]>([
    ["everything", {}, true],
    ["its compartment", { compartments: ["c.card"] }, true],
    ["one above it", { compartments: ["c.pay"] }, true],
    ["another compartment", { compartments: ["c.sec"] }, false],
    ["its tag", { tags: { env: "prod" } }, true],
    ["its defined tag", { tags: { "Finance.CostCenter": "42" } }, true],
    ["its tags in other capitals", { tags: { ENV: "prod", "finance.costcenter": "42" } }, true],
    ["another value", { tags: { env: "test" } }, false],
    ["its tag's value in other capitals", { tags: { env: "Prod" } }, false],
    ["both of two, one of which is not so", { tags: { env: "prod" }, regions: ["uk-london-1"] }, false],
    ["its OCID", { vaults: ["v"] }, true],
    ["its type", { types: ["VIRTUAL_PRIVATE"] }, true],
    ["names of prototypes", { tags: { constructor: "x" } }, false],
  ])("a rail about %s", (_name, when, isMeant) => {
    const refusal = judgeRails(rail({ when, protect: true }), subject, act("scheduleVaultDeletion", at(30)));
    expect(refusal !== null).toBe(isMeant);
  });

  it("takes every compartment to be meant while the tree is not known", () => {
    const unread = { ...subject, compartments: null };
    const rails = rail({ when: { compartments: ["c.sec"] }, protect: true });
    expect(judgeRails(rails, unread, act("scheduleVaultDeletion", at(30)))?.rail).toBe("r");
  });

  it("never holds up cancelling a deletion, nor a read", () => {
    const all = rail({ protect: true, freeze: { from: 0, until: now * 2 }, reasonMin: 500, buckets: ["a/b"] });
    expect(judgeRails(all, subject, act("cancelVaultDeletion", {}, null))).toBeNull();
    for (const name of operationNames.filter((each) => !operationRow(each).writes))
      expect(judgeRails(all, subject, act(name, {}, null)), name).toBeNull();
  });

  it("counts a tag in any spelling, and looks at every one that is there", () => {
    const twice = { ...subject, freeformTags: { Env: "test", env: "prod" } };
    const prod = rail({ when: { tags: { ENV: "prod" } }, protect: true });
    expect(judgeRails(prod, twice, act("scheduleVaultDeletion", at(30)))?.rail).toBe("r");
    const wanted = rail({ requireTags: ["OWNER", "finance.costcenter"] });
    const body = { freeformTags: { owner: "me" }, definedTags: { Finance: { CostCenter: "1" } } };
    expect(judgeRails(wanted, subject, act("updateVault", body))).toBeNull();
    expect(judgeRails(wanted, subject, act("updateVault", { ...body, freeformTags: { owner: "" } }))?.reason).toContain(
      "OWNER",
    );
  });

  it.each<[string, Partial<GuardRail>, RailAct, boolean]>([
    ["protect, a move", { protect: true }, act("changeVaultCompartment"), true],
    ["protect, a backup", { protect: true }, act("backupVault"), false],
    ["protect, a backup it names", { protect: true, operations: ["backupVault"] }, act("backupVault"), true],
    ["freeze, before", { freeze: { from: now + 1, until: now + 9 } }, act("updateVault"), false],
    ["freeze, begins", { freeze: { from: now, until: now + 9 } }, act("updateVault"), true],
    ["freeze, over", { freeze: { from: 0, until: now } }, act("updateVault"), false],
    ["wait, too soon", { minimumWaitDays: 21 }, act("scheduleVaultDeletion", at(20)), true],
    ["wait, long enough", { minimumWaitDays: 21 }, act("scheduleVaultDeletion", at(21)), false],
    ["wait, no date", { minimumWaitDays: 30 }, act("scheduleVaultDeletion"), false],
    [
      "wait of 30 days, the latest date there is",
      { minimumWaitDays: 30 },
      act("scheduleVaultDeletion", { timeOfDeletion: new Date(deletionTimeOf(30, now)).toISOString() }),
      false,
    ],
    [
      "wait, agreed to hours later",
      { minimumWaitDays: 21 },
      { ...act("scheduleVaultDeletion", at(21)), now: now + dayMs / 6, askedAt: now },
      false,
    ],
    [
      "tags, all there",
      { requireTags: ["env", "Finance.CostCenter"] },
      act("updateVault", { displayName: "x" }),
      false,
    ],
    ["tags, one taken away", { requireTags: ["env"] }, act("updateVault", { freeformTags: {} }), true],
    ["tags, one emptied", { requireTags: ["env"] }, act("updateVault", { freeformTags: { env: "" } }), true],
    ["reason, too short", { reasonMin: 20 }, act("scheduleVaultDeletion", at(30), "short"), true],
    ["reason, none", { reasonMin: 1 }, act("scheduleVaultDeletion", at(30), null), true],
    ["reason, of what can be undone", { reasonMin: 20 }, act("backupVault", {}, null), false],
    ["reason, matches", { reasonPattern: "CHG-\\d+" }, act("scheduleVaultDeletion", at(30)), false],
    [
      "ticket, matches",
      { reasonPattern: "CHG-\\d+" },
      { ...act("scheduleVaultDeletion", at(30), "no longer used"), ticket: "CHG-1" },
      false,
    ],
    ["reason, does not match", { reasonPattern: "^INC-" }, act("scheduleVaultDeletion", at(30)), true],
    [
      "bucket, another one",
      { buckets: ["acme/safe"] },
      act("backupVault", { backupLocation: { destination: "BUCKET", namespace: "acme", bucketName: "mine" } }),
      true,
    ],
    [
      "bucket, the one",
      { buckets: ["acme/safe"] },
      act("backupVault", { backupLocation: { destination: "BUCKET", namespace: "acme", bucketName: "safe" } }),
      false,
    ],
    [
      "bucket, a URL instead",
      { buckets: ["acme/safe"] },
      act("backupVault", { backupLocation: { destination: "PRE_AUTHENTICATED_REQUEST_URI", uri: "x" } }),
      true,
    ],
  ])("%s", (_name, does, what, isRefused) => {
    const refusal = judgeRails(rail(does), subject, what);
    expect(refusal !== null).toBe(isRefused);
    if (refusal !== null) expect(refusal.reason).toMatch(/^The guard rail “r” .*\.$/);
  });

  it("a created vault needs the tags it is created with", () => {
    const fresh = { ...subject, vaultId: null, freeformTags: {}, definedTags: {} };
    const rails = rail({ requireTags: ["owner"] });
    expect(judgeRails(rails, fresh, act("createVault", { displayName: "x" }))?.reason).toContain("owner");
    expect(judgeRails(rails, fresh, act("createVault", { freeformTags: { owner: "kim" } }))).toBeNull();
  });

  it("tells pages what stands in the way before a form is filled in, and nothing else", () => {
    const rails = [...rail({ protect: true }), ...rail({ reasonMin: 100 }), ...rail({ minimumWaitDays: 21 })];
    expect(Object.keys(railRefusals(rails, subject, now)).sort()).toEqual([
      "changeVaultCompartment",
      "deleteVaultReplica",
      "scheduleVaultDeletion",
    ]);
    expect(minimumWait(rails, subject)).toEqual({ days: 21, rail: "r" });
    expect(minimumWait(rail({ minimumWaitDays: 21, when: { vaults: ["other"] } }), subject)).toBeNull();
  });
});
