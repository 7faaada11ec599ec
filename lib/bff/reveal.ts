/** `/api/reveal`: what the help desk does not see of one vault, for a reason, recorded before it is shown. */
import type { Logger } from "pino";
import * as z from "zod";
import type { RevealAnswer } from "#lib/contract/api.ts";
import { Ocid, type Vault } from "#lib/contract/models.ts";
import { request as ociRequest } from "#lib/contract/request.ts";
import type { Database } from "#lib/store/database.ts";
import { findReceipts } from "#lib/store/receipts.ts";
import { recorded } from "./account-receipts.ts";
import type { Config } from "./config.ts";
import type { PersonCall } from "./gate.ts";
import { readJson, readReason } from "./guard.ts";
import type { InventoryKeeper } from "./inventory.ts";
import { answerJson, Refusal } from "./refusal.ts";
import { requireSight, sightOf } from "./sight.ts";
import type { Tenancies } from "./tenancies.ts";

export interface RevealParts {
  readonly config: Config;
  readonly db: Database;
  readonly tenancies: Tenancies;
  readonly inventory: InventoryKeeper;
  readonly log: Logger;
  readonly clock: () => number;
}

const Body = z.strictObject({ tenancy: z.string().max(300), region: z.string().max(100), vaultId: Ocid });
const reasonMin = 10;
/** As many of the latest receipts as the vault's page shows. */
const receiptsShown = 100;

/** Handles POST /api/reveal. Throws what `explain` turns into a refusal. */
export function createReveal(parts: RevealParts): (call: PersonCall) => Promise<Response> {
  const { config, db, tenancies, inventory } = parts;
  return async ({ who, request, requestId }) => {
    const body = Body.safeParse(await readJson(request));
    if (!body.success) throw new Refusal(400, "InvalidParameter", "Which vault is meant cannot be read.");
    const { region, vaultId } = body.data;
    const reason = readReason(request)?.trim() ?? "";
    if (reason.length < reasonMin)
      throw new Refusal(400, "ReasonNeeded", `Say why, in at least ${reasonMin} characters.`, {
        why: "What is shown is recorded with the reason.",
      });
    const tenancy = tenancies.find(body.data.tenancy);
    if (tenancy === undefined || !inventory.hasRegion(tenancy.id, region))
      throw new Refusal(404, "NotFound", "This console has no such tenancy or region.");
    const place = { tenancy, region, managementOf: null, whose: who.sidHash };
    await requireSight(sightOf(config.policy, who), inventory, place, { operation: "getVault", params: { vaultId } });
    const action = {
      operation: "reveal",
      actor: who.name,
      role: who.role,
      by: { issuer: who.issuer, subject: who.subject },
      target: vaultId,
      place: { tenancy: tenancy.id, region },
      reason,
      requestId,
    } as const;
    const { data } = await recorded(parts, action, () =>
      tenancy.read(ociRequest("getVault", { vaultId }), region, { whose: who.sidHash }),
    );
    const done = await findReceipts(db, { target: vaultId, limit: receiptsShown });
    const actors = Object.fromEntries(done.map(({ first }) => [first.receiptId, first.actor]));
    return answerJson(200, { vault: data as unknown as Vault, actors } satisfies RevealAnswer);
  };
}
