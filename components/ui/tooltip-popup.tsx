"use client";

import { type ReactNode, useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";

interface TooltipPopupProps {
  id: string;
  trigger: HTMLElement;
  side: "top" | "bottom" | "right";
  onPointerEnter: () => void;
  onPointerLeave: () => void;
  children: ReactNode;
}

/** The words of a tooltip, beside their element. */
export function TooltipPopup({ id, trigger, side, onPointerEnter, onPointerLeave, children }: TooltipPopupProps) {
  const popup = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = popup.current;
    if (!element) return;
    // The browser's top layer: above open panels and dialogs.
    element.showPopover();
    const place = () => placeBeside(element, trigger.getBoundingClientRect(), side);
    place();
    window.addEventListener("scroll", place, { capture: true, passive: true });
    window.addEventListener("resize", place);
    return () => {
      window.removeEventListener("scroll", place, { capture: true });
      window.removeEventListener("resize", place);
    };
  }, [trigger, side]);

  return createPortal(
    <div
      ref={popup}
      id={id}
      role="tooltip"
      popover="manual"
      onPointerEnter={onPointerEnter}
      onPointerLeave={onPointerLeave}
      className="fixed top-0 right-auto bottom-auto left-0 m-0 w-max max-w-72 overflow-visible rounded-md border-0 bg-ink px-2 py-1 text-xs text-pretty wrap-anywhere text-canvas shadow-pop"
    >
      {children}
    </div>,
    document.body,
  );
}

/** Puts a fixed element beside a box, on the other side when there is no room, and always inside the window. */
function placeBeside(element: HTMLElement, box: DOMRect, side: "top" | "bottom" | "right"): void {
  const gap = 6;
  const margin = 4;
  const { offsetWidth: width, offsetHeight: height } = element;
  let left = box.left + box.width / 2 - width / 2;
  let top = side === "bottom" ? box.bottom + gap : box.top - height - gap;
  if (side === "right") {
    left = box.right + gap;
    top = box.top + box.height / 2 - height / 2;
  } else if (top < margin) {
    top = box.bottom + gap;
  } else if (top + height > window.innerHeight - margin) {
    top = box.top - height - gap;
  }
  left = Math.max(margin, Math.min(left, document.documentElement.clientWidth - width - margin));
  element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}
