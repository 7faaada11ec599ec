"use client";

import { FolderTree } from "lucide-react";
import { useId } from "react";
import { Picker, type PickerOption } from "#components/ui/picker.tsx";

/** A compartment that can be chosen; `compartmentsOf` gives them as the tree is read, a parent before what is in it. */
export interface CompartmentChoice {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly depth: number;
}

interface CompartmentFieldProps {
  label: string;
  help?: string;
  error?: string | undefined;
  compartments: readonly CompartmentChoice[];
  /** Empty while none is chosen. */
  value: string;
  onChange: (id: string) => void;
  /** Shown while none is chosen, and offered as a choice when `offerNone`. */
  noneLabel?: string;
  offerNone?: boolean;
}

/** The tree of compartments, to be searched by name or path. */
export function CompartmentField(props: CompartmentFieldProps) {
  const { label, help, error, compartments, value, onChange, noneLabel = "Choose a compartment", offerNone } = props;
  const id = useId();
  const options = compartments.map(({ id: each, name, path, depth }): PickerOption => {
    const option: PickerOption = { id: each, label: name, depth };
    if (depth > 1) option.hint = path;
    return option;
  });
  const chosen = compartments.find((each) => each.id === value);
  return (
    <div className="min-w-0">
      <span aria-hidden="true" className="text-sm font-medium">
        {label}
      </span>
      {help === undefined ? null : <p className="text-xs text-pretty text-muted">{help}</p>}
      <Picker
        look="field"
        single
        label={label}
        icon={<FolderTree aria-hidden="true" className="text-faint" />}
        allLabel={noneLabel}
        offerAll={offerNone ?? false}
        searchLabel="Search compartments"
        emptyText="No compartment is called so."
        options={options}
        value={value === "" ? [] : [value]}
        onChange={([first]) => onChange(first ?? "")}
        describedBy={error === undefined ? undefined : `${id}-error`}
        className="mt-1"
      />
      {chosen !== undefined && chosen.path !== chosen.name ? (
        <p className="mt-1 text-xs wrap-anywhere text-muted">{chosen.path}</p>
      ) : null}
      <p id={`${id}-error`} role="alert" className={error === undefined ? "hidden" : "mt-1 text-xs text-danger"}>
        {error}
      </p>
    </div>
  );
}
