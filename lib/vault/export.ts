/** The list as a file: CSV for spreadsheets, JSON for programs. Pure. */

import { csvLine } from "./csv.ts";
import { stateFacts, typeLabel } from "./lifecycle.ts";
import type { VaultPlace } from "./list.ts";

const columns: readonly (readonly [header: string, read: (place: VaultPlace) => string])[] = [
  ["Name", ({ row }) => row.displayName],
  ["State", ({ row }) => stateFacts(row.lifecycleState).label],
  ["Type", ({ row }) => typeLabel(row.vaultType)],
  ["Compartment", (place) => place.compartmentPath],
  ["Region", ({ row }) => row.region],
  ["Tenancy", (place) => place.tenancyName],
  ["Deletion date (UTC)", (place) => (place.deletionMs === null ? "" : new Date(place.deletionMs).toISOString())],
  ["Place", (place) => (place.isReplica ? "replica" : "source")],
  ["Other regions", (place) => others(place).join(" ")],
  ["Created (UTC)", ({ row }) => row.timeCreated],
  ["Free-form tags", ({ row }) => JSON.stringify(row.freeformTags)],
  ["Defined tags", ({ row }) => JSON.stringify(row.definedTags)],
  ["OCID", ({ row }) => row.id],
  ["Compartment OCID", ({ row }) => row.compartmentId],
  ["Tenancy OCID", ({ row }) => row.tenancy],
  ["Crypto endpoint", ({ row }) => row.cryptoEndpoint],
  ["Management endpoint", ({ row }) => row.managementEndpoint],
];

function others(place: VaultPlace): string[] {
  return place.places.filter((other) => other !== place).map((other) => other.row.region);
}

/** With a byte order mark for Excel. */
export function exportCsv(places: readonly VaultPlace[]): string {
  const lines = [columns.map(([header]) => header), ...places.map((place) => columns.map(([, read]) => read(place)))];
  return `\ufeff${lines.map(csvLine).join("")}`;
}

/** The rows as the service gave them, with what the console knows besides, and when they were read. */
export function exportJson(
  places: readonly VaultPlace[],
  about: { readonly exportedAt: string; readonly oldestReadAt: string | null; readonly isComplete: boolean },
): string {
  const vaults = places.map(({ row, ...place }) => ({
    ...row,
    compartmentPath: place.compartmentPath,
    tenancyName: place.tenancyName,
    isReplica: place.isReplica,
    regions: place.places.map((other) => other.row.region),
  }));
  return `${JSON.stringify({ ...about, count: vaults.length, vaults }, null, 2)}\n`;
}
