"use client";

import { lazy, Suspense, useState } from "react";
import { patiently } from "#components/ui/patiently.ts";
import { DeletionDesk } from "#components/vaults/desk-page.tsx";
import { vaultHref } from "#components/vaults/vault-href.ts";
import type { VaultRow } from "#lib/contract/api.ts";

const CancelDeletionDialog = lazy(() =>
  patiently(() => import("#components/deletions/cancel-deletion-dialog.tsx")).then((module) => ({
    default: module.CancelDeletionDialog,
  })),
);

const FeedDialog = lazy(() =>
  patiently(() => import("#components/deletions/feed-dialog.tsx")).then((module) => ({ default: module.FeedDialog })),
);

const BulkBar = lazy(() =>
  patiently(() => import("#components/bulk/bulk-bar.tsx")).then((module) => ({ default: module.BulkBar })),
);
const onlyCancel = ["cancelVaultDeletion"] as const;
const renderBulk: Parameters<typeof DeletionDesk>[0]["renderBulk"] = (places, onKeep) => (
  <Suspense fallback={null}>
    <BulkBar places={places} onKeep={onKeep} actions={onlyCancel} />
  </Suspense>
);

/** The deletion desk with the dialog its rows open. */
export function DeletionsScreen() {
  const [cancelled, setCancelled] = useState<VaultRow | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [isFollowing, setIsFollowing] = useState(false);
  return (
    <>
      <DeletionDesk
        renderBulk={renderBulk}
        onFollow={() => setIsFollowing(true)}
        onCancel={(row) => {
          setCancelled(row);
          setIsOpen(true);
        }}
      />
      {isFollowing ? (
        <Suspense fallback={null}>
          <FeedDialog open={isFollowing} onOpenChange={setIsFollowing} />
        </Suspense>
      ) : null}
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
