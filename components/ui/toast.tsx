"use client";

import { CircleAlert, CircleCheck, Clock, Info, TriangleAlert, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Button, IconButton } from "./button.tsx";
import { cn } from "./cn.ts";
import { type Tone, toneText } from "./tone.ts";

export interface ToastContent {
  tone?: Tone;
  title: ReactNode;
  description?: ReactNode;
  /** One button; pressing it also closes the toast unless it is being updated. */
  action?: { label: string; onPress: () => void };
  /** How long it stays; Infinity until closed or updated. Failures stay by default. */
  durationMs?: number;
}

interface Toast extends ToastContent {
  id: string;
}

const shownMax = 4;
const defaultMs = 6000;

const store = { toasts: [] as readonly Toast[], count: 0, listeners: new Set<() => void>() };
const none: readonly Toast[] = [];

function publish(toasts: readonly Toast[]): void {
  store.toasts = toasts;
  for (const listener of store.listeners) listener();
}

function subscribe(listener: () => void): () => void {
  store.listeners.add(listener);
  return () => store.listeners.delete(listener);
}

const toastActions = {
  /** Shows a toast; returns its id. An `id` that is already on screen is replaced. */
  add(content: ToastContent & { id?: string }): string {
    store.count += 1;
    const id = content.id ?? `toast-${store.count}`;
    const toast = { ...content, id };
    const others = store.toasts.filter((other) => other.id !== id);
    publish([...others, toast].slice(-shownMax));
    return id;
  },
  /** Changes a toast in place: "Submitted" becomes "Confirmed". Does nothing when it was closed meanwhile. */
  update(id: string, content: ToastContent): void {
    publish(store.toasts.map((toast) => (toast.id === id ? { ...content, id } : toast)));
  },
  close(id: string): void {
    publish(store.toasts.filter((toast) => toast.id !== id));
  },
};

/** Short messages about what just happened. What must not be missed belongs on the page, not here. */
export function useToast(): typeof toastActions {
  return toastActions;
}

const icons: Record<Tone, ReactNode> = {
  ok: <CircleCheck aria-hidden="true" />,
  info: <Info aria-hidden="true" />,
  warn: <TriangleAlert aria-hidden="true" />,
  danger: <CircleAlert aria-hidden="true" />,
  neutral: <Info aria-hidden="true" />,
  pending: <Clock aria-hidden="true" />,
};

/** Where toasts appear. Rendered once, by the root layout's providers. They wait while the pointer or the focus is on them. */
export function Toaster() {
  const toasts = useSyncExternalStore(
    subscribe,
    () => store.toasts,
    () => none,
  );
  const [isHeld, setIsHeld] = useState(false);
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: hovering and focusing only hold the clock; what acts is inside
    <section
      aria-label="Notifications"
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
      className="pointer-events-none fixed inset-x-2 bottom-2 z-70 flex flex-col items-end gap-2 sm:right-4 sm:bottom-4 sm:left-auto sm:w-96"
    >
      {/* Always there, so that what appears inside is announced. */}
      <div role="status" aria-live="polite" aria-relevant="additions text" className="flex w-full flex-col gap-2">
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} isHeld={isHeld} />
        ))}
      </div>
    </section>
  );
}

function ToastCard({ toast, isHeld }: { toast: Toast; isHeld: boolean }) {
  const tone = toast.tone ?? "neutral";
  const durationMs = toast.durationMs ?? (tone === "danger" ? Number.POSITIVE_INFINITY : defaultMs);
  const leftMs = useRef(durationMs);

  useEffect(() => {
    leftMs.current = durationMs;
  }, [durationMs]);

  useEffect(() => {
    if (isHeld || !Number.isFinite(durationMs)) return;
    const startedAt = Date.now();
    const timer = setTimeout(() => toastActions.close(toast.id), leftMs.current);
    return () => {
      clearTimeout(timer);
      leftMs.current -= Date.now() - startedAt;
    };
  }, [isHeld, durationMs, toast.id]);

  return (
    <div className="pointer-events-auto flex w-full items-start gap-3 rounded-lg bg-raised py-2.5 pr-2 pl-3.5 shadow-pop transition-[opacity,translate] duration-150 starting:translate-y-2 starting:opacity-0">
      <span className={cn("mt-1 shrink-0 [&_svg]:size-4", toneText[tone])}>{icons[tone]}</span>
      <div className="min-w-0 flex-1 py-0.5">
        <p className="text-sm font-medium wrap-anywhere">{toast.title}</p>
        {toast.description ? (
          <div className="text-xs text-pretty wrap-anywhere text-muted">{toast.description}</div>
        ) : null}
      </div>
      {toast.action ? (
        <Button
          size="sm"
          onClick={() => {
            toast.action?.onPress();
            toastActions.close(toast.id);
          }}
        >
          {toast.action.label}
        </Button>
      ) : null}
      <IconButton label="Dismiss" size="sm" icon={<X />} onClick={() => toastActions.close(toast.id)} />
    </div>
  );
}
