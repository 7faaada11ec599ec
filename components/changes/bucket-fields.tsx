"use client";

import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { TextField } from "#components/ui/field.tsx";
import { useRested } from "#components/ui/rested.ts";
import { Select } from "#components/ui/select.tsx";
import { ApiError } from "#lib/browser/api.ts";
import { type Buckets, bucketsQuery } from "#lib/browser/storage.ts";
import { type CompartmentChoice, CompartmentField } from "./compartment-field.tsx";

/** A bucket. An empty compartment means the vault's own, an empty namespace the tenancy's. */
export interface BucketChoice {
  readonly compartment: string;
  readonly namespace: string;
  readonly bucket: string;
}

export const noBucket: BucketChoice = { compartment: "", namespace: "", bucket: "" };

interface BucketFieldsProps<Choice extends BucketChoice> {
  tenancy: string;
  region: string;
  /** The compartment of the vault; empty while it is not chosen. */
  vaultCompartment: string;
  compartments: readonly CompartmentChoice[];
  choice: Choice;
  onChange: (choice: Choice) => void;
}

/** A bucket, browsed by compartment, or named where the list cannot be read; once chosen, its namespace is in the choice. */
export function BucketFields<Choice extends BucketChoice>(props: BucketFieldsProps<Choice>) {
  const { tenancy, region, vaultCompartment, compartments, choice, onChange } = props;
  const compartmentId = choice.compartment === "" ? vaultCompartment : choice.compartment;
  const buckets = useQuery({
    ...bucketsQuery({ tenancy, region, compartmentId, namespace: useRested(choice.namespace.trim()) }),
    enabled: compartmentId !== "",
  });
  const namespace = choice.namespace === "" ? (buckets.data?.namespace ?? "") : choice.namespace;
  const choose = (bucket: string) => onChange({ ...choice, bucket, namespace });
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <CompartmentField
          label="Compartment of the bucket"
          help="Where the bucket is looked for."
          compartments={compartments}
          noneLabel="The vault's compartment"
          offerNone
          value={choice.compartment}
          onChange={(compartment) => onChange({ ...choice, compartment, bucket: "" })}
        />
        <TextField
          label="Namespace"
          help="The tenancy's own, unless the bucket is another's."
          mono
          autoComplete="off"
          spellCheck={false}
          value={namespace}
          onChange={(event) => onChange({ ...choice, namespace: event.target.value, bucket: "" })}
        />
      </div>
      {buckets.error === null ? (
        <Select
          label="Bucket"
          help={bucketHelp(buckets, compartmentId, region)}
          value={choice.bucket}
          onChange={choose}
          options={[
            { value: "", label: "Choose a bucket" },
            ...(buckets.data?.names ?? []).map((name) => ({ value: name, label: name })),
          ]}
        />
      ) : (
        <>
          <ErrorBlock
            title="The buckets could not be read"
            why={buckets.error.message}
            whatToDo="Try again, or name the bucket yourself."
            requestId={buckets.error instanceof ApiError ? buckets.error.requestId : undefined}
            onRetry={() => void buckets.refetch()}
          />
          <TextField
            label="Bucket"
            mono
            autoComplete="off"
            spellCheck={false}
            value={choice.bucket}
            onChange={(event) => choose(event.target.value.trim())}
          />
        </>
      )}
    </>
  );
}

function bucketHelp(buckets: UseQueryResult<Buckets>, compartmentId: string, region: string): string {
  if (compartmentId === "") return "Choose the compartment first.";
  if (buckets.isPending) return "Reading the buckets…";
  return buckets.data?.names.length === 0 ? `There is no bucket in this compartment in ${region}.` : `In ${region}.`;
}
