"use client";

import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { announce } from "./announce.ts";
import { Button, type ButtonProps } from "./button.tsx";
import { cn } from "./cn.ts";
import { truncateMiddle } from "./format.ts";
import { Tooltip } from "./tooltip.tsx";

const shownMs = 1500;

/** Puts a text on the clipboard and says so; false when the browser refused. */
function useCopy(text: string, what: string): { isCopied: boolean; copy: () => void } {
  const [copiedAt, setCopiedAt] = useState(0);
  useEffect(() => {
    if (copiedAt === 0) return;
    const timer = setTimeout(() => setCopiedAt(0), shownMs);
    return () => clearTimeout(timer);
  }, [copiedAt]);

  const copy = () => {
    const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    done.then(
      () => {
        setCopiedAt(Date.now());
        announce(`${what} copied`);
      },
      () => announce(`${what} could not be copied: the browser refused`),
    );
  };
  return { isCopied: copiedAt !== 0, copy };
}

export interface CopyTextProps {
  /** The whole text: this is what is copied. */
  text: string;
  /** What it is: "OCID". The button is called "Copy OCID". */
  what: string;
  /** Characters kept at the beginning and the end; `full` shows all of it, wrapped. */
  head?: number;
  tail?: number;
  full?: boolean;
  /** Not an identifier: shown in the ordinary typeface. */
  plain?: boolean;
  className?: string;
}

/** An identifier that is cut in the middle on screen and copied whole. A press anywhere on it copies. */
export function CopyText({ text, what, head, tail, full = false, plain = false, className }: CopyTextProps) {
  const { isCopied, copy } = useCopy(text, what);
  const shown = full ? text : truncateMiddle(text, head, tail);
  return (
    <Tooltip text={isCopied ? "Copied" : shown === text ? `Copy ${what}` : text} says="name">
      <button
        type="button"
        onClick={copy}
        className={cn(
          "group inline-flex max-w-full items-center gap-1 rounded-sm text-left align-bottom transition-colors hover:text-accent",
          className,
        )}
      >
        <span className="sr-only">Copy {what} </span>
        <span className={cn("min-w-0", full ? "wrap-anywhere" : "truncate", !plain && "code")}>{shown}</span>
        {isCopied ? (
          <Check aria-hidden="true" className="size-3.5 shrink-0 text-ok" />
        ) : (
          <Copy
            aria-hidden="true"
            className="size-3.5 shrink-0 text-faint opacity-60 group-hover:opacity-100 group-focus-visible:opacity-100"
          />
        )}
      </button>
    </Tooltip>
  );
}

export interface CopyButtonProps extends Pick<ButtonProps, "variant" | "size" | "className"> {
  text: string;
  what: string;
  children: ReactNode;
}

/** A button that copies something longer: a ticket block, a command, a link. */
export function CopyButton({ text, what, children, ...button }: CopyButtonProps) {
  const { isCopied, copy } = useCopy(text, what);
  return (
    <Button {...button} onClick={copy} icon={isCopied ? <Check className="text-ok" /> : <Copy />}>
      {children}
    </Button>
  );
}
