"use client";

import { useQuery } from "@tanstack/react-query";
import { Callout } from "#components/ui/callout.tsx";
import { formatNumber } from "#components/ui/format.ts";
import { TimeText } from "#components/ui/time-text.tsx";
import { inventoryQuery } from "#lib/browser/inventory.ts";
import { vaultLimitsQuery } from "#lib/browser/status.ts";
import { typeLabel } from "#lib/vault/lifecycle.ts";
import { countSlots } from "#lib/vault/slots.ts";

/** How many vaults of the type the region still has room for; loud when it has none. It informs: the service decides. */
export function SlotsNotice({ tenancy, region, vaultType }: { tenancy: string; region: string; vaultType: string }) {
  const { data: inventory } = useQuery(inventoryQuery);
  const limits = useQuery(vaultLimitsQuery({ tenancy, region })).data?.body ?? null;
  const slots = countSlots(inventory?.vaults ?? [], { tenancy, region, vaultType }, limits);
  if (slots === null || inventory === undefined) return null;
  const { used, limit, pending, nextFreeAt } = slots;
  const what = `${typeLabel(vaultType).toLowerCase()} vaults in ${region}`;
  if (limit === null) {
    return (
      <p className="text-xs text-muted">
        {formatNumber(used)} {what}; how many may be is not known.
      </p>
    );
  }
  if (used < limit) {
    return (
      <p className="nums text-xs text-muted">
        {formatNumber(limit - used)} of {formatNumber(limit)} slots for {what} are free.
      </p>
    );
  }
  return (
    <Callout tone="warn" title={`No slot is free: ${formatNumber(used)} of ${formatNumber(limit)} ${what}`}>
      Oracle will refuse this vault.{" "}
      {nextFreeAt === null ? (
        "Schedule one for deletion, or ask Oracle for a higher limit."
      ) : (
        <>
          {formatNumber(pending)} pending deletion still take theirs; the next comes free <TimeText time={nextFreeAt} />
          .
        </>
      )}
    </Callout>
  );
}
