"use client";

import { type ReactNode, useEffect, useRef } from "react";

/**
 * What takes the place of a form: it takes the focus as it arrives, because the button that had it is gone. A keyboard goes on
 * from here, and a screen reader reads it.
 */
export function Arrival({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this is what came out of one
    <div ref={box} role="group" aria-label={label} tabIndex={-1} className={className}>
      {children}
    </div>
  );
}
