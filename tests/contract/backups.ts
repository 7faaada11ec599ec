/** Makes backup files for the restore tests by asking the service. */
import type { VaultRecord } from "#emulator/records.ts";
import { Service } from "./service.ts";

export interface BackedUp {
  readonly service: Service;
  readonly vault: VaultRecord;
  readonly file: Uint8Array;
  readonly objectName: string;
}

/** A vault with three keys (one software, one pending deletion) and its backup in the home region's bucket. */
export function makeBackup(isIncludeKeys: boolean): BackedUp {
  const service = new Service();
  const vault = service.addVault({ freeformTags: { owner: "ops" } });
  service.addKey(vault, { displayName: "kept", versionCount: 2 });
  service.addKey(vault, { displayName: "software", protectionMode: "SOFTWARE" });
  service.addKey(vault, {
    displayName: "going",
    timeline: [{ state: "PENDING_DELETION", from: 0 }],
    timeOfDeletion: service.now + 1e9,
  });
  const objectName = "ledger.backup";
  const backupLocation = { destination: "BUCKET", namespace: "nsmine", bucketName: "backups", objectName } as const;
  service.ask("backupVault", { vaultId: vault.id, body: { backupLocation, isIncludeKeys } });
  service.pass();
  const object = { namespaceName: "nsmine", bucketName: "backups", objectName };
  return { service, vault, file: service.ask("getObject", object).body, objectName };
}

/** Schedules the vault's deletion and waits until it is done. */
export function destroy(service: Service, vaultId: string): void {
  const { timeOfDeletion } = service.ask("scheduleVaultDeletion", { vaultId }).json;
  service.now = Date.parse(timeOfDeletion) + 60_000;
}
