"use client";

import { Popover as BasePopover } from "@base-ui/react/popover";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

interface PopoverPopupProps {
  label: string;
  align: "start" | "center" | "end";
  padding: "normal" | "none";
  className?: string | undefined;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  anchor: HTMLElement;
  children: ReactNode;
}

export function PopoverPopup({
  label,
  align,
  padding,
  className,
  open,
  onOpenChange,
  anchor,
  children,
}: PopoverPopupProps) {
  return (
    <BasePopover.Root
      open={open}
      onOpenChange={(next, details) => {
        const target = details.event.target;
        if (!next && details.reason === "outside-press" && target instanceof Node && anchor.contains(target)) return;
        onOpenChange(next);
      }}
    >
      <BasePopover.Portal>
        <BasePopover.Positioner
          anchor={anchor}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-60 outline-none"
        >
          <BasePopover.Popup
            aria-label={label}
            finalFocus={() => anchor}
            className={cn(
              "popup-motion flex max-h-(--available-height) max-w-[min(26rem,calc(100vw-1rem))] min-w-48 flex-col overflow-y-auto rounded-lg bg-raised text-sm shadow-pop outline-none",
              padding === "normal" && "p-3",
              className,
            )}
          >
            {children}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}
