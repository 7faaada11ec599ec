import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Editable, mergeEdits } from "#lib/vault/merge.ts";

const of = (
  displayName: string,
  freeformTags: Record<string, string> = {},
  definedTags: Editable["definedTags"] = {},
) => ({
  displayName,
  freeformTags,
  definedTags,
});

describe("one's own edits over somebody else's", () => {
  it("takes what only one side changed from that side", () => {
    const base = of("v", { a: "1", gone: "x", both: "1" }, { ns: { k: "1" } });
    const mine = of("mine", { a: "1", both: "2", mine: "1" }, { ns: { k: "1" } });
    const theirs = of("v", { a: "9", gone: "x", both: "2", theirs: "1" }, { ns: { k: "2" } });
    expect(mergeEdits(base, mine, theirs, {})).toEqual({
      merged: of("mine", { a: "9", both: "2", mine: "1", theirs: "1" }, { ns: { k: "2" } }),
      conflicts: [],
    });
  });

  it("asks about what both changed to different values, removals among them", () => {
    const base = of("v", { a: "1", b: "1" }, { ns: { k: true } });
    const mine = of("mine", { a: "mine" }, { ns: { k: false } });
    const theirs = of("theirs", { b: "theirs" }, {});
    const { merged, conflicts } = mergeEdits(base, mine, theirs, { name: "theirs", '["b"]': "theirs" });
    expect(conflicts.map(({ field, mine: m, theirs: t }) => [field, m, t])).toEqual([
      ["Name", "mine", "theirs"],
      ["Tag a", "mine", null],
      ["Tag b", null, "theirs"],
      ["Tag ns.k", "false", null],
    ]);
    expect(merged).toEqual(of("theirs", { a: "mine", b: "theirs" }, { ns: { k: false } }));
  });

  it("without edits is theirs, and without theirs is mine", () => {
    const tags = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { noNullPrototype: true });
    const editable = fc.record({
      displayName: fc.string({ minLength: 1 }),
      freeformTags: tags,
      definedTags: fc.dictionary(fc.string({ minLength: 1 }), tags, { noNullPrototype: true }),
    });
    // A namespace without tags says nothing.
    const full = (value: Editable): Editable => ({
      ...value,
      definedTags: Object.fromEntries(
        Object.entries(value.definedTags).filter(([, keys]) => Object.keys(keys).length > 0),
      ),
    });
    fc.assert(
      fc.property(editable, editable, (base, other) => {
        expect(mergeEdits(base, base, other, {})).toEqual({ merged: full(other), conflicts: [] });
        expect(mergeEdits(base, other, base, {})).toEqual({ merged: full(other), conflicts: [] });
        expect(mergeEdits(base, other, other, {}).conflicts).toEqual([]);
      }),
    );
  });
});
