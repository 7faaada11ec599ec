/** Every operation of the table has its rule; one that is missing does not compile. */
import type { OperationName } from "#lib/contract/operations.ts";
import type { Rule } from "../call.ts";
import { backupVault } from "./backup-vault.ts";
import { cancelVaultDeletion } from "./cancel-vault-deletion.ts";
import { changeVaultCompartment } from "./change-vault-compartment.ts";
import { createPreauthenticatedRequest } from "./create-preauthenticated-request.ts";
import { createVault } from "./create-vault.ts";
import { createVaultReplica } from "./create-vault-replica.ts";
import { deleteObject } from "./delete-object.ts";
import { deleteVaultReplica } from "./delete-vault-replica.ts";
import { getCompartment } from "./get-compartment.ts";
import { getKey } from "./get-key.ts";
import { getNamespace } from "./get-namespace.ts";
import { getObject } from "./get-object.ts";
import { getReplicationStatus } from "./get-replication-status.ts";
import { getTenancy } from "./get-tenancy.ts";
import { getVault } from "./get-vault.ts";
import { getVaultUsage } from "./get-vault-usage.ts";
import { headObject } from "./head-object.ts";
import { listBuckets } from "./list-buckets.ts";
import { listCompartments } from "./list-compartments.ts";
import { listKeys } from "./list-keys.ts";
import { listLimitValues } from "./list-limit-values.ts";
import { listObjects } from "./list-objects.ts";
import { listPreauthenticatedRequests } from "./list-preauthenticated-requests.ts";
import { listRegionSubscriptions } from "./list-region-subscriptions.ts";
import { listRegions } from "./list-regions.ts";
import { listVaultReplicas } from "./list-vault-replicas.ts";
import { listVaults } from "./list-vaults.ts";
import { putObject } from "./put-object.ts";
import { restoreVaultFromFile } from "./restore-vault-from-file.ts";
import { restoreVaultFromObjectStore } from "./restore-vault-from-object-store.ts";
import { scheduleVaultDeletion } from "./schedule-vault-deletion.ts";
import { updateVault } from "./update-vault.ts";

export const rules: { readonly [Name in OperationName]: Rule<Name> } = {
  listVaults,
  getVault,
  getVaultUsage,
  createVault,
  updateVault,
  changeVaultCompartment,
  backupVault,
  restoreVaultFromFile,
  restoreVaultFromObjectStore,
  createVaultReplica,
  deleteVaultReplica,
  listVaultReplicas,
  scheduleVaultDeletion,
  cancelVaultDeletion,
  listKeys,
  getKey,
  getReplicationStatus,
  listCompartments,
  getCompartment,
  getTenancy,
  listRegionSubscriptions,
  listRegions,
  listLimitValues,
  getNamespace,
  listBuckets,
  listObjects,
  headObject,
  getObject,
  putObject,
  deleteObject,
  createPreauthenticatedRequest,
  listPreauthenticatedRequests,
};
