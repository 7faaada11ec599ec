"use client";

import {
  cloneElement,
  type KeyboardEvent,
  lazy,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  type Ref,
  Suspense,
  useState,
} from "react";
import { useOpenedOnce } from "./dialog.tsx";

const MenuPopup = lazy(() => loadMenuPopup().then((module) => ({ default: module.MenuPopup })));

/** Fetches the code of menus ahead of need. */
export function loadMenuPopup() {
  return import("./menu-popup.tsx");
}

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

/** What a popup needs of the element that opens it; `Button` and `IconButton` pass all of it on. */
export interface TriggerElementProps {
  ref?: Ref<HTMLButtonElement>;
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
  onKeyDown?: (event: KeyboardEvent<HTMLButtonElement>) => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  "aria-haspopup"?: "menu" | "dialog" | "listbox";
  "aria-expanded"?: boolean;
}

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

/** A button that opens a list of actions, links, choices or switches. */
export function Menu({ label, trigger, entries, header, align = "start" }: MenuProps) {
  const [open, setOpen] = useState(false);
  const [anchor, setAnchor] = useState<HTMLButtonElement | null>(null);
  const isMounted = useOpenedOnce(open);

  return (
    <>
      {cloneElement(trigger, {
        ref: setAnchor,
        onClick: () => setOpen(!open),
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setOpen(true);
        },
        onPointerEnter: () => void loadMenuPopup(),
        "aria-haspopup": "menu",
        "aria-expanded": open,
      })}
      {isMounted && anchor ? (
        <Suspense fallback={null}>
          <MenuPopup
            label={label}
            entries={entries}
            header={header}
            align={align}
            open={open}
            onOpenChange={setOpen}
            anchor={anchor}
          />
        </Suspense>
      ) : null}
    </>
  );
}
