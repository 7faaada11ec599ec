"use client";

import { TextLink } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.ts";
import { cn } from "#components/ui/cn.ts";
import { dayMs } from "#lib/vault/lifecycle.ts";
import type { VaultPlace } from "#lib/vault/list.ts";
import { vaultHref } from "./vault-href.ts";

const weeks = 5;
const namesMax = 3;
const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const dayName = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** The five weeks from this one on: which vaults go on which day (UTC, as all dates here). A narrow screen has room for how many; the list below names them. */
export function DeskCalendar({ places }: { places: readonly VaultPlace[] }) {
  const now = useNow(60_000);
  if (now === null) return <div className="h-80 rounded-lg border border-line bg-surface max-md:h-56" />;
  const today = Math.floor(now / dayMs) * dayMs;
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * dayMs;
  const byDay = Map.groupBy(places, (place) => Math.floor((place.deletionMs ?? 0) / dayMs) * dayMs);
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 overflow-hidden rounded-lg border border-line bg-surface text-xs">
      <caption className="sr-only">Deletions by day, five weeks, UTC</caption>
      <thead>
        <tr>
          {weekdays.map((name) => (
            <th
              key={name}
              scope="col"
              className="border-b border-line bg-sunken px-1 py-1.5 text-left font-medium text-muted md:px-2"
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: weeks }, (_, week) => monday + week * 7 * dayMs).map((start) => (
          <tr key={start}>
            {weekdays.map((name, weekday) => {
              const day = start + weekday * dayMs;
              return <Day key={name} day={day} today={today} places={byDay.get(day) ?? []} />;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Day({ day, today, places }: { day: number; today: number; places: readonly VaultPlace[] }) {
  const isToday = day === today;
  return (
    <td
      className={cn(
        "h-12 border-r border-b border-line px-1 py-1 align-top last:border-r-0 md:h-15 md:px-2",
        day < today && "bg-sunken",
        places.length > 0 && day >= today && "bg-danger-soft",
      )}
    >
      <div className={cn("nums", isToday ? "font-semibold text-accent" : "text-faint")}>
        <span className="max-md:sr-only">{dayName.format(day)}</span>
        <span aria-hidden="true" className="md:hidden">
          {new Date(day).getUTCDate()}
        </span>
        {isToday ? <span className="max-md:sr-only"> · today</span> : ""}
      </div>
      {places.length === 0 ? null : (
        <div className="nums font-medium text-danger md:hidden">
          {places.length}
          <span className="sr-only"> {places.length === 1 ? "vault" : "vaults"}</span>
        </div>
      )}
      {places.slice(0, namesMax).map((place) => (
        <div key={place.key} className="flex min-h-6 min-w-0 items-center max-md:hidden">
          <TextLink href={vaultHref(place.row)} quiet className="inline-block min-h-6 truncate leading-6 text-danger">
            <bdi>{place.row.displayName}</bdi>
          </TextLink>
        </div>
      ))}
      {places.length > namesMax ? (
        <div className="text-muted max-md:hidden">{places.length - namesMax} more</div>
      ) : null}
    </td>
  );
}
