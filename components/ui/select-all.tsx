"use client";

import { CheckboxBox } from "./checkbox.tsx";

interface SelectAllProps<Row> {
  rows: readonly Row[];
  rowId: (row: Row) => string;
  selected: ReadonlySet<string>;
  onSelectedChange: (selected: Set<string>) => void;
}

/** Selects or deselects all rows that are shown; a dash while only some are. */
export function SelectAll<Row>({ rows, rowId, selected, onSelectedChange }: SelectAllProps<Row>) {
  let count = 0;
  if (selected.size > 0) for (const row of rows) if (selected.has(rowId(row))) count += 1;
  const isAll = rows.length > 0 && count === rows.length;
  return (
    <CheckboxBox
      aria-label={isAll ? "Deselect all rows shown" : "Select all rows shown"}
      checked={isAll}
      indeterminate={count > 0 && !isAll}
      disabled={rows.length === 0}
      onCheckedChange={() => {
        const next = new Set(selected);
        for (const row of rows) {
          if (isAll) next.delete(rowId(row));
          else next.add(rowId(row));
        }
        onSelectedChange(next);
      }}
    />
  );
}
