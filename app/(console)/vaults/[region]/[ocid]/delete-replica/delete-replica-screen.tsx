"use client";

import { DeleteReplicaPage } from "#components/changes/replica-pages.tsx";
import { ActionOutcome, ActionTrouble } from "#components/deletions/action-progress.tsx";
import { VaultFrame } from "#components/vaults/vault-frame.tsx";

/** The vault as it was when the page was opened, and the decision about it. */
export function DeleteReplicaScreen({ region, vaultId }: { region: string; vaultId: string }) {
  return (
    <VaultFrame region={region} vaultId={vaultId}>
      {({ place, looked, facts, vaultHref, otherRegions }) => (
        <DeleteReplicaPage
          key={vaultId}
          place={place}
          looked={looked}
          facts={facts}
          vaultHref={vaultHref}
          existing={otherRegions[0] ?? null}
          renderTrouble={(parts) => <ActionTrouble {...parts} what="deletion of the replica" />}
          renderOutcome={(phase) => (
            <ActionOutcome
              phase={phase}
              submitted="Deletion of the replica submitted"
              confirmed="The replica is deleted, or being deleted"
            />
          )}
        />
      )}
    </VaultFrame>
  );
}
