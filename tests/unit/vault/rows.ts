/** Inventories for the tests of the list: plain data, made by a seeded generator. */
import type { Inventory, InventoryCompartment, InventoryTenancy, VaultRow } from "#lib/contract/api.ts";
import { vaultLifecycleStates, vaultTypes } from "#lib/contract/models.ts";

export const tenancyA = "ocid1.tenancy.oc1..aaaa";

export function compartment(id: string, name: string, parentId: string | null): InventoryCompartment {
  return { id, name, parentId };
}

export function tenancy(over: Partial<InventoryTenancy> = {}): InventoryTenancy {
  return {
    id: tenancyA,
    name: "acme",
    profile: "DEFAULT",
    homeRegion: "us-ashburn-1",
    regions: [
      { name: "us-ashburn-1", key: "IAD", isHome: true },
      { name: "eu-frankfurt-1", key: "FRA", isHome: false },
      { name: "uk-london-1", key: "LHR", isHome: false },
    ],
    compartments: [
      compartment(tenancyA, "acme", null),
      compartment("c.apps", "apps", tenancyA),
      compartment("c.pay", "payments", "c.apps"),
      compartment("c.card", "cards", "c.pay"),
      compartment("c.sec", "security", tenancyA),
    ],
    partsTotal: 15,
    partsRead: 15,
    oldestReadAt: 0,
    isScanning: false,
    failures: [],
    ...over,
  };
}

let serial = 0;

/** A row with ordinary values; `id` defaults to a fresh OCID of its region. */
export function row(over: Partial<VaultRow> = {}): VaultRow {
  serial += 1;
  const region = over.region ?? "us-ashburn-1";
  const own = `bz${String(serial).padStart(11, "q")}`;
  return {
    tenancy: tenancyA,
    region,
    id: `ocid1.vault.oc1.${region}.${own}.abcd${serial.toString(32).padStart(56, "x")}`,
    compartmentId: "c.apps",
    displayName: `vault ${serial}`,
    vaultType: "DEFAULT",
    lifecycleState: "ACTIVE",
    timeCreated: "2026-01-02T03:04:05.000Z",
    cryptoEndpoint: `https://${own}-crypto.kms.${region}.oraclecloud.com`,
    managementEndpoint: `https://${own}-management.kms.${region}.oraclecloud.com`,
    freeformTags: {},
    definedTags: {},
    ...over,
  };
}

export function inventory(vaults: readonly VaultRow[], over: Partial<Inventory> = {}): Inventory {
  return { version: "1", madeAt: 0, tenancies: [tenancy()], vaults, ...over };
}

const words = [
  "payments",
  "Zürich",
  "ključ",
  "データ",
  "مفتاح",
  "audit-10",
  "audit-9",
  "prod",
  "crypto",
  "vault",
  "Ελλάς",
];

/** Many rows that differ in everything, the same for the same seed; about one in twelve has a replica. */
export function manyRows(count: number, seed = 1): VaultRow[] {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const compartments = tenancy().compartments.map((one) => one.id);
  const rows: VaultRow[] = [];
  while (rows.length < count) {
    const isPending = random(10) === 0;
    const made = row({
      region: pick(["us-ashburn-1", "eu-frankfurt-1", "uk-london-1"]),
      compartmentId: pick(compartments),
      displayName: `${pick(words)} ${pick(words)} ${random(500)}`,
      vaultType: pick(vaultTypes),
      lifecycleState: isPending ? "PENDING_DELETION" : pick(vaultLifecycleStates),
      timeCreated: new Date(1.6e12 + random(1e9) * 100).toISOString(),
      freeformTags: random(2) === 0 ? {} : { env: pick(["prod", "test", "dev"]), owner: `team-${random(20)}` },
      definedTags: random(3) === 0 ? { Oracle: { CreatedBy: `user-${random(50)}` } } : {},
      ...(isPending && random(3) > 0
        ? {
            details: {
              timeOfDeletion: new Date(1.8e12 + random(1000) * 1e6).toISOString(),
              isPrimary: true,
              isVaultReplicable: true,
              replicationId: null,
              restoredFromVaultId: null,
            },
          }
        : {}),
    });
    rows.push(made);
    if (random(12) === 0 && rows.length < count) {
      const elsewhere = made.region === "uk-london-1" ? "us-ashburn-1" : "uk-london-1";
      rows.push({ ...made, region: elsewhere, details: undefined });
    }
  }
  return rows;
}
