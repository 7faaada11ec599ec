"use client";

import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import {
  type KeyboardEvent,
  lazy,
  type MouseEvent,
  memo,
  type ReactNode,
  type RefObject,
  Suspense,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { CheckboxBox } from "./checkbox.tsx";
import { cn } from "./cn.ts";
import { useMedia } from "./media.ts";
import { patiently } from "./patiently.ts";
import { useRowWindow, useShownRows } from "./row-window.ts";
import { SelectAll } from "./select-all.tsx";
import { Skeleton } from "./skeleton.tsx";

/**
 * A table for thousands of rows. The caller filters and sorts (plain arrays, see `lib/vault`) and gives the rows to
 * show; the table draws those near the visible part. Keys: ↑ ↓ j k move, Home End PageUp PageDown jump, Enter opens,
 * Space selects, Shift with Space or a click selects up to here. Below 640 px every row is a card.
 *
 * Keep `columns`, `rowId` and `card` stable (module scope): rows are memoised on them.
 */
export interface Column<Row> {
  id: string;
  header: string;
  /** The header is heard, not seen: for a column of buttons. */
  isHeaderHidden?: boolean;
  /** After the header, quieter: "UTC". */
  unit?: string;
  cell: (row: Row) => ReactNode;
  /** Pixels. A growing column is at least this wide. */
  width: number;
  /** Takes what is left; at least one column should. */
  grow?: boolean;
  align?: "start" | "end";
  sortable?: boolean;
  /** The direction of the first press; times and counts usually start with the largest. */
  sortFirst?: "ascending" | "descending";
}

export interface Sort {
  id: string;
  descending: boolean;
}

export type Density = "compact" | "comfortable";

export interface DataTableHandle {
  /** Gives the keyboard to the rows: from a search field, for example. */
  focusRows: () => void;
}

export interface DataTableProps<Row> {
  /** Name of the table: "Vaults". */
  label: string;
  rows: readonly Row[];
  /** In the order and choice to be shown. */
  columns: readonly Column<Row>[];
  rowId: (row: Row) => string;
  /** What a row is called: "prod-payments in us-ashburn-1". */
  rowName: (row: Row) => string;
  /** Enter or a click on the row, besides its own links and buttons. */
  onOpen?: (row: Row) => void;
  sort: Sort;
  onSortChange: (sort: Sort) => void;
  /** Leave both out for a table without selection. */
  selected?: ReadonlySet<string>;
  onSelectedChange?: (selected: Set<string>) => void;
  /** The row on narrow screens: two or three lines, at most `cardHeight` pixels. Must hold the link to the row's page. */
  card: (row: Row) => ReactNode;
  cardHeight?: number;
  density?: Density;
  /** Nothing is known yet: rows of the same height stand in. */
  loading?: boolean;
  /** In place of the rows when there are none. */
  empty: ReactNode;
  /** The rows drawn have changed (scrolling, filtering): for reading details by need. */
  onShownRowsChange?: (rows: readonly Row[]) => void;
  /** Remembers how far one had scrolled under this name, for coming back from a row's page. */
  restoreKey?: string;
  /** What the rows answer (search, filters, order): when it changes, the first row is shown again. */
  question?: string;
  ref?: RefObject<DataTableHandle | null>;
  className?: string;
}

const rowHeights: Record<Density, number> = { compact: 36, comfortable: 44 };
const cellHeights: Record<Density, string> = { compact: "h-8.75", comfortable: "h-10.75" };
const selectWidth = 40;
const headerHeight = 36;
const narrowQuery = "(width < 40rem)";
const scrollPositions = new Map<string, number>();
const ignore = () => undefined;

/** Only narrow screens load the cards. */
const Cards = lazy(() =>
  patiently(() => import("./data-table-cards.tsx")).then((module) => ({ default: module.Cards })),
) as <Row>(props: DataTableProps<Row>) => ReactNode;

export function DataTable<Row>(props: DataTableProps<Row>) {
  const isNarrow = useMedia(narrowQuery);
  if (props.loading) {
    return (
      <div className={cn("min-h-0", props.className)}>
        <GridSkeleton {...props} />
        <CardSkeleton height={props.cardHeight ?? 84} />
      </div>
    );
  }
  if (!isNarrow) return <Grid {...props} />;
  return (
    <Suspense fallback={<CardSkeleton height={props.cardHeight ?? 84} />}>
      <Cards {...props} />
    </Suspense>
  );
}

/* ---------------------------------------------------------------- grid */

function Grid<Row>(props: DataTableProps<Row>) {
  const { rows, columns, rowId, selected, onSelectedChange, onOpen, restoreKey, onShownRowsChange } = props;
  const density = props.density ?? "compact";
  const rowHeight = rowHeights[density];
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const hasFocus = useRef(false);
  const anchorIndex = useRef(0);
  // `move` counts the moves by key: moving to the row that is active already must give it the focus all the same.
  const [active, setActive] = useState({ index: 0, move: 0 });
  const range = useRowWindow({ count: rows.length, rowHeight, scroller, content: body, enabled: true });
  const activeIndex = Math.max(0, Math.min(active.index, rows.length - 1));
  const tabStop = activeIndex >= range.start && activeIndex < range.end ? activeIndex : range.start;

  useShownRows(rows, range, onShownRowsChange);
  useRestoredScroll(scroller, restoreKey);
  useStartAgain(scroller, props.question);

  const focusRow = (index: number) => {
    const element = scroller.current;
    const next = Math.max(0, Math.min(rows.length - 1, index));
    if (!element || rows.length === 0) return;
    setActive((old) => ({ index: next, move: old.move + 1 }));
    hasFocus.current = true;
    const top = next * rowHeight;
    const room = element.clientHeight - headerHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + room) element.scrollTop = top + rowHeight - room;
  };
  useImperativeHandle(props.ref, () => ({ focusRows: () => focusRow(tabStop) }));

  // Focus follows the active row; a row that scrolled away leaves it to the scroll area, so the keys go on working.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a moved window may have removed the row that had the focus
  useLayoutEffect(() => {
    if (!hasFocus.current) return;
    const row = body.current?.querySelector<HTMLElement>(`tr[data-index="${activeIndex}"]`);
    if (row && !row.contains(document.activeElement)) row.focus({ preventScroll: true });
    else if (!row) scroller.current?.focus({ preventScroll: true });
  }, [activeIndex, active.move, range.start, range.end]);

  const toggle = (index: number, extend: boolean) => {
    if (!selected || !onSelectedChange) return;
    const row = rows[index];
    if (!row) return;
    const next = new Set(selected);
    const turnOn = !selected.has(rowId(row));
    const [from, to] = extend
      ? [Math.min(anchorIndex.current, index), Math.max(anchorIndex.current, index)]
      : [index, index];
    for (const other of rows.slice(from, to + 1)) {
      if (turnOn) next.add(rowId(other));
      else next.delete(rowId(other));
    }
    anchorIndex.current = index;
    onSelectedChange(next);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    const isOnRow = target.matches("tr[data-index]") || target === scroller.current;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("thead")) return;
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headerHeight) / rowHeight) - 1);
    const moves: Record<string, number> = {
      ArrowDown: activeIndex + 1,
      j: activeIndex + 1,
      ArrowUp: activeIndex - 1,
      k: activeIndex - 1,
      PageDown: activeIndex + page,
      PageUp: activeIndex - page,
      Home: 0,
      End: rows.length - 1,
    };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      focusRow(next);
      return;
    }
    if (!isOnRow) return;
    const row = rows[activeIndex];
    if (event.key === "Enter" && row && onOpen) {
      event.preventDefault();
      onOpen(row);
    } else if (event.key === " ") {
      event.preventDefault();
      toggle(activeIndex, event.shiftKey);
    }
  };

  const onClick = (event: MouseEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    const rowElement = target.closest<HTMLElement>("tr[data-index]");
    if (!rowElement) return;
    const index = Number(rowElement.dataset.index);
    setActive((old) => ({ ...old, index }));
    if (target.closest("[data-select]")) {
      toggle(index, event.shiftKey);
      return;
    }
    const row = rows[index];
    if (!row || !onOpen || target.closest("a,button,input,label") || window.getSelection()?.toString()) return;
    onOpen(row);
  };

  return (
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: see below
    // biome-ignore lint/a11y/noStaticElementInteractions: the handlers serve the rows of the grid inside, which are focusable
    <div
      ref={scroller}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onFocus={(event) => {
        const rowElement = event.target.closest<HTMLElement>("tr[data-index]");
        hasFocus.current = rowElement !== null || event.target === scroller.current;
        if (rowElement) {
          const index = Number(rowElement.dataset.index);
          setActive((old) => (old.index === index ? old : { ...old, index }));
        }
      }}
      onBlur={(event) => {
        if (event.relatedTarget) hasFocus.current = false;
      }}
      onScroll={(event) => {
        event.currentTarget.toggleAttribute("data-scrolled-x", event.currentTarget.scrollLeft > 0);
      }}
      className={cn(
        "group/table scroll-thin relative min-h-0 overflow-auto overscroll-contain rounded-lg border border-line bg-surface outline-none",
        props.className,
      )}
    >
      <TableFrame {...props} rowCount={rows.length}>
        <tbody ref={body}>
          <Spacer height={range.start * rowHeight} />
          {rows.slice(range.start, range.end).map((row, offset) => {
            const index = range.start + offset;
            const id = rowId(row);
            return (
              <GridRow
                key={id}
                row={row}
                index={index}
                name={props.rowName(row)}
                columns={columns}
                density={density}
                isSelected={selected ? selected.has(id) : null}
                isTabStop={index === tabStop}
                isOpenable={onOpen !== undefined}
              />
            );
          })}
          <Spacer height={(rows.length - range.end) * rowHeight} />
        </tbody>
      </TableFrame>
      {rows.length === 0 ? <div className="sticky left-0">{props.empty}</div> : null}
    </div>
  );
}

/** Stands for the rows that are not drawn. The `height` attribute, since a style attribute could be refused. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row cannot be focused
    <tr aria-hidden="true">
      <td {...{ height }} className="p-0" />
    </tr>
  );
}

interface TableFrameProps<Row>
  extends Pick<
    DataTableProps<Row>,
    "label" | "columns" | "sort" | "onSortChange" | "selected" | "onSelectedChange" | "rows" | "rowId"
  > {
  rowCount: number;
  children: ReactNode;
}

function TableFrame<Row>({
  label,
  columns,
  sort,
  onSortChange,
  selected,
  onSelectedChange,
  rows,
  rowId,
  rowCount,
  children,
}: TableFrameProps<Row>) {
  const table = useRef<HTMLTableElement>(null);
  const minWidth = columns.reduce((sum, column) => sum + column.width, selected ? selectWidth : 0);
  useLayoutEffect(() => {
    if (table.current) table.current.style.minWidth = `${minWidth}px`;
  }, [minWidth]);

  return (
    <table
      ref={table}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are moved through with the arrow keys: a grid
      role="grid"
      aria-label={label}
      aria-rowcount={rowCount + 1}
      aria-multiselectable={selected ? true : undefined}
      className="w-full table-fixed border-separate border-spacing-0 text-left text-sm"
    >
      <colgroup>
        {selected ? <col width={selectWidth} /> : null}
        {columns.map((column) => (
          <col key={column.id} width={column.grow ? undefined : column.width} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {selected && onSelectedChange ? (
            <th scope="col" className={cn(headCell, "sticky left-0 z-3 pl-2")}>
              <SelectAll rows={rows} rowId={rowId} selected={selected} onSelectedChange={onSelectedChange} />
            </th>
          ) : null}
          {columns.map((column, index) => (
            <HeadCell
              key={column.id}
              column={column}
              sort={sort}
              onSortChange={onSortChange}
              className={cn(
                index === 0 && cn("sticky z-3 group-data-scrolled-x/table:border-r", selected ? "left-10" : "left-0"),
              )}
            />
          ))}
        </tr>
      </thead>
      {children}
    </table>
  );
}

const headCell = "sticky top-0 z-2 h-9 border-b border-line bg-sunken p-0 text-xs font-medium text-muted";

interface HeadCellProps<Row> {
  column: Column<Row>;
  sort: Sort;
  onSortChange: (sort: Sort) => void;
  className?: string;
}

function HeadCell<Row>({ column, sort, onSortChange, className }: HeadCellProps<Row>) {
  const isSorted = sort.id === column.id;
  const words = (
    <span className={column.isHeaderHidden ? "sr-only" : "truncate"}>
      {column.header}
      {column.unit ? <span className="font-normal text-faint"> {column.unit}</span> : null}
    </span>
  );
  if (!column.sortable) {
    return (
      <th scope="col" className={cn(headCell, "px-3", column.align === "end" && "text-right", className)}>
        {words}
      </th>
    );
  }
  const Icon = isSorted ? (sort.descending ? ArrowDown : ArrowUp) : ChevronsUpDown;
  const firstIsDescending = column.sortFirst === "descending";
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (sort.descending ? "descending" : "ascending") : "none"}
      className={cn(headCell, className)}
    >
      <button
        type="button"
        onClick={() => onSortChange({ id: column.id, descending: isSorted ? !sort.descending : firstIsDescending })}
        className={cn(
          "group/sort flex h-full w-full items-center gap-1 px-3 ring-inside transition-colors hover:text-ink",
          column.align === "end" && "flex-row-reverse",
          isSorted && "text-ink",
        )}
      >
        {words}
        <Icon
          aria-hidden="true"
          className={cn(
            "size-3.5 shrink-0",
            isSorted ? "text-accent" : "opacity-0 group-hover/sort:opacity-60 group-focus-visible/sort:opacity-60",
          )}
        />
      </button>
    </th>
  );
}

interface GridRowProps<Row> {
  row: Row;
  index: number;
  name: string;
  columns: readonly Column<Row>[];
  density: Density;
  /** Null: this table has no selection. */
  isSelected: boolean | null;
  isTabStop: boolean;
  isOpenable: boolean;
}

function GridRowBody<Row>({
  row,
  index,
  name,
  columns,
  density,
  isSelected,
  isTabStop,
  isOpenable,
}: GridRowProps<Row>) {
  const element = useRef<HTMLTableRowElement>(null);

  // One row of the grid is in the tab order, with what is inside it; the arrow keys choose which.
  useLayoutEffect(() => {
    for (const inner of element.current?.querySelectorAll<HTMLElement>("a,button,input") ?? []) {
      inner.tabIndex = isTabStop ? 0 : -1;
    }
  });

  const height = cellHeights[density];
  return (
    <tr
      ref={element}
      data-index={index}
      tabIndex={isTabStop ? 0 : -1}
      aria-rowindex={index + 2}
      aria-selected={isSelected ?? undefined}
      className={cn(
        "grid-row ring-inside bg-surface transition-colors duration-75 hover:bg-hover",
        isSelected && "bg-selected hover:bg-selected",
        isOpenable && "cursor-pointer",
      )}
    >
      {isSelected === null ? null : (
        <td className="sticky left-0 z-1 border-b border-line bg-inherit p-0 pl-2">
          <div className={cn("flex items-center", height)}>
            <CheckboxBox data-select="" aria-label={`Select ${name}`} checked={isSelected} onCheckedChange={ignore} />
          </div>
        </td>
      )}
      {columns.map((column, columnIndex) => (
        <td
          key={column.id}
          className={cn(
            "border-b border-line p-0",
            columnIndex === 0 &&
              cn(
                "sticky z-1 bg-inherit group-data-scrolled-x/table:border-r",
                isSelected === null ? "left-0" : "left-10",
              ),
          )}
        >
          <div
            className={cn(
              "flex items-center overflow-hidden px-3 whitespace-nowrap *:min-w-0",
              height,
              column.align === "end" && "nums justify-end",
            )}
          >
            {column.cell(row)}
          </div>
        </td>
      ))}
    </tr>
  );
}

const GridRow = memo(GridRowBody) as typeof GridRowBody;

function GridSkeleton<Row>(props: DataTableProps<Row>) {
  const density = props.density ?? "compact";
  const widths = ["w-3/5", "w-4/5", "w-1/2", "w-2/3"];
  return (
    <div
      aria-busy="true"
      className="hidden h-full max-h-full overflow-hidden rounded-lg border border-line bg-surface sm:block"
    >
      <TableFrame {...props} rowCount={-2}>
        <tbody>
          {Array.from({ length: 24 }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: placeholders are all alike
            <tr key={index}>
              {props.selected ? <td className="border-b border-line p-0" /> : null}
              {props.columns.map((column, columnIndex) => (
                <td key={column.id} className="border-b border-line p-0">
                  <div
                    className={cn(
                      "flex items-center px-3",
                      cellHeights[density],
                      column.align === "end" && "justify-end",
                    )}
                  >
                    <Skeleton className={widths[(index + columnIndex) % widths.length] ?? "w-1/2"} />
                  </div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </TableFrame>
    </div>
  );
}

/* ---------------------------------------------------------------- cards */

function CardSkeleton({ height }: { height: number }) {
  const lines = ["w-2/3", "w-1/2", "w-3/4"];
  return (
    <div aria-busy="true" className="sm:hidden">
      <div className="h-10 pb-2" />
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        {Array.from({ length: 8 }, (_, index) => (
          <svg
            // biome-ignore lint/suspicious/noArrayIndexKey: placeholders are all alike
            key={index}
            aria-hidden="true"
            height={height}
            className="block w-full animate-breathe border-b border-line"
          >
            <rect
              x="12"
              y="14"
              height="12"
              rx="3"
              className={cn("fill-press", lines[index % lines.length])}
              width="55%"
            />
            <rect x="12" y="38" height="10" rx="3" className="fill-press" width="35%" />
            <rect x="12" y="58" height="10" rx="3" className="fill-press" width="70%" />
          </svg>
        ))}
      </div>
    </div>
  );
}

/* ---------------------------------------------------------------- shared */

/** A new question is answered from the first row on; the first answer of all keeps what was restored. */
function useStartAgain(scroller: RefObject<HTMLElement | null>, question: string | undefined): void {
  const last = useRef(question);
  useLayoutEffect(() => {
    if (last.current === question) return;
    last.current = question;
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, [scroller, question]);
}

/** Coming back from a row's page, one is where one was. */
function useRestoredScroll(scroller: RefObject<HTMLElement | null>, restoreKey: string | undefined): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || restoreKey === undefined) return;
    element.scrollTop = scrollPositions.get(restoreKey) ?? 0;
    return () => {
      scrollPositions.set(restoreKey, element.scrollTop);
    };
  }, [scroller, restoreKey]);
}
