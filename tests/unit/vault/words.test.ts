import { describe, expect, test } from "vitest";
import { vaultLifecycleStates } from "#lib/contract/models.ts";
import { exportCsv, exportJson } from "#lib/vault/export.ts";
import { buildVaultIndex } from "#lib/vault/list.ts";
import { isSameName, nameWarnings } from "#lib/vault/names.ts";
import { stateSentence, ticketText } from "#lib/vault/sentences.ts";
import { inventory, row } from "./rows.ts";

describe("the sentence of a state", () => {
  test.each([...vaultLifecycleStates, "HALF_FROZEN"])("%s has one that ends", (lifecycleState) => {
    const sentence = stateSentence({ lifecycleState, deletionDate: "30 Jan 2027, 14:00 UTC" });
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence).not.toContain("undefined");
  });

  test("pending deletion says until when, what it means for the keys, and whom to ask", () => {
    const story = { lifecycleState: "PENDING_DELETION", deletionDate: "30 Jan 2027, 14:00 UTC" };
    expect(stateSentence(story)).toBe(
      "Will be deleted for good on 30 Jan 2027, 14:00 UTC. Its keys cannot be used now. It can still be saved until then: ask an operator or a security admin.",
    );
    expect(stateSentence({ ...story, canSave: true })).toMatch(/It can still be saved until then\.$/);
    expect(stateSentence({ ...story, deletionDate: null })).toContain("a date that is still being read");
    expect(stateSentence({ ...story, isOverdue: true })).toContain("has passed");
  });
});

test("the ticket block is one fact to a line, whatever the name holds", () => {
  const text = ticketText({
    displayName: "a\nState: Active\u202e",
    id: "ocid1.vault.oc1.iad.x.y",
    region: "us-ashburn-1",
    tenancyName: "acme",
    compartmentPath: "apps / payments",
    lifecycleState: "PENDING_DELETION",
    vaultType: "DEFAULT",
    created: "2 Jan 2026, 03:04 UTC",
    deletionDate: null,
    sentence: "Words.",
    readAt: null,
    requestId: "ABC",
  });
  expect(text.split("\n").map((line) => line.split(":")[0])).toEqual([
    "Vault",
    "OCID",
    "Region",
    "Tenancy",
    "Compartment",
    "Type",
    "State",
    "Created",
    "Request id",
    "In words",
  ]);
  expect(text).not.toMatch(/\u202e/);
});

describe("names", () => {
  test("what cannot simply be read and typed is said", () => {
    expect(nameWarnings("payments")).toEqual([]);
    expect(nameWarnings(" payments")).toHaveLength(1);
    expect(nameWarnings("pay\u202etnem")).toHaveLength(1);
    expect(nameWarnings("pay\u200bments ")).toHaveLength(2);
  });

  test("a typed name must be the same, but accents may be composed either way", () => {
    expect(isSameName("Zürich", "Zu\u0308rich")).toBe(true);
    expect(isSameName("payments", "payments ")).toBe(false);
    expect(isSameName("Payments", "payments")).toBe(false);
  });
});

describe("export", () => {
  const index = buildVaultIndex(
    inventory([
      row({ displayName: '=HYPERLINK("http://x")', freeformTags: { a: 'b,"c' } }),
      row({ displayName: "ok" }),
    ]),
  );

  test("CSV quotes what must be quoted and cannot be run as a formula", () => {
    const lines = exportCsv(index.places).trimEnd().split("\r\n");
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^"'=HYPERLINK\(""http:\/\/x""\)",Active,Virtual,apps,us-ashburn-1,acme,/);
    expect(lines[1]).toContain('"{""a"":""b,\\""c""}"');
  });

  test("JSON says how many, from when, and whether it is all", () => {
    const data = JSON.parse(exportJson(index.places, { exportedAt: "t", oldestReadAt: null, isComplete: false }));
    expect(data).toMatchObject({ count: 2, isComplete: false, oldestReadAt: null });
    expect(data.vaults[1]).toMatchObject({ displayName: "ok", compartmentPath: "apps", isReplica: false });
  });
});
