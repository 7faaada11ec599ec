"use client";

import { CalendarDays, CalendarSync, CalendarX2, RotateCcw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, TextLink } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { CheckboxBox } from "#components/ui/checkbox.tsx";
import { useNow } from "#components/ui/clock.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { formatCount, formatSpan, formatTime } from "#components/ui/format.ts";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { saveFile } from "#components/ui/save-file.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { WindowBar } from "#components/ui/window-bar.tsx";
import { serverNow, wordsOf } from "#lib/browser/api.ts";
import { useRole } from "#lib/browser/session.ts";
import type { ConsoleRole, VaultRow } from "#lib/contract/api.ts";
import { judgeAction } from "#lib/vault/actions.ts";
import { deletionCalendar } from "#lib/vault/ics.ts";
import { dayMs, deletionWindowDays, hasDeletionDate } from "#lib/vault/lifecycle.ts";
import type { VaultIndex, VaultPlace } from "#lib/vault/list.ts";
import { DataAge } from "./data-age.tsx";
import { DeskCalendar } from "./desk-calendar.tsx";
import { useVaultIndex } from "./inventory-state.ts";
import { StateBadge } from "./state-badge.tsx";
import { vaultHref } from "./vault-href.ts";

interface DeletionDeskProps {
  onCancel: (row: VaultRow) => void;
  /** Opens the dialog of the calendar link. */
  onFollow: () => void;
  /** What can be done to the vaults that are chosen; `onKeep` leaves only these chosen. */
  renderBulk: (chosen: readonly VaultPlace[], onKeep: (keys: readonly string[]) => void) => ReactNode;
}

/** Every vault on its way out, everywhere, by the time that is left to save it. */
export function DeletionDesk({ onCancel, onFollow, renderBulk }: DeletionDeskProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { inventory, index, error, refetch, isFetching } = useVaultIndex();
  const places = index === null ? null : pendingPlaces(index);
  const dated = places?.filter((place) => place.deletionMs !== null) ?? [];
  return (
    <Page>
      <PageHeader
        title="Deletion desk"
        description={
          <span role="status">
            {places === null ? "Reading the vaults…" : `${formatCount(places.length, "vault")} on the way out`}
          </span>
        }
        actions={
          <>
            <Button icon={<CalendarSync aria-hidden="true" />} onClick={onFollow}>
              Follow in calendar…
            </Button>
            <Button
              icon={<CalendarDays aria-hidden="true" />}
              disabled={dated.length === 0}
              onClick={() => saveFile(calendarOf(dated), "vault-deletions.ics", "text/calendar;charset=utf-8")}
            >
              Download calendar (.ics)
            </Button>
          </>
        }
      />
      {inventory === null ? null : <DataAge inventory={inventory} />}
      {places === null ? (
        error === null ? (
          <DeskSkeleton />
        ) : (
          <ErrorBlock
            look="page"
            {...wordsOf(error, "The list of vaults could not be understood.")}
            onRetry={() => void refetch()}
            retrying={isFetching}
          />
        )
      ) : places.length === 0 ? (
        <Card>
          <EmptyState icon={<CalendarX2 />} title="No vault is scheduled for deletion" level={2}>
            Vaults whose deletion is scheduled show up here, by the time that is left to save them.
          </EmptyState>
        </Card>
      ) : (
        <>
          <DeskCalendar places={dated} />
          {renderBulk(
            places.filter(({ key }) => chosen.has(key)),
            (keys) => setChosen(new Set(keys)),
          )}
          <DeskList places={places} onCancel={onCancel} chosen={chosen} onChosenChange={setChosen} />
        </>
      )}
    </Page>
  );
}

/** Least time left first; those whose date has not been read last. A replica goes with its source and has no line. */
function pendingPlaces(index: VaultIndex): VaultPlace[] {
  const time = (place: VaultPlace) => place.deletionMs ?? Number.POSITIVE_INFINITY;
  return index.places
    .filter((place) => hasDeletionDate(place.row.lifecycleState) && !place.isReplica)
    .sort((a, b) => time(a) - time(b));
}

function calendarOf(places: readonly VaultPlace[]): string {
  const events = places.flatMap(({ row, compartmentPath, deletionMs }) =>
    deletionMs === null
      ? []
      : [{ displayName: row.displayName, region: row.region, id: row.id, compartmentPath, deletionMs }],
  );
  return deletionCalendar(events, serverNow());
}

interface DeskListProps {
  places: readonly VaultPlace[];
  onCancel: (row: VaultRow) => void;
  chosen: ReadonlySet<string>;
  onChosenChange: (chosen: ReadonlySet<string>) => void;
}

function DeskList({ places, onCancel, chosen, onChosenChange }: DeskListProps) {
  const now = useNow(1000);
  const role = useRole();
  return (
    <ul aria-label="Vaults by time left" className="divide-y divide-line rounded-lg border border-line bg-surface">
      {places.map((place) => (
        <DeskRow
          key={place.key}
          place={place}
          now={now}
          role={role}
          onCancel={onCancel}
          isChosen={chosen.has(place.key)}
          onChosen={(isChosen) => {
            const next = new Set(chosen);
            if (isChosen) next.add(place.key);
            else next.delete(place.key);
            onChosenChange(next);
          }}
        />
      ))}
    </ul>
  );
}

interface DeskRowProps {
  place: VaultPlace;
  now: number | null;
  role: ConsoleRole;
  onCancel: (row: VaultRow) => void;
  isChosen: boolean;
  onChosen: (isChosen: boolean) => void;
}

function DeskRow({ place, now, role, onCancel, isChosen, onChosen }: DeskRowProps) {
  const { row, deletionMs } = place;
  const verdict = judgeAction("cancelVaultDeletion", { ...row, isPrimary: row.details?.isPrimary ?? null }, role);
  const others = place.places.filter((each) => each !== place).map((each) => each.row.region);
  return (
    <li className="grid items-center gap-x-6 gap-y-3 px-4 py-3 grid-cols-[auto_minmax(0,1fr)] md:grid-cols-[auto_minmax(0,1fr)_minmax(0,1fr)_auto]">
      <CheckboxBox
        aria-label={`Select ${row.displayName} in ${row.region}`}
        checked={isChosen}
        onCheckedChange={(isOn) => onChosen(isOn)}
      />
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <TextLink href={vaultHref(row)} className="min-w-0 font-medium wrap-anywhere">
            <bdi>{row.displayName}</bdi>
          </TextLink>
          <StateBadge state={row.lifecycleState} look="plain" />
        </div>
        <p className="text-xs text-muted wrap-anywhere">
          {row.region} · <bdi>{place.compartmentPath}</bdi> · <bdi>{place.tenancyName}</bdi>
          {others.length > 0 ? ` · its replica in ${others.join(", ")} goes too` : ""}
        </p>
      </div>
      {deletionMs === null ? (
        <div className="space-y-2 max-md:col-start-2">
          <Skeleton className="w-24" />
          <Skeleton className="w-full" />
        </div>
      ) : (
        <TimeLeft deletionMs={deletionMs} now={now} />
      )}
      <div className="justify-self-start max-md:col-start-2 md:justify-self-end">
        <Button
          size="sm"
          icon={<RotateCcw aria-hidden="true" />}
          disabledReason={verdict.isAllowed ? undefined : verdict.reason}
          aria-label={`Cancel deletion of ${row.displayName}`}
          onClick={() => onCancel(row)}
        >
          Cancel deletion…
        </Button>
      </div>
    </li>
  );
}

/** When it was scheduled is not told by the service; the bar shows the longest window there is. */
function TimeLeft({ deletionMs, now }: { deletionMs: number; now: number | null }) {
  const start = deletionMs - deletionWindowDays.maximum * dayMs;
  const left = now === null ? null : deletionMs - now;
  const words = left === null ? "\u00a0" : left <= 0 ? "Being deleted" : `${formatSpan(left, 2)} left`;
  return (
    <div className="min-w-0 max-md:col-start-2">
      <div className="nums flex flex-wrap justify-between gap-x-3 text-sm">
        <span className={left !== null && left < 7 * dayMs ? "font-semibold text-danger" : "font-medium"}>{words}</span>
        <span className="text-muted">{formatTime(deletionMs)}</span>
      </div>
      <WindowBar
        label={`Deleted for good on ${formatTime(deletionMs)}`}
        start={start}
        end={deletionMs}
        now={Math.min(now ?? start, deletionMs)}
      />
    </div>
  );
}

function DeskSkeleton() {
  return (
    <Card className="divide-y divide-line">
      {["a", "b", "c", "d"].map((key) => (
        <div key={key} className="flex h-16 items-center gap-6 px-4">
          <Skeleton className="w-1/4" />
          <Skeleton className="w-1/3" />
        </div>
      ))}
    </Card>
  );
}
