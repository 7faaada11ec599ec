import { formatTime } from "#components/ui/format.ts";
import type { VaultPlace } from "#lib/vault/list.ts";
import { stateSentence, ticketText } from "#lib/vault/sentences.ts";
import type { VaultReading } from "./vault-reading.ts";

/** The ticket block of a row of the list. */
export function ticketOf(place: VaultPlace): string {
  const { row } = place;
  const deletionDate = place.deletionMs === null ? null : formatTime(place.deletionMs);
  return ticketText({
    displayName: row.displayName,
    id: row.id,
    region: place.isReplica ? `${row.region} (replica)` : row.region,
    tenancyName: place.tenancyName,
    compartmentPath: place.compartmentPath,
    lifecycleState: row.lifecycleState,
    vaultType: row.vaultType,
    created: formatTime(row.timeCreated),
    deletionDate,
    sentence: stateSentence({ lifecycleState: row.lifecycleState, isReplica: place.isReplica, deletionDate }),
    readAt: null,
    requestId: null,
  });
}

/** The ticket block of a vault's page, with when it was read and the id Oracle can look the answer up by. */
export function ticketOfVault(known: VaultReading, region: string, vaultId: string): string {
  const { reading, isReplica } = known;
  const vault = reading?.body ?? known.row;
  const time = reading === null ? known.row?.details?.timeOfDeletion : reading.body.timeOfDeletion;
  const deletionDate = time == null ? null : formatTime(time);
  const lifecycleState = vault?.lifecycleState ?? "";
  return ticketText({
    displayName: vault?.displayName ?? "",
    id: vaultId,
    region: isReplica ? `${region} (replica)` : region,
    tenancyName: known.tenancyName ?? known.tenancy ?? "",
    compartmentPath: known.compartmentPath ?? vault?.compartmentId ?? "",
    lifecycleState,
    vaultType: vault?.vaultType ?? "",
    created: vault === null ? "" : formatTime(vault.timeCreated),
    deletionDate,
    sentence: stateSentence({ lifecycleState, isReplica, deletionDate }),
    readAt: reading?.readAtMs == null ? null : formatTime(reading.readAtMs),
    requestId: reading?.requestId ?? null,
  });
}
