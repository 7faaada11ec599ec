/** All vaults in scope: polled from the snapshot the server keeps, cheaply, while somebody is looking. */
import { queryOptions } from "@tanstack/react-query";
import type { Inventory, VaultRow } from "#lib/contract/api.ts";
import { ask, pollEvery } from "./api.ts";

const settledPollMs = 5000;
const scanningPollMs = 1000;

const inventoryKey = ["inventory"] as const;
const etags = new WeakMap<Inventory, string>();

/**
 * The inventory, asked for every 5 s (every second while the server is still reading) and only while the tab is visible.
 * Unchanged data stays the same object, and so does every unchanged row.
 */
export const inventoryQuery = queryOptions({
  queryKey: inventoryKey,
  queryFn: async ({ client, signal }): Promise<Inventory> => {
    const previous = client.getQueryData<Inventory>(inventoryKey);
    const etag = previous === undefined ? undefined : etags.get(previous);
    const answer = await ask<Inventory | null>("/api/inventory", {
      signal,
      headers: etag === undefined ? {} : { "if-none-match": etag },
    });
    client.setQueryData(inventoryAgesKey, readAges(answer.ages));
    if (answer.body === null) {
      if (previous !== undefined) return previous;
      throw new Error("The inventory came without a body.");
    }
    const next = previous === undefined ? answer.body : keepRows(previous, answer.body);
    etags.set(next, answer.etag ?? `"${next.version}"`);
    return next;
  },
  refetchInterval: pollEvery(({ data }: { data?: Inventory | undefined; error: Error | null }) =>
    data?.tenancies.some((tenancy) => tenancy.isScanning) ? scanningPollMs : settledPollMs,
  ),
  // Rows keep their identity by `keepRows`, which knows what a row is; comparing everything deeply would cost more.
  structuralSharing: false,
  staleTime: scanningPollMs,
});

const inventoryAgesKey = ["inventoryAges"] as const;

/**
 * When each tenancy's oldest part was read, epoch milliseconds by the server's clock. Renewed with every poll although
 * the rows stay the same object; null when the server did not say.
 */
export const inventoryAgesQuery = queryOptions({
  queryKey: inventoryAgesKey,
  queryFn: (): ReadonlyMap<string, number> | null => null,
  enabled: false,
  structuralSharing: false,
  staleTime: Number.POSITIVE_INFINITY,
});

function readAges(header: string | null): ReadonlyMap<string, number> | null {
  if (header === null) return null;
  const ages = new Map<string, number>();
  for (const pair of header.split(",")) {
    const [tenancy = "", time = ""] = pair.split("=");
    if (tenancy !== "" && time !== "" && Number.isFinite(Number(time))) ages.set(tenancy, Number(time));
  }
  return ages;
}

/** Puts the row objects of the version before in the place of rows that say the same. */
export function keepRows(previous: Inventory, next: Inventory): Inventory {
  const known = new Map(previous.vaults.map((row) => [rowKey(row), row]));
  return {
    ...next,
    vaults: next.vaults.map((row) => {
      const before = known.get(rowKey(row));
      return before !== undefined && isSameRow(before, row) ? before : row;
    }),
  };
}

function rowKey(row: VaultRow): string {
  return `${row.tenancy}/${row.region}/${row.id}`;
}

function isSameRow(a: VaultRow, b: VaultRow): boolean {
  return (
    a.lifecycleState === b.lifecycleState &&
    a.displayName === b.displayName &&
    a.compartmentId === b.compartmentId &&
    a.cryptoEndpoint === b.cryptoEndpoint &&
    a.managementEndpoint === b.managementEndpoint &&
    a.timeCreated === b.timeCreated &&
    a.vaultType === b.vaultType &&
    isSameJson(a.details, b.details) &&
    isSameJson(a.freeformTags, b.freeformTags) &&
    isSameJson(a.definedTags, b.definedTags)
  );
}

function isSameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
