/** `scale:N`: many vaults in many compartments and regions, for tables and scans at size. */
import type { VaultType } from "#lib/contract/models.ts";
import { dayMs, deletionTimeline } from "../lifecycle.ts";
import { servedRegions } from "../regions.ts";
import { addCompartment, addKey, addVault, type Builder, type SeededTenancy } from "./builder.ts";

const purposes = [
  "orders",
  "billing",
  "tracking",
  "identity",
  "archive",
  "ledger",
  "mobile",
  "partner",
  "fleet",
  "claims",
];
const stages = ["prod", "stage", "test", "dev"];

/** N vaults over about N/100 compartments two levels deep; one in twenty is pending deletion. */
export function seedScale(builder: Builder, tenancy: SeededTenancy, vaults: number): void {
  const { chance, now } = builder;
  const compartments: string[] = [];
  const count = Math.min(500, Math.max(5, Math.ceil(vaults / 100)));
  for (let index = 0; index < count; index++) {
    const parentId = index < 10 ? tenancy.id : (compartments[index % 10] ?? tenancy.id);
    const name = `${purposes[index % purposes.length]}-${String(index + 1).padStart(3, "0")}`;
    compartments.push(addCompartment(builder, { tenancyId: tenancy.id, parentId, name, description: "" }));
  }
  for (let index = 0; index < vaults; index++) {
    const purpose = purposes[chance(purposes.length)] ?? "";
    const stage = stages[chance(stages.length)] ?? "";
    const vaultType: VaultType = chance(3) === 0 ? "VIRTUAL_PRIVATE" : "DEFAULT";
    const due = now + (1 + chance(30)) * dayMs - chance(dayMs);
    const isPending = chance(20) === 0;
    const vault = addVault(builder, {
      tenancyId: tenancy.id,
      region: servedRegions[chance(servedRegions.length)] ?? "",
      compartmentId: compartments[chance(count)] ?? tenancy.id,
      displayName: `${purpose}-${stage}-${String(index + 1).padStart(5, "0")}`,
      vaultType,
      ageDays: chance(1400),
      freeformTags: { purpose, stage },
      definedTags: { Operations: { CostCenter: String(4000 + chance(90)) } },
      ...(isPending ? { timeline: deletionTimeline(now - dayMs, due, 1500), timeOfDeletion: due } : {}),
    });
    const protectionMode = vaultType === "DEFAULT" ? "SOFTWARE" : "HSM";
    addKey(builder, vault, { displayName: `${purpose}-key`, protectionMode, versionCount: 1 + chance(5) });
  }
}
