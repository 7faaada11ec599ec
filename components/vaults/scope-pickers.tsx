"use client";

import { Building2, FolderTree, Globe, Tag } from "lucide-react";
import { useMemo } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Picker, type PickerOption } from "#components/ui/picker.tsx";
import type { CompartmentNode } from "#lib/vault/compartments.ts";
import type { VaultFacets, VaultIndex } from "#lib/vault/list.ts";
import type { ViewState } from "./view-state.ts";

interface ScopePickersProps {
  index: VaultIndex | null;
  facets: VaultFacets | null;
  view: ViewState;
  hasTenancies: boolean;
}

/** Where to look: tenancies, regions, compartments with what is below them, tags. Each with what it would leave. */
export function ScopePickers({ index, facets, view, hasTenancies }: ScopePickersProps) {
  const { filter } = view;
  const compartments = useMemo(() => (index && facets ? treeOptions(index, facets) : []), [index, facets]);
  return (
    <>
      <Picker
        label="Region"
        icon={<Globe aria-hidden="true" className="text-faint" />}
        allLabel="All"
        manyLabel={(count) => `${count} regions`}
        options={optionsOf(facets?.regions)}
        value={filter.regions}
        onChange={(ids) => view.choose("regions", ids)}
      />
      <Picker
        label="Compartment"
        icon={<FolderTree aria-hidden="true" className="text-faint" />}
        allLabel="All"
        manyLabel={(count) => `${count} compartments`}
        options={compartments}
        value={filter.compartments}
        onChange={(ids) => view.choose("compartments", ids)}
        footer={
          <Checkbox
            label="With their sub-compartments"
            checked={filter.includesSubCompartments}
            onCheckedChange={view.includeSubCompartments}
          />
        }
      />
      <Picker
        label="Tags"
        icon={<Tag aria-hidden="true" className="text-faint" />}
        allLabel="Any"
        manyLabel={(count) => `${count} tags`}
        searchLabel="Search tags"
        emptyText="No vault has such a tag."
        options={tagOptions(facets)}
        value={filter.tags}
        onChange={(ids) => view.choose("tags", ids)}
      />
      {/* Last, because on a first visit it is only known to be needed when the first answer is there: nothing moves. */}
      {hasTenancies ? (
        <Picker
          label="Tenancy"
          icon={<Building2 aria-hidden="true" className="text-faint" />}
          allLabel="All"
          manyLabel={(count) => `${count} tenancies`}
          options={optionsOf(facets?.tenancies)}
          value={filter.tenancies}
          onChange={(ids) => view.choose("tenancies", ids)}
        />
      ) : null}
    </>
  );
}

function optionsOf(facet: VaultFacets["regions"] | undefined): PickerOption[] {
  return (facet ?? []).map(({ value, label, count }) => ({ id: value, label, count }));
}

const tagOptionsMax = 400;

/** The commonest first; all of thousands of values would be no list to choose from, and the search box finds the rest. */
function tagOptions(facets: VaultFacets | null): PickerOption[] {
  const tags = [...(facets?.tags ?? [])].sort(
    (a, b) => Number(b.isChosen) - Number(a.isChosen) || b.count - a.count || (a.value < b.value ? -1 : 1),
  );
  return tags.slice(0, tagOptionsMax).map(({ value, count }) => ({ id: value, label: value, count }));
}

/** The tree as an indented list; a count takes in what is below, as choosing the compartment does. */
function treeOptions(index: VaultIndex, facets: VaultFacets): PickerOption[] {
  const own = new Map(facets.compartments.map(({ value, count }) => [value, count]));
  const options: PickerOption[] = [];
  const add = (node: CompartmentNode): number => {
    const option: PickerOption = { id: node.id, label: node.name, depth: node.depth };
    if (node.depth > 1) option.hint = node.path;
    options.push(option);
    const below = node.children.reduce((sum, child) => sum + add(child), 0);
    option.count = (own.get(node.id) ?? 0) + below;
    return option.count;
  };
  for (const root of index.tree.roots) add(root);
  const seen = new Set(options.map((option) => option.id));
  for (const { value, label, count } of facets.compartments)
    if (!seen.has(value)) options.push({ id: value, label, count, hint: "Not visible in the tree" });
  return options;
}
