// The console's own address of every operation, for tests that go through all of them.
import { type OperationName, operationRow } from "#lib/contract/operations.ts";

/** With well-formed names of things that are not there, but for the tenancy and the vault. */
export function addressOf(
  operation: OperationName,
  { tenancy, region, vaultId }: { readonly tenancy: string; readonly region: string; readonly vaultId: string },
  managedVault = vaultId,
): string {
  const row = operationRow(operation);
  const path = row.path
    .replace("{vaultId}", vaultId)
    .replace(/\{(compartmentId|tenancyId)\}/, tenancy)
    .replace(/\{(keyId|replicationId)\}/, `${vaultId.slice(0, -8)}aaaaaaaa`)
    .replace("{namespaceName}", "none")
    .replace("{bucketName}", "bucket")
    .replace("{objectName}", "object");
  const query = new URLSearchParams({
    ...("compartmentId" in row.query && operation !== "getNamespace" ? { compartmentId: tenancy } : {}),
    ...("serviceName" in row.query ? { serviceName: "kms" } : {}),
  });
  const management = row.service === "management" ? `/${managedVault}` : "";
  return `/api/oci/${tenancy}/${row.service}/${region}${management}${path}${query.size > 0 ? `?${query}` : ""}`;
}

/** Bodies that fit, about something the service does not have. */
export const bodiesOf: Partial<Record<OperationName, unknown>> = {
  createVault: { compartmentId: "ocid1.compartment.oc1..aaaaaaaanone", displayName: "x", vaultType: "DEFAULT" },
  updateVault: { displayName: "x" },
  changeVaultCompartment: { compartmentId: "ocid1.compartment.oc1..aaaaaaaanone" },
  createVaultReplica: { replicaRegion: "uk-london-1" },
  deleteVaultReplica: { replicaRegion: "uk-london-1" },
  createPreauthenticatedRequest: {
    name: "x",
    accessType: "ObjectRead",
    timeExpires: "2030-01-01T00:00:00Z",
    objectName: "x",
  },
};
