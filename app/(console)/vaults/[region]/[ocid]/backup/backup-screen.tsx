"use client";

import { BackupPage } from "#components/changes/backup-page.tsx";
import { ActionOutcome, ActionTrouble } from "#components/deletions/action-progress.tsx";
import { useVaultIndex } from "#components/vaults/inventory-state.ts";
import { VaultFrame } from "#components/vaults/vault-frame.tsx";
import { compartmentsOf } from "#lib/vault/compartments.ts";

/** The vault as it was when the page was opened, and the decision about it. */
export function BackupScreen({ region, vaultId }: { region: string; vaultId: string }) {
  const { index } = useVaultIndex();
  return (
    <VaultFrame region={region} vaultId={vaultId}>
      {({ place, looked, facts, vaultHref }) => (
        <BackupPage
          key={vaultId}
          place={place}
          looked={looked}
          facts={facts}
          vaultHref={vaultHref}
          compartments={compartmentsOf(index, place.tenancy)}
          renderTrouble={(parts) => <ActionTrouble {...parts} what="backup" />}
          renderOutcome={(phase) => <ActionOutcome phase={phase} submitted="Backup submitted" confirmed="Backed up" />}
        />
      )}
    </VaultFrame>
  );
}
