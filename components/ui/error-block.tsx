"use client";

import { CircleAlert, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { useNow } from "./clock.ts";
import { cn } from "./cn.ts";
import { CopyText } from "./copy-text.tsx";
import { formatTime } from "./format.ts";

export interface ErrorBlockProps {
  /** What happened, in one sentence. */
  title: ReactNode;
  /** Why, when it is known. */
  why?: ReactNode;
  /** What to do now. */
  whatToDo?: ReactNode;
  /** The service's own name for it: "IncorrectState". */
  code?: string | undefined;
  requestId?: string | undefined;
  onRetry?: (() => void) | undefined;
  retryLabel?: string;
  retrying?: boolean;
  /** The earliest time another try makes sense, epoch milliseconds: the button waits visibly. */
  retryAt?: number | undefined;
  /** More buttons. */
  actions?: ReactNode;
  /** `inline` inside forms and dialogs, `page` in the middle of an empty area. */
  look?: "inline" | "page";
  className?: string;
}

/** A failure: what happened, why, what to do, and the id to give to whoever can look it up. */
export function ErrorBlock({
  title,
  why,
  whatToDo,
  code,
  requestId,
  onRetry,
  retryLabel = "Try again",
  retrying = false,
  retryAt,
  actions,
  look = "inline",
  className,
}: ErrorBlockProps) {
  const isPage = look === "page";
  return (
    <div
      role="alert"
      className={cn(
        "flex items-start gap-3",
        isPage ? "mx-auto max-w-xl px-6 py-12" : "rounded-lg border border-danger-line bg-danger-soft/45 px-3.5 py-3",
        className,
      )}
    >
      <CircleAlert aria-hidden="true" className={cn("shrink-0 text-danger", isPage ? "size-6" : "mt-0.5 size-4")} />
      <div className="min-w-0 flex-1 space-y-1">
        <p className={cn("font-semibold wrap-anywhere", isPage ? "text-lg" : "text-sm")}>{title}</p>
        {why ? <p className="text-sm text-pretty wrap-anywhere text-muted">{why}</p> : null}
        {whatToDo ? <p className="text-sm text-pretty wrap-anywhere">{whatToDo}</p> : null}
        {code || requestId ? (
          <p className="flex flex-wrap gap-x-4 gap-y-0.5 pt-1 text-xs text-muted">
            {code ? (
              <span>
                Code <span className="code">{code}</span>
              </span>
            ) : null}
            {requestId ? (
              <span className="inline-flex min-w-0 items-center gap-1">
                <span className="shrink-0">Request id</span> <CopyText text={requestId} what="request id" />
              </span>
            ) : null}
          </p>
        ) : null}
        {onRetry || actions ? (
          <div className="flex flex-wrap gap-2 pt-2">
            {onRetry ? (
              <RetryButton onRetry={onRetry} label={retryLabel} retrying={retrying} retryAt={retryAt} />
            ) : null}
            {actions}
          </div>
        ) : null}
      </div>
    </div>
  );
}

interface RetryButtonProps {
  onRetry: () => void;
  label: string;
  retrying: boolean;
  retryAt: number | undefined;
}

function RetryButton({ onRetry, label, retrying, retryAt }: RetryButtonProps) {
  const now = useNow(1000);
  const waitMs = retryAt !== undefined && now !== null ? retryAt - now : 0;
  const isWaiting = waitMs > 0 && retryAt !== undefined;
  return (
    <Button
      size="sm"
      icon={<RotateCw />}
      onClick={onRetry}
      loading={retrying}
      disabledReason={isWaiting ? `The service asked to wait until ${formatTime(retryAt)}.` : undefined}
      className="nums"
    >
      {isWaiting ? `${label} in ${Math.ceil(waitMs / 1000)} s` : label}
    </Button>
  );
}
