"use client";

import type { Route } from "next";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { TextField } from "#components/ui/field.tsx";
import { SearchField } from "#components/ui/search-field.tsx";
import { Select } from "#components/ui/select.tsx";
import type { TrailFilter } from "#lib/browser/activity.ts";
import { activityResults } from "#lib/contract/api.ts";
import { operationLabels } from "#lib/vault/operation-words.ts";
import { resultWords } from "./words.ts";

const names = [
  "person",
  "about",
  "operation",
  "result",
  "from",
  "until",
] as const satisfies readonly (keyof TrailFilter)[];
const nothing: TrailFilter = { person: "", about: "", operation: "", result: "", from: "", until: "" };

/** The filter, kept in the page's address so that it can be shared and survives a reload. */
export function useTrailFilter() {
  const search = useSearchParams();
  const router = useRouter();
  const pathname = usePathname();
  const [filter, setFilter] = useState<TrailFilter>(() => ({
    ...nothing,
    ...Object.fromEntries(names.map((name) => [name, search.get(name) ?? ""])),
  }));
  useEffect(() => {
    const next = new URLSearchParams(names.filter((name) => filter[name] !== "").map((name) => [name, filter[name]]));
    const address = next.size === 0 ? pathname : `${pathname}?${next}`;
    if (next.toString() !== window.location.search.slice(1)) router.replace(address as Route, { scroll: false });
  }, [filter, pathname, router]);
  return {
    filter,
    isFiltered: names.some((name) => filter[name] !== ""),
    change: (part: Partial<TrailFilter>) => setFilter((now) => ({ ...now, ...part })),
    clear: () => setFilter(nothing),
  };
}

interface TrailFiltersProps {
  filter: TrailFilter;
  onChange: (part: Partial<TrailFilter>) => void;
}

/** Which of the trail is shown, and exported. */
export function TrailFilters({ filter, onChange }: TrailFiltersProps) {
  return (
    <search
      aria-label="Filters"
      className="grid grid-cols-1 items-end gap-3 sm:grid-cols-2 lg:grid-cols-[minmax(0,2fr)_repeat(5,minmax(0,1fr))]"
    >
      <div className="min-w-0">
        <SearchField
          label="Vault it is about"
          placeholder="Vault's name, OCID or its end"
          value={filter.about}
          onChange={(about) => onChange({ about })}
        />
      </div>
      <TextField label="Person" value={filter.person} onChange={(event) => onChange({ person: event.target.value })} />
      <Select
        label="Operation"
        value={filter.operation}
        onChange={(operation) => onChange({ operation })}
        options={[{ value: "", label: "Any" }, ...operationLabels.map(([value, label]) => ({ value, label }))]}
      />
      <Select
        label="Result"
        value={filter.result}
        onChange={(result) => onChange({ result })}
        options={[
          { value: "", label: "Any" },
          ...activityResults.map((value) => ({ value, label: resultWords(value).label })),
        ]}
      />
      <TextField
        type="date"
        label="From"
        value={filter.from}
        onChange={(event) => onChange({ from: event.target.value })}
      />
      <TextField
        type="date"
        label="Until, included"
        value={filter.until}
        onChange={(event) => onChange({ until: event.target.value })}
      />
    </search>
  );
}
