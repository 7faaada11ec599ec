/** The demo: Halyard Logistics, a company with a history, caught on an ordinary afternoon. */
import type { DefinedTags, FreeformTags, VaultType } from "#lib/contract/models.ts";
import { makeBackupFile } from "../backup-file.ts";
import { dayMs, deletedRetentionMs, deletionTimeline } from "../lifecycle.ts";
import { writeObject } from "../objects.ts";
import { globalOcid } from "../ocids.ts";
import type { BucketRecord, VaultRecord, VaultState } from "../records.ts";
import { servedRegions } from "../regions.ts";
import type { Timeline } from "../timeline.ts";
import {
  addBucket,
  addCompartment,
  addKey,
  addVault,
  type Builder,
  hourMs,
  minuteMs,
  replicaOf,
  type SeededTenancy,
  until,
} from "./builder.ts";
import { companyVaults, type DemoVault, labsVaults, people } from "./demo-vaults.ts";

const regionOf = { iad: "us-ashburn-1", fra: "eu-frankfurt-1", lhr: "uk-london-1" } as const;
const typeOf: Record<DemoVault["type"], VaultType> = {
  private: "VIRTUAL_PRIVATE",
  virtual: "DEFAULT",
  external: "EXTERNAL",
};

const companyTree: readonly (readonly [name: string, parent: string | null, description: string])[] = [
  ["Production", null, "What customers depend on"],
  ["Payments", "Production", "Card and invoice systems, PCI scope"],
  ["Customer-Data", "Production", "Personal data of customers and recipients"],
  ["Warehouse", "Production", "Conveyor, labels, handheld scanners"],
  ["Staging", null, "Last stop before production"],
  ["Development", null, "Teams' own systems"],
  ["Mobile-App", "Development", "Courier and customer apps"],
  ["Security", null, "Root keys, backups, break-glass"],
  ["Audit-Archive", "Security", "Ten years of records"],
  ["Shared-Services", null, "Mail, build, monitoring"],
  ["Partners", null, "Carriers and customs brokers"],
  ["Sandbox", null, "Anything goes; emptied now and then"],
];

/** Both demo tenancies. */
export function seedDemo(builder: Builder, company: SeededTenancy, labs: SeededTenancy): void {
  seedCompany(builder, company);
  seedLabs(builder, labs);
}

function seedCompany(builder: Builder, tenancy: SeededTenancy): void {
  const compartments = new Map<string, string>();
  for (const [name, parent, description] of companyTree) {
    const parentId = (parent === null ? undefined : compartments.get(parent)) ?? tenancy.id;
    compartments.set(name, addCompartment(builder, { tenancyId: tenancy.id, parentId, name, description }));
  }
  const homeOf = (name: string): string => compartments.get(name) ?? tenancy.id;
  const vaults = companyVaults.map((row) => addDemoVault(builder, tenancy, homeOf(row.in), row));
  const home = { tenancyId: tenancy.id, userId: tenancy.userId };
  const buckets = servedRegions.map((region) =>
    addBucket(builder, { ...home, compartmentId: homeOf("Security"), region, name: "vault-backups" }),
  );
  addBucket(builder, { ...home, compartmentId: homeOf("Payments"), region: "us-ashburn-1", name: "pci-evidence" });
  writeBackups(builder, vaults, buckets);
}

function seedLabs(builder: Builder, tenancy: SeededTenancy): void {
  const compartments = ["Robotics", "Forecasting", "Fleet-Telemetry"].map((name) =>
    addCompartment(builder, { tenancyId: tenancy.id, parentId: tenancy.id, name, description: `${name} research` }),
  );
  for (const [index, row] of labsVaults.entries()) {
    addDemoVault(builder, tenancy, compartments[index % compartments.length] ?? tenancy.id, row);
  }
  const [compartmentId = tenancy.id] = compartments;
  for (const region of servedRegions) {
    addBucket(builder, { tenancyId: tenancy.id, userId: tenancy.userId, compartmentId, region, name: "vault-backups" });
  }
}

function addDemoVault(builder: Builder, tenancy: SeededTenancy, compartmentId: string, row: DemoVault): VaultRecord {
  const { chance, now } = builder;
  const region = regionOf[row.at];
  const vaultType = typeOf[row.type];
  const person = people[chance(people.length)] ?? "";
  const timeCreated = now - row.age * dayMs - (row.age === 0 ? minuteMs : chance(8 * hourMs));
  const life = lifeOf(row, now);
  const vault = addVault(builder, {
    tenancyId: tenancy.id,
    region,
    compartmentId,
    displayName: row.name,
    vaultType,
    ageDays: row.age,
    timeCreated,
    freeformTags: tagsOf(row),
    definedTags: definedTagsOf(row, person, new Date(timeCreated).toISOString()),
    // Virtual vaults older than the feature cannot be replicated.
    isVaultReplicable: vaultType !== "DEFAULT" || row.age < 900,
    external: vaultType === "EXTERNAL" ? externalOf(builder, row) : null,
    replica:
      row.replica === undefined
        ? null
        : replicaOf(
            builder,
            region,
            regionOf[row.replica],
            row.replicaMove === undefined ? undefined : { status: row.replicaMove, dueAt: now + 3 * hourMs },
          ),
    ...life,
  });
  addDemoKeys(builder, vault, row);
  return vault;
}

function tagsOf(row: DemoVault): FreeformTags {
  return {
    environment: row.in === "Staging" ? "staging" : row.in === "Sandbox" ? "sandbox" : "production",
    ...row.tags,
  };
}

function definedTagsOf(row: DemoVault, person: string, createdOn: string): DefinedTags {
  const oracle = { CreatedBy: `default/${person}`, CreatedOn: createdOn };
  return row.costCenter === undefined
    ? { "Oracle-Tags": oracle }
    : { "Oracle-Tags": oracle, Operations: { CostCenter: row.costCenter } };
}

function externalOf({ chance }: Builder, row: DemoVault): VaultRecord["external"] {
  return {
    externalVaultEndpointUrl: `https://ekm.halyard.example/vaults/${row.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`,
    privateEndpointId: globalOcid(chance, "ekmsprivateendpoint"),
    vendor: row.vendor ?? null,
    idcsAccountNameUrl: "https://idcs-5c1f0a.identity.oraclecloud.com",
    clientAppId: "halyard-ekm-client",
  };
}

/** States that would pass in seconds are stretched over hours, so that they can be seen. */
function lifeOf(row: DemoVault, now: number): Partial<Pick<VaultRecord, "timeline" | "timeOfDeletion">> {
  const later = now + (row.hours ?? 2) * hourMs;
  switch (row.state) {
    case undefined:
      return {};
    case "PENDING_DELETION": {
      const due = now + (row.days ?? 14) * dayMs - 37 * minuteMs;
      return { timeline: deletionTimeline(now - 2 * dayMs, due, 90_000), timeOfDeletion: due };
    }
    case "SCHEDULING_DELETION": {
      const due = now + 30 * dayMs;
      return { timeline: deletionTimeline(now - minuteMs, due, later - now), timeOfDeletion: due };
    }
    case "CANCELLING_DELETION":
      return {
        timeline: until<VaultState>("CANCELLING_DELETION", now - minuteMs, later, "ACTIVE"),
        timeOfDeletion: now + 9 * dayMs,
      };
    case "DELETING":
      return { timeline: goneAfter("DELETING", now - 5 * minuteMs, later), timeOfDeletion: now - 5 * minuteMs };
    case "DELETED": {
      const deletedAt = now - (row.hours ?? 2) * hourMs;
      const timeline: Timeline<VaultState> = until<VaultState>(
        "DELETED",
        deletedAt,
        deletedAt + deletedRetentionMs,
        "GONE",
      );
      return { timeline, timeOfDeletion: deletedAt - minuteMs };
    }
    default:
      return { timeline: until<VaultState>(row.state, now - minuteMs, later, "ACTIVE") };
  }
}

function goneAfter(during: VaultState, since: number, deletedAt: number): Timeline<VaultState> {
  return [
    { state: during, from: since },
    { state: "DELETED", from: deletedAt },
    { state: "GONE", from: deletedAt + deletedRetentionMs },
  ];
}

const keyPurposes = [
  "master",
  "database",
  "backup",
  "signing",
  "transport",
  "tokens",
  "documents",
  "volumes",
  "mail",
  "events",
];

function addDemoKeys(builder: Builder, vault: VaultRecord, row: DemoVault): void {
  const { chance, now } = builder;
  const mode = vault.vaultType === "EXTERNAL" ? "EXTERNAL" : "HSM";
  const [hsm, software] = row.keys;
  for (let index = 0; index < hsm + software; index++) {
    const isAsymmetric = index % 5 === 3;
    addKey(builder, vault, {
      displayName: `${keyPurposes[index % keyPurposes.length]}-${String(1 + Math.floor(index / keyPurposes.length)).padStart(2, "0")}`,
      protectionMode: index < hsm ? mode : "SOFTWARE",
      algorithm: isAsymmetric ? "RSA" : "AES",
      length: isAsymmetric ? 256 : 32,
      versionCount: 1 + chance(6),
      ...(index % 7 === 6 ? { timeline: until("ENABLED", vault.timeCreated, now - 20 * dayMs, "DISABLED") } : {}),
    });
  }
  if (row.keyDueDays === undefined) return;
  // A key with a deletion of its own: a vault date before it is refused, and cancelling leaves it as it is.
  const due = now + row.keyDueDays * dayMs;
  addKey(builder, vault, {
    displayName: "retired-card-key",
    protectionMode: "HSM",
    versionCount: 3,
    timeline: deletionTimeline(now - dayMs, due, 90_000),
    timeOfDeletion: due,
  });
}

/** Real backup files by name of their vault, one that was damaged, and one that is something else. */
function writeBackups(builder: Builder, vaults: readonly VaultRecord[], buckets: readonly BucketRecord[]): void {
  const { world, now } = builder;
  const bucketIn = (region: string): BucketRecord | undefined => buckets.find((bucket) => bucket.region === region);
  for (const vault of vaults) {
    const bucket = bucketIn(vault.region);
    const row = companyVaults.find(({ name }) => name === vault.displayName);
    if (bucket === undefined || row?.backups === undefined) continue;
    for (const daysAgo of row.backups) {
      const at = now - daysAgo * dayMs;
      const file = makeBackupFile(world, vault, daysAgo % 2 === 0, at);
      const stamp = new Date(at).toISOString().slice(0, 10);
      writeObject(world, bucket, `${vault.displayName}/${stamp}.backup`, file, at);
    }
  }
  const [home] = buckets;
  if (home === undefined) return;
  const [first] = vaults.filter(({ vaultType }) => vaultType === "VIRTUAL_PRIVATE");
  if (first !== undefined) {
    const damaged = Buffer.from(makeBackupFile(world, first, true, now - 40 * dayMs));
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    writeObject(world, home, "incoming/damaged-in-transfer.backup", damaged, now - 40 * dayMs);
  }
  const note = "Backups of vaults. Restore into the compartment they came from.\n";
  writeObject(world, home, "README.txt", Buffer.from(note), now - 300 * dayMs);
}
