// F9: one key press in the search box to the filtered, counted, sorted list, beside filtering and sorting the plain array.
import type { VaultRow } from "#lib/contract/api.ts";
import { buildVaultIndex, emptyFilter, queryVaults, type VaultIndex } from "#lib/vault/list.ts";
import { sortColumns } from "#lib/vault/order.ts";
import { inventory, manyRows } from "#tests/unit/vault/rows.ts";
import type { Figure } from "../../scripts/bench.ts";

/** What people type, key by key; every press is one measurement. */
const typed = ["payments prod", "zurich", "audit-10", "env=prod", "データ", "ocid1.vault.oc1", "team-1"];

function keyPresses(): string[] {
  return typed.flatMap((text) => Array.from(text, (_, at) => text.slice(0, at + 1)));
}

const byName = { column: "name", direction: "asc" } as const;

function press(index: VaultIndex, search: string): number {
  const since = performance.now();
  queryVaults(index, { ...emptyFilter, search, states: ["ACTIVE", "PENDING_DELETION"] }, byName);
  return performance.now() - since;
}

/** The same without an index: look through every row, count states, regions and types, sort what is left. */
function pressPlainly(rows: readonly VaultRow[], search: string): number {
  const since = performance.now();
  const words = search.toLowerCase().split(/\s+/);
  const found = rows.filter((row) => {
    const text = `${row.displayName} ${row.id} ${JSON.stringify(row.freeformTags)} ${JSON.stringify(row.definedTags)}`;
    const folded = text.normalize("NFKD").toLowerCase();
    return words.every((word) => folded.includes(word)) && ["ACTIVE", "PENDING_DELETION"].includes(row.lifecycleState);
  });
  for (const read of ["lifecycleState", "region", "vaultType"] as const) Map.groupBy(rows, (row) => row[read]);
  found.sort((a, b) => a.displayName.localeCompare(b.displayName));
  return performance.now() - since;
}

function percentile(times: readonly number[], share: number): number {
  return [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * share)] ?? 0;
}

function searchFigure(count: number, goalMs: number): Figure {
  const rows = manyRows(count, 7);
  const index = buildVaultIndex(inventory(rows));
  for (const text of keyPresses().slice(0, 20)) press(index, text);
  const ours = percentile(
    keyPresses().map((text) => press(index, text)),
    0.95,
  );
  const plain = percentile(
    keyPresses()
      .filter((_, at) => at % 6 === 0)
      .map((text) => pressPlainly(rows, text)),
    0.95,
  );
  return {
    what: `key press to filtered list with counts, ${count.toLocaleString("en")} vaults, p95`,
    ours,
    unit: "ms",
    peer: plain,
    peerName: "plain array",
    ratio: ours / plain,
    goal: `≤ ${goalMs} ms`,
    met: ours <= goalMs,
  };
}

function sortFigure(): Figure {
  const rows = manyRows(10_000, 11);
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const index = buildVaultIndex(inventory(rows, { version: String(round) }));
    for (const column of sortColumns) {
      const since = performance.now();
      queryVaults(index, emptyFilter, { column, direction: "desc" });
      if (round > 0) times.push(performance.now() - since);
    }
  }
  const plainSince = performance.now();
  [...rows].sort((a, b) => a.displayName.localeCompare(b.displayName));
  const plain = performance.now() - plainSince;
  const ours = percentile(times, 0.95);
  return {
    what: "first sort by a column, 10,000 vaults, p95 over all columns",
    ours,
    unit: "ms",
    peer: plain,
    peerName: "plain sort by name",
    ratio: ours / plain,
    goal: "≤ 16 ms",
    met: ours <= 16,
  };
}

/** What a new version of the inventory costs when few rows changed, as while the server is still reading. */
function indexFigure(): Figure {
  const rows = manyRows(10_000, 13);
  const coldSince = performance.now();
  buildVaultIndex(inventory(rows));
  const cold = performance.now() - coldSince;
  const times = Array.from({ length: 8 }, (_, version) => {
    const next = rows.map((row, at) => (at % 500 === version ? { ...row, lifecycleState: "UPDATING" } : row));
    const since = performance.now();
    buildVaultIndex(inventory(next, { version: String(version) }));
    return performance.now() - since;
  });
  const ours = percentile(times, 0.5);
  return {
    what: "index of the next version, 10,000 vaults, few changed",
    ours,
    unit: "ms",
    peer: cold,
    peerName: "first version",
    ratio: ours / cold,
    goal: "",
    met: null,
  };
}

export async function bench(): Promise<Figure[]> {
  return [searchFigure(10_000, 16), searchFigure(100_000, 60), sortFigure(), indexFigure()];
}
