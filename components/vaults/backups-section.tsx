"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { buttonClass } from "#components/ui/button.tsx";
import { Section } from "#components/ui/card.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { vaultActivityQuery } from "#lib/browser/activity.ts";
import { useRole } from "#lib/browser/session.ts";
import { backupObjectQuery, objectHref } from "#lib/browser/storage.ts";
import { type KnownBackup, knownBackups } from "#lib/vault/backups.ts";

const shownMax = 5;

/** Backups made through this console, and whether each is still in its bucket. */
export function BackupsSection({ vaultId }: { vaultId: string }) {
  const { data, error } = useQuery(vaultActivityQuery(vaultId));
  const backups = data === undefined ? null : knownBackups(data.entries);
  return (
    <Section
      title="Backups"
      description="Made through this console. Oracle keeps no list of a vault's backups."
      count={backups?.length}
      flush
    >
      {backups === null ? (
        error === null ? (
          <div className="p-4" aria-busy="true">
            <Skeleton className="w-1/2" />
          </div>
        ) : (
          <p className="p-4 text-sm text-muted">The receipts could not be read.</p>
        )
      ) : backups.length === 0 ? (
        <p className="p-4 text-sm text-muted">None. One made elsewhere would not be known here.</p>
      ) : (
        <ul className="divide-y divide-line">
          {backups.slice(0, shownMax).map((backup) => (
            <BackupRow key={backup.receiptId} backup={backup} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function BackupRow({ backup }: { backup: KnownBackup }) {
  const { object, at, includesKeys } = backup;
  return (
    <li className="space-y-1 px-4 py-2.5 text-sm">
      <p className="wrap-anywhere">
        {object === null ? (
          "To a pre-authenticated URL"
        ) : (
          <>
            <bdi className="font-medium">{object.objectName}</bdi> in <bdi>{object.bucket}</bdi>
          </>
        )}
      </p>
      <p className="text-xs text-muted">
        {includesKeys ? "Vault and keys" : "Metadata only"}, <TimeText time={at} />
      </p>
      {backup.isReplaced ? (
        <p className="text-xs text-warn">A later backup was written to the same object: this one is no longer there.</p>
      ) : object === null ? null : (
        <BackupObject backup={backup} object={object} />
      )}
    </li>
  );
}

function BackupObject({ backup, object }: { backup: KnownBackup; object: NonNullable<KnownBackup["object"]> }) {
  const scope = { tenancy: backup.tenancy, region: backup.region, ...object };
  const { data, isPending, error } = useQuery({ ...backupObjectQuery(scope), staleTime: 60_000 });
  const role = useRole();
  if (isPending) return <Skeleton className="w-24" />;
  if (error !== null)
    return <p className="text-xs text-muted">Whether it is still there is not known: {error.message}</p>;
  if (data === null) return <p className="text-xs text-warn">No longer in the bucket, or not written yet.</p>;
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
      {data.size == null ? "In the bucket" : formatBytes(data.size)}
      {role === "operator" || role === "admin" ? (
        <a href={objectHref(scope)} download className={buttonClass("secondary", "sm")}>
          <Download aria-hidden="true" />
          Download
        </a>
      ) : null}
    </p>
  );
}
