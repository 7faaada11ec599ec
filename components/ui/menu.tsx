"use client";

import { Check } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { cloneElement, type KeyboardEvent, type ReactElement, type ReactNode, useRef, useState } from "react";
import { cn } from "./cn.ts";
import { Floating } from "./floating.tsx";
import { Kbd } from "./kbd.tsx";
import type { TriggerElementProps } from "./popover.tsx";

export type MenuEntry =
  | {
      kind?: "item";
      label: ReactNode;
      /** A second, quieter line. */
      hint?: ReactNode;
      icon?: ReactNode;
      onSelect: () => void;
      tone?: "danger";
      /** Why it may not be chosen; shown under the label. The entry stays reachable. */
      disabledReason?: ReactNode;
      /** A key that does the same: "E". */
      shortcut?: string;
    }
  | { kind: "link"; label: ReactNode; hint?: ReactNode; icon?: ReactNode; href: string; isCurrent?: boolean }
  /** One of several that exclude each other; entries that follow each other form one group. */
  | { kind: "choice"; label: ReactNode; hint?: ReactNode; icon?: ReactNode; checked: boolean; onSelect: () => void }
  /** On or off by itself; the menu stays open. */
  | {
      kind: "toggle";
      label: ReactNode;
      checked: boolean;
      onCheckedChange: (checked: boolean) => void;
      disabled?: boolean;
    }
  | { kind: "heading"; label: ReactNode }
  | { kind: "separator" };

export interface MenuProps {
  /** Name of the menu for screen readers: "Actions for prod-payments". */
  label: string;
  /** A `Button` or `IconButton`. */
  trigger: ReactElement<TriggerElementProps>;
  entries: readonly MenuEntry[];
  /** Above the entries: who is signed in, what is chosen. */
  header?: ReactNode;
  align?: "start" | "end";
}

const typeaheadMs = 700;

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
}

/** A button that opens a list of actions, links, choices or switches. Arrows, Home, End and first letters move in it. */
export function Menu({ label, trigger, entries, header, align = "start" }: MenuProps) {
  // With the keyboard the first or last entry gets the focus; with a pointer none does yet.
  const [focus, setFocus] = useState<"first" | "last" | "none">("none");
  const [isOpen, setIsOpen] = useState(false);
  const [anchor, setAnchor] = useState<HTMLButtonElement | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });
  const close = () => setIsOpen(false);

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
    <>
      {cloneElement(trigger, {
        ref: setAnchor,
        onClick: (event) => {
          // A click without a pointer comes from Enter or Space.
          setFocus(event.detail === 0 ? "first" : "none");
          setIsOpen(!isOpen);
        },
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          if (event.currentTarget.ariaDisabled === "true") return;
          event.preventDefault();
          setFocus(event.key === "ArrowUp" ? "last" : "first");
          setIsOpen(true);
        },
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
      })}
      {isOpen && anchor ? (
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
      ) : null}
    </>
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
