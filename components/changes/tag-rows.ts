/** Tags as rows of a form, and back. Pure. */
import type { DefinedTags, FreeformTags } from "#lib/contract/models.ts";
import { tagText } from "#lib/vault/search.ts";

export interface TagRow {
  /** For React only. */
  readonly id: number;
  /** Empty for a free-form tag. */
  readonly namespace: string;
  readonly key: string;
  readonly value: string;
}

export interface TagMaps {
  readonly freeformTags: FreeformTags;
  readonly definedTags: DefinedTags;
}

/** One row for each tag, free-form tags first. */
export function rowsOf(tags: TagMaps): TagRow[] {
  let id = 0;
  const next = () => {
    id += 1;
    return id;
  };
  return [
    ...Object.entries(tags.freeformTags).map(([key, value]) => ({ id: next(), namespace: "", key, value })),
    ...Object.entries(tags.definedTags).flatMap(([namespace, keys]) =>
      Object.entries(keys).map(([key, value]) => ({ id: next(), namespace, key, value: tagText(value) })),
    ),
  ];
}

/** The whole maps the rows stand for; values nobody touched keep their type. Rows without a key count as not there. */
export function tagsOfRows(rows: readonly TagRow[], before: TagMaps): TagMaps {
  const freeformTags: FreeformTags = {};
  const definedTags: DefinedTags = {};
  for (const { namespace, key, value } of rows) {
    if (key === "") continue;
    if (namespace === "") {
      freeformTags[key] = value;
      continue;
    }
    const was = before.definedTags[namespace]?.[key];
    definedTags[namespace] = { ...definedTags[namespace], [key]: tagText(was) === value ? was : value };
  }
  return { freeformTags, definedTags };
}

/** What is wrong with a row, in words; null when it can be sent. Limits: "Limits on Tags" of OCI's documentation. */
export function problemOf(row: TagRow, rows: readonly TagRow[]): string | null {
  if (row.key === "") return row.value === "" && row.namespace === "" ? null : "The tag needs a key.";
  if (!/^[\x21-\x2d\x2f-\x7e]{1,100}$/.test(row.key))
    return "Keys are up to 100 plain letters, digits and signs, without space or dot.";
  if (row.value.length > 256) return "Values are at most 256 characters.";
  const same = rows.filter((each) => each.key === row.key && each.namespace === row.namespace);
  return same.length > 1 ? "This key is there twice." : null;
}

/** The limit on free-form tags, in words; null while there are at most ten. */
export function countProblem(rows: readonly TagRow[]): string | null {
  const count = rows.filter((row) => row.namespace === "" && row.key !== "").length;
  return count > 10 ? `A vault holds at most 10 free-form tags; these are ${count}.` : null;
}
