"use client";

import { Menu as BaseMenu } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { Kbd } from "./kbd.tsx";
import type { MenuEntry, MenuProps } from "./menu.tsx";

interface MenuPopupProps extends Pick<MenuProps, "label" | "entries" | "header" | "align"> {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  anchor: HTMLElement;
}

export function MenuPopup({ label, entries, header, align = "start", open, onOpenChange, anchor }: MenuPopupProps) {
  return (
    <BaseMenu.Root
      open={open}
      modal={false}
      onOpenChange={(next, details) => {
        const target = details.event.target;
        // The trigger toggles by itself; without this its press would close and its click reopen.
        if (!next && details.reason === "outside-press" && target instanceof Node && anchor.contains(target)) return;
        onOpenChange(next);
      }}
    >
      <BaseMenu.Portal>
        <BaseMenu.Positioner
          anchor={anchor}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-60 outline-none"
        >
          <BaseMenu.Popup
            aria-label={label}
            finalFocus={() => anchor}
            className="popup-motion max-h-(--available-height) max-w-[min(22rem,calc(100vw-1rem))] min-w-48 overflow-y-auto rounded-lg bg-raised p-1 shadow-pop outline-none"
          >
            {header ? <div className="border-b border-line px-2 pt-1 pb-2 mb-1">{header}</div> : null}
            {entries.map((entry, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity of their own and keep their order
              <Entry key={index} entry={entry} />
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

const row =
  "flex min-h-8 w-full items-center gap-2 rounded-md px-2 py-1 text-left text-sm outline-none select-none data-highlighted:bg-hover touch-target";

function Entry({ entry }: { entry: MenuEntry }) {
  switch (entry.kind) {
    case "separator":
      return <BaseMenu.Separator className="my-1 h-px bg-line" />;
    case "heading":
      return <div className="px-2 pt-1.5 pb-1 text-xs font-medium text-faint">{entry.label}</div>;
    case "link":
      return (
        <BaseMenu.LinkItem
          closeOnClick
          render={<Link href={entry.href as Route} aria-current={entry.isCurrent ? "page" : undefined} />}
          className={row}
        >
          <EntryBody icon={entry.icon} label={entry.label} hint={entry.hint} />
          {entry.isCurrent ? <Tick /> : null}
        </BaseMenu.LinkItem>
      );
    case "choice":
      return (
        <BaseMenu.RadioGroup value={entry.checked} onValueChange={() => entry.onSelect()}>
          <BaseMenu.RadioItem value={true} closeOnClick className={row} onClick={() => entry.onSelect()}>
            <EntryBody icon={entry.icon} label={entry.label} hint={entry.hint} />
            {entry.checked ? <Tick /> : <span className="size-4" />}
          </BaseMenu.RadioItem>
        </BaseMenu.RadioGroup>
      );
    case "toggle":
      return (
        <BaseMenu.CheckboxItem
          checked={entry.checked}
          onCheckedChange={entry.onCheckedChange}
          disabled={entry.disabled ?? false}
          closeOnClick={false}
          className={cn(row, "data-disabled:text-faint")}
        >
          <span
            className={cn(
              "inline-flex size-4 shrink-0 items-center justify-center rounded-xs border",
              entry.checked ? "border-accent-fill bg-accent-fill text-accent-ink" : "border-edge bg-surface",
              entry.disabled && "opacity-50",
            )}
          >
            {entry.checked ? <Check aria-hidden="true" className="size-3" strokeWidth={3} /> : null}
          </span>
          <EntryBody label={entry.label} />
        </BaseMenu.CheckboxItem>
      );
    default:
      return (
        <BaseMenu.Item
          disabled={Boolean(entry.disabledReason)}
          onClick={entry.onSelect}
          className={cn(
            row,
            entry.tone === "danger" && "text-danger data-highlighted:bg-danger-soft",
            "data-disabled:text-faint data-disabled:data-highlighted:bg-sunken",
          )}
        >
          <EntryBody icon={entry.icon} label={entry.label} hint={entry.disabledReason ?? entry.hint} />
          {entry.shortcut ? <Kbd>{entry.shortcut}</Kbd> : null}
        </BaseMenu.Item>
      );
  }
}

function EntryBody({ icon, label, hint }: { icon?: ReactNode; label: ReactNode; hint?: ReactNode }) {
  return (
    <>
      {icon ? <span className="inline-flex shrink-0 opacity-80 [&_svg]:size-4">{icon}</span> : null}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{label}</span>
        {hint ? <span className="block text-xs text-pretty text-muted">{hint}</span> : null}
      </span>
    </>
  );
}

function Tick() {
  return <Check aria-hidden="true" className="size-4 shrink-0 text-accent" />;
}
