"use client";

import { AlertDialog as BaseAlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useRef, useState } from "react";
import { Button, IconButton } from "./button.tsx";
import { cn } from "./cn.ts";
import type { ConfirmDialogProps, DialogProps, SheetProps } from "./dialog.tsx";
import { TextField } from "./field.tsx";

const backdrop =
  "fixed inset-0 z-50 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0";
const viewport =
  "fixed inset-0 z-50 flex items-end justify-center overflow-y-auto p-2 sm:items-start sm:px-4 sm:py-[10vh]";
const popup =
  "relative flex max-h-full w-full flex-col rounded-xl bg-raised shadow-modal transition-[opacity,transform] duration-150 ease-out outline-none data-ending-style:translate-y-1 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0 sm:max-h-[80vh]";
const widths = { sm: "sm:max-w-sm", md: "sm:max-w-lg", lg: "sm:max-w-2xl" } as const;
/** What one came to fill in, or the answer, gets the focus before the close button does; what must be answered, before the way out. */
function firstStop(panel: HTMLElement | null, dismissible: boolean): HTMLElement | null {
  const find = (stops: string) => panel?.querySelector<HTMLElement>(stops) ?? null;
  const answer = dismissible ? null : find("[data-content] :is(button, a)");
  return find("input:not([type=hidden]), textarea, select") ?? answer ?? find("[data-footer] :is(button, a)");
}
const footerClass =
  "flex flex-col-reverse gap-2 rounded-b-xl border-t border-line bg-sunken px-4 py-3 sm:flex-row sm:justify-end";

export function DialogPopup({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  size = "md",
  dismissible = true,
  initialFocus,
  finalFocus,
}: DialogProps) {
  const panel = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root
      open={open}
      onOpenChange={(next) => (next || dismissible ? onOpenChange(next) : undefined)}
      disablePointerDismissal={!dismissible}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdrop} />
        <BaseDialog.Viewport className={viewport}>
          <BaseDialog.Popup
            ref={panel}
            initialFocus={initialFocus ?? (() => firstStop(panel.current, dismissible) ?? true)}
            {...(finalFocus === undefined ? {} : { finalFocus: () => finalFocus() ?? true })}
            className={cn(popup, widths[size])}
          >
            <div className="flex items-start gap-3 px-4 pt-4 pb-3">
              <div className="min-w-0 flex-1">
                <BaseDialog.Title className="text-lg font-semibold text-balance wrap-anywhere">
                  {title}
                </BaseDialog.Title>
                {description ? (
                  <BaseDialog.Description className="mt-0.5 text-sm text-pretty text-muted">
                    {description}
                  </BaseDialog.Description>
                ) : null}
              </div>
              {dismissible ? (
                <IconButton label="Close" size="sm" icon={<X />} onClick={() => onOpenChange(false)} />
              ) : null}
            </div>
            {/* The first thing's focus ring needs room inside what scrolls. */}
            <div data-content="" className="-mt-1 min-h-0 flex-1 overflow-y-auto px-4 pt-1 pb-4">
              {children}
            </div>
            {footer ? (
              <div data-footer="" className={footerClass}>
                {footer}
              </div>
            ) : null}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

export function ConfirmPopup({ open, onOpenChange, ...rest }: ConfirmDialogProps) {
  return (
    <BaseAlertDialog.Root open={open} onOpenChange={(next) => (rest.busy ? undefined : onOpenChange(next))}>
      <BaseAlertDialog.Portal>
        <BaseAlertDialog.Backdrop className={backdrop} />
        <BaseAlertDialog.Viewport className={viewport}>
          {/* A fresh body for every opening: what was typed last time does not count. */}
          <ConfirmBody onOpenChange={onOpenChange} {...rest} />
        </BaseAlertDialog.Viewport>
      </BaseAlertDialog.Portal>
    </BaseAlertDialog.Root>
  );
}

function ConfirmBody({
  onOpenChange,
  title,
  children,
  confirmLabel,
  keepLabel,
  onConfirm,
  tone = "primary",
  busy = false,
  error,
  typeToConfirm,
  confirmDisabledReason,
}: Omit<ConfirmDialogProps, "open">) {
  const [typed, setTyped] = useState("");
  const keep = useRef<HTMLButtonElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const isTyped = !typeToConfirm || typed === typeToConfirm.text;
  const reason = confirmDisabledReason ?? (isTyped ? undefined : "Type the text above exactly to go on.");

  return (
    <BaseAlertDialog.Popup
      initialFocus={typeToConfirm ? field : keep}
      className={cn(popup, widths.md)}
      render={<div />}
    >
      <form
        className="contents"
        onSubmit={(event) => {
          event.preventDefault();
          if (!reason && !busy) onConfirm();
        }}
      >
        <div className="min-h-0 flex-1 space-y-3 overflow-y-auto px-4 py-4">
          <BaseAlertDialog.Title className="text-lg font-semibold text-balance wrap-anywhere">
            {title}
          </BaseAlertDialog.Title>
          {children ? (
            <BaseAlertDialog.Description
              render={<div />}
              className="space-y-2 text-sm text-pretty text-muted [&_strong]:font-semibold [&_strong]:text-ink"
            >
              {children}
            </BaseAlertDialog.Description>
          ) : null}
          {typeToConfirm ? (
            <TextField
              ref={field}
              label={typeToConfirm.label}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              mono
            />
          ) : null}
          {error}
        </div>
        <div className={footerClass}>
          <Button ref={keep} disabled={busy} onClick={() => onOpenChange(false)}>
            {keepLabel}
          </Button>
          <Button
            type="submit"
            variant={tone === "danger" ? "danger" : "primary"}
            loading={busy}
            disabledReason={reason}
          >
            {confirmLabel}
          </Button>
        </div>
      </form>
    </BaseAlertDialog.Popup>
  );
}

const sheetSides = {
  left: "inset-y-0 left-0 w-72 max-w-[85vw] data-ending-style:-translate-x-full data-starting-style:-translate-x-full",
  right: "inset-y-0 right-0 w-110 max-w-full data-ending-style:translate-x-full data-starting-style:translate-x-full",
  bottom:
    "inset-x-0 bottom-0 max-h-[85dvh] rounded-t-xl data-ending-style:translate-y-full data-starting-style:translate-y-full",
} as const;

export function SheetPopup({
  open,
  onOpenChange,
  title,
  hideTitle = false,
  description,
  side = "right",
  children,
  footer,
}: SheetProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdrop} />
        <BaseDialog.Popup
          className={cn(
            "fixed z-50 flex flex-col bg-raised shadow-modal transition-transform duration-200 ease-out outline-none",
            sheetSides[side],
          )}
        >
          <div className={cn("flex items-start gap-3 px-4 pt-3 pb-2", hideTitle && "absolute top-0 right-0 z-10")}>
            <div className={cn("min-w-0 flex-1 pt-1", hideTitle && "sr-only")}>
              <BaseDialog.Title className="text-base font-semibold wrap-anywhere">{title}</BaseDialog.Title>
              {description ? (
                <BaseDialog.Description className="text-sm text-muted">{description}</BaseDialog.Description>
              ) : null}
            </div>
            <IconButton label="Close" size="sm" icon={<X />} onClick={() => onOpenChange(false)} />
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
          {footer ? (
            <div className="flex justify-end gap-2 border-t border-line bg-sunken px-4 py-3">{footer}</div>
          ) : null}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
