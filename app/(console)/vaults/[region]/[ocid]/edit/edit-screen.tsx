"use client";

import { EditVaultPage } from "#components/changes/edit-vault-page.tsx";
import { ActionOutcome, ActionTrouble } from "#components/deletions/action-progress.tsx";
import { VaultFrame } from "#components/vaults/vault-frame.tsx";

/** The vault as it was when the page was opened, and the edits to it. */
export function EditScreen({ region, vaultId }: { region: string; vaultId: string }) {
  return (
    <VaultFrame region={region} vaultId={vaultId}>
      {({ place, looked, facts, vaultHref }) => (
        <EditVaultPage
          key={vaultId}
          place={place}
          looked={looked}
          facts={facts}
          vaultHref={vaultHref}
          renderTrouble={(parts) => <ActionTrouble {...parts} what="edit" />}
          renderOutcome={(phase) => <ActionOutcome phase={phase} submitted="Edit submitted" confirmed="Saved" />}
        />
      )}
    </VaultFrame>
  );
}
