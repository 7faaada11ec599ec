"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { Section } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { formatNumber } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { WideTable } from "#components/ui/wide-table.tsx";
import { serverNow } from "#lib/browser/api.ts";
import { inventoryQuery } from "#lib/browser/inventory.ts";
import { vaultLimitsQuery } from "#lib/browser/status.ts";
import { typeLabel } from "#lib/vault/lifecycle.ts";
import { countSlots, slotTypes, type VaultSlots } from "#lib/vault/slots.ts";

/** Vaults against the limit of each type in each region, and when the next slot comes free. */
export function SlotsSection({ tenancy, name }: { tenancy: string; name: string }) {
  const { data: inventory } = useQuery(inventoryQuery);
  const regions = inventory?.tenancies.find(({ id }) => id === tenancy)?.regions.map((region) => region.name) ?? [];
  const limits = useQueries({ queries: regions.map((region) => vaultLimitsQuery({ tenancy, region })) });
  const failed = limits.find(({ error }) => error !== null)?.error ?? null;
  return (
    <Section
      title={
        <>
          <bdi>{name}</bdi>: vault slots
        </>
      }
      description="A vault takes its slot until it is deleted for good. The limits are Oracle's, by type and region."
      flush
    >
      {failed === null ? null : (
        <p className="border-b border-line px-4 py-2 text-sm text-warn">
          The Limits service did not say every limit: {failed.message}
        </p>
      )}
      {inventory === undefined ? (
        <div aria-busy="true" className="space-y-2 p-4">
          <Skeleton className="w-64" />
          <Skeleton className="w-64" />
        </div>
      ) : (
        <WideTable
          label={`Vault slots of ${name}`}
          columns={["Region", "Type", "Used", "Of them pending deletion", "Limit", "Next slot comes free"]}
        >
          {regions.flatMap((region, index) =>
            slotTypes.map((vaultType) => {
              const known = limits[index]?.data?.body ?? null;
              const slots = countSlots(inventory.vaults, { tenancy, region, vaultType }, known);
              return slots === null ? null : (
                <SlotsRow key={`${region} ${vaultType}`} region={region} type={typeLabel(vaultType)} slots={slots} />
              );
            }),
          )}
        </WideTable>
      )}
    </Section>
  );
}

function SlotsRow({ region, type, slots }: { region: string; type: string; slots: VaultSlots }) {
  const isFull = slots.limit !== null && slots.used >= slots.limit;
  return (
    <tr>
      <th scope="row" className="px-4 py-2 font-normal whitespace-nowrap">
        {region}
      </th>
      <td className="px-4 py-2 whitespace-nowrap">{type}</td>
      <td className={cn("nums px-4 py-2", isFull && "font-medium text-danger")}>
        {formatNumber(slots.used)}
        {isFull ? " (none free)" : null}
      </td>
      <td className="nums px-4 py-2">{formatNumber(slots.pending)}</td>
      <td className="nums px-4 py-2">
        {slots.limit === null ? <span className="text-faint">Unknown</span> : formatNumber(slots.limit)}
      </td>
      <td className="px-4 py-2 whitespace-nowrap">
        {slots.nextFreeAt === null ? (
          <span className="text-faint">No date</span>
        ) : slots.nextFreeAt <= serverNow() ? (
          "Any moment: its date has come"
        ) : (
          <TimeText time={slots.nextFreeAt} />
        )}
      </td>
    </tr>
  );
}
