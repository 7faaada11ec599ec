/**
 * The vault list: every search, filter, count and sort over all rows, fast enough to run on each key press.
 * An index is made once for each version of the inventory; a query walks it once. Pure.
 */
import type { Inventory, InventoryTenancy, VaultRow } from "#lib/contract/api.ts";
import { buildCompartmentTree, type CompartmentTree, withSubCompartments } from "./compartments.ts";
import { stateFacts, typeLabel } from "./lifecycle.ts";
import { compareText, makeNameOrder, makeOrder, type NameOrder, type SortColumn, type SortDirection } from "./order.ts";
import { matchesSearch, parseSearch, type SearchText, searchTextOf, tagText } from "./search.ts";

/** A vault in one region. The source and its replica share tenancy and OCID and are places of one vault. */
export interface VaultPlace {
  readonly row: VaultRow;
  /** `tenancy/region/OCID`: unique. */
  readonly key: string;
  readonly isReplica: boolean;
  /** Names of the compartments down to the vault's own; its OCID where the compartment cannot be seen. */
  readonly compartmentPath: string;
  readonly tenancyName: string;
  readonly tagCount: number;
  /** Epoch milliseconds; null without one or while it has not been read. */
  readonly deletionMs: number | null;
  /** All places of this vault, the source first; holds itself. */
  readonly places: readonly VaultPlace[];
}

export interface VaultFilter {
  readonly search: string;
  readonly states: readonly string[];
  readonly types: readonly string[];
  readonly regions: readonly string[];
  readonly tenancies: readonly string[];
  readonly compartments: readonly string[];
  readonly includesSubCompartments: boolean;
  /** `key=value` or `namespace.key=value`; values of one key are alternatives, different keys must all match. */
  readonly tags: readonly string[];
}

export const emptyFilter: VaultFilter = {
  search: "",
  states: [],
  types: [],
  regions: [],
  tenancies: [],
  compartments: [],
  includesSubCompartments: true,
  tags: [],
};

export interface FacetValue {
  readonly value: string;
  readonly label: string;
  /** Vaults the list would show with this value chosen and the other filters as they are. */
  readonly count: number;
  readonly isChosen: boolean;
}

export interface VaultFacets {
  readonly states: readonly FacetValue[];
  readonly types: readonly FacetValue[];
  readonly regions: readonly FacetValue[];
  readonly tenancies: readonly FacetValue[];
  /** Own vaults only; the label is the path. */
  readonly compartments: readonly FacetValue[];
  readonly tags: readonly FacetValue[];
}

export interface VaultView {
  /** One for each vault: the source where it matches, else the replica that does. */
  readonly rows: readonly VaultPlace[];
  readonly facets: VaultFacets;
}

/** The values of one filter: every value that occurs, and which place has which. */
interface Dimension {
  readonly values: readonly string[];
  readonly labels: readonly string[];
  readonly idOf: Uint32Array;
}

export interface VaultIndex {
  readonly version: string;
  /** Places of one vault stand next to each other, the source first. */
  readonly places: readonly VaultPlace[];
  /** Number of vaults: a source and its replica count once. */
  readonly vaultCount: number;
  readonly tree: CompartmentTree;
  readonly texts: readonly SearchText[];
  /** Which vault a place belongs to. */
  readonly vaultOf: Uint32Array;
  readonly dimensions: Readonly<Record<DimensionName, Dimension>>;
  readonly tags: {
    readonly values: readonly string[];
    /** Key of each value, as an index into `keys`. */
    readonly keyOf: readonly number[];
    readonly keys: readonly string[];
    readonly idsOf: readonly (readonly number[])[];
  };
  readonly names: NameOrder;
  /** Permutations of `places`, made when a column is first sorted. */
  readonly orders: Map<string, Uint32Array>;
  readonly lastSearch: { text: string; hits: Uint8Array };
}

const dimensionNames = ["states", "types", "regions", "tenancies", "compartments"] as const;
type DimensionName = (typeof dimensionNames)[number];

const textCache = new WeakMap<VaultRow, SearchText>();

/** Makes the index of one version of the inventory. Rows that are the same objects as before keep their searchable text. */
export function buildVaultIndex(inventory: Pick<Inventory, "version" | "tenancies" | "vaults">): VaultIndex {
  const tree = buildCompartmentTree(inventory.tenancies);
  const places = arrangePlaces(inventory.vaults, inventory.tenancies, tree);
  const vaultOf = new Uint32Array(places.length);
  let vaultCount = 0;
  for (const [index, place] of places.entries()) {
    if (place.places[0] === place) vaultCount += 1;
    vaultOf[index] = vaultCount - 1;
  }
  const texts = places.map(({ row }) => {
    const text = textCache.get(row) ?? searchTextOf(row);
    textCache.set(row, text);
    return text;
  });
  const pathOf = new Map(places.map((place) => [place.row.compartmentId, place.compartmentPath]));
  const tenancyNameOf = new Map(inventory.tenancies.map((tenancy) => [tenancy.id, tenancy.name]));
  const dimension = (read: (row: VaultRow) => string, label: (value: string) => string) =>
    makeDimension(places, read, label);
  return {
    version: inventory.version,
    places,
    vaultCount,
    tree,
    texts,
    vaultOf,
    dimensions: {
      states: dimension(
        (row) => row.lifecycleState,
        (state) => stateFacts(state).label,
      ),
      types: dimension((row) => row.vaultType, typeLabel),
      regions: dimension(
        (row) => row.region,
        (region) => region,
      ),
      tenancies: dimension(
        (row) => row.tenancy,
        (id) => tenancyNameOf.get(id) ?? id,
      ),
      compartments: dimension(
        (row) => row.compartmentId,
        (id) => pathOf.get(id) ?? id,
      ),
    },
    tags: indexTags(places),
    names: makeNameOrder(places),
    orders: new Map(),
    lastSearch: { text: "", hits: new Uint8Array() },
  };
}

/** Puts the places of each vault together, source first, and tells replicas from sources. */
function arrangePlaces(
  rows: readonly VaultRow[],
  tenancies: readonly InventoryTenancy[],
  tree: CompartmentTree,
): VaultPlace[] {
  const tenancyOf = new Map(tenancies.map((tenancy) => [tenancy.id, tenancy]));
  const vaults = new Map<string, VaultRow[]>();
  for (const row of rows) {
    const key = `${row.tenancy}/${row.id}`;
    const known = vaults.get(key);
    if (known === undefined) vaults.set(key, [row]);
    else known.push(row);
  }
  const arranged: VaultPlace[] = [];
  for (const members of vaults.values()) {
    const places: VaultPlace[] = [];
    for (const row of members) {
      const tenancy = tenancyOf.get(row.tenancy);
      places.push({
        row,
        key: `${row.tenancy}/${row.region}/${row.id}`,
        isReplica: isReplica(row, tenancy),
        compartmentPath: tree.byId.get(row.compartmentId)?.path ?? row.compartmentId,
        tenancyName: tenancy?.name ?? row.tenancy,
        tagCount: countTags(row),
        deletionMs: deletionMsOf(row),
        places,
      });
    }
    if (places.length > 1)
      places.sort((a, b) => Number(a.isReplica) - Number(b.isReplica) || (a.row.region < b.row.region ? -1 : 1));
    arranged.push(...places);
  }
  return arranged;
}

/**
 * GetVault says it; until that is read the OCID does: it names the region the vault was made in, and a replica has its
 * source's OCID. Old regions are named by their key ("iad").
 */
export function isReplica(row: VaultRow, tenancy: Pick<InventoryTenancy, "regions"> | undefined): boolean {
  const told = row.details?.isPrimary;
  if (told !== undefined && told !== null) return !told;
  const home = row.id.split(".")[3]?.toLowerCase() ?? "";
  const region = tenancy?.regions.find((one) => one.name === home || one.key.toLowerCase() === home);
  return region !== undefined && region.name !== row.region;
}

function countTags(row: VaultRow): number {
  let count = Object.keys(row.freeformTags).length;
  for (const keys of Object.values(row.definedTags)) count += Object.keys(keys).length;
  return count;
}

function deletionMsOf(row: VaultRow): number | null {
  const time = row.details?.timeOfDeletion;
  const at = time === undefined || time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(at) ? null : at;
}

function makeDimension(
  places: readonly VaultPlace[],
  read: (row: VaultRow) => string,
  label: (value: string) => string,
): Dimension {
  const found = [...new Set(places.map((place) => read(place.row)))].map((value) => ({ value, label: label(value) }));
  found.sort((a, b) => compareText(a.label, b.label) || (a.value < b.value ? -1 : 1));
  const ids = new Map(found.map(({ value }, id) => [value, id]));
  const idOf = Uint32Array.from(places, (place) => ids.get(read(place.row)) ?? 0);
  return { values: found.map((one) => one.value), labels: found.map((one) => one.label), idOf };
}

/** The tags of a row as the filter writes them, and the key of each. */
export function tagsOf(row: VaultRow): readonly (readonly [key: string, tag: string])[] {
  const tags = Object.entries(row.freeformTags).map(([key, value]) => [key, `${key}=${value}`] as const);
  for (const [namespace, keys] of Object.entries(row.definedTags)) {
    for (const [name, value] of Object.entries(keys)) {
      const key = `${namespace}.${name}`;
      tags.push([key, `${key}=${tagText(value)}`]);
    }
  }
  return tags;
}

function indexTags(places: readonly VaultPlace[]): VaultIndex["tags"] {
  const keyIds = new Map<string, number>();
  const valueIds = new Map<string, number>();
  const keyOf: number[] = [];
  const idsOf = places.map((place) => {
    if (place.tagCount === 0) return [];
    return tagsOf(place.row).map(([key, tag]) => {
      let id = valueIds.get(tag);
      if (id !== undefined) return id;
      id = valueIds.size;
      valueIds.set(tag, id);
      const keyId = keyIds.get(key) ?? keyIds.size;
      keyIds.set(key, keyId);
      keyOf.push(keyId);
      return id;
    });
  });
  return { values: [...valueIds.keys()], keyOf, keys: [...keyIds.keys()], idsOf };
}

/** Which filter a place fails is one bit; a count for a filter ignores that filter's own bit. */
const searchBit = 1;
const bitOf: Record<DimensionName, number> = { states: 2, types: 4, regions: 8, tenancies: 16, compartments: 32 };
const firstTagBit = 64;
/** Bits above the sign are not to be had: more tag keys than this at once share the last bit, and its counts. */
const tagBitsMax = 24;

/** Answers a query: the rows to show, in order, and the counts for every filter value. Walks the index once. */
export function queryVaults(
  index: VaultIndex,
  filter: VaultFilter,
  sort: { readonly column: SortColumn; readonly direction: SortDirection },
): VaultView {
  const failed = markFailures(index, filter);
  const shown = new Uint8Array(index.places.length);
  for (let at = 0, seen = -1; at < failed.length; at += 1) {
    // The first place of a vault that matches stands for it: the source, where it does.
    if (failed[at] !== 0 || index.vaultOf[at] === seen) continue;
    seen = index.vaultOf[at] ?? -1;
    shown[at] = 1;
  }
  const rows: VaultPlace[] = [];
  for (const at of orderOf(index, sort.column, sort.direction)) {
    const place = index.places[at];
    if (shown[at] === 1 && place !== undefined) rows.push(place);
  }
  return { rows, facets: countFacets(index, filter, failed) };
}

function orderOf(index: VaultIndex, column: SortColumn, direction: SortDirection): Uint32Array {
  const key = `${column} ${direction}`;
  let order = index.orders.get(key);
  if (order === undefined) {
    order = makeOrder(index.places, index.names, column, direction);
    index.orders.set(key, order);
  }
  return order;
}

function markFailures(index: VaultIndex, filter: VaultFilter): Uint32Array {
  const failed = new Uint32Array(index.places.length);
  const hits = searchHits(index, filter.search);
  if (hits !== null) for (let at = 0; at < failed.length; at += 1) if (hits[at] === 0) failed[at] = searchBit;
  for (const name of dimensionNames) {
    const chosen = chosenOf(index, filter, name);
    if (chosen === null) continue;
    const { values, idOf } = index.dimensions[name];
    const isChosen = Uint8Array.from(values, (value) => (chosen.has(value) ? 1 : 0));
    const bit = bitOf[name];
    for (let at = 0; at < failed.length; at += 1)
      if (isChosen[idOf[at] ?? 0] === 0) failed[at] = (failed[at] ?? 0) | bit;
  }
  const tagBits = chosenTagBits(index, filter.tags);
  for (const { bit, ids } of tagBits.groups) {
    for (let at = 0; at < failed.length; at += 1)
      if (index.tags.idsOf[at]?.some((id) => ids.has(id)) !== true) failed[at] = (failed[at] ?? 0) | bit;
  }
  return failed;
}

function searchHits(index: VaultIndex, search: string): Uint8Array | null {
  const terms = parseSearch(search);
  if (terms.length === 0) return null;
  const { lastSearch } = index;
  if (lastSearch.text !== search) {
    lastSearch.text = search;
    lastSearch.hits = Uint8Array.from(index.texts, (text) => (matchesSearch(text, terms) ? 1 : 0));
  }
  return lastSearch.hits;
}

function chosenOf(index: VaultIndex, filter: VaultFilter, name: DimensionName): ReadonlySet<string> | null {
  const chosen = filter[name];
  if (chosen.length === 0) return null;
  if (name === "compartments" && filter.includesSubCompartments) return withSubCompartments(index.tree, chosen);
  return new Set(chosen);
}

interface TagBits {
  readonly groups: readonly { readonly bit: number; readonly ids: ReadonlySet<number> }[];
  /** The bit of each tag key, 0 where the key is not filtered. */
  readonly bitOfKey: readonly number[];
}

/** One group for each chosen tag key; a chosen tag that occurs nowhere still makes a group that nothing passes. */
function chosenTagBits(index: VaultIndex, tags: readonly string[]): TagBits {
  const groups = new Map<string, { bit: number; ids: Set<number> }>();
  const bitOfKey = index.tags.keys.map(() => 0);
  for (const tag of tags) {
    const key = tag.slice(0, Math.max(tag.indexOf("="), 0));
    let group = groups.get(key);
    if (group === undefined) {
      group = { bit: firstTagBit << Math.min(groups.size, tagBitsMax - 1), ids: new Set() };
      groups.set(key, group);
      const keyId = index.tags.keys.indexOf(key);
      if (keyId >= 0) bitOfKey[keyId] = group.bit;
    }
    const id = index.tags.values.indexOf(tag);
    if (id >= 0) group.ids.add(id);
  }
  return { groups: [...groups.values()], bitOfKey };
}

function countFacets(index: VaultIndex, filter: VaultFilter, failed: Uint32Array): VaultFacets {
  const count = (name: DimensionName): FacetValue[] => {
    const { values, labels, idOf } = index.dimensions[name];
    const counts = new Uint32Array(values.length);
    const lastVault = new Int32Array(values.length).fill(-1);
    const others = ~bitOf[name];
    for (let at = 0; at < failed.length; at += 1) {
      if (((failed[at] ?? 0) & others) !== 0) continue;
      const id = idOf[at] ?? 0;
      const vault = index.vaultOf[at] ?? 0;
      if (lastVault[id] === vault) continue;
      lastVault[id] = vault;
      counts[id] = (counts[id] ?? 0) + 1;
    }
    const chosen = new Set<string>(filter[name]);
    const facet = values.map((value, id) => ({
      value,
      label: labels[id] ?? value,
      count: counts[id] ?? 0,
      isChosen: chosen.has(value),
    }));
    // A link may name a value that occurs nowhere now: it stays visible, to be taken off again.
    for (const value of chosen) {
      if (!values.includes(value)) facet.push({ value, label: labelOf(index, name, value), count: 0, isChosen: true });
    }
    return facet;
  };
  return {
    states: count("states"),
    types: count("types"),
    regions: count("regions"),
    tenancies: count("tenancies"),
    compartments: count("compartments"),
    tags: countTagValues(index, filter, failed),
  };
}

function labelOf(index: VaultIndex, name: DimensionName, value: string): string {
  if (name === "states") return stateFacts(value).label;
  if (name === "types") return typeLabel(value);
  return name === "compartments" ? (index.tree.byId.get(value)?.path ?? value) : value;
}

function countTagValues(index: VaultIndex, filter: VaultFilter, failed: Uint32Array): FacetValue[] {
  const { values, keyOf, idsOf } = index.tags;
  const { bitOfKey } = chosenTagBits(index, filter.tags);
  const othersOf = keyOf.map((key) => ~(bitOfKey[key] ?? 0));
  const counts = new Uint32Array(values.length);
  const lastVault = new Int32Array(values.length).fill(-1);
  for (let at = 0; at < failed.length; at += 1) {
    const vault = index.vaultOf[at] ?? 0;
    for (const id of idsOf[at] ?? []) {
      if (((failed[at] ?? 0) & (othersOf[id] ?? 0)) !== 0 || lastVault[id] === vault) continue;
      lastVault[id] = vault;
      counts[id] = (counts[id] ?? 0) + 1;
    }
  }
  const chosen = new Set(filter.tags);
  const facet = values.map((value, id) => ({
    value,
    label: value,
    count: counts[id] ?? 0,
    isChosen: chosen.has(value),
  }));
  const known = new Set(values);
  for (const value of chosen) if (!known.has(value)) facet.push({ value, label: value, count: 0, isChosen: true });
  return facet;
}
