"use client";

import { Check, ChevronDown, Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { Button, type ButtonProps } from "./button.tsx";
import { cn } from "./cn.ts";
import { formatNumber } from "./format.ts";
import { Popover } from "./popover.tsx";

export interface PickerOption {
  id: string;
  label: string;
  /** A quieter word after the label: the region's key, the path of a compartment. Searched too. */
  hint?: string;
  /** Depth in a tree, from 0: the label is indented. While searching the tree is flat. */
  depth?: number;
  count?: number;
  disabled?: boolean;
  icon?: ReactNode;
}

export interface PickerProps {
  /** What is chosen here: "Region". Shown on the button before the value. */
  label: string;
  options: readonly PickerOption[];
  /** Ids of what is chosen. */
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** One at a time: choosing closes. */
  single?: boolean;
  /** On the button when nothing is chosen: "All regions". */
  allLabel: string;
  /** On the button when several are: (count) => "3 regions". */
  manyLabel?: (count: number) => string;
  /** Multi only: a first row that clears the choice. On by default. */
  offerAll?: boolean;
  searchLabel?: string;
  emptyText?: string;
  footer?: ReactNode;
  icon?: ReactNode;
  variant?: ButtonProps["variant"];
  size?: ButtonProps["size"];
  align?: "start" | "end";
  className?: string;
  disabled?: boolean;
}

/** A button that opens a searchable list to choose one or several from. Arrow keys move, Enter or a click chooses. */
export function Picker(props: PickerProps) {
  const { label, options, value, onChange, single = false, allLabel, manyLabel, icon, variant, size, align } = props;
  const chosen = options.filter((option) => value.includes(option.id));
  const first = chosen[0];
  let text = allLabel;
  if (first && chosen.length === 1) text = first.label;
  else if (chosen.length > 1) text = manyLabel?.(chosen.length) ?? `${chosen.length} chosen`;

  return (
    <Popover
      label={label}
      align={align ?? "start"}
      padding="none"
      className="w-80"
      trigger={
        <Button
          variant={variant ?? "secondary"}
          size={size ?? "md"}
          icon={icon}
          disabled={props.disabled ?? false}
          iconEnd={<ChevronDown aria-hidden="true" className="text-faint" />}
          className={cn("max-w-64 min-w-0 font-normal", props.className)}
        >
          <span className="truncate">
            <span className="text-muted">{label}: </span>
            <span className="font-medium">{text}</span>
          </span>
        </Button>
      }
    >
      {(close) => (
        <PickerList
          {...props}
          onChange={(next) => {
            onChange(next);
            if (single) close();
          }}
        />
      )}
    </Popover>
  );
}

const allId = "";

function PickerList({
  label,
  options,
  value,
  onChange,
  single = false,
  allLabel,
  offerAll = true,
  searchLabel,
  emptyText = "Nothing matches.",
  footer,
}: PickerProps) {
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);

  const shown = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    const matching = wanted
      ? options.filter((option) => `${option.label} ${option.hint ?? ""}`.toLowerCase().includes(wanted))
      : [...options];
    const all: PickerOption = { id: allId, label: allLabel };
    return offerAll && !wanted ? [all, ...matching] : matching;
  }, [options, query, offerAll, allLabel]);

  const activeIndex = Math.min(active, shown.length - 1);
  const optionId = (index: number) => `${listId}-${index}`;

  useEffect(() => {
    list.current?.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" });
  });

  const choose = (option: PickerOption | undefined) => {
    if (!option || option.disabled) return;
    if (option.id === allId) onChange([]);
    else if (single) onChange([option.id]);
    else onChange(value.includes(option.id) ? value.filter((id) => id !== option.id) : [...value, option.id]);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const last = shown.length - 1;
    const moves: Record<string, number> = {
      ArrowDown: activeIndex >= last ? 0 : activeIndex + 1,
      ArrowUp: activeIndex <= 0 ? last : activeIndex - 1,
      PageDown: Math.min(last, activeIndex + 8),
      PageUp: Math.max(0, activeIndex - 8),
    };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setActive(next);
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(shown[activeIndex]);
    }
  };

  return (
    <>
      <div className="relative border-b border-line">
        <Search aria-hidden="true" className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint" />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={activeIndex >= 0 ? optionId(activeIndex) : undefined}
          aria-autocomplete="list"
          aria-label={searchLabel ?? `Search ${label.toLowerCase()}`}
          placeholder={searchLabel ?? "Search"}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-10 w-full rounded-t-lg bg-transparent pr-3 pl-9 text-sm outline-none ring-inside pointer-coarse:text-lg"
        />
      </div>
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label={label}
        aria-multiselectable={!single}
        className="scroll-thin max-h-80 min-h-0 flex-1 overflow-y-auto p-1"
      >
        {shown.map((option, index) => {
          const isChosen = option.id === allId ? value.length === 0 : value.includes(option.id);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the combobox that owns this list
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox, aria-activedescendant points here
            <div
              key={option.id || "all"}
              id={optionId(index)}
              role="option"
              aria-selected={isChosen}
              aria-disabled={option.disabled || undefined}
              data-active={index === activeIndex || undefined}
              onClick={() => choose(option)}
              onPointerMove={() => (index === activeIndex ? undefined : setActive(index))}
              className={cn(
                "flex min-h-8 items-center gap-2 rounded-md px-2 py-1 text-sm touch-target",
                index === activeIndex && "bg-hover",
                option.disabled && "text-faint",
              )}
            >
              {query ? null : <Indent depth={option.depth ?? 0} />}
              <span
                aria-hidden="true"
                className={cn(
                  "inline-flex size-4 shrink-0 items-center justify-center",
                  single || option.id === allId ? "rounded-full" : "rounded-xs",
                  "border",
                  isChosen ? "border-accent-fill bg-accent-fill text-accent-ink" : "border-edge bg-surface",
                )}
              >
                {isChosen ? <Check className="size-3" strokeWidth={3} /> : null}
              </span>
              {option.icon}
              <span className="min-w-0 flex-1">
                <span className="block truncate">{option.label}</span>
                {option.hint ? <span className="block truncate text-xs text-faint">{option.hint}</span> : null}
              </span>
              {option.count === undefined ? null : (
                <span className="nums text-xs text-faint">{formatNumber(option.count)}</span>
              )}
            </div>
          );
        })}
      </div>
      <p role="status" className={shown.length === 0 ? "px-3 pt-4 pb-6 text-center text-sm text-muted" : "sr-only"}>
        {shown.length === 0 ? emptyText : `${shown.length} shown`}
      </p>
      {footer ? <div className="border-t border-line px-3 py-2 text-xs text-muted">{footer}</div> : null}
    </>
  );
}

/** One step of indentation a level; classes, since a server-rendered style attribute would be refused. */
function Indent({ depth }: { depth: number }) {
  return Array.from({ length: Math.min(depth, 8) }, (_, level) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: equal steps
    <span key={level} aria-hidden="true" className="-my-1 ml-1.5 w-1.5 shrink-0 self-stretch border-l border-line" />
  ));
}
