"use client";

import { lazy, Suspense, useCallback, useState } from "react";
import { VaultListPage } from "#components/vaults/list-page.tsx";
import { vaultHref } from "#components/vaults/vault-href.ts";
import type { VaultRow } from "#lib/contract/api.ts";

const loadDialog = () => import("#components/deletions/cancel-deletion-dialog.tsx");
const CancelDeletionDialog = lazy(() => loadDialog().then((module) => ({ default: module.CancelDeletionDialog })));

/** The list of vaults with the dialogs its rows open. */
export function VaultListScreen() {
  const [cancelled, setCancelled] = useState<VaultRow | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  // The rows of the table are memoised on this.
  const openDialog = useCallback((_action: string, vault: VaultRow) => {
    setCancelled(vault);
    setIsOpen(true);
  }, []);
  return (
    <>
      <VaultListPage openDialog={openDialog} />
      {cancelled === null ? null : (
        <Suspense fallback={null}>
          <CancelDeletionDialog
            key={`${cancelled.region} ${cancelled.id}`}
            vault={cancelled}
            open={isOpen}
            onOpenChange={setIsOpen}
            vaultHref={vaultHref(cancelled)}
          />
        </Suspense>
      )}
    </>
  );
}
