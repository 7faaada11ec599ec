/** What the stored facts mean at a moment: states of vaults, replicas and keys. Nothing here changes anything. */
import type { KeyRecord, KeyState, ReplicaState, VaultRecord, VaultState } from "./records.ts";
import { stateAt, type Timeline } from "./timeline.ts";

export const dayMs = 86_400_000;
/** E15: how long a deleted vault stays in lists. */
export const deletedRetentionMs = 24 * 3_600_000;

/** SCHEDULING_DELETION, PENDING_DELETION until `due`, DELETING, DELETED, and after a day nothing. Epoch ms. */
export function deletionTimeline(now: number, due: number, settleMs: number): Timeline<VaultState & KeyState> {
  const deletedAt = due + settleMs;
  return [
    { state: "SCHEDULING_DELETION", from: now },
    { state: "PENDING_DELETION", from: Math.min(now + settleMs, due) },
    { state: "DELETING", from: due },
    { state: "DELETED", from: deletedAt },
    { state: "GONE", from: deletedAt + deletedRetentionMs },
  ];
}

/** A vault as one region shows it: the source in its own, the replica in the other. */
export interface VaultPlace {
  readonly vault: VaultRecord;
  readonly region: string;
  readonly lifecycleState: Exclude<VaultState, "GONE">;
  readonly isPrimary: boolean;
}

/** The vault in a region at `now`; undefined when that region has nothing of it. E14: the replica's region shows the same vault. */
export function placeAt(vault: VaultRecord, region: string, now: number): VaultPlace | undefined {
  const state = stateAt(vault.timeline, now);
  if (state === "GONE") return undefined;
  if (vault.region === region) return { vault, region, lifecycleState: state, isPrimary: true };
  const replica = replicaAt(vault, now);
  if (replica?.region !== region) return undefined;
  return { vault, region, lifecycleState: replicaVaultState(replica.status, state), isPrimary: false };
}

/** The replica follows the source into deletion; other work on the source is the source's alone. */
function replicaVaultState(status: ReplicaState, source: Exclude<VaultState, "GONE">): Exclude<VaultState, "GONE"> {
  if (status === "CREATING" || status === "DELETING") return status;
  const isFollowed =
    source === "SCHEDULING_DELETION" || source === "PENDING_DELETION" || source === "CANCELLING_DELETION";
  return isFollowed ? source : "ACTIVE";
}

export interface ReplicaAt {
  readonly region: string;
  readonly replicationId: string;
  readonly status: ReplicaState;
}

/** The replica at `now`; undefined when there is none any more. Deleting the source deletes it too. */
export function replicaAt(vault: VaultRecord, now: number): ReplicaAt | undefined {
  if (vault.replica === null) return undefined;
  const own = stateAt(vault.replica.timeline, now);
  const source = stateAt(vault.timeline, now);
  if (own === "DELETED" || source === "DELETED" || source === "GONE") return undefined;
  const { region, replicationId } = vault.replica;
  return { region, replicationId, status: source === "DELETING" ? "DELETING" : own };
}

/** The date GetVault shows: only while a deletion is ahead, under way, being cancelled, or done. */
export function timeOfDeletionAt(vault: VaultRecord, now: number): number | null {
  const state = stateAt(vault.timeline, now);
  const isShown =
    state === "SCHEDULING_DELETION" ||
    state === "PENDING_DELETION" ||
    state === "CANCELLING_DELETION" ||
    state === "DELETING" ||
    state === "DELETED";
  return isShown ? vault.timeOfDeletion : null;
}

export interface KeyAt {
  readonly state: Exclude<KeyState, "GONE">;
  /** Epoch ms; null when nothing is scheduled. */
  readonly timeOfDeletion: number | null;
}

const ownDeletionStates: ReadonlySet<KeyState> = new Set([
  "SCHEDULING_DELETION",
  "PENDING_DELETION",
  "DELETING",
  "DELETED",
]);

/**
 * A key at `now`. A deletion of its own wins; else it follows its vault into deletion and, when that is cancelled, comes
 * back to the state it had by itself (contract, section 3).
 */
export function keyAt(key: KeyRecord, vault: VaultRecord, now: number): KeyAt | undefined {
  const own = stateAt(key.timeline, now);
  if (own === "GONE") return undefined;
  if (ownDeletionStates.has(own)) return { state: own, timeOfDeletion: key.timeOfDeletion };
  const around = stateAt(vault.timeline, now);
  if (around === "GONE") return undefined;
  const isFollowing =
    around === "SCHEDULING_DELETION" ||
    around === "PENDING_DELETION" ||
    around === "CANCELLING_DELETION" ||
    around === "DELETING" ||
    around === "DELETED";
  return isFollowing ? { state: around, timeOfDeletion: vault.timeOfDeletion } : { state: own, timeOfDeletion: null };
}
