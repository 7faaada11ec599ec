"use client";

import { useImperativeHandle, useRef } from "react";
import { CheckboxBox } from "./checkbox.tsx";
import { cn } from "./cn.ts";
import type { DataTableProps } from "./data-table.tsx";
import { useRowWindow, useShownRows } from "./row-window.ts";
import { Select } from "./select.tsx";
import { SelectAll } from "./select-all.tsx";

/** The rows as cards, one under the other in the page; the sort is a select, since there are no headers. */
export function Cards<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowId, rowName, sort, onSortChange, selected, onSelectedChange, card } = props;
  const height = props.cardHeight ?? 84;
  const list = useRef<HTMLUListElement>(null);
  const range = useRowWindow({ count: rows.length, rowHeight: height, scroller: null, content: list, enabled: true });
  const sortable = columns.filter((column) => column.sortable);

  useShownRows(rows, range, props.onShownRowsChange);
  useImperativeHandle(props.ref, () => ({ focusRows: () => list.current?.querySelector<HTMLElement>("a")?.focus() }));

  return (
    <div className={props.className}>
      <div className="flex items-center gap-2 pb-2">
        {selected && onSelectedChange ? (
          <SelectAll rows={rows} rowId={rowId} selected={selected} onSelectedChange={onSelectedChange} />
        ) : null}
        <Select
          label="Sort by"
          hideLabel
          className="min-w-0 flex-1"
          value={`${sort.id} ${sort.descending}`}
          onChange={(value) => {
            const [id = "", descending] = value.split(" ");
            onSortChange({ id, descending: descending === "true" });
          }}
          options={sortable.flatMap((column) => [
            { value: `${column.id} false`, label: `${column.header}, ascending` },
            { value: `${column.id} true`, label: `${column.header}, descending` },
          ])}
        />
      </div>
      {rows.length === 0 ? (
        <div className="rounded-lg border border-line bg-surface">{props.empty}</div>
      ) : (
        // The height and places of cards are set by script: this list only ever exists in the browser.
        <ul
          ref={list}
          aria-label={label}
          style={{ height: rows.length * height }}
          className="relative overflow-hidden rounded-lg border border-line bg-surface"
        >
          {rows.slice(range.start, range.end).map((row, offset) => {
            const index = range.start + offset;
            const id = rowId(row);
            return (
              <li
                key={id}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                style={{ height, transform: `translateY(${index * height}px)` }}
                className={cn(
                  "absolute inset-x-0 top-0 flex items-start gap-1 overflow-hidden border-b border-line px-3 py-2.5",
                  selected?.has(id) && "bg-selected",
                )}
              >
                {selected && onSelectedChange ? (
                  <CheckboxBox
                    aria-label={`Select ${rowName(row)}`}
                    checked={selected.has(id)}
                    onCheckedChange={(isOn) => {
                      const next = new Set(selected);
                      if (isOn) next.add(id);
                      else next.delete(id);
                      onSelectedChange(next);
                    }}
                    className="-ml-1"
                  />
                ) : null}
                <div className="min-w-0 flex-1">{card(row)}</div>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
