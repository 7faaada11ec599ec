"use client";

import { useEffect, useEffectEvent } from "react";

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input:not([type=checkbox],[type=radio]), textarea, select");
}

/**
 * Runs `act` when `key` is pressed outside of text fields and without modifiers ("/", "?", "j", "Escape"). Two keys
 * one after the other are written with a space: "g v". Does nothing while a modal dialog is open.
 */
export function useShortcut(key: string, act: () => void, enabled = true): void {
  const run = useEffectEvent(act);
  useEffect(() => {
    if (!enabled) return;
    const [first, second] = key.split(" ");
    let firstAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("[role=dialog],[role=alertdialog],[role=menu]")) return;
      if (second !== undefined) {
        if (event.key === first) {
          firstAt = event.timeStamp;
          return;
        }
        if (event.key !== second || event.timeStamp - firstAt > 1000) return;
      } else if (event.key !== first) {
        return;
      }
      event.preventDefault();
      run();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [key, enabled]);
}
