/** How seeds put things into a new world. */
import { sha1 } from "../answers.ts";
import { bucketId } from "../objects.ts";
import { type Chance, globalOcid, keyOcid, regionalOcid, vaultOcid } from "../ocids.ts";
import type { BucketRecord, KeyRecord, VaultRecord, VaultState } from "../records.ts";
import { servedRegions } from "../regions.ts";
import { settled, type Timeline } from "../timeline.ts";
import type { World } from "../world.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

export interface Builder {
  readonly world: World;
  readonly chance: Chance;
  /** Epoch milliseconds; all seeded times are told from here. */
  readonly now: number;
}

export interface SeededTenancy {
  readonly id: string;
  readonly userId: string;
}

/** A profile of the OCI config file, kept with the world so that a restart writes the same. */
export interface SeededProfile {
  readonly name: string;
  readonly tenancyId: string;
  readonly userId: string;
  readonly region: string;
}

/** A tenancy with its root compartment, subscribed to every served region. */
export function addTenancy(
  { world, now }: Builder,
  facts: { id: string; name: string; description: string; namespace: string },
): void {
  const { id, name, description, namespace } = facts;
  const [homeRegion = ""] = servedRegions;
  world.put("tenancy", { id, name, description, namespace, homeRegion, regions: servedRegions });
  world.put("compartment", {
    id,
    tenancyId: id,
    parentId: null,
    name,
    description,
    timeCreated: now - 1600 * 24 * hourMs,
    lifecycleState: "ACTIVE",
    isAccessible: true,
    freeformTags: {},
    definedTags: {},
  });
}

/** A tenancy with a security admin's profile. */
export function addStaffedTenancy(
  builder: Builder,
  facts: { name: string; description: string; namespace: string; profile: string },
): SeededTenancy {
  const id = globalOcid(builder.chance, "tenancy");
  const userId = globalOcid(builder.chance, "user");
  addTenancy(builder, { ...facts, id });
  const known = builder.world.get("setting", "profiles");
  const profiles = known === undefined ? [] : (JSON.parse(known.value) as SeededProfile[]);
  const profile = { name: facts.profile, tenancyId: id, userId, region: servedRegions[0] ?? "" };
  builder.world.put("setting", { id: "profiles", value: JSON.stringify([...profiles, profile]) });
  return { id, userId };
}

/** A compartment; gives its OCID, a new one unless one is given. */
export function addCompartment(
  { world, chance, now }: Builder,
  facts: { tenancyId: string; parentId: string; name: string; description: string; id?: string; ageDays?: number },
): string {
  const id = facts.id ?? globalOcid(chance, "compartment");
  world.put("compartment", {
    id,
    tenancyId: facts.tenancyId,
    parentId: facts.parentId,
    name: facts.name,
    description: facts.description,
    timeCreated: now - (facts.ageDays ?? 400 + chance(800)) * 24 * hourMs - chance(24 * hourMs),
    lifecycleState: "ACTIVE",
    isAccessible: true,
    freeformTags: {},
    definedTags: {},
  });
  return id;
}

/** A bucket in one region. */
export function addBucket(
  { world, now }: Builder,
  facts: { tenancyId: string; userId: string; compartmentId: string; region: string; name: string },
): BucketRecord {
  const { region, name, tenancyId, compartmentId } = facts;
  const namespace = world.get("tenancy", tenancyId)?.namespace ?? "";
  const id = bucketId(region, namespace, name);
  const bucket = {
    id,
    region,
    namespace,
    name,
    tenancyId,
    compartmentId,
    createdBy: facts.userId,
    timeCreated: now - 300 * 24 * hourMs,
    etag: sha1(id).slice(0, 36),
  };
  world.put("bucket", bucket);
  return bucket;
}

export type VaultFacts = Pick<VaultRecord, "tenancyId" | "region" | "compartmentId" | "displayName" | "vaultType"> &
  Partial<VaultRecord> & { readonly ageDays: number };

/** An active vault unless told otherwise. */
export function addVault({ world, chance, now }: Builder, facts: VaultFacts): VaultRecord {
  const { ageDays, ...given } = facts;
  const timeCreated = now - ageDays * 24 * hourMs - chance(24 * hourMs);
  const vault: VaultRecord = {
    id: vaultOcid(chance, facts.region),
    timeCreated,
    freeformTags: {},
    definedTags: {},
    external: null,
    wrappingkeyId: "",
    restoredFromVaultId: null,
    isVaultReplicable: true,
    timeline: settled<VaultState>("ACTIVE", timeCreated),
    timeOfDeletion: null,
    replica: null,
    revision: 0,
    ...given,
  };
  world.put("vault", vault);
  return vault;
}

/** A key in a vault, enabled unless told otherwise. */
export function addKey(
  { world, chance }: Builder,
  vault: VaultRecord,
  facts: Partial<KeyRecord> & Pick<KeyRecord, "displayName" | "protectionMode">,
): KeyRecord {
  const id = keyOcid(chance, "key", vault.id);
  const timeCreated = vault.timeCreated + hourMs + chance(48) * hourMs;
  const key: KeyRecord = {
    id,
    vaultId: vault.id,
    tenancyId: vault.tenancyId,
    compartmentId: vault.compartmentId,
    algorithm: "AES",
    length: 32,
    currentKeyVersion: keyOcid(chance, "keyversion", vault.id),
    versionCount: 1,
    timeCreated,
    freeformTags: {},
    definedTags: {},
    timeline: settled("ENABLED", timeCreated),
    timeOfDeletion: null,
    ...facts,
  };
  world.put("key", key);
  return key;
}

/** A replica that has been there for a while, or one that is coming or going until `dueAt`. */
export function replicaOf(
  { chance, now }: Builder,
  source: string,
  region: string,
  move?: { status: "CREATING" | "DELETING"; dueAt: number },
): VaultRecord["replica"] {
  const created = { state: "CREATED", from: now - 90 * 24 * hourMs } as const;
  const timeline: NonNullable<VaultRecord["replica"]>["timeline"] =
    move === undefined
      ? [created]
      : [
          { state: move.status, from: now },
          { state: move.status === "CREATING" ? "CREATED" : "DELETED", from: move.dueAt },
        ];
  return { region, replicationId: regionalOcid(chance, "vaultreplication", source), timeline };
}

/** In a state until `dueAt`, then in another. */
export function until<State extends string>(
  during: State,
  since: number,
  dueAt: number,
  after: State,
): Timeline<State> {
  return [
    { state: during, from: since },
    { state: after, from: dueAt },
  ];
}
