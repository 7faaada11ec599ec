"use client";

import { cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from "react";
import { fetchAhead, patiently } from "./patiently.ts";
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
  /** A function is only called for an open menu: in a table most of them never are. */
  entries: readonly MenuEntry[] | (() => readonly MenuEntry[]);
  /** Above the entries: who is signed in, what is chosen. */
  header?: ReactNode;
  align?: "start" | "end";
}

/** Fetches the code of open menus ahead of need. */
export const loadMenuPanel = () => import("./menu-panel.tsx");
const MenuPanel = lazy(() => patiently(loadMenuPanel).then((module) => ({ default: module.MenuPanel })));

/** A button that opens a list of actions, links, choices or switches. The list is loaded with the first one that is opened. */
export function Menu({ trigger, ...list }: MenuProps) {
  const [focus, setFocus] = useState<"first" | "last" | "none">("none");
  const [isOpen, setIsOpen] = useState(false);
  const [anchor, setAnchor] = useState<HTMLButtonElement | null>(null);

  return (
    <>
      {cloneElement(trigger, {
        ref: setAnchor,
        onPointerEnter: () => fetchAhead(loadMenuPanel),
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
        <Suspense fallback={null}>
          <MenuPanel
            {...list}
            entries={typeof list.entries === "function" ? list.entries() : list.entries}
            anchor={anchor}
            focus={focus}
            close={() => setIsOpen(false)}
          />
        </Suspense>
      ) : null}
    </>
  );
}
