"use client";

import { Check, Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { cn } from "./cn.ts";
import { formatNumber } from "./format.ts";
import type { PickerOption, PickerProps } from "./picker.tsx";

const allId = "";

/** What a picker opens: a search box and the options under it. */
export function PickerList({
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
  const input = useRef<HTMLInputElement>(null);
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

  // The first time the list arrives after its panel, which then holds the focus.
  useLayoutEffect(() => {
    if (document.activeElement?.contains(input.current)) input.current?.focus({ preventScroll: true });
  }, []);

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
          ref={input}
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
