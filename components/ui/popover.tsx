"use client";

import { cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from "react";
import { useOpenedOnce } from "./dialog.tsx";
import type { TriggerElementProps } from "./menu.tsx";

const PopoverPopup = lazy(() => loadPopoverPopup().then((module) => ({ default: module.PopoverPopup })));

/** Fetches the code of popovers ahead of need. */
export function loadPopoverPopup() {
  return import("./popover-popup.tsx");
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
  const isMounted = useOpenedOnce(open);
  const setOpen = (next: boolean) => {
    setOwnOpen(next);
    onOpenChange?.(next);
  };

  return (
    <>
      {cloneElement(trigger, {
        ref: setAnchor,
        onClick: () => setOpen(!open),
        onPointerEnter: () => void loadPopoverPopup(),
        "aria-haspopup": "dialog",
        "aria-expanded": open,
      })}
      {isMounted && anchor ? (
        <Suspense fallback={null}>
          <PopoverPopup
            label={label}
            align={align}
            padding={padding}
            className={className}
            open={open}
            onOpenChange={setOpen}
            anchor={anchor}
          >
            {typeof children === "function" ? children(() => setOpen(false)) : children}
          </PopoverPopup>
        </Suspense>
      ) : null}
    </>
  );
}
