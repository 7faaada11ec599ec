import { findVault, notFound } from "../access.ts";
import { sha1 } from "../answers.ts";
import type { Rule } from "../call.ts";
import { replicaAt } from "../lifecycle.ts";
import { vaultOfHost } from "../management.ts";

/** The replication of the vault the host names: REPLICATING until the replica is CREATED. */
export const getReplicationStatus: Rule<"getReplicationStatus"> = (call) => {
  const vaultId = vaultOfHost(call);
  if (vaultId === undefined) throw notFound();
  const { vault } = findVault(call, vaultId);
  const replica = replicaAt(vault, call.now);
  if (replica?.replicationId !== call.params.replicationId) throw notFound();
  const status = replica.status === "CREATED" ? "REPLICATED" : "REPLICATING";
  return {
    headers: { etag: sha1(`${replica.replicationId}|${replica.status}`) },
    json: { replicationId: replica.replicationId, replicaDetails: [{ region: replica.region, status }] },
  };
};
