"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { useNow } from "#components/ui/clock.ts";
import { formatCount, formatTime } from "#components/ui/format.ts";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { vaultActivityQuery } from "#lib/browser/activity.ts";
import { serverNow } from "#lib/browser/api.ts";
import type { BulkDeletion } from "#lib/browser/bulk.ts";
import { knownBackups } from "#lib/vault/backups.ts";
import type { VaultPlace } from "#lib/vault/list.ts";
import { type DateChoice, DeletionDate, readDateChoice } from "./deletion-date.tsx";
import { countWords, failedLookUps, laterKeys } from "./deletion-impact.tsx";
import { type KeysOfVault, readKeysOfVault } from "./keys-of-vault.ts";

interface ManyDeletionsProps {
  /** Those that can be deleted at all. */
  places: readonly VaultPlace[];
  children: (deletion: BulkDeletion) => ReactNode;
}

/** When many vaults are deleted and what goes with each, known before anything is sent; the dialog around it asks the rest. */
export function ManyDeletions({ places, children }: ManyDeletionsProps) {
  const nowMs = useNow(10_000) ?? serverNow();
  const [choice, setChoice] = useState<DateChoice>({ kind: "days", days: 30 });
  const [isUnknownTaken, setIsUnknownTaken] = useState(false);
  const keys = useKeysOfMany(places);
  const { timeMs, problem } = readDateChoice(choice, nowMs);
  const refused = new Map<string, string>();
  for (const { key, row } of places) {
    const late = lateKeysOf(keys.get(key), timeMs);
    if (late !== null) refused.set(row.id, late);
  }
  const unknown = [...keys.values()].filter((found) => failedLookUps(found).length > 0).length;
  return children({
    // The window is counted when a request arrives, so each date is worked out when its turn comes.
    timeAt: (now) => readDateChoice(choice, now).timeMs,
    refused,
    problem:
      problem ??
      (keys.size < places.length
        ? "What goes with them is still being read."
        : unknown > 0 && !isUnknownTaken
          ? "Not everything could be looked up: say that you go on without it."
          : null),
    fields: (
      <>
        <DeletionDate
          label="When are they deleted for good?"
          choice={choice}
          onChange={setChoice}
          nowMs={nowMs}
          longWait={null}
        />
        <p className="text-sm text-pretty">
          At once none of their keys can be used any more; replicas go with them, and vaults with a key that is due
          later stay as they are. Until the date each deletion can be cancelled.
        </p>
        <WhatGoes places={places} keys={keys} timeMs={timeMs} />
        {unknown === 0 ? null : (
          <Checkbox
            label={`Go on without knowing everything about ${formatCount(unknown, "vault")}`}
            checked={isUnknownTaken}
            onCheckedChange={setIsUnknownTaken}
          />
        )}
      </>
    ),
  });
}

/** By key of the place; a vault that is not in it has not been looked into yet. */
type KeysOfMany = ReadonlyMap<string, KeysOfVault>;

const atOnce = 3;

/** Looks into the vaults a few at a time, in the order they are shown; the console's server keeps to the read budget. */
function useKeysOfMany(places: readonly VaultPlace[]): KeysOfMany {
  const client = useQueryClient();
  const [keys, setKeys] = useState<KeysOfMany>(new Map());
  useEffect(() => {
    let isLeft = false;
    const queue = [...places];
    const work = async () => {
      for (let place = queue.shift(); place !== undefined && !isLeft; place = queue.shift()) {
        const { key, row } = place;
        const at = { tenancy: row.tenancy, region: row.region, vaultId: row.id };
        const found = await readKeysOfVault(client, at, row.compartmentId);
        if (!isLeft) setKeys((now) => new Map(now).set(key, found));
      }
    };
    for (let worker = 0; worker < atOnce; worker += 1) void work();
    return () => {
      isLeft = true;
    };
  }, [client, places]);
  return keys;
}

/** Why the service would refuse this date for a vault, the keys named; null when no key of it is known to be due later. */
function lateKeysOf(found: KeysOfVault | undefined, timeMs: number | null): string | null {
  const later = found === undefined ? [] : laterKeys(found, timeMs);
  if (later.length === 0) return null;
  const names = later.map(({ key, deletionMs }) => `${key.displayName} (${formatTime(deletionMs ?? 0)})`).join(", ");
  return `${later.length === 1 ? "A key is" : "Keys are"} scheduled for deletion later than this date: ${names}. The service refuses such a date.`;
}

interface WhatGoesProps {
  places: readonly VaultPlace[];
  keys: KeysOfMany;
  /** The chosen date, epoch milliseconds. */
  timeMs: number | null;
}

/** What goes with each vault, before anything is sent. */
function WhatGoes({ places, keys, timeMs }: WhatGoesProps) {
  const isReading = keys.size < places.length;
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap justify-between gap-x-3 text-sm">
        <h3 className="font-medium">What goes with them</h3>
        <span className="nums text-muted" role="status">
          {isReading ? `${keys.size} of ${formatCount(places.length, "vault")} looked into` : "All looked into"}
        </span>
      </div>
      <ProgressBar label="Vaults looked into" max={places.length} value={keys.size} />
      <ul
        aria-label="What goes with each vault"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard
        tabIndex={0}
        className="max-h-60 divide-y divide-line overflow-y-auto rounded-lg border border-line"
      >
        {places.map((place) => (
          <ImpactRow key={place.key} place={place} found={keys.get(place.key)} timeMs={timeMs} />
        ))}
      </ul>
    </div>
  );
}

function ImpactRow({
  place,
  found,
  timeMs,
}: {
  place: VaultPlace;
  found: KeysOfVault | undefined;
  timeMs: number | null;
}) {
  const { row, compartmentPath, places } = place;
  const late = lateKeysOf(found, timeMs);
  const others = places.filter(({ key }) => key !== place.key).map((each) => each.row.region);
  return (
    <li className="px-3 py-2 text-sm">
      <p className="wrap-anywhere">
        <bdi className="font-medium">{row.displayName}</bdi>{" "}
        <span className="text-muted">
          {row.region}, <bdi>{compartmentPath}</bdi>, OCID ends in <span className="font-mono">{row.id.slice(-6)}</span>
        </span>
      </p>
      {found === undefined ? (
        <Skeleton className="mt-1 h-4 w-2/5" />
      ) : (
        <p className="text-pretty text-muted">
          {found.usage === null ? "" : `${countWords(found.usage)} with it. `}
          {others.length === 0 ? "" : `Its replica in ${others.join(", ")} goes too. `}
          <LastBackup place={place} />
        </p>
      )}
      {found === undefined || failedLookUps(found).length === 0 ? null : (
        <p className="text-pretty text-warn">Not known: {failedLookUps(found).join("; ")}.</p>
      )}
      {late === null ? null : <p className="text-pretty text-danger">{late}</p>}
    </li>
  );
}

function LastBackup({ place: { row } }: { place: VaultPlace }) {
  const isKept = row.vaultType === "VIRTUAL_PRIVATE";
  const { data } = useQuery({ ...vaultActivityQuery(row.id), enabled: isKept });
  if (!isKept) return "It cannot be backed up.";
  if (data === undefined) return null;
  const [last] = knownBackups(data.entries);
  return last === undefined
    ? "No backup of it was made through this console."
    : `Last backup made through this console: ${formatTime(last.at)}${last.includesKeys ? ", keys included." : ", metadata only."}`;
}
