/** The backups of a vault that were made through this console, from its receipts. The service keeps no list of them. Pure. */
import type { ActivityEntry } from "#lib/contract/api.ts";

export interface KnownBackup {
  readonly receiptId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly tenancy: string;
  readonly region: string;
  readonly includesKeys: boolean;
  /** Null for a backup to a pre-authenticated URL, which receipts do not keep. */
  readonly object: { readonly namespace: string; readonly bucket: string; readonly objectName: string } | null;
  /** A later one was written to the same object. */
  readonly isReplaced: boolean;
}

/** Newest first, only those the service accepted. */
export function knownBackups(entries: readonly ActivityEntry[]): readonly KnownBackup[] {
  const written = new Set<string>();
  return entries.flatMap(({ operation, result, receiptId, at, tenancy, region, params }) => {
    if (operation !== "backupVault" || result !== "ok") return [];
    const body = (params.body ?? {}) as { isIncludeKeys?: boolean; backupLocation?: Record<string, unknown> };
    const { destination, namespace, bucketName, objectName } = body.backupLocation ?? {};
    const isInBucket =
      destination === "BUCKET" && [namespace, bucketName, objectName].every((each) => typeof each === "string");
    const address = JSON.stringify([tenancy, region, namespace, bucketName, objectName]);
    const isReplaced = isInBucket && written.has(address);
    written.add(address);
    return [
      {
        receiptId,
        at,
        tenancy,
        region,
        // Without the field the service takes the vault's metadata only.
        includesKeys: body.isIncludeKeys === true,
        object: isInBucket
          ? { namespace: String(namespace), bucket: String(bucketName), objectName: String(objectName) }
          : null,
        isReplaced,
      },
    ];
  });
}
