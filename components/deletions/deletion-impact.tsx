"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleHelp, EyeOff } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { cn } from "#components/ui/cn.ts";
import { formatCount, formatNumber, formatTime } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { vaultActivityQuery } from "#lib/browser/activity.ts";
import { inventoryQuery } from "#lib/browser/inventory.ts";
import type { Vault, VaultUsage } from "#lib/contract/models.ts";
import { knownBackups } from "#lib/vault/backups.ts";
import type { KeysOfVault } from "./keys-of-vault.ts";

type Certainty = "known" | "hidden" | "unknown";

const looks: Record<
  Certainty,
  { readonly word: string; readonly icon: ReactNode; readonly tone: "ok" | "neutral" | "warn" }
> = {
  known: { word: "Known", icon: <CircleCheck aria-hidden="true" />, tone: "ok" },
  hidden: { word: "Not visible", icon: <EyeOff aria-hidden="true" />, tone: "neutral" },
  unknown: { word: "Unknown", icon: <CircleHelp aria-hidden="true" />, tone: "warn" },
};

interface DeletionImpactProps {
  vault: Vault;
  region: string;
  keys: KeysOfVault;
  /** Regions in which the vault has another place. */
  otherRegions: readonly string[];
  compartmentPath: string;
  /** The chosen date, epoch milliseconds. */
  timeMs: number | null;
}

/** What deleting does: now, on the date, to what else, and until when it can be undone. Each line says how sure it is. */
export function DeletionImpact({ vault, region, keys, otherRegions, compartmentPath, timeMs }: DeletionImpactProps) {
  const date = timeMs === null ? "the date" : formatTime(timeMs);
  return (
    <div className="divide-y divide-line">
      <Part title="At once">
        <Line certainty="known">
          The vault becomes <strong>Pending deletion</strong>. None of its keys can be used: what they encrypt can be
          neither read nor written until the deletion is cancelled.
        </Line>
        <Line certainty="hidden">
          Which buckets, volumes, databases and programs use its keys. OCI offers no way to look that up.
        </Line>
      </Part>
      <Part title={`On ${date}`}>
        <Line certainty="known">The vault is deleted for good. Nobody can bring it back, Oracle included.</Line>
        <KeyLines keys={keys} compartmentPath={compartmentPath} timeMs={timeMs} />
        <ReplicaLine vault={vault} otherRegions={otherRegions} />
        <BackupLine vault={vault} />
        <SameNameLine vault={vault} region={region} />
      </Part>
      <Part title="Until then">
        <Line certainty="known">
          The deletion can be cancelled until {date}, by an operator or a security admin. The vault and its keys then
          come back, except keys that are scheduled for deletion on their own.
        </Line>
        <Line certainty="known">
          The compartment <bdi className="font-medium">{compartmentPath}</bdi> cannot be deleted while the vault is in
          it.
        </Line>
      </Part>
    </div>
  );
}

/** Others of the same name: the wrong one is easily taken, and the right one is what stays. */
function SameNameLine({ vault, region }: { vault: Vault; region: string }) {
  const { data } = useQuery(inventoryQuery);
  if (data === undefined)
    return <Line certainty="unknown">Whether other vaults have the same name: the list is being read.</Line>;
  const isWhole = data.tenancies.every(({ partsRead, partsTotal }) => partsTotal > 0 && partsRead === partsTotal);
  const others = data.vaults.filter(
    (row) => row.displayName === vault.displayName && row.id !== vault.id && row.lifecycleState !== "DELETED",
  );
  if (others.length > 0) {
    return (
      <Line certainty="known" isWarning>
        {others.length === 1 ? "Another vault has" : `${formatNumber(others.length)} other vaults have`} the same name,
        in {[...new Set(others.map((row) => row.region))].join(", ")}. This one is in {region}, its OCID ends in{" "}
        <span className="font-mono">{vault.id.slice(-6)}</span>; the others stay.
      </Line>
    );
  }
  return isWhole ? (
    <Line certainty="known">No other vault has the same name.</Line>
  ) : (
    <Line certainty="unknown">Whether other vaults have the same name: not every compartment has been read.</Line>
  );
}

/** What could not be looked up, in words that complete "Go on without knowing …"; empty when all of it was read. */
export function failedLookUps(keys: KeysOfVault): readonly string[] {
  if (keys.isPending) return [];
  const unread = keys.doomed.filter(({ deletionMs }) => deletionMs === null).length;
  return [
    ...(keys.usage === null ? ["how many keys go with it"] : []),
    ...(keys.keys === null ? ["which keys they are, and whether one has a later date of its own"] : []),
    ...(unread > 0 ? [`the own dates of ${formatCount(unread, "key")}`] : []),
  ];
}

/** The same of what is looked up besides the keys: this console's receipts, and the list of all vaults. */
export function useFailedLists(vault: Vault): readonly string[] {
  const receipts = useQuery({ ...vaultActivityQuery(vault.id), enabled: vault.vaultType === "VIRTUAL_PRIVATE" });
  const inventory = useQuery(inventoryQuery);
  const isPartly = inventory.data?.tenancies.some(
    ({ partsRead, partsTotal, isScanning }) => partsRead < partsTotal && !isScanning,
  );
  return [
    ...(receipts.data === undefined && receipts.error !== null ? ["whether there is a backup of it"] : []),
    ...(isPartly === true || (inventory.data === undefined && inventory.error !== null)
      ? ["whether another vault has its name"]
      : []),
  ];
}

/** The last backup this console knows of; what was made elsewhere it cannot know. */
function BackupLine({ vault }: { vault: Vault }) {
  const { data, error } = useQuery(vaultActivityQuery(vault.id));
  if (vault.vaultType !== "VIRTUAL_PRIVATE") {
    return <Line certainty="known">There is no backup of it: only virtual private vaults can be backed up.</Line>;
  }
  const [last] = data === undefined ? [] : knownBackups(data.entries);
  if (last === undefined) {
    return (
      <Line certainty="unknown">
        {data === undefined
          ? error === null
            ? "Whether there is a backup of this vault: the receipts are being read."
            : `Whether there is a backup of this vault: the receipts could not be read. ${error.message}`
          : "Whether there is a backup of this vault: none was made through this console. Others lie in buckets this page does not search."}
      </Line>
    );
  }
  return (
    <Line certainty="known">
      The last backup made through this console is of {formatTime(last.at)}
      {last.object === null ? (
        ", to a pre-authenticated URL"
      ) : (
        <>
          : <bdi className="font-medium">{last.object.objectName}</bdi> in <bdi>{last.object.bucket}</bdi>
        </>
      )}
      {last.includesKeys ? ", keys included." : ", metadata only: its keys are in no backup."} What changed since is not
      in it.
    </Line>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="px-4 py-3">
      <h3 className="nums text-sm">{title}</h3>
      <ul className="mt-2 space-y-2">{children}</ul>
    </div>
  );
}

function Line({
  certainty,
  isWarning = false,
  children,
}: {
  certainty: Certainty;
  isWarning?: boolean;
  children: ReactNode;
}) {
  const { word, icon, tone } = looks[certainty];
  return (
    <li className="flex flex-col gap-x-3 gap-y-0.5 text-sm sm:flex-row sm:items-start">
      <span className="w-25 shrink-0">
        <Badge tone={tone} icon={icon}>
          {word}
        </Badge>
      </span>
      <div className={cn("min-w-0 flex-1 text-pretty", isWarning && "font-medium text-danger")}>{children}</div>
    </li>
  );
}

function KeyLines({
  keys,
  compartmentPath,
  timeMs,
}: {
  keys: KeysOfVault;
  compartmentPath: string;
  timeMs: number | null;
}) {
  if (keys.isPending) {
    return (
      <li aria-busy="true" className="flex gap-3">
        <Skeleton className="h-5 w-22" />
        <Skeleton className="mt-1 w-3/5" />
      </li>
    );
  }
  return (
    <>
      {keys.usage === null ? (
        <Line certainty="unknown">How many keys go with it: the counts could not be read.</Line>
      ) : (
        <Line certainty="known">{countWords(keys.usage)} with it.</Line>
      )}
      {keys.keys === null ? (
        <Line certainty="unknown">The names of its keys: the list could not be read. {keys.keysError?.message}</Line>
      ) : keys.keys.length > 0 ? (
        <Line certainty="known">
          In {compartmentPath}: <NameList names={keys.keys.map((key) => key.displayName)} />
        </Line>
      ) : null}
      {keys.keysElsewhere !== null && keys.keysElsewhere > 0 ? (
        <Line certainty="hidden">
          {formatCount(keys.keysElsewhere, "key")} in other compartments, which this page does not list.
        </Line>
      ) : null}
      <DoomedLine keys={keys} timeMs={timeMs} />
    </>
  );
}

/** How many keys go with the vault: "3 HSM keys (5 versions) are deleted". */
export function countWords(usage: VaultUsage): string {
  const kinds = [
    [usage.keyCount, usage.keyVersionCount, "HSM key"],
    [usage.softwareKeyCount ?? 0, usage.softwareKeyVersionCount ?? 0, "software key"],
  ] as const;
  const parts = kinds.flatMap(([keys, versions, name]) =>
    keys === 0 ? [] : [`${formatCount(keys, name)} (${formatCount(versions, "version")})`],
  );
  if (parts.length === 0) return "No key goes";
  return `${parts.join(" and ")} ${usage.keyCount + (usage.softwareKeyCount ?? 0) === 1 ? "is deleted" : "are deleted"}`;
}

/** A vault cannot go before its last key: the service answers 409 when a key's own date is later. */
function DoomedLine({ keys, timeMs }: { keys: KeysOfVault; timeMs: number | null }) {
  if (keys.doomed.length === 0) return null;
  const later = laterKeys(keys, timeMs);
  if (later.length > 0) {
    return (
      <Line certainty="known" isWarning>
        {later.length === 1 ? "A key is" : `${later.length} keys are`} scheduled for deletion later than this date:{" "}
        {later.map(({ key, deletionMs }) => `${key.displayName} (${formatTime(deletionMs ?? 0)})`).join(", ")}. The
        service refuses such a date: choose a later one, or cancel the deletion of the{" "}
        {later.length === 1 ? "key" : "keys"}.
      </Line>
    );
  }
  const unread = keys.doomed.filter((one) => one.deletionMs === null).length;
  return (
    <Line certainty={unread > 0 ? "unknown" : "known"}>
      {formatCount(keys.doomed.length, "key")} in it {keys.doomed.length === 1 ? "is" : "are"} scheduled for deletion on{" "}
      {keys.doomed.length === 1 ? "its" : "their"} own
      {unread > 0
        ? `; ${unread === 1 ? "one date" : `${unread} dates`} could not be read. If one is later than the vault's, the service refuses.`
        : ", none later than this date."}
    </Line>
  );
}

/** Keys whose own deletion date is known to be later than the vault's would be. */
export function laterKeys(keys: KeysOfVault, timeMs: number | null): KeysOfVault["doomed"] {
  if (timeMs === null) return [];
  return keys.doomed.filter((one) => one.deletionMs !== null && one.deletionMs > timeMs);
}

function ReplicaLine({ vault, otherRegions }: { vault: Vault; otherRegions: readonly string[] }) {
  if (otherRegions.length > 0)
    return <Line certainty="known">Its replica in {otherRegions.join(", ")} is deleted with it.</Line>;
  if (vault.replicaDetails?.replicationId != null)
    return <Line certainty="known">It has a replica in another region, which is deleted with it.</Line>;
  return <Line certainty="known">It has no replica.</Line>;
}

const namesShown = 8;

function NameList({ names }: { names: readonly string[] }) {
  const rest = names.length - namesShown;
  return (
    <span className="wrap-anywhere">
      {names.slice(0, namesShown).map((name, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names repeat, the order does not change
        <span key={index}>
          {index > 0 ? ", " : ""}
          <bdi className="font-medium">{name}</bdi>
        </span>
      ))}
      {rest > 0 ? ` and ${rest} more` : ""}.
    </span>
  );
}
