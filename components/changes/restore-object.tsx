"use client";

import { useQuery } from "@tanstack/react-query";
import { TextField } from "#components/ui/field.tsx";
import { formatBytes, formatTime } from "#components/ui/format.ts";
import { useRested } from "#components/ui/rested.ts";
import { objectsQuery } from "#lib/browser/storage.ts";
import { type BucketChoice, BucketFields } from "./bucket-fields.tsx";
import type { CompartmentChoice } from "./compartment-field.tsx";

/** An object of a bucket. */
export interface ObjectChoice extends BucketChoice {
  readonly objectName: string;
}

interface ObjectSourceProps {
  tenancy: string;
  region: string;
  vaultCompartment: string;
  compartments: readonly CompartmentChoice[];
  choice: ObjectChoice;
  onChange: (choice: ObjectChoice) => void;
}

/** Finding a backup: its bucket, and the objects in it whose names begin as typed. */
export function ObjectSource(props: ObjectSourceProps) {
  const { tenancy, region, choice, onChange } = props;
  const chooseBucket = (next: ObjectChoice) =>
    onChange(next.bucket === choice.bucket ? next : { ...next, objectName: "" });
  return (
    <>
      <BucketFields {...props} onChange={chooseBucket} />
      <TextField
        label="Object name"
        help="Choose below, or type how it begins."
        mono
        maxLength={1024}
        spellCheck={false}
        autoComplete="off"
        value={choice.objectName}
        onChange={(event) => onChange({ ...choice, objectName: event.target.value })}
      />
      {choice.bucket === "" ? null : (
        <ObjectList
          scope={{ tenancy, region, namespace: choice.namespace, bucket: choice.bucket }}
          chosen={choice.objectName}
          onChoose={(objectName) => onChange({ ...choice, objectName })}
        />
      )}
    </>
  );
}

interface ObjectListProps {
  scope: { readonly tenancy: string; readonly region: string; readonly namespace: string; readonly bucket: string };
  chosen: string;
  onChoose: (name: string) => void;
}

function ObjectList({ scope, chosen, onChoose }: ObjectListProps) {
  const prefix = useRested(chosen);
  const objects = useQuery({ ...objectsQuery({ ...scope, prefix }), placeholderData: (previous) => previous });
  if (objects.isPending) return <p className="text-xs text-muted">Reading the objects…</p>;
  if (objects.error !== null) {
    return (
      <p role="alert" className="text-xs text-danger">
        The objects could not be read: {objects.error.message}
      </p>
    );
  }
  if (objects.data.objects.length === 0) {
    return <p className="text-xs text-muted">No object's name begins like this.</p>;
  }
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">Objects in {scope.bucket}</legend>
      <div className="max-h-64 divide-y divide-line overflow-y-auto rounded-lg border border-line">
        {objects.data.objects.map((object) => (
          <label
            key={object.name}
            className="flex cursor-pointer items-baseline gap-3 px-3 py-2 text-sm hover:bg-sunken has-focus-visible:bg-sunken"
          >
            <input
              type="radio"
              name="backup-object"
              checked={object.name === chosen}
              onChange={() => onChoose(object.name)}
              className="accent-accent"
            />
            <span className="min-w-0 flex-1 font-mono text-xs wrap-anywhere">
              <bdi>{object.name}</bdi>
            </span>
            <span className="nums shrink-0 text-right text-xs text-muted">
              {object.size == null ? "" : formatBytes(object.size)}
              <br />
              {object.timeCreated == null ? "" : formatTime(object.timeCreated)}
            </span>
          </label>
        ))}
      </div>
      {objects.data.hasMore ? (
        <p className="mt-1 text-xs text-muted">The first {objects.data.objects.length}; type more of the name.</p>
      ) : null}
    </fieldset>
  );
}
