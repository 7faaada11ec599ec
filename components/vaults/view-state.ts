"use client";

import {
  createSerializer,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useEffect, useState } from "react";
import { emptyFilter, type VaultFilter } from "#lib/vault/list.ts";
import { type SortColumn, type SortDirection, sortColumns } from "#lib/vault/order.ts";

const list = parseAsArrayOf(parseAsString).withDefault([]);

/** The whole view, by its names in the address. Free text is only put there by "Copy link": it may name what is secret. */
const parsers = {
  state: list,
  type: list,
  region: list,
  tenancy: list,
  compartment: list,
  sub: parseAsBoolean.withDefault(true),
  tag: list,
  sort: parseAsStringLiteral(sortColumns).withDefault("name"),
  desc: parseAsBoolean.withDefault(false),
  columns: list,
};
const serializeView = createSerializer({ ...parsers, q: parseAsString });

/** The filters whose values are lists, and what each is called in the address. */
const addressNames = {
  states: "state",
  types: "type",
  regions: "region",
  tenancies: "tenancy",
  compartments: "compartment",
  tags: "tag",
} as const;
export type ListFilter = keyof typeof addressNames;

export interface ViewState {
  readonly filter: VaultFilter;
  /** True when any filter or the search leaves something out. */
  readonly isFiltered: boolean;
  readonly sort: { readonly column: SortColumn; readonly direction: SortDirection };
  /** Ids of the chosen columns; empty: the usual ones. */
  readonly columns: readonly string[];
  readonly search: (text: string) => void;
  readonly choose: (filter: ListFilter, values: readonly string[]) => void;
  readonly includeSubCompartments: (isOn: boolean) => void;
  readonly sortBy: (column: SortColumn, direction: SortDirection) => void;
  readonly showColumns: (ids: readonly string[]) => void;
  readonly clear: () => void;
  /** Path and query that show this view to somebody else, search text included. */
  readonly link: string;
}

/** What the list shows: from the address, so that Back, reload and a shared link give the same view. */
export function useViewState(): ViewState {
  const [view, setView] = useQueryStates(parsers, { history: "replace", shallow: true });
  const [text, setText] = useSearchText();
  const filter: VaultFilter = {
    ...emptyFilter,
    search: text,
    states: view.state,
    types: view.type,
    regions: view.region,
    tenancies: view.tenancy,
    compartments: view.compartment,
    includesSubCompartments: view.sub,
    tags: view.tag,
  };
  return {
    filter,
    isFiltered: text.trim() !== "" || Object.values(addressNames).some((name) => view[name].length > 0),
    sort: { column: view.sort, direction: view.desc ? "desc" : "asc" },
    columns: view.columns,
    search: setText,
    choose: (name, values) => void setView({ [addressNames[name]]: values.length === 0 ? null : [...values] }),
    includeSubCompartments: (isOn) => void setView({ sub: isOn }),
    sortBy: (column, direction) => void setView({ sort: column, desc: direction === "desc" }),
    showColumns: (ids) => void setView({ columns: ids.length === 0 ? null : [...ids] }),
    clear: () => {
      setText("");
      void setView({ state: null, type: null, region: null, tenancy: null, compartment: null, sub: null, tag: null });
    },
    link: serializeView("/vaults", { ...view, q: text === "" ? null : text }),
  };
}

/** Search text lives in memory. A shared link brings it in once; it is then taken out of the address again. */
function useSearchText(): [string, (text: string) => void] {
  const [{ q }, setAddress] = useQueryStates({ q: parseAsString }, { history: "replace", shallow: true });
  const [text, setText] = useState(q ?? "");
  useEffect(() => {
    if (q === null) return;
    setText(q);
    void setAddress({ q: null });
  }, [q, setAddress]);
  return [text, setText];
}
