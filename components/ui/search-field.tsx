"use client";

import { Search, X } from "lucide-react";
import { useRef } from "react";
import { cn } from "./cn.ts";
import { Kbd } from "./kbd.tsx";
import { useShortcut } from "./shortcut.ts";

export interface SearchFieldProps {
  /** What is searched: "Search vaults". Also the placeholder unless one is given. */
  label: string;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
  /** Enter. */
  onSubmit?: () => void;
  /** Arrow down: hand the keyboard to the results. */
  onArrowDown?: () => void;
  /** The key that jumps here; null for none. */
  shortcut?: string | null;
  className?: string;
}

/** A search box. Escape clears, a second Escape leaves; "/" comes here from anywhere on the page. */
export function SearchField({
  label,
  placeholder,
  value,
  onChange,
  onSubmit,
  onArrowDown,
  shortcut = "/",
  className,
}: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useShortcut(shortcut ?? "", () => input.current?.select(), shortcut !== null);

  return (
    <search className={cn("relative block min-w-0", className)}>
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-faint"
      />
      <input
        ref={input}
        type="search"
        enterKeyHint="search"
        aria-label={label}
        aria-keyshortcuts={shortcut ?? undefined}
        placeholder={placeholder ?? label}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            if (value === "") event.currentTarget.blur();
            else onChange("");
          } else if (event.key === "Enter") {
            onSubmit?.();
          } else if (event.key === "ArrowDown" && onArrowDown) {
            event.preventDefault();
            onArrowDown();
          }
        }}
        className="peer h-8 [&::-webkit-search-cancel-button]:hidden w-full rounded-md border border-line-strong bg-surface pr-8 pl-8 text-sm transition-colors hover:border-edge focus-visible:border-accent focus-visible:outline-offset-0 pointer-coarse:h-10 pointer-coarse:text-lg"
      />
      {value ? (
        <button
          type="button"
          aria-label="Clear search"
          onClick={() => {
            onChange("");
            input.current?.focus();
          }}
          className="absolute top-1/2 right-1 inline-flex size-6 -translate-y-1/2 items-center justify-center rounded-sm text-faint hover:bg-hover hover:text-ink"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      ) : shortcut ? (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 right-1.5 -translate-y-1/2 peer-focus:hidden pointer-coarse:hidden"
        >
          <Kbd>{shortcut}</Kbd>
        </span>
      ) : null}
    </search>
  );
}
