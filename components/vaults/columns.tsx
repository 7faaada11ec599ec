"use client";

import { ArrowRightLeft } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { TextLink } from "#components/ui/button.tsx";
import { CopyText } from "#components/ui/copy-text.tsx";
import type { Column } from "#components/ui/data-table.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { serverNow } from "#lib/browser/api.ts";
import { hasDeletionDate, typeLabel } from "#lib/vault/lifecycle.ts";
import type { VaultPlace } from "#lib/vault/list.ts";
import type { SortColumn } from "#lib/vault/order.ts";
import { MaskedText } from "./masked.tsx";
import { RowMenu } from "./row-menu.tsx";
import { StateBadge } from "./state-badge.tsx";
import { TagsCell } from "./tags-cell.tsx";
import { vaultHref } from "./vault-href.ts";

export type VaultColumn = Column<VaultPlace> & {
  id: SortColumn | "actions";
  /** Shown unless chosen otherwise. */
  isUsual: boolean;
};

const none = <span className="text-faint">—</span>;

/** Every column of the list, in order. The first one cannot be taken away. */
export const vaultColumns: readonly VaultColumn[] = [
  {
    id: "name",
    header: "Name",
    width: 200,
    grow: true,
    sortable: true,
    isUsual: true,
    cell: ({ row }) => (
      <TextLink href={vaultHref(row)} quiet className="truncate font-medium text-ink hover:text-accent">
        <bdi>{row.displayName}</bdi>
      </TextLink>
    ),
  },
  {
    id: "state",
    header: "State",
    width: 168,
    sortable: true,
    isUsual: true,
    cell: ({ row }) => <StateBadge state={row.lifecycleState} look="plain" />,
  },
  {
    id: "type",
    header: "Type",
    width: 112,
    sortable: true,
    isUsual: true,
    cell: ({ row }) => <span className="truncate text-muted">{typeLabel(row.vaultType)}</span>,
  },
  {
    id: "compartment",
    header: "Compartment",
    width: 150,
    sortable: true,
    isUsual: true,
    cell: (place) => <Cut text={place.compartmentPath} />,
  },
  {
    id: "region",
    header: "Region",
    width: 122,
    sortable: true,
    isUsual: true,
    cell: ({ row }) => <span className="truncate text-muted">{row.region}</span>,
  },
  {
    id: "tenancy",
    header: "Tenancy",
    width: 122,
    sortable: true,
    isUsual: true,
    cell: (place) => <Cut text={place.tenancyName} />,
  },
  {
    id: "deletion",
    header: "Deletion date",
    width: 126,
    sortable: true,
    isUsual: true,
    cell: (place) => <DeletionCell place={place} />,
  },
  {
    id: "replica",
    header: "Replica",
    width: 112,
    sortable: true,
    isUsual: true,
    cell: (place) => <ReplicaCell place={place} />,
  },
  {
    id: "created",
    header: "Created",
    unit: "UTC",
    width: 150,
    sortable: true,
    sortFirst: "descending",
    isUsual: false,
    cell: ({ row }) => <TimeText time={row.timeCreated} show="absolute" hideZone className="text-muted" />,
  },
  {
    id: "tags",
    header: "Tags",
    width: 76,
    align: "end",
    sortable: true,
    sortFirst: "descending",
    isUsual: true,
    cell: (place) => <TagsCell place={place} />,
  },
  {
    id: "ocid",
    header: "OCID",
    width: 236,
    sortable: true,
    isUsual: false,
    cell: ({ row }) => <CopyText text={row.id} what="OCID" />,
  },
  {
    id: "cryptoEndpoint",
    header: "Crypto endpoint",
    width: 250,
    sortable: true,
    isUsual: false,
    cell: ({ row }) => <MaskedText text={row.cryptoEndpoint} what="crypto endpoint" head={20} tail={10} />,
  },
  {
    id: "managementEndpoint",
    header: "Management endpoint",
    width: 250,
    sortable: true,
    isUsual: false,
    cell: ({ row }) => <MaskedText text={row.managementEndpoint} what="management endpoint" head={20} tail={10} />,
  },
  {
    id: "actions",
    header: "Actions",
    isHeaderHidden: true,
    width: 42,
    align: "end",
    isUsual: true,
    cell: (place) => <RowMenu place={place} />,
  },
];

/** Text that may be cut, whole on hover. */
function Cut({ text }: { text: string }) {
  return (
    <span title={text} className="truncate text-muted">
      <bdi>{text}</bdi>
    </span>
  );
}

const soonMs = 7 * 86_400_000;

/** The list does not tell this date; until the vault itself has been read, its place is kept. */
function DeletionCell({ place }: { place: VaultPlace }) {
  if (!hasDeletionDate(place.row.lifecycleState)) return none;
  if (place.deletionMs === null) {
    if (place.row.details === undefined) return <Skeleton className="w-16" />;
    return <span className="text-faint">Not given</span>;
  }
  const isSoon = place.deletionMs - serverNow() < soonMs;
  return (
    <TimeText time={place.deletionMs} show="relative" className={isSoon ? "font-medium text-danger" : "text-danger"} />
  );
}

function ReplicaCell({ place }: { place: VaultPlace }) {
  const other = place.places.find((one) => one !== place);
  if (place.isReplica) {
    return (
      <Tooltip
        text={
          other ? `A replica of the vault in ${other.row.region}` : "A replica; its source is not among the vaults read"
        }
      >
        <span className="inline-flex">
          <Badge tone="info" icon={<ArrowRightLeft aria-hidden="true" />}>
            Replica
          </Badge>
        </span>
      </Tooltip>
    );
  }
  if (other) {
    return (
      <TextLink href={vaultHref(other.row)} quiet className="truncate text-muted">
        {other.row.region}
      </TextLink>
    );
  }
  if (place.row.details?.replicationId) return <span className="truncate text-muted">Elsewhere</span>;
  return none;
}

/** A vault on a narrow screen: name and state, where it is, what matters about it. At most three lines. */
export function VaultCard({ place }: { place: VaultPlace }) {
  const { row } = place;
  return (
    <div className="flex min-w-0 items-start gap-2">
      <div className="min-w-0 flex-1 space-y-0.5">
        <TextLink href={vaultHref(row)} quiet className="block truncate text-base font-medium text-ink">
          <bdi>{row.displayName}</bdi>
        </TextLink>
        <div className="flex items-center gap-2 text-xs">
          <StateBadge state={row.lifecycleState} look="plain" />
          {place.deletionMs === null ? null : (
            <TimeText time={place.deletionMs} show="relative" className="text-xs text-danger" />
          )}
        </div>
        <p className="truncate text-xs text-muted">
          {row.region} · <bdi>{place.compartmentPath}</bdi>
          {place.isReplica ? " · replica" : ""}
        </p>
      </div>
      <RowMenu place={place} />
    </div>
  );
}

/** The columns of those offered that these ids mean; without any, the usual ones. The first is always there. */
export function chosenColumns(offered: readonly VaultColumn[], ids: readonly string[]): readonly VaultColumn[] {
  return offered.filter(
    (column, index) => index === 0 || (ids.length === 0 ? column.isUsual : ids.includes(column.id)),
  );
}
