"use client";

import { ReceiptPage } from "#components/activity/receipt-page.tsx";
import { useVaultIndex } from "#components/vaults/inventory-state.ts";

/** A receipt, with the compartments by the names the list knows. */
export function ReceiptScreen({ receiptId }: { receiptId: string }) {
  const { index } = useVaultIndex();
  return <ReceiptPage receiptId={receiptId} pathOf={(id) => index?.tree.byId.get(id)?.path ?? null} />;
}
