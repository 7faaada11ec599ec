/** What differs between two readings of a vault, field by field, in words. Pure. */
import type { Vault } from "#lib/contract/models.ts";
import { stateFacts, typeLabel } from "./lifecycle.ts";
import { tagText } from "./search.ts";

export interface FieldChange {
  readonly field: string;
  /** Null: there was nothing. */
  readonly before: string | null;
  readonly after: string | null;
}

const fields: readonly (readonly [field: string, read: (vault: Vault) => string | null | undefined])[] = [
  ["Name", (vault) => vault.displayName],
  ["State", (vault) => stateFacts(vault.lifecycleState).label],
  ["Deletion date", (vault) => vault.timeOfDeletion],
  ["Compartment", (vault) => vault.compartmentId],
  ["Type", (vault) => typeLabel(vault.vaultType)],
  ["Replication", (vault) => vault.replicaDetails?.replicationId],
  ["Crypto endpoint", (vault) => vault.cryptoEndpoint],
  ["Management endpoint", (vault) => vault.managementEndpoint],
];

/** The differences in the order of the vault's page; tags one by one. */
export function diffVaults(before: Vault, after: Vault): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  const note = (field: string, from: string | null | undefined, to: string | null | undefined) => {
    if ((from ?? null) !== (to ?? null)) changes.push({ field, before: from ?? null, after: to ?? null });
  };
  for (const [field, read] of fields) note(field, read(before), read(after));
  const tagsBefore = tagMap(before);
  const tagsAfter = tagMap(after);
  for (const key of [...new Set([...tagsBefore.keys(), ...tagsAfter.keys()])].sort())
    note(`Tag ${key}`, tagsBefore.get(key), tagsAfter.get(key));
  return changes;
}

function tagMap(vault: Vault): ReadonlyMap<string, string> {
  const tags = new Map(Object.entries(vault.freeformTags ?? {}));
  for (const [namespace, keys] of Object.entries(vault.definedTags ?? {})) {
    for (const [key, value] of Object.entries(keys)) tags.set(`${namespace}.${key}`, tagText(value));
  }
  return tags;
}
