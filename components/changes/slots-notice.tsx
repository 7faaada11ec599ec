"use client";

import { useQuery } from "@tanstack/react-query";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { formatNumber } from "#components/ui/format.ts";
import { TimeText } from "#components/ui/time-text.tsx";
import { inventoryQuery } from "#lib/browser/inventory.ts";
import { vaultLimitsQuery } from "#lib/browser/status.ts";
import { judgeRoom, type Verdict } from "#lib/vault/actions.ts";
import { typeLabel } from "#lib/vault/lifecycle.ts";
import { countSlots, type VaultSlots } from "#lib/vault/slots.ts";

interface Place {
  readonly tenancy: string;
  readonly region: string;
  readonly vaultType: string;
}

export interface Room {
  readonly place: Place;
  /** Null for a type that takes no slots, and while it is not known. */
  readonly slots: VaultSlots | null;
  readonly verdict: Verdict;
  readonly isReading: boolean;
  /** Asks for the limits and the list again: a slot may have come free since. */
  readonly readAgain: () => void;
}

/** Whether the region has room for one more vault of the type, by what is known of it now. */
export function useRoom(place: Place): Room {
  const inventory = useQuery(inventoryQuery);
  const limits = useQuery(vaultLimitsQuery(place));
  const slots =
    inventory.data === undefined ? null : countSlots(inventory.data.vaults, place, limits.data?.body ?? null);
  return {
    place,
    slots,
    verdict: judgeRoom(slots, place),
    isReading: limits.isFetching,
    readAgain: () => void Promise.allSettled([inventory.refetch(), limits.refetch()]),
  };
}

/** How many vaults of the type the region still has room for; loud when it has none. */
export function SlotsNotice({ room: { place, slots, verdict, isReading, readAgain } }: { room: Room }) {
  if (slots === null) return null;
  const { used, limit, pending, nextFreeAt } = slots;
  const what = `${typeLabel(place.vaultType).toLowerCase()} vaults in ${place.region}`;
  if (limit === null) {
    return (
      <p className="text-xs text-muted">
        {formatNumber(used)} {what}; how many may be is not known.
      </p>
    );
  }
  if (verdict.isAllowed) {
    return (
      <p className="nums text-xs text-muted">
        {formatNumber(limit - used)} of {formatNumber(limit)} slots for {what} are free.
      </p>
    );
  }
  return (
    <Callout
      tone="warn"
      title={`No slot is free: ${formatNumber(used)} of ${formatNumber(limit)} ${what}`}
      action={
        <Button size="sm" onClick={readAgain} loading={isReading}>
          Read again
        </Button>
      }
    >
      Oracle would refuse this vault.{" "}
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
