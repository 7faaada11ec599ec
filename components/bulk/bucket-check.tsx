"use client";

import { useQueries } from "@tanstack/react-query";
import { useRested } from "#components/ui/rested.ts";
import { objectsQuery } from "#lib/browser/storage.ts";
import type { VaultPlace } from "#lib/vault/list.ts";

interface BucketCheckProps {
  places: readonly VaultPlace[];
  /** By tenancy OCID, without those that could not be read; null while they are being read. */
  namespaces: Readonly<Record<string, string>> | null;
  bucket: string;
}

/** Whether the bucket can be read in every region the backups are made in, said before any of them is sent. */
export function BucketCheck({ places, namespaces, bucket: typed }: BucketCheckProps) {
  const bucket = useRested(typed.trim());
  const where = [...new Map(places.map(({ row }) => [`${row.tenancy} ${row.region}`, row])).values()];
  const found = useQueries({
    queries: where.map(({ tenancy, region }) => ({
      ...objectsQuery({ tenancy, region, namespace: namespaces?.[tenancy] ?? "", bucket, prefix: "" }),
      enabled: bucket !== "" && namespaces?.[tenancy] !== undefined,
    })),
  });
  if (bucket === "") return null;
  const isReading = namespaces === null || found.some(({ isFetching }) => isFetching);
  const missing = where.filter((_, at) => found[at]?.data === undefined).map(({ region }) => region);
  return (
    <p role="status" className={missing.length > 0 ? "text-sm text-warn" : "text-sm text-muted"}>
      {isReading
        ? "Looking for the bucket…"
        : missing.length > 0
          ? `No bucket “${bucket}” could be read in ${missing.join(", ")}: the backups there will be refused.`
          : `There is a bucket “${bucket}” in ${where.map(({ region }) => region).join(", ")}.`}
    </p>
  );
}
