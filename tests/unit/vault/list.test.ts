import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { VaultRow } from "#lib/contract/api.ts";
import { vaultLifecycleStates, vaultTypes } from "#lib/contract/models.ts";
import {
  buildVaultIndex,
  emptyFilter,
  queryVaults,
  tagsOf,
  type VaultFilter,
  type VaultPlace,
} from "#lib/vault/list.ts";
import { sortColumns } from "#lib/vault/order.ts";
import { matchesSearch, parseSearch, searchTextOf } from "#lib/vault/search.ts";
import { inventory, manyRows, row, tenancy, tenancyA } from "./rows.ts";

const byName = { column: "name", direction: "asc" } as const;
const show = (rows: VaultRow[], filter: Partial<VaultFilter> = {}, sort: Parameters<typeof queryVaults>[2] = byName) =>
  queryVaults(buildVaultIndex(inventory(rows)), { ...emptyFilter, ...filter }, sort);
const namesOf = (places: readonly VaultPlace[]) => places.map((place) => place.row.displayName);

/** The same rules, said in the slowest possible way. */
function naive(rows: readonly VaultRow[], filter: VaultFilter): Set<string> {
  const below = (id: string): string[] => [
    id,
    ...tenancy()
      .compartments.filter((one) => one.parentId === id)
      .flatMap((one) => below(one.id)),
  ];
  const within = new Set(filter.includesSubCompartments ? filter.compartments.flatMap(below) : filter.compartments);
  const has = (chosen: readonly string[], value: string) => chosen.length === 0 || chosen.includes(value);
  const tagKeys = new Set(filter.tags.map((tag) => tag.split("=")[0]));
  const matching = rows.filter((one) => {
    const tags = new Set(tagsOf(one).map(([, tag]) => tag));
    return (
      matchesSearch(searchTextOf(one), parseSearch(filter.search)) &&
      has(filter.states, one.lifecycleState) &&
      has(filter.types, one.vaultType) &&
      has(filter.regions, one.region) &&
      has(filter.tenancies, one.tenancy) &&
      (filter.compartments.length === 0 || within.has(one.compartmentId)) &&
      [...tagKeys].every((key) => filter.tags.some((tag) => tag.startsWith(`${key}=`) && tags.has(tag)))
    );
  });
  return new Set(matching.map((one) => `${one.tenancy}/${one.id}`));
}

const some = <T>(values: readonly T[]) => fc.subarray([...values], { maxLength: Math.min(3, values.length) });
const filters: fc.Arbitrary<VaultFilter> = fc.record({
  search: fc.constantFrom("", "", "prod", "audit 9", "zurich", "kljuc", "env=prod", "データ", "nothing at all"),
  states: some(vaultLifecycleStates),
  types: some(vaultTypes),
  regions: some(["us-ashburn-1", "uk-london-1", "ap-nowhere-1"]),
  tenancies: some([tenancyA]),
  compartments: some(["c.apps", "c.pay", "c.card", "c.sec", tenancyA]),
  includesSubCompartments: fc.boolean(),
  tags: some(["env=prod", "env=test", "owner=team-3", "Oracle.CreatedBy=user-7", "env=absent"]),
});

describe("the list against its rules said slowly", () => {
  const rows = manyRows(600, 42);
  const index = buildVaultIndex(inventory(rows));

  test("shows the same vaults for any filter, each once", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const shown = queryVaults(index, filter, byName).rows.map((place) => `${place.row.tenancy}/${place.row.id}`);
        expect(new Set(shown)).toEqual(naive(rows, filter));
        expect(new Set(shown).size).toBe(shown.length);
      }),
      { numRuns: 300 },
    );
  });

  test("a count is the number of rows that choosing the value alone would show", () => {
    fc.assert(
      fc.property(filters, fc.constantFrom("states", "types", "regions", "tenancies"), (filter, name) => {
        for (const { value, count } of queryVaults(index, filter, byName).facets[name]) {
          expect(count).toBe(naive(rows, { ...filter, [name]: [value] }).size);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("a tag's count takes the other values of its key as alternatives", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        for (const { value, count } of queryVaults(index, filter, byName).facets.tags.slice(0, 12)) {
          const key = value.slice(0, value.indexOf("="));
          const others = filter.tags.filter((tag) => !tag.startsWith(`${key}=`));
          expect(count).toBe(naive(rows, { ...filter, tags: [...others, value] }).size);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("every column sorts, keeps all rows, and gives the same order whatever the order of arrival", () => {
    const shuffled = buildVaultIndex(inventory([...rows].reverse()));
    for (const column of sortColumns) {
      for (const direction of ["asc", "desc"] as const) {
        const sorted = queryVaults(index, emptyFilter, { column, direction }).rows.map((place) => place.key);
        expect(sorted.length).toBe(index.vaultCount);
        expect(queryVaults(shuffled, emptyFilter, { column, direction }).rows.map((place) => place.key)).toEqual(
          sorted,
        );
      }
    }
  });
});

describe("sorting", () => {
  test("names as people expect in any script: numbers by value, accents beside their letter", () => {
    const rows = ["vault-10", "vault-9", "Ärger", "apfel", "Zebra", "データ", "Ελλάς", "Вера"].map((displayName) =>
      row({ displayName }),
    );
    expect(namesOf(show(rows).rows)).toEqual([
      "apfel",
      "Ärger",
      "vault-9",
      "vault-10",
      "Zebra",
      "Ελλάς",
      "Вера",
      "データ",
    ]);
  });

  test("rows without a deletion date come last in both directions", () => {
    const dated = (displayName: string, timeOfDeletion: string) =>
      row({
        displayName,
        lifecycleState: "PENDING_DELETION",
        details: {
          timeOfDeletion,
          isPrimary: true,
          isVaultReplicable: true,
          replicationId: null,
          restoredFromVaultId: null,
        },
      });
    const rows = [
      row({ displayName: "none" }),
      dated("later", "2027-02-01T00:00:00Z"),
      dated("sooner", "2027-01-01T00:00:00Z"),
      dated("unreadable", "soon"),
    ];
    const sorted = (direction: "asc" | "desc") => namesOf(show(rows, {}, { column: "deletion", direction }).rows);
    expect(sorted("asc")).toEqual(["sooner", "later", "none", "unreadable"]);
    expect(sorted("desc")).toEqual(["later", "sooner", "none", "unreadable"]);
  });
});

describe("a vault and its replica", () => {
  const source = row({ displayName: "ledger", region: "eu-frankfurt-1" });
  const replica = { ...source, region: "us-ashburn-1", lifecycleState: "UPDATING" };

  test("are one row, the source's, that knows its other place", () => {
    const { rows } = show([replica, source]);
    expect(rows.map((place) => [place.row.region, place.isReplica])).toEqual([["eu-frankfurt-1", false]]);
    expect(rows[0]?.places.map((place) => place.row.region)).toEqual(["eu-frankfurt-1", "us-ashburn-1"]);
  });

  test("the replica is shown where only it matches", () => {
    const { rows } = show([source, replica], { regions: ["us-ashburn-1"] });
    expect(rows.map((place) => [place.row.region, place.isReplica])).toEqual([["us-ashburn-1", true]]);
    expect(rows[0]?.places.length).toBe(2);
  });

  test("GetVault has the last word over what the OCID suggests", () => {
    const details = {
      timeOfDeletion: null,
      isVaultReplicable: true,
      replicationId: null,
      restoredFromVaultId: null,
    };
    const { rows } = show([
      { ...source, details: { ...details, isPrimary: false } },
      { ...replica, details: { ...details, isPrimary: true } },
    ]);
    expect(rows[0]?.row.region).toBe("us-ashburn-1");
  });

  test("old regions are named by their key in the OCID", () => {
    const old = row({ id: "ocid1.vault.oc1.iad.bzold.abcd", region: "us-ashburn-1" });
    const { rows } = show([{ ...old, region: "uk-london-1" }, old]);
    expect(rows[0]?.row.region).toBe("us-ashburn-1");
  });

  test("the same OCID in two tenancies is two vaults", () => {
    expect(show([source, { ...source, tenancy: "ocid1.tenancy.oc1..other" }]).rows.length).toBe(2);
  });
});

describe("filters", () => {
  test("a compartment brings its sub-compartments unless told otherwise", () => {
    const rows = ["c.apps", "c.pay", "c.card", "c.sec"].map((compartmentId) =>
      row({ compartmentId, displayName: compartmentId }),
    );
    expect(namesOf(show(rows, { compartments: ["c.apps"] }).rows)).toEqual(["c.apps", "c.card", "c.pay"]);
    expect(namesOf(show(rows, { compartments: ["c.apps"], includesSubCompartments: false }).rows)).toEqual(["c.apps"]);
    expect(show(rows).rows.map((place) => place.compartmentPath)).toContain("apps / payments / cards");
  });

  test("a chosen value that occurs nowhere is still listed, so that it can be taken off", () => {
    const { facets, rows } = show([row()], { states: ["FROZEN"] });
    expect(rows).toEqual([]);
    expect(facets.states).toContainEqual({ value: "FROZEN", label: "Frozen", count: 0, isChosen: true });
  });

  test("states and types nobody has heard of are shown by their own name", () => {
    const { facets } = show([row({ lifecycleState: "HALF_FROZEN", vaultType: "QUANTUM" })]);
    expect(facets.states.map((state) => state.label)).toEqual(["Half frozen"]);
    expect(facets.types.map((type) => type.label)).toEqual(["Quantum"]);
  });

  test("more tag keys than there are bits still filter", () => {
    const freeformTags = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`k${n}`, "v"]));
    const tags = Object.entries(freeformTags).map(([key, value]) => `${key}=${value}`);
    const rows = [row({ freeformTags, displayName: "all" }), row({ freeformTags: { ...freeformTags, k39: "w" } })];
    expect(namesOf(show(rows, { tags }).rows)).toEqual(["all"]);
  });

  test("a cycle of compartments does not hang the tree", () => {
    const looped = tenancy({
      compartments: [
        { id: "c.apps", name: "a", parentId: "c.b" },
        { id: "c.b", name: "b", parentId: "c.apps" },
      ],
    });
    const index = buildVaultIndex(inventory([row()], { tenancies: [looped] }));
    expect(queryVaults(index, { ...emptyFilter, compartments: ["c.apps"] }, byName).rows.length).toBe(1);
  });
});
