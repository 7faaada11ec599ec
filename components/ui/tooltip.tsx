"use client";

import {
  cloneElement,
  type FocusEvent,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import { cn } from "./cn.ts";

const openDelayMs = 350;
const closeDelayMs = 120;
const skipDelayMs = 400;
/** When the last tooltip closed: moving along a row of icons shows the next one at once. */
const lastClosed = { at: 0 };

interface TriggerProps {
  onPointerEnter?: (event: PointerEvent<HTMLElement>) => void;
  onPointerLeave?: (event: PointerEvent<HTMLElement>) => void;
  onPointerDown?: (event: PointerEvent<HTMLElement>) => void;
  onFocus?: (event: FocusEvent<HTMLElement>) => void;
  onBlur?: (event: FocusEvent<HTMLElement>) => void;
  "aria-describedby"?: string | undefined;
}

export interface TooltipProps {
  /** A few words. Nothing essential: touch screens never show it. Without text the child is rendered alone. */
  text: ReactNode;
  /** One focusable element. */
  children: ReactElement<TriggerProps>;
  side?: "top" | "bottom" | "right";
  /** `name`: the text repeats the element's name (icon buttons), so it is not announced a second time. */
  says?: "description" | "name";
}

/**
 * Words beside an element on hover or keyboard focus. Escape closes it, the pointer can move onto it, and it stays
 * until pointer and focus have left (WCAG 1.4.13). Own code: the library's tooltip costs 30 kB for the same.
 */
export function Tooltip({ text, children, side = "top", says = "description" }: TooltipProps) {
  const id = useId();
  const [trigger, setTrigger] = useState<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const isOpen = trigger !== null;

  const open = (element: HTMLElement, delayMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setTrigger(element), delayMs);
  };
  const close = (delayMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      lastClosed.at = Date.now();
      setTrigger(null);
    }, delayMs);
  };

  useEffect(() => () => clearTimeout(timer.current), []);

  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") setTrigger(null);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isOpen]);

  if (text === undefined || text === null || text === "") return children;

  const own = children.props;
  return (
    <>
      {cloneElement(children, {
        onPointerEnter: (event) => {
          own.onPointerEnter?.(event);
          if (event.pointerType === "mouse") {
            open(event.currentTarget, Date.now() - lastClosed.at < skipDelayMs ? 0 : openDelayMs);
          }
        },
        onPointerLeave: (event) => {
          own.onPointerLeave?.(event);
          close(closeDelayMs);
        },
        onPointerDown: (event) => {
          own.onPointerDown?.(event);
          close(0);
        },
        onFocus: (event) => {
          own.onFocus?.(event);
          if (event.currentTarget.matches(":focus-visible")) open(event.currentTarget, 0);
        },
        onBlur: (event) => {
          own.onBlur?.(event);
          close(0);
        },
        "aria-describedby":
          isOpen && says === "description" ? cn(own["aria-describedby"], id) : own["aria-describedby"],
      })}
      {trigger ? (
        <TooltipPopup
          id={id}
          trigger={trigger}
          side={side}
          onPointerEnter={() => clearTimeout(timer.current)}
          onPointerLeave={() => close(closeDelayMs)}
        >
          {text}
        </TooltipPopup>
      ) : null}
    </>
  );
}

interface TooltipPopupProps {
  id: string;
  trigger: HTMLElement;
  side: "top" | "bottom" | "right";
  onPointerEnter: () => void;
  onPointerLeave: () => void;
  children: ReactNode;
}

function TooltipPopup({ id, trigger, side, onPointerEnter, onPointerLeave, children }: TooltipPopupProps) {
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
