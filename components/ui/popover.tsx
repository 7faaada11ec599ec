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
import { cn } from "./cn.ts";
import { fetchAhead, patiently } from "./patiently.ts";

/** What a popup needs of the element that opens it; `Button` and `IconButton` pass all of it on. */
export interface TriggerElementProps {
  ref?: Ref<HTMLButtonElement>;
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
  onKeyDown?: (event: KeyboardEvent<HTMLButtonElement>) => void;
  onPointerEnter?: () => void;
  "aria-haspopup"?: "menu" | "dialog" | "listbox";
  "aria-expanded"?: boolean;
}

export interface PopoverProps {
  /** Name of the popover for screen readers. */
  label: string;
  /** A `Button` or `IconButton`. */
  trigger: ReactElement<TriggerElementProps>;
  children: ReactNode | ((close: () => void) => ReactNode);
  align?: "start" | "center" | "end";
  /** `none`: the content brings its own padding (lists). */
  padding?: "normal" | "none";
  className?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** Fetches the code of open popovers ahead of need. */
export const loadFloating = () => import("./floating.tsx");
const Floating = lazy(() => patiently(loadFloating).then((module) => ({ default: module.Floating })));

/** A small panel beside the button that opens it; the page behind stays usable. */
export function Popover({
  label,
  trigger,
  children,
  align = "start",
  padding = "normal",
  className,
  open: controlledOpen,
  onOpenChange,
}: PopoverProps) {
  const [ownOpen, setOwnOpen] = useState(false);
  const [anchor, setAnchor] = useState<HTMLButtonElement | null>(null);
  const open = controlledOpen ?? ownOpen;
  const setOpen = (next: boolean) => {
    setOwnOpen(next);
    onOpenChange?.(next);
  };
  const close = () => setOpen(false);

  return (
    <>
      {cloneElement(trigger, {
        ref: setAnchor,
        onPointerEnter: () => fetchAhead(loadFloating),
        onClick: () => setOpen(!open),
        "aria-haspopup": "dialog",
        "aria-expanded": open,
      })}
      {open && anchor ? (
        <Suspense fallback={null}>
          <Floating
            role="dialog"
            aria-label={label}
            anchor={anchor}
            onClose={close}
            align={align}
            initialFocus={(panel) => panel.querySelector<HTMLElement>("input,button,a[href],select,textarea")}
            className={cn(
              "flex max-w-[min(26rem,calc(100vw-1rem))] min-w-48 flex-col",
              padding === "normal" && "p-3",
              className,
            )}
          >
            {typeof children === "function" ? children(close) : children}
          </Floating>
        </Suspense>
      ) : null}
    </>
  );
}
