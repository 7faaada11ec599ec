/** What a new world holds: by name, and what a --tenancies file adds to any world. */
import type { Profile } from "../oci-config.ts";
import { seededChance } from "../ocids.ts";
import { readerOf } from "../readers.ts";
import { servedRegions } from "../regions.ts";
import type { TenanciesFile } from "../tenancies-file.ts";
import type { World } from "../world.ts";
import {
  addBucket,
  addCompartment,
  addStaffedTenancy,
  addTenancy,
  type Builder,
  type SeededProfile,
} from "./builder.ts";
import { seedDemo } from "./demo.ts";
import { seedScale } from "./scale.ts";

export type SeedName =
  | { readonly kind: "demo" }
  | { readonly kind: "empty" }
  | { readonly kind: "scale"; readonly vaults: number };

/** Reads `demo`, `empty` or `scale:N`. Throws an Error that lists them. */
export function parseSeedName(text: string): SeedName {
  if (text === "demo" || text === "empty") return { kind: text };
  const vaults = Number(/^scale:(\d{1,6})$/.exec(text)?.[1] ?? Number.NaN);
  if (vaults >= 1 && vaults <= 200_000) return { kind: "scale", vaults };
  throw new Error(`--seed must be demo, empty or scale:N with N from 1 to 200000, not ${JSON.stringify(text)}`);
}

/** Fills a new world: two tenancies, and what the seed's name says. Same seed, same OCIDs; times are told from `now`. */
export function seedWorld(world: World, seed: SeedName, now: number): void {
  const builder: Builder = { world, chance: seededChance(20_260_114), now };
  const main = addStaffedTenancy(builder, {
    name: "halyardlogistics",
    description: "Halyard Logistics",
    namespace: "axhalyard7k2",
    profile: "DEFAULT",
  });
  const second = addStaffedTenancy(builder, {
    name: "halyardlabs",
    description: "Halyard Labs, research",
    namespace: "axhallabs4q9",
    profile: "LABS",
  });
  if (seed.kind === "demo") seedDemo(builder, main, second);
  else {
    for (const tenancy of [main, second]) {
      const compartmentId = addCompartment(builder, {
        tenancyId: tenancy.id,
        parentId: tenancy.id,
        name: "Security",
        description: "Vaults and their backups",
      });
      for (const region of servedRegions) {
        addBucket(builder, {
          tenancyId: tenancy.id,
          userId: tenancy.userId,
          compartmentId,
          region,
          name: "vault-backups",
        });
      }
    }
    if (seed.kind === "scale") seedScale(builder, main, seed.vaults);
  }
  world.commit();
}

/** The profiles of the OCI config file: one for each tenancy, then one for the reader of each. */
export function listProfiles(world: World): readonly Profile[] {
  const known = world.get("setting", "profiles");
  const profiles = known === undefined ? [] : (JSON.parse(known.value) as SeededProfile[]);
  return [...profiles, ...profiles.map(readerOf)];
}

/** Trusts the file's keys; makes its tenancies, a bucket in each, and its compartments, where they are missing. */
export function adoptTenancies(world: World, file: TenanciesFile, now: number): void {
  for (const key of file.keys) world.put("signingKey", key);
  const [first] = file.keys;
  for (const { tenancyId, userId } of file.keys) {
    const chance = seededChance(hashOf(tenancyId));
    const builder: Builder = { world, chance, now };
    if (world.get("tenancy", tenancyId) === undefined) {
      const namespace = `ax${chance(2 ** 31).toString(36)}${chance(2 ** 31).toString(36)}`;
      addTenancy(builder, { id: tenancyId, name: "visitor", description: "From the tenancies file", namespace });
    }
    const own = tenancyId === first?.tenancyId ? file.compartments.filter((id) => id !== tenancyId) : [];
    for (const [index, id] of own.entries()) {
      if (world.get("compartment", id) !== undefined) continue;
      const name = `compartment-${index + 1}`;
      addCompartment(builder, { id, tenancyId, parentId: tenancyId, name, description: "From the tenancies file" });
    }
    for (const region of servedRegions) {
      const bucketHome = { tenancyId, userId, compartmentId: own[0] ?? tenancyId, region, name: "vault-backups" };
      const namespace = world.get("tenancy", tenancyId)?.namespace ?? "";
      if (world.get("bucket", `${region}/${namespace}/vault-backups`) === undefined) addBucket(builder, bucketHome);
    }
  }
  world.commit();
}

function hashOf(text: string): number {
  let hash = 7;
  for (const char of text) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return hash;
}
