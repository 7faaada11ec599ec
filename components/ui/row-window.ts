"use client";

import { type RefObject, useEffect, useLayoutEffect, useState } from "react";
import { flushSync } from "react-dom";

/** Rows drawn beyond each edge, and the step in which the window moves: fewer renders while scrolling. */
const overscan = 6;
const step = 4;

export interface RowWindow {
  /** First row drawn. */
  start: number;
  /** One past the last row drawn. */
  end: number;
}

export interface RowWindowOptions {
  count: number;
  /** All rows have exactly this height in pixels. */
  rowHeight: number;
  /** What scrolls; null when the page itself does. */
  scroller: RefObject<HTMLElement | null> | null;
  /** The element that holds all rows; its top edge is row 0. */
  content: RefObject<HTMLElement | null>;
  enabled: boolean;
}

function measure(options: RowWindowOptions): RowWindow | null {
  const content = options.content.current;
  if (!content) return null;
  const scroller = options.scroller?.current;
  const viewTop = scroller ? scroller.getBoundingClientRect().top : 0;
  const viewHeight = scroller ? scroller.clientHeight : window.innerHeight;
  const scrolled = viewTop - content.getBoundingClientRect().top;
  const first = Math.floor(scrolled / options.rowHeight) - overscan;
  const last = Math.ceil((scrolled + viewHeight) / options.rowHeight) + overscan;
  return {
    start: Math.max(0, Math.floor(first / step) * step),
    end: Math.max(0, Math.ceil(last / step) * step),
  };
}

/**
 * Which rows of a long list are near the visible part. Rows have one fixed height, so this is a division; the library
 * for rows of unknown height would cost 10 kB.
 */
export function useRowWindow(options: RowWindowOptions): RowWindow {
  const { count, rowHeight, scroller, content, enabled } = options;
  const [range, setRange] = useState<RowWindow>({ start: 0, end: 40 });

  useLayoutEffect(() => {
    if (!enabled) return;
    const current = { scroller, content, rowHeight, count, enabled };
    const update = (commit: (next: () => void) => void) => {
      const next = measure(current);
      if (!next) return;
      commit(() => setRange((old) => (old.start === next.start && old.end === next.end ? old : next)));
    };
    const quietly = () => update((set) => set());
    // The scroll event comes just before the frame is drawn: rows set now are in that frame, never a blank strip.
    const now = () => update(flushSync);
    quietly();
    const target: HTMLElement | Window = scroller?.current ?? window;
    target.addEventListener("scroll", now, { passive: true });
    const observer = new ResizeObserver(quietly);
    observer.observe(scroller?.current ?? document.documentElement);
    return () => {
      target.removeEventListener("scroll", now);
      observer.disconnect();
    };
  }, [count, rowHeight, scroller, content, enabled]);

  const start = Math.min(range.start, Math.max(0, Math.floor((count - 1) / step) * step));
  return { start, end: Math.min(count, Math.max(range.end, start + step)) };
}

/** Tells which rows are drawn, whenever that changes. */
export function useShownRows<Row>(
  rows: readonly Row[],
  range: RowWindow,
  onShownRowsChange: ((rows: readonly Row[]) => void) | undefined,
): void {
  useEffect(() => {
    onShownRowsChange?.(rows.slice(range.start, range.end));
  }, [rows, range.start, range.end, onShownRowsChange]);
}
