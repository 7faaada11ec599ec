"use client";

import { Check } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { cn } from "./cn.ts";
import { Floating } from "./floating.tsx";
import { Kbd } from "./kbd.tsx";
import type { MenuEntry, MenuProps } from "./menu.tsx";

const typeaheadMs = 700;

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
}

interface MenuPanelProps extends Pick<MenuProps, "label" | "header" | "align"> {
  entries: readonly MenuEntry[];
  anchor: HTMLElement;
  /** With the keyboard the first or last entry gets the focus; with a pointer none does yet. */
  focus: "first" | "last" | "none";
  close: () => void;
}

/** What a menu opens. Arrows, Home, End and first letters move in it. */
export function MenuPanel({ label, entries, header, align = "start", anchor, focus, close }: MenuPanelProps) {
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });

  const onKeyDown = (event: KeyboardEvent) => {
    const all = itemsOf(list.current);
    const index = all.indexOf(document.activeElement as HTMLElement);
    const moves: Record<string, number> = {
      ArrowDown: (index + 1) % all.length,
      ArrowUp: index <= 0 ? all.length - 1 : index - 1,
      Home: 0,
      End: all.length - 1,
    };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      all[next]?.focus();
    } else if (event.key === "Tab") {
      event.preventDefault();
      close();
    } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const isNew = event.timeStamp - typed.current.at > typeaheadMs;
      typed.current = { text: (isNew ? "" : typed.current.text) + event.key.toLowerCase(), at: event.timeStamp };
      const fromHere = [...all.slice(index + 1), ...all.slice(0, index + 1)];
      fromHere.find((item) => item.textContent?.trim().toLowerCase().startsWith(typed.current.text))?.focus();
    }
  };

  return (
    <Floating
      ref={list}
      role="menu"
      aria-label={label}
      anchor={anchor}
      align={align}
      onClose={close}
      onKeyDown={onKeyDown}
      initialFocus={(panel) => (focus === "none" ? panel : itemsOf(panel).at(focus === "last" ? -1 : 0))}
      className="max-w-[min(22rem,calc(100vw-1rem))] min-w-48 p-1"
    >
      {header ? (
        <div role="presentation" className="mb-1 border-b border-line px-2 pt-1 pb-2">
          {header}
        </div>
      ) : null}
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity of their own and keep their order
        <Entry key={index} entry={entry} close={close} />
      ))}
    </Floating>
  );
}

const row =
  "flex min-h-8 w-full items-center gap-2 rounded-md px-2 py-1 text-left text-sm outline-none select-none hover:bg-hover focus:bg-hover focus-visible:outline-2 focus-visible:-outline-offset-2 touch-target";

function Entry({ entry, close }: { entry: MenuEntry; close: () => void }) {
  switch (entry.kind) {
    case "separator":
      return <hr className="my-1 border-line" />;
    case "heading":
      return (
        <div role="presentation" className="px-2 pt-1.5 pb-1 text-xs font-medium text-muted">
          {entry.label}
        </div>
      );
    case "link":
      return (
        <Link
          href={entry.href as Route}
          role="menuitem"
          tabIndex={-1}
          aria-current={entry.isCurrent ? "page" : undefined}
          onClick={close}
          className={row}
        >
          <EntryBody icon={entry.icon} label={entry.label} hint={entry.hint} />
          {entry.isCurrent ? <Tick /> : null}
        </Link>
      );
    case "choice":
      return (
        <button
          type="button"
          role="menuitemradio"
          aria-checked={entry.checked}
          tabIndex={-1}
          onClick={() => {
            entry.onSelect();
            close();
          }}
          className={row}
        >
          <EntryBody icon={entry.icon} label={entry.label} hint={entry.hint} />
          {entry.checked ? <Tick /> : <span className="size-4" />}
        </button>
      );
    case "toggle":
      return (
        <button
          type="button"
          role="menuitemcheckbox"
          aria-checked={entry.checked}
          aria-disabled={entry.disabled || undefined}
          tabIndex={-1}
          onClick={() => (entry.disabled ? undefined : entry.onCheckedChange(!entry.checked))}
          className={cn(row, entry.disabled && "text-muted")}
        >
          <span
            aria-hidden="true"
            className={cn(
              "inline-flex size-4 shrink-0 items-center justify-center rounded-xs border",
              entry.checked ? "border-accent-fill bg-accent-fill text-accent-ink" : "border-edge bg-surface",
              entry.disabled && "opacity-50",
            )}
          >
            {entry.checked ? <Check className="size-3" strokeWidth={3} /> : null}
          </span>
          <EntryBody label={entry.label} />
        </button>
      );
    default: {
      const isRefused = Boolean(entry.disabledReason);
      return (
        <button
          type="button"
          role="menuitem"
          aria-disabled={isRefused || undefined}
          tabIndex={-1}
          onClick={() => {
            if (isRefused) return;
            close();
            entry.onSelect();
          }}
          className={cn(
            row,
            entry.tone === "danger" && !isRefused && "text-danger hover:bg-danger-soft focus:bg-danger-soft",
            isRefused && "text-muted",
          )}
        >
          <EntryBody icon={entry.icon} label={entry.label} hint={entry.disabledReason ?? entry.hint} />
          {entry.shortcut ? <Kbd>{entry.shortcut}</Kbd> : null}
        </button>
      );
    }
  }
}

function EntryBody({ icon, label, hint }: { icon?: ReactNode; label: ReactNode; hint?: ReactNode }) {
  return (
    <>
      {icon ? <span className="inline-flex shrink-0 opacity-80 [&_svg]:size-4">{icon}</span> : null}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{label}</span>
        {hint ? <span className="block text-xs text-pretty text-muted">{hint}</span> : null}
      </span>
    </>
  );
}

function Tick() {
  return <Check aria-hidden="true" className="size-4 shrink-0 text-accent" />;
}
