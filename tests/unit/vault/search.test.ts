import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldText, matchesSearch, parseSearch, searchTextOf } from "#lib/vault/search.ts";
import { row } from "./rows.ts";

const finds = (text: string, over: Parameters<typeof row>[0]) =>
  matchesSearch(searchTextOf(row(over)), parseSearch(text));
const id = "ocid1.vault.oc1.eu-frankfurt-1.bzrgvxubaadcw.abtheljrk7qdx4mno2pqrstuvwxyz234567abcdefghijklmnopqrstuvw";

describe("the search box", () => {
  test.each([
    ["zurich", { displayName: "Zürich HSM" }],
    ["ZÜRICH", { displayName: "zurich" }],
    ["strasse", { displayName: "Straße" }],
    ["fi", { displayName: "ofﬁce" }],
    ["hsm zur", { displayName: "Zürich HSM" }],
    ['"prod eu"', { displayName: "key prod eu" }],
    ["データ", { displayName: "データ保管庫" }],
    ["adm", { displayName: "a\u200bd\u202em in" }],
    ["finance", { freeformTags: { team: "Finance" } }],
    ["team=fin", { freeformTags: { team: "Finance" } }],
    ["operations.cost=42", { definedTags: { Operations: { Cost: 42 } } }],
    ["<img src=x", { displayName: "<img src=x onerror=alert(1)>" }],
  ])("%s finds it", (text, over) => expect(finds(text, over)).toBe(true));

  test.each([
    ['"eu prod"', { displayName: "prod eu" }],
    ["crypto", { displayName: "ledger" }],
    ["management", { displayName: "ledger" }],
    ["vault", { displayName: "ledger" }],
    ["oracle", { displayName: "ledger" }],
    ["https://", { displayName: "ledger" }],
  ])("%s does not find what only its address or OCID spells", (text, over) =>
    expect(finds(text, { ...over, id })).toBe(false),
  );

  test("an OCID is found whole, by any tail, and by its own middle part", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: id.length }), (length) => finds(id.slice(-length), { id })));
    expect(finds(id.toUpperCase(), { id })).toBe(true);
    expect(finds("bzrgvxubaadcw", { id })).toBe(true);
    expect(finds("bzrg", { id, displayName: "x" })).toBe(false);
  });

  test("an OCID copied with its middle cut out is understood", () => {
    expect(finds("ocid1.vault.oc1…qrstuvw", { id })).toBe(true);
    expect(finds("ocid1.vault.oc1...qrstuvw", { id })).toBe(true);
    expect(finds("ocid1.vault.oc1…zzzzzzz", { id })).toBe(false);
  });

  test("an endpoint is found pasted whole, with a path, or by its beginning", () => {
    const cryptoEndpoint = "https://bzrgvxubaadcw-crypto.kms.eu-frankfurt-1.oraclecloud.com";
    for (const text of [
      cryptoEndpoint,
      `${cryptoEndpoint}/20180608/encrypt`,
      "bzrgvxubaadcw-cr",
      "crypto.kms.eu-frank",
    ])
      expect(finds(text, { cryptoEndpoint })).toBe(true);
  });

  test("any text is safe to type, and a vault is always found by its whole name in quotes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (displayName) => {
        expect(() => finds(displayName, { displayName: "x" })).not.toThrow();
        const folded = foldText(displayName).trim();
        if (folded === "" || /["…\r\n]|\.{3}/.test(displayName)) return;
        expect(finds(`"${displayName}"`, { displayName })).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
