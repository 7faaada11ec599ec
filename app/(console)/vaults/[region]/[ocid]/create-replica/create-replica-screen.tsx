"use client";

import { CreateReplicaPage } from "#components/changes/replica-pages.tsx";
import { ActionOutcome, ActionTrouble } from "#components/deletions/action-progress.tsx";
import { useVaultIndex } from "#components/vaults/inventory-state.ts";
import { VaultFrame } from "#components/vaults/vault-frame.tsx";

/** The vault as it was when the page was opened, and the decision about it. */
export function CreateReplicaScreen({ region, vaultId }: { region: string; vaultId: string }) {
  const { inventory } = useVaultIndex();
  return (
    <VaultFrame region={region} vaultId={vaultId}>
      {({ place, looked, facts, vaultHref, otherRegions }) => (
        <CreateReplicaPage
          key={vaultId}
          place={place}
          looked={looked}
          facts={facts}
          vaultHref={vaultHref}
          regions={
            inventory?.tenancies.find((each) => each.id === place.tenancy)?.regions.map((each) => each.name) ?? []
          }
          existing={otherRegions[0] ?? null}
          renderTrouble={(parts) => <ActionTrouble {...parts} what="replication" />}
          renderOutcome={(phase) => (
            <ActionOutcome phase={phase} submitted="Replica submitted" confirmed="The vault has a replica" />
          )}
        />
      )}
    </VaultFrame>
  );
}
