"use client";

import { Button } from "#components/ui/button.tsx";
import { Chip, RemovableChip } from "#components/ui/chip.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { FacetValue, VaultFacets, VaultFilter } from "#lib/vault/list.ts";
import type { ListFilter, ViewState } from "./view-state.ts";

/** States and types as switches with counts, what was chosen in the pickers as chips to take off, and one way back. */
export function FilterChips({ facets, view }: { facets: VaultFacets | null; view: ViewState }) {
  if (facets === null) return <ChipsSkeleton />;
  const pressed = (name: "states" | "types") => (value: FacetValue) => (
    <Chip
      key={value.value}
      pressed={value.isChosen}
      count={value.count}
      onPressedChange={(isOn) => view.choose(name, withValue(view.filter[name], value.value, isOn))}
      className={value.count === 0 && !value.isChosen ? "text-faint" : ""}
    >
      {value.label}
    </Chip>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this groups the filters of a list
    <div
      role="group"
      aria-label="Filters"
      className="scroll-thin -mx-4 flex min-h-8 items-center gap-1.5 overflow-x-auto px-4 py-0.5 sm:mx-0 sm:flex-wrap sm:overflow-visible sm:px-0"
    >
      {inLifeOrder(facets.states).map(pressed("states"))}
      {facets.states.length > 0 && facets.types.length > 0 ? (
        <span aria-hidden="true" className="mx-1 h-4 shrink-0 border-l border-line-strong" />
      ) : null}
      {facets.types.map(pressed("types"))}
      <Chosen facets={facets} filter={view.filter} choose={view.choose} />
      {view.isFiltered ? (
        <Button variant="ghost" size="sm" onClick={view.clear}>
          Clear all
        </Button>
      ) : null}
    </div>
  );
}

const lifeOrder: readonly string[] = [
  "ACTIVE",
  "PENDING_DELETION",
  "SCHEDULING_DELETION",
  "CANCELLING_DELETION",
  "DELETING",
  "DELETED",
  "CREATING",
  "UPDATING",
  "BACKUP_IN_PROGRESS",
  "RESTORING",
];

/** What one looks for most first; states nobody has heard of at the end. */
function inLifeOrder(states: readonly FacetValue[]): FacetValue[] {
  const rank = ({ value }: FacetValue) => (lifeOrder.includes(value) ? lifeOrder.indexOf(value) : lifeOrder.length);
  return [...states].sort((a, b) => rank(a) - rank(b));
}

function withValue(values: readonly string[], value: string, isOn: boolean): readonly string[] {
  const others = values.filter((other) => other !== value);
  return isOn ? [...others, value] : others;
}

const pickerFilters = [
  ["tenancies", "Tenancy"],
  ["regions", "Region"],
  ["compartments", "Compartment"],
  ["tags", "Tag"],
] as const satisfies readonly (readonly [ListFilter, string])[];

interface ChosenProps {
  facets: VaultFacets;
  filter: VaultFilter;
  choose: ViewState["choose"];
}

function Chosen({ facets, filter, choose }: ChosenProps) {
  return pickerFilters.flatMap(([name, word]) =>
    filter[name].map((value) => {
      const label = facets[name].find((one) => one.value === value)?.label ?? value;
      return (
        <RemovableChip
          key={`${name} ${value}`}
          removeLabel={`Remove filter ${word} ${label}`}
          onRemove={() => choose(name, withValue(filter[name], value, false))}
          className="max-w-72"
        >
          {word}: <bdi>{label}</bdi>
        </RemovableChip>
      );
    }),
  );
}

function ChipsSkeleton() {
  return (
    <div aria-hidden="true" className="flex min-h-8 items-center gap-1.5 overflow-hidden py-0.5">
      {["w-20", "w-24", "w-32", "w-16", "w-28"].map((width) => (
        <Skeleton key={width} className={`h-7 rounded-full ${width}`} />
      ))}
    </div>
  );
}
