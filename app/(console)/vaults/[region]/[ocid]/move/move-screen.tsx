"use client";

import { MovePage } from "#components/changes/move-page.tsx";
import { ActionOutcome, ActionTrouble } from "#components/deletions/action-progress.tsx";
import { useVaultIndex } from "#components/vaults/inventory-state.ts";
import { VaultFrame } from "#components/vaults/vault-frame.tsx";
import { compartmentsOf } from "#lib/vault/compartments.ts";

/** The vault as it was when the page was opened, and the decision about it. */
export function MoveScreen({ region, vaultId }: { region: string; vaultId: string }) {
  const { index } = useVaultIndex();
  return (
    <VaultFrame region={region} vaultId={vaultId}>
      {({ place, looked, facts, vaultHref }) => (
        <MovePage
          key={vaultId}
          place={place}
          looked={looked}
          facts={facts}
          vaultHref={vaultHref}
          compartments={compartmentsOf(index, place.tenancy)}
          renderTrouble={(parts) => <ActionTrouble {...parts} what="move" />}
          renderOutcome={(phase) => <ActionOutcome phase={phase} submitted="Move submitted" confirmed="Moved" />}
        />
      )}
    </VaultFrame>
  );
}
