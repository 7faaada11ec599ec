/** The compartment tree: paths for people, subtrees for filters. Pure. */
import type { InventoryCompartment } from "#lib/contract/api.ts";

export interface CompartmentNode {
  readonly id: string;
  readonly name: string;
  readonly tenancy: string;
  /** Names from below the root down to this one, joined by " / "; the root's own name for the root. */
  readonly path: string;
  /** 0 for the root. */
  readonly depth: number;
  /** OCIDs of this one and everything above it that can be seen. */
  readonly lineage: readonly string[];
  readonly children: readonly CompartmentNode[];
}

export interface CompartmentTree {
  /** One root for each tenancy; children by name. A compartment whose parent cannot be seen stands at the top. */
  readonly roots: readonly CompartmentNode[];
  readonly byId: ReadonlyMap<string, CompartmentNode>;
}

interface TenancyCompartments {
  readonly id: string;
  readonly compartments: readonly InventoryCompartment[];
}

/**
 * Gives, for the OCID of a compartment, its own and those of everything above it up to the root; null where the way up is not
 * known. A cycle in the data ends where it begins.
 */
export function lineageIn(
  compartments: readonly Pick<InventoryCompartment, "id" | "parentId">[],
): (compartmentId: string) => readonly string[] | null {
  const parents = new Map(compartments.map(({ id, parentId }) => [id, parentId]));
  return (compartmentId) => {
    const path: string[] = [];
    for (let at: string | null = compartmentId; at !== null && !path.includes(at); ) {
      const parent = parents.get(at);
      if (parent === undefined) return null;
      path.push(at);
      at = parent;
    }
    return path;
  };
}

type GrowingNode = CompartmentNode & { readonly children: CompartmentNode[] };

/** Builds the tree of all tenancies. A cycle in the data cannot hang it: what no root leads to is left at the top. */
export function buildCompartmentTree(tenancies: readonly TenancyCompartments[]): CompartmentTree {
  const byId = new Map<string, CompartmentNode>();
  const roots = tenancies.flatMap((tenancy) => growTenancy(tenancy, byId));
  return { roots, byId };
}

function growTenancy(tenancy: TenancyCompartments, byId: Map<string, CompartmentNode>): CompartmentNode[] {
  const known = new Set(tenancy.compartments.map((compartment) => compartment.id));
  const childrenOf = new Map<string, InventoryCompartment[]>();
  const tops: InventoryCompartment[] = [];
  for (const compartment of [...tenancy.compartments].sort(byName)) {
    const parent = compartment.parentId;
    if (parent === null || !known.has(parent)) tops.push(compartment);
    else childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), compartment]);
  }
  const grow = (
    compartment: InventoryCompartment,
    depth: number,
    prefix: string,
    above: readonly string[],
  ): CompartmentNode => {
    const path = depth <= 1 ? compartment.name : `${prefix} / ${compartment.name}`;
    const node: GrowingNode = {
      id: compartment.id,
      name: compartment.name,
      tenancy: tenancy.id,
      path,
      depth,
      lineage: [compartment.id, ...above],
      children: [],
    };
    byId.set(compartment.id, node);
    for (const child of childrenOf.get(compartment.id) ?? []) {
      if (!byId.has(child.id)) node.children.push(grow(child, depth + 1, path, node.lineage));
    }
    return node;
  };
  const grown = tops.map((top) => grow(top, 0, "", []));
  for (const compartment of tenancy.compartments) {
    if (!byId.has(compartment.id)) grown.push(grow(compartment, 0, "", []));
  }
  return grown;
}

const names = new Intl.Collator("en", { numeric: true });

function byName(a: InventoryCompartment, b: InventoryCompartment): number {
  return names.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/** The chosen compartments and everything below them. */
export function withSubCompartments(tree: CompartmentTree, chosen: Iterable<string>): ReadonlySet<string> {
  const all = new Set<string>();
  const add = (node: CompartmentNode): void => {
    if (all.has(node.id)) return;
    all.add(node.id);
    for (const child of node.children) add(child);
  };
  for (const id of chosen) {
    const node = tree.byId.get(id);
    if (node === undefined) all.add(id);
    else add(node);
  }
  return all;
}

/** The compartments of one tenancy for a choice, a parent before what is in it. Empty until the tree is known. */
export function compartmentsOf(index: { readonly tree: CompartmentTree } | null, tenancy: string): CompartmentNode[] {
  const withBelow = (node: CompartmentNode): CompartmentNode[] => [node, ...node.children.flatMap(withBelow)];
  return (index?.tree.roots ?? []).filter((root) => root.tenancy === tenancy).flatMap(withBelow);
}
