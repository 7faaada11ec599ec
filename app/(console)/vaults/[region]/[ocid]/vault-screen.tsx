"use client";

import { lazy, Suspense, useState } from "react";
import { VaultActivity } from "#components/activity/vault-activity.tsx";
import { patiently } from "#components/ui/patiently.ts";
import { VaultPage } from "#components/vaults/vault-page.tsx";
import type { VaultRow } from "#lib/contract/api.ts";

const loadDialog = () => import("#components/deletions/cancel-deletion-dialog.tsx");
const CancelDeletionDialog = lazy(() =>
  patiently(loadDialog).then((module) => ({ default: module.CancelDeletionDialog })),
);

/** The page of a vault with the dialogs its actions open. */
export function VaultScreen({ region, vaultId }: { region: string; vaultId: string }) {
  const [cancelled, setCancelled] = useState<VaultRow | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <VaultPage
        region={region}
        vaultId={vaultId}
        renderActivity={(place) => <VaultActivity place={place} />}
        openDialog={(_action, vault) => {
          setCancelled(vault);
          setIsOpen(true);
        }}
      />
      {cancelled === null ? null : (
        <Suspense fallback={null}>
          <CancelDeletionDialog vault={cancelled} open={isOpen} onOpenChange={setIsOpen} />
        </Suspense>
      )}
    </>
  );
}
