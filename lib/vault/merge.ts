/** One's own edits over somebody else's: what only one side changed is taken from it; what both changed is for the person to decide. Pure. */
import type { DefinedTags, FreeformTags } from "#lib/contract/models.ts";
import { tagText } from "./search.ts";

/** What an edit can change. */
export interface Editable {
  readonly displayName: string;
  readonly freeformTags: FreeformTags;
  readonly definedTags: DefinedTags;
}

export interface EditConflict {
  /** Names the field to `mergeEdits`. */
  readonly key: string;
  /** As a person reads it: "Name", "Tag env". */
  readonly field: string;
  /** Null: removed. */
  readonly mine: string | null;
  readonly theirs: string | null;
}

export type Side = "mine" | "theirs";

/**
 * Edits made on `base`, over what the vault is now. `choices` says by `key` whose value a field gets that both changed, to
 * different values; mine without a choice.
 */
export function mergeEdits(
  base: Editable,
  mine: Editable,
  theirs: Editable,
  choices: Readonly<Record<string, Side>>,
): { merged: Editable; conflicts: readonly EditConflict[] } {
  const [was, own, other] = [fieldsOf(base), fieldsOf(mine), fieldsOf(theirs)];
  const merged = new Map<string, unknown>();
  const conflicts: EditConflict[] = [];
  for (const key of new Set([...was.keys(), ...own.keys(), ...other.keys()])) {
    const [b, m, t] = [was.get(key), own.get(key), other.get(key)];
    const isBoth = !isSame(m, b) && !isSame(t, b) && !isSame(m, t);
    if (isBoth) conflicts.push({ key, field: fieldName(key), mine: textOf(m), theirs: textOf(t) });
    const value = isBoth ? (choices[key] === "theirs" ? t : m) : isSame(m, b) ? t : m;
    if (value !== undefined) merged.set(key, value);
  }
  return { merged: editableOf(merged), conflicts };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const textOf = (value: unknown): string | null => (value === undefined ? null : tagText(value));

function fieldsOf({ displayName, freeformTags, definedTags }: Editable): Map<string, unknown> {
  const fields = new Map<string, unknown>([["name", displayName]]);
  for (const [key, value] of Object.entries(freeformTags)) fields.set(JSON.stringify([key]), value);
  for (const [namespace, tags] of Object.entries(definedTags))
    for (const [key, value] of Object.entries(tags)) fields.set(JSON.stringify([namespace, key]), value);
  return fields;
}

function fieldName(key: string): string {
  return key === "name" ? "Name" : `Tag ${(JSON.parse(key) as string[]).join(".")}`;
}

function editableOf(fields: ReadonlyMap<string, unknown>): Editable {
  const freeform: [string, string][] = [];
  const defined = new Map<string, [string, unknown][]>();
  for (const [key, value] of fields) {
    if (key === "name") continue;
    const [first = "", second] = JSON.parse(key) as string[];
    if (second === undefined) freeform.push([first, String(value)]);
    else defined.set(first, [...(defined.get(first) ?? []), [second, value]]);
  }
  // Entries and not assignments: a tag may be called like a member of every object.
  return {
    displayName: String(fields.get("name") ?? ""),
    freeformTags: Object.fromEntries(freeform),
    definedTags: Object.fromEntries(
      [...defined].map(([namespace, tags]) => [namespace, Object.fromEntries(tags)]),
    ) as DefinedTags,
  };
}
