"use client";

import { lazy, Suspense, useCallback, useState } from "react";
import { patiently } from "#components/ui/patiently.ts";
import { type ListPageProps, VaultListPage } from "#components/vaults/list-page.tsx";
import { vaultHref } from "#components/vaults/vault-href.ts";
import type { VaultRow } from "#lib/contract/api.ts";

const loadDialog = () => import("#components/deletions/cancel-deletion-dialog.tsx");
const CancelDeletionDialog = lazy(() =>
  patiently(loadDialog).then((module) => ({ default: module.CancelDeletionDialog })),
);

const BulkBar = lazy(() =>
  patiently(() => import("#components/bulk/bulk-bar.tsx")).then((module) => ({ default: module.BulkBar })),
);
const ManyDeletions = lazy(() =>
  patiently(() => import("#components/deletions/many-deletions.tsx")).then((module) => ({
    default: module.ManyDeletions,
  })),
);
const renderBulk: ListPageProps["renderBulk"] = (places, onKeep) => (
  <Suspense fallback={null}>
    <BulkBar places={places} onKeep={onKeep} DeletionQuestion={ManyDeletions} />
  </Suspense>
);

/** The list of vaults with the dialogs its rows open. */
export function VaultListScreen({ hadTenancies }: Pick<ListPageProps, "hadTenancies">) {
  const [cancelled, setCancelled] = useState<VaultRow | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  // The rows of the table are memoised on this.
  const openDialog = useCallback((_action: string, vault: VaultRow) => {
    setCancelled(vault);
    setIsOpen(true);
  }, []);
  return (
    <>
      <VaultListPage openDialog={openDialog} renderBulk={renderBulk} hadTenancies={hadTenancies} />
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
