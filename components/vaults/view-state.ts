"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import { emptyFilter, type VaultFilter } from "#lib/vault/list.ts";
import { type SortColumn, type SortDirection, sortColumns } from "#lib/vault/order.ts";

/** The filters whose values are lists, and what each is called in the address; several values repeat the name. */
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
  /** Gets the ids chosen by now and gives those wanted; empty: the usual ones. */
  readonly showColumns: (change: (ids: readonly string[]) => readonly string[]) => void;
  readonly clear: () => void;
  /** Path and query that show this view to somebody else, search text included. */
  readonly link: string;
}

/**
 * What the list shows: from the address, so that Back, reload and a shared link give the same view. Free text is only put
 * there by "Copy link": it may name what is secret, and addresses end up in logs.
 */
export function useViewState(): ViewState {
  const address = useSearchParams();
  const [text, setText] = useSearchText(address.get("q"));
  const query = address.toString();
  return useMemo(() => {
    const view = readView(new URLSearchParams(query));
    const filter: VaultFilter = { ...view.filter, search: text };
    return {
      ...view,
      filter,
      isFiltered: text.trim() !== "" || listFilters.some((name) => filter[name].length > 0),
      search: setText,
      choose: (name, values) => changeAddress({ [addressNames[name]]: difference(view.filter[name], values) }),
      includeSubCompartments: (isOn) => changeAddress({ sub: isOn ? [] : ["no"] }),
      sortBy: (column, direction) =>
        changeAddress({ sort: column === "name" && direction === "asc" ? [] : [`${column}-${direction}`] }),
      showColumns: (change) => changeAddress({ column: change }),
      clear: () => {
        setText("");
        changeAddress({ sub: [], ...Object.fromEntries(Object.values(addressNames).map((name) => [name, []])) });
      },
      link: linkTo(query, text),
    };
  }, [query, text, setText]);
}

const listFilters = Object.keys(addressNames) as ListFilter[];

function readView(params: URLSearchParams) {
  const filter: VaultFilter = { ...emptyFilter, includesSubCompartments: params.get("sub") !== "no" };
  const lists = Object.fromEntries(listFilters.map((name) => [name, [...new Set(params.getAll(addressNames[name]))]]));
  const [column = "", direction] = (params.get("sort") ?? "").split("-");
  return {
    filter: { ...filter, ...lists } as VaultFilter,
    sort: {
      column: sortColumns.find((known) => known === column) ?? "name",
      direction: direction === "desc" ? ("desc" as const) : ("asc" as const),
    },
    columns: params.getAll("column"),
  };
}

/** Values in the place of those there are, or made of them. */
type Change = readonly string[] | ((now: readonly string[]) => readonly string[]);

/**
 * Puts values in the place of those under the same names. Next follows the address, so nothing is loaded anew; it does so when
 * there is time, so whoever clicks faster than that must be asked for the difference to what the address says by then.
 */
function changeAddress(change: Readonly<Record<string, Change>>): void {
  const params = new URLSearchParams(window.location.search);
  for (const [name, values] of Object.entries(change)) {
    const wanted = typeof values === "function" ? values(params.getAll(name)) : values;
    params.delete(name);
    for (const value of wanted) params.append(name, value);
  }
  window.history.replaceState(null, "", pathWith(params));
}

/** What somebody changed who saw `shown` and wants `wanted`, done to what there is by now. */
function difference(shown: readonly string[], wanted: readonly string[]): Change {
  const isKept = (value: string) => wanted.includes(value) || !shown.includes(value);
  const added = wanted.filter((value) => !shown.includes(value));
  return (now) => [...new Set([...now.filter(isKept), ...added])];
}

function linkTo(query: string, text: string): string {
  const params = new URLSearchParams(query);
  params.delete("q");
  if (text.trim() !== "") params.set("q", text);
  return pathWith(params, "/vaults");
}

function pathWith(params: URLSearchParams, path = window.location.pathname): string {
  const query = params.toString();
  return query === "" ? path : `${path}?${query}`;
}

/** Search text lives in memory. A shared link brings it in once; it is then taken out of the address again. */
function useSearchText(shared: string | null): [string, (text: string) => void] {
  const [text, setText] = useState(shared ?? "");
  useEffect(() => {
    if (shared === null) return;
    setText(shared);
    changeAddress({ q: [] });
  }, [shared]);
  return [text, setText];
}
