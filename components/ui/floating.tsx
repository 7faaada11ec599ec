"use client";

import {
  type HTMLAttributes,
  type ReactNode,
  type Ref,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from "react";
import { cn } from "./cn.ts";

export interface FloatingProps extends Omit<HTMLAttributes<HTMLDivElement>, "children"> {
  /** What it stands beside. */
  anchor: HTMLElement;
  /** Escape, a press outside, or the focus leaving. */
  onClose: () => void;
  align?: "start" | "center" | "end";
  /** What gets the focus; otherwise the panel itself. */
  initialFocus?: (panel: HTMLElement) => HTMLElement | null | undefined;
  children: ReactNode;
  ref?: Ref<HTMLDivElement>;
}

/** Open panels, the innermost last: only that one listens to Escape. */
const open: HTMLElement[] = [];

/**
 * A panel beside its anchor, above everything (the browser's top layer), mounted while it is open. It stays where it is
 * written in the page, so the tab order, landmarks and dialogs around it hold. Closing gives the focus back.
 */
export function Floating({
  anchor,
  onClose,
  align = "start",
  initialFocus,
  className,
  children,
  ref,
  ...rest
}: FloatingProps) {
  const panel = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => panel.current as HTMLDivElement);

  const close = useEffectEvent(onClose);
  const focusFirst = useEffectEvent((element: HTMLElement) => {
    (initialFocus?.(element) ?? element).focus({ preventScroll: true });
  });

  useLayoutEffect(() => {
    const element = panel.current;
    if (!element) return;
    const isOutside = (target: EventTarget | null) =>
      target instanceof Node && !element.contains(target) && !anchor.contains(target);
    const onPointerDown = (event: PointerEvent) => {
      if (isOutside(event.target)) close();
    };
    const onFocusOut = (event: FocusEvent) => {
      if (isOutside(event.relatedTarget)) close();
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || open.at(-1) !== element) return;
      event.preventDefault();
      event.stopPropagation();
      close();
    };
    const place = () => placeBelow(element, anchor, align);
    const observer = new ResizeObserver(place);

    element.showPopover();
    place();
    focusFirst(element);
    open.push(element);
    observer.observe(element);
    document.addEventListener("pointerdown", onPointerDown, true);
    document.addEventListener("keydown", onKeyDown, true);
    element.addEventListener("focusout", onFocusOut);
    window.addEventListener("scroll", place, { capture: true, passive: true });
    window.addEventListener("resize", place);
    return () => {
      const hadFocus = element.contains(document.activeElement) || document.activeElement === document.body;
      open.splice(open.indexOf(element), 1);
      observer.disconnect();
      document.removeEventListener("pointerdown", onPointerDown, true);
      document.removeEventListener("keydown", onKeyDown, true);
      element.removeEventListener("focusout", onFocusOut);
      window.removeEventListener("scroll", place, { capture: true });
      window.removeEventListener("resize", place);
      if (element.isConnected) element.hidePopover();
      if (hadFocus) anchor.focus({ preventScroll: true });
    };
  }, [anchor, align]);

  return (
    <div
      {...rest}
      ref={panel}
      popover="manual"
      tabIndex={-1}
      className={cn(
        "fixed inset-auto m-0 overflow-y-auto rounded-lg border-0 bg-raised p-0 text-sm font-normal text-ink shadow-pop outline-none transition-[opacity,translate] duration-100 starting:-translate-y-1 starting:opacity-0",
        className,
      )}
    >
      {children}
    </div>
  );
}

const gap = 4;
const margin = 8;
/** With less room than this below and more above, the panel goes above. */
const roomWanted = 260;

function placeBelow(element: HTMLElement, anchor: HTMLElement, align: "start" | "center" | "end"): void {
  const box = anchor.getBoundingClientRect();
  const viewWidth = document.documentElement.clientWidth;
  const roomBelow = window.innerHeight - box.bottom - gap - margin;
  const roomAbove = box.top - gap - margin;
  const wanted = Math.min(element.scrollHeight, roomWanted);
  const isAbove = roomBelow < wanted && roomAbove > roomBelow;

  element.style.maxHeight = `${Math.max(96, isAbove ? roomAbove : roomBelow)}px`;
  const { offsetWidth: width, offsetHeight: height } = element;
  let left = box.left;
  if (align === "end") left = box.right - width;
  else if (align === "center") left = box.left + box.width / 2 - width / 2;
  element.style.left = `${Math.round(Math.max(margin, Math.min(left, viewWidth - width - margin)))}px`;
  element.style.top = `${Math.round(isAbove ? box.top - gap - height : box.bottom + gap)}px`;
}
