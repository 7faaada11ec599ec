"use client";

import { FileUp } from "lucide-react";
import { type DragEvent, useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Field } from "#components/ui/field.tsx";
import { formatBytes, formatSpan } from "#components/ui/format.ts";
import { ProgressBar } from "#components/ui/progress-bar.tsx";

interface FileChoiceProps {
  file: File | null;
  /** Largest file the server takes, bytes. */
  bytesMax: number | null;
  isLocked: boolean;
  onChoose: (file: File | null) => void;
}

/** A file is chosen, or dropped here; a file that is too large says so before a byte is read. */
export function FileChoice({ file, bytesMax, isLocked, onChoose }: FileChoiceProps) {
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    if (!isLocked) onChoose(event.dataTransfer.files[0] ?? null);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: dropping is an extra way; the button inside does the same by keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
      className={cn(
        "rounded-lg border border-dashed p-4 transition-colors",
        isOver ? "border-accent bg-accent-soft" : "border-edge",
      )}
    >
      <Field
        label="Backup file"
        help={
          file === null
            ? `Choose it or drop it here${bytesMax === null ? "" : `, up to ${formatBytes(bytesMax)}`}. It is not opened.`
            : `${file.name} · ${formatBytes(file.size)}`
        }
        error={fileProblem(file, bytesMax) ?? undefined}
      >
        {(ids) => (
          <input
            {...ids}
            type="file"
            disabled={isLocked}
            onChange={(event) => onChoose(event.target.files?.[0] ?? null)}
            className="block w-full min-w-0 text-sm file:mr-3 file:rounded-md file:border file:border-edge file:bg-surface file:px-3 file:py-1.5 file:text-sm file:text-ink"
          />
        )}
      </Field>
      {isOver ? (
        <p className="mt-2 flex items-center gap-2 text-sm text-accent">
          <FileUp className="size-4" aria-hidden="true" /> Drop the backup file
        </p>
      ) : null}
    </div>
  );
}

/** Why a file cannot be sent, known before any of it is read; null when it can. */
export function fileProblem(file: File | null, bytesMax: number | null): string | null {
  if (file === null) return null;
  if (file.size === 0) return "The file is empty.";
  if (bytesMax !== null && file.size > bytesMax) {
    return `The file has ${formatBytes(file.size)}; this console takes up to ${formatBytes(bytesMax)}. Put it into a bucket and restore it from there, or have UPLOAD_BYTES_MAX raised.`;
  }
  return null;
}

/** How far a file is: what is done with it now, and since when (`performance.now()`). */
export interface FileWork {
  readonly what: "Computing MD5 and SHA-256" | "Uploading";
  readonly done: number;
  readonly total: number;
  readonly sinceMs: number;
  /** Since when it is held on; null while it goes on. */
  readonly pausedMs: number | null;
}

interface FileProgressProps {
  work: FileWork;
  onPause: (isPaused: boolean) => void;
  onCancel: () => void;
}

/** How far, how fast, how long still; and the way out. A browser sends a file in one request, which it cannot hold on. */
export function FileProgress({ work, onPause, onCancel }: FileProgressProps) {
  const { what, done, total, sinceMs, pausedMs } = work;
  const isPaused = pausedMs !== null;
  const [now, setNow] = useState(sinceMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const untilMs = pausedMs ?? now;
  const perMs = untilMs > sinceMs ? done / (untilMs - sinceMs) : 0;
  const leftMs = perMs > 0 ? (total - done) / perMs : null;
  const isAllSent = what === "Uploading" && done >= total;
  return (
    <div className="space-y-2">
      <div className="flex justify-between gap-3 text-sm">
        <span className="font-medium">
          {isAllSent ? "All sent; waiting for the service" : isPaused ? `${what}: paused` : what}
        </span>
        <span className="nums text-muted">{Math.round((done / Math.max(1, total)) * 100)} %</span>
      </div>
      <ProgressBar label={what} max={total} value={done} />
      <p className="nums text-xs text-muted">
        {formatBytes(done)} of {formatBytes(total)}
        {perMs > 0 ? ` · ${formatBytes(perMs * 1000)} a second` : ""}
        {!isPaused && leftMs !== null && leftMs > 1000 ? ` · ${formatSpan(leftMs, 1)} left` : ""}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" onClick={onCancel}>
          {what === "Uploading" ? "Cancel the upload" : "Cancel"}
        </Button>
        {what === "Uploading" ? (
          <span className="text-xs text-muted">The browser sends the file in one go; that cannot be paused.</span>
        ) : (
          <Button size="sm" onClick={() => onPause(!isPaused)}>
            {isPaused ? "Go on" : "Pause"}
          </Button>
        )}
      </div>
    </div>
  );
}
