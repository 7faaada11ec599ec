"use client";

import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { cn } from "./cn.ts";
import { formatNumber } from "./format.ts";

export interface Tab<Id extends string> {
  id: Id;
  label: ReactNode;
  count?: number | undefined;
  /** Drawn only while its tab is chosen. */
  content: ReactNode;
}

export interface TabsProps<Id extends string> {
  /** Name of the row of tabs for screen readers. */
  label: string;
  tabs: readonly Tab<Id>[];
  value: Id;
  onChange: (id: Id) => void;
  className?: string;
}

/** Parts of one page, one at a time. Left and right arrows move, Home and End jump. */
export function Tabs<Id extends string>({ label, tabs, value, onChange, className }: TabsProps<Id>) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const current = tabs.find((tab) => tab.id === value) ?? tabs[0];

  const onKeyDown = (event: KeyboardEvent) => {
    const index = tabs.findIndex((tab) => tab.id === value);
    const moves: Record<string, number> = {
      ArrowRight: (index + 1) % tabs.length,
      ArrowLeft: (index - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const next = moves[event.key];
    const tab = next === undefined ? undefined : tabs[next];
    if (!tab) return;
    event.preventDefault();
    onChange(tab.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(tab.id)}"]`)?.focus();
  };

  return (
    <div className={className}>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        className="scroll-thin flex gap-1 overflow-x-auto border-b border-line"
      >
        {tabs.map((tab) => {
          const isCurrent = tab.id === current?.id;
          return (
            <button
              key={tab.id}
              type="button"
              role="tab"
              id={`${base}-${tab.id}`}
              data-tab={tab.id}
              aria-selected={isCurrent}
              aria-controls={isCurrent ? `${base}-panel` : undefined}
              tabIndex={isCurrent ? 0 : -1}
              onClick={() => onChange(tab.id)}
              onKeyDown={onKeyDown}
              className={cn(
                "-mb-px h-9 shrink-0 border-b-2 px-2.5 text-sm font-medium whitespace-nowrap ring-inside transition-colors touch-target",
                isCurrent ? "border-accent text-ink" : "border-transparent text-muted hover:text-ink",
              )}
            >
              {tab.label}
              {tab.count === undefined ? null : (
                <span className="nums ml-1.5 font-normal text-faint">{formatNumber(tab.count)}</span>
              )}
            </button>
          );
        })}
      </div>
      {current ? (
        <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${current.id}`} className="pt-4">
          {current.content}
        </div>
      ) : null}
    </div>
  );
}
