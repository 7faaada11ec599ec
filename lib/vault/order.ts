/** Sorting the vault list: one permutation for each column and direction, the same for every reader. Pure. */
import { stateFacts, typeLabel } from "./lifecycle.ts";
import type { VaultPlace } from "./list.ts";

export const sortColumns = [
  "name",
  "state",
  "type",
  "compartment",
  "region",
  "tenancy",
  "deletion",
  "replica",
  "created",
  "tags",
  "ocid",
  "cryptoEndpoint",
  "managementEndpoint",
] as const;
export type SortColumn = (typeof sortColumns)[number];
export type SortDirection = "asc" | "desc";

/** What a column sorts by; null sorts last in both directions. Text is compared as people in any script expect. */
function sortValue(place: VaultPlace, column: SortColumn): string | number | null {
  const { row } = place;
  switch (column) {
    case "name":
      return row.displayName;
    case "state":
      return stateFacts(row.lifecycleState).label;
    case "type":
      return typeLabel(row.vaultType);
    case "compartment":
      return place.compartmentPath;
    case "region":
      return row.region;
    case "tenancy":
      return place.tenancyName;
    case "deletion":
      return place.deletionMs;
    case "replica":
      return replicaText(place);
    case "created":
      return finite(Date.parse(row.timeCreated));
    case "tags":
      return place.tagCount;
    case "ocid":
      return row.id;
    case "cryptoEndpoint":
      return row.cryptoEndpoint;
    case "managementEndpoint":
      return row.managementEndpoint;
  }
}

/** Where else the vault is; null when it stands alone as far as is known. */
export function replicaText(place: VaultPlace): string | null {
  const others = place.places.filter((other) => other !== place).map((other) => other.row.region);
  if (others.length > 0) return others.join(", ");
  return place.isReplica ? "source" : null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

// One collator for everybody: the order does not change with the reader's language.
const collator = new Intl.Collator("en", { numeric: true });

/** Compares two texts as people in any script expect; texts equal to a reader are 0. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : collator.compare(a, b);
}

/** The places by name: the rank of each one's name, and their positions by name, then OCID, then region. */
export interface NameOrder {
  readonly ranks: Uint32Array;
  readonly order: Uint32Array;
}

/** Orders the places by name; this order decides the ties of every column. */
export function makeNameOrder(places: readonly VaultPlace[]): NameOrder {
  const ranks = rankNames(places.map((place) => place.row.displayName));
  const ids = rankPlain(places.map((place) => `${place.row.id} ${place.key}`));
  const byId = countingSort(ids, identity(places.length));
  return { ranks, order: countingSort(ranks, byId) };
}

/**
 * Positions of the places in the order of a column. Ties keep the order of names whatever the direction, so the order is
 * the same each time.
 */
export function makeOrder(
  places: readonly VaultPlace[],
  names: NameOrder,
  column: SortColumn,
  direction: SortDirection,
): Uint32Array {
  if (column === "name") return countingSort(turn(names.ranks, direction), names.order);
  const values = places.map((place) => sortValue(place, column));
  const ranks = turn(rankValues(values), direction);
  // One past the last rank: behind everything, whichever way the column is turned.
  const last = places.length;
  for (let at = 0; at < ranks.length; at += 1) if (values[at] === null) ranks[at] = last;
  return countingSort(ranks, names.order);
}

function identity(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, at) => at);
}

function turn(ranks: Uint32Array, direction: SortDirection): Uint32Array {
  return direction === "asc" ? ranks.slice() : ranks.map((rank) => ranks.length - 1 - rank);
}

/** Sorts positions by rank (0 to count) in linear time, keeping the order given where ranks are equal. */
function countingSort(ranks: Uint32Array, order: Uint32Array): Uint32Array {
  const starts = new Uint32Array(ranks.length + 2);
  for (const rank of ranks) starts[rank + 1] = (starts[rank + 1] ?? 0) + 1;
  for (let rank = 1; rank < starts.length; rank += 1) starts[rank] = (starts[rank] ?? 0) + (starts[rank - 1] ?? 0);
  const sorted = new Uint32Array(order.length);
  for (const at of order) {
    const rank = ranks[at] ?? 0;
    const place = starts[rank] ?? 0;
    sorted[place] = at;
    starts[rank] = place + 1;
  }
  return sorted;
}

function rankValues(values: readonly (string | number | null)[]): Uint32Array {
  if (!values.some((value) => typeof value === "string")) return rankNumbers(values as (number | null)[]);
  const texts = values.map((value) => String(value ?? ""));
  // Identifiers and addresses differ in every row and read the same in any language: no collation needed.
  if (new Set(texts).size > collatedMax) return rankPlain(texts);
  const distinct = [...new Set(texts)].sort((a, b) => compareText(a, b) || (a < b ? -1 : 1));
  return ranksIn(texts, new Map(distinct.map((text, rank) => [text, rank])));
}

const collatedMax = 1000;

function rankNumbers(values: readonly (number | null)[]): Uint32Array {
  const numbers = Float64Array.from(values, (value) => value ?? 0);
  const distinct = [...new Set(numbers.slice().sort())];
  return ranksIn([...numbers], new Map(distinct.map((value, rank) => [value, rank])));
}

function rankPlain(texts: readonly string[]): Uint32Array {
  const distinct = [...new Set(texts)].sort();
  return ranksIn(texts, new Map(distinct.map((text, rank) => [text, rank])));
}

function ranksIn<T>(values: readonly T[], ranks: ReadonlyMap<T, number>): Uint32Array {
  return Uint32Array.from(values, (value) => ranks.get(value) ?? 0);
}

/** Names of the last version in order: the next version differs in few, and sorting what is nearly sorted is quick. */
let sortedNames: readonly string[] = [];

function rankNames(names: readonly string[]): Uint32Array {
  const fresh = new Set(names);
  const known = sortedNames.filter((name) => fresh.delete(name));
  const distinct = [...known, ...fresh].sort((a, b) => compareText(a, b) || (a < b ? -1 : 1));
  sortedNames = distinct;
  const ranks = new Map<string, number>();
  let last: string | undefined;
  for (const [position, name] of distinct.entries()) {
    // Names that are equal to a reader share a rank, so that the tie rules decide.
    const isSame = last !== undefined && compareText(last, name) === 0;
    ranks.set(name, isSame ? (ranks.get(last as string) ?? position) : position);
    last = name;
  }
  return ranksIn(names, ranks);
}
