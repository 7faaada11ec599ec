/** `/api/status`: what works and how much of the service's budgets is spent. Nothing is asked of anybody for it. */
import {
  type ConsoleRole,
  type Inventory,
  maskedText,
  type StatusAnswer,
  type TenancyStatus,
} from "#lib/contract/api.ts";
import type { Tenancies, Tenancy } from "./tenancies.ts";

export interface OwnStatus {
  readonly now: number;
  readonly startedAt: number;
  readonly mode: "rehearsal" | "live";
  readonly isShared: boolean;
  readonly isStoreWell: boolean;
  readonly areReceiptsWell: boolean;
  readonly unwritten: number;
  readonly isDraining: boolean;
}

/** Puts together what the parts know of themselves. The help desk is not told which key and user of Oracle's sign. */
export function readStatus(
  own: OwnStatus,
  tenancies: Tenancies,
  scanned: Inventory["tenancies"],
  role: ConsoleRole,
): StatusAnswer {
  const aheadMs = tenancies.clockOffsetMs();
  return {
    now: own.now + aheadMs,
    startedAt: own.startedAt + aheadMs,
    mode: own.mode,
    store: { kind: own.isShared ? "PostgreSQL" : "SQLite", isWell: own.isStoreWell },
    receipts: { isWell: own.areReceiptsWell, unwritten: own.unwritten },
    isDraining: own.isDraining,
    serviceClockAheadMs: aheadMs,
    // Whoever sees nothing of a tenancy is not told how it is.
    tenancies: tenancies.all
      .filter(({ id }) => scanned.some((each) => each.id === id))
      .map((tenancy) => statusOf(tenancy, scanned, aheadMs, role)),
  };
}

function statusOf(
  tenancy: Tenancy,
  scanned: Inventory["tenancies"],
  aheadMs: number,
  role: ConsoleRole,
): TenancyStatus {
  const { kind, user, fingerprint } = tenancy.client.credential.describe;
  const told = (text: string | undefined) => (text !== undefined && role === "helpdesk" ? maskedText : (text ?? null));
  const { pace, contacts } = tenancy.client.state();
  const scan = scanned.find(({ id }) => id === tenancy.id);
  return {
    id: tenancy.id,
    name: scan?.name ?? tenancy.profile,
    profile: tenancy.profile,
    signing: { kind, user: told(user), fingerprint: told(fingerprint) },
    budgets: pace,
    services: contacts
      .map(({ service, region, position, refusedForMs, lastGoodAt, lastFailure }) => ({
        service,
        region,
        breaker: position,
        refusedForMs,
        lastGoodAt: lastGoodAt === null ? null : lastGoodAt + aheadMs,
        lastFailure: lastFailure === null ? null : { ...lastFailure, at: lastFailure.at + aheadMs },
      }))
      .sort((a, b) => a.region.localeCompare(b.region) || a.service.localeCompare(b.service)),
    partsTotal: scan?.partsTotal ?? 0,
    partsRead: scan?.partsRead ?? 0,
    oldestReadAt: scan?.oldestReadAt ?? null,
    failures: scan?.failures ?? [],
  };
}
