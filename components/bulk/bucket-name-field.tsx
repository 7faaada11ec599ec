"use client";

import { useQueries } from "@tanstack/react-query";
import { useId } from "react";
import { TextField } from "#components/ui/field.tsx";
import { useRested } from "#components/ui/rested.ts";
import { bucketsQuery, objectsQuery } from "#lib/browser/storage.ts";
import type { VaultPlace } from "#lib/vault/list.ts";

/** Compartments looked into for buckets to suggest: a call each, and a person waits for others meanwhile. */
const compartmentsMax = 8;

interface BucketNameFieldProps {
  places: readonly VaultPlace[];
  /** By tenancy OCID, without those that could not be read; null while they are being read. */
  namespaces: Readonly<Record<string, string>> | null;
  value: string;
  onChange: (bucket: string) => void;
}

/** The bucket of many backups: those beside the vaults are suggested, any may be named, and it is looked for in every region first. */
export function BucketNameField({ places, namespaces, value, onChange }: BucketNameFieldProps) {
  const id = useId();
  const beside = [...new Map(places.map(({ row }) => [`${row.region} ${row.compartmentId}`, row])).values()];
  const known = useQueries({
    queries: beside.slice(0, compartmentsMax).map(({ tenancy, region, compartmentId }) => ({
      ...bucketsQuery({ tenancy, region, compartmentId, namespace: namespaces?.[tenancy] ?? "" }),
      enabled: namespaces?.[tenancy] !== undefined,
    })),
  });
  const names = [...new Set(known.flatMap(({ data }) => data?.names ?? []))].sort();
  return (
    <div className="space-y-2">
      <TextField
        label="Bucket"
        help="One of this name in each vault's region; those beside the vaults are suggested. Every vault gets an object of its own, named after it and the time."
        mono
        autoComplete="off"
        spellCheck={false}
        list={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={id}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <BucketCheck places={places} namespaces={namespaces} bucket={value} />
    </div>
  );
}

/** Whether the bucket can be read in every region the backups are made in, said before any of them is sent. */
function BucketCheck({
  places,
  namespaces,
  bucket: typed,
}: Pick<BucketNameFieldProps, "places" | "namespaces"> & { bucket: string }) {
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
