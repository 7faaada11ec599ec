"use client";

import { ScheduleDeletionPage } from "#components/deletions/schedule-deletion-page.tsx";
import { VaultFrame } from "#components/vaults/vault-frame.tsx";

/** The vault as it was when the page was opened, and the decision about it. */
export function ScheduleDeletionScreen({ region, vaultId }: { region: string; vaultId: string }) {
  return (
    <VaultFrame region={region} vaultId={vaultId}>
      {(read) => <ScheduleDeletionPage key={vaultId} {...read} />}
    </VaultFrame>
  );
}
