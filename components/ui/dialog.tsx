"use client";

import { lazy, type ReactNode, type RefObject, Suspense, useState } from "react";
import { patiently } from "./patiently.ts";

/**
 * Dialogs are loaded when the first one opens (the shell fetches the code while the browser is idle), so a page pays
 * nothing for the ones nobody asks for. Focus goes in, stays in, and comes back to where it was.
 */
const DialogPopup = lazy(() => patiently(loadDialogPopups).then((module) => ({ default: module.DialogPopup })));
const ConfirmPopup = lazy(() => patiently(loadDialogPopups).then((module) => ({ default: module.ConfirmPopup })));
const SheetPopup = lazy(() => patiently(loadDialogPopups).then((module) => ({ default: module.SheetPopup })));

/** Fetches the code of all dialogs ahead of need. */
export function loadDialogPopups() {
  return import("./dialog-popup.tsx");
}

/** True from the first opening on: the popup then stays mounted, so that it can animate out and keep its form. */
export function useOpenedOnce(open: boolean): boolean {
  const [wasOpened, setWasOpened] = useState(open);
  if (open && !wasOpened) setWasOpened(true);
  return open || wasOpened;
}

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  /** Buttons, at the end; the leaving one first. */
  footer?: ReactNode;
  size?: "sm" | "md" | "lg";
  /** False: Escape and a click outside do nothing and there is no close button (something must be answered). */
  dismissible?: boolean;
  /** What gets the focus; otherwise the first thing that can. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** What gets it afterwards, when what opened the dialog may be gone; null: what had it before. */
  finalFocus?: () => HTMLElement | null;
}

/** A modal dialog. */
export function Dialog(props: DialogProps) {
  if (!useOpenedOnce(props.open)) return null;
  return (
    <Suspense fallback={null}>
      <DialogPopup {...props} />
    </Suspense>
  );
}

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** A question that names the object: "Move “prod-payments” to network?" */
  title: ReactNode;
  /** What will happen, and what can be undone until when. */
  children?: ReactNode;
  /** Verb and noun: "Move vault". Never "OK". */
  confirmLabel: ReactNode;
  /** What stays as it is: "Keep it where it is". */
  keepLabel: ReactNode;
  onConfirm: () => void;
  tone?: "primary" | "danger";
  /** The change is on its way: nothing can be pressed, the dialog cannot be closed. */
  busy?: boolean;
  /** An `ErrorBlock` when the last try failed. */
  error?: ReactNode;
  /** The confirm button stays off until this text is typed exactly (pasting is fine). */
  typeToConfirm?: { text: string; label: ReactNode } | undefined;
  /** Why confirming is not possible yet, besides the typed text. */
  confirmDisabledReason?: ReactNode;
}

/** One question with two answers. Escape means the keeping one. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  if (!useOpenedOnce(props.open)) return null;
  return (
    <Suspense fallback={null}>
      <ConfirmPopup {...props} />
    </Suspense>
  );
}

export interface SheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** Only for screen readers: the content has its own heading. */
  hideTitle?: boolean;
  description?: ReactNode;
  side?: "left" | "right" | "bottom";
  children: ReactNode;
  footer?: ReactNode;
}

/** A modal panel at an edge: navigation and filters on narrow screens, details on wide ones. */
export function Sheet(props: SheetProps) {
  if (!useOpenedOnce(props.open)) return null;
  return (
    <Suspense fallback={null}>
      <SheetPopup {...props} />
    </Suspense>
  );
}
