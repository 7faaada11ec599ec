/** How a vault's usage went over time: snapshots of the answers people asked for anyway, so they cost the service nothing. */
import * as z from "zod";
import type { UsageAnswer } from "#lib/contract/api.ts";
import { Ocid, type VaultUsage } from "#lib/contract/models.ts";
import type { Database } from "#lib/store/database.ts";
import { listUsage, noteUsage, type UsagePlace } from "#lib/store/usage.ts";
import type { InventoryKeeper } from "./inventory.ts";
import { answerJson, Refusal } from "./refusal.ts";
import { requireSight, type Sight } from "./sight.ts";
import type { Tenancies } from "./tenancies.ts";

const everyMs = 6 * 3_600_000;
const keepMs = 400 * 86_400_000;
const shown = 400;

/** Keeps what GetVaultUsage said. A store that will not take it loses a point of a curve, nothing else. */
export async function keepUsage(db: Database, place: UsagePlace, usage: VaultUsage, at: number): Promise<void> {
  const counts = Object.fromEntries(
    Object.entries(usage).flatMap(([name, count]) => (typeof count === "number" ? [[name, count] as const] : [])),
  );
  await noteUsage(db, place, { at, counts }, { everyMs, keepMs }).catch(() => undefined);
}

const Asked = z.object({ tenancy: z.string().max(300), region: z.string().max(100), vault: Ocid });

/** `/api/usage?tenancy=&region=&vault=` for the session `whose`. Throws a Refusal for what is not in sight. */
export async function readUsage(
  parts: { readonly db: Database; readonly tenancies: Tenancies; readonly inventory: InventoryKeeper },
  search: URLSearchParams,
  sight: Sight,
  whose: string,
): Promise<Response> {
  const asked = Asked.safeParse(Object.fromEntries(search));
  if (!asked.success) throw new Refusal(400, "InvalidParameter", "Which vault is meant cannot be read.");
  const { tenancy: id, region, vault } = asked.data;
  const tenancy = parts.tenancies.find(id);
  if (tenancy === undefined || !parts.inventory.hasRegion(id, region))
    throw new Refusal(404, "NotFound", "This console has no such tenancy or region.");
  const place = { tenancy, region, managementOf: null, whose };
  await requireSight(sight, parts.inventory, place, { operation: "getVaultUsage", params: { vaultId: vault } });
  const snapshots = await listUsage(parts.db, { tenancy: id, region, vault }, shown);
  return answerJson(200, { snapshots } satisfies UsageAnswer);
}
