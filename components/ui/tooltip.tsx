"use client";

import {
  cloneElement,
  type FocusEvent,
  lazy,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  Suspense,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { cn } from "./cn.ts";
import { patiently } from "./patiently.ts";

/** Fetches the code of tooltips ahead of need. */
export const loadTooltip = () => import("./tooltip-popup.tsx");
const TooltipPopup = lazy(() => patiently(loadTooltip).then((module) => ({ default: module.TooltipPopup })));

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
        <Suspense fallback={null}>
          <TooltipPopup
            id={id}
            trigger={trigger}
            side={side}
            onPointerEnter={() => clearTimeout(timer.current)}
            onPointerLeave={() => close(closeDelayMs)}
          >
            {text}
          </TooltipPopup>
        </Suspense>
      ) : null}
    </>
  );
}
