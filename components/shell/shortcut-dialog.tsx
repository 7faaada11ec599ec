"use client";

import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { navItems } from "./nav.ts";

const groups: readonly { title: string; keys: readonly { keys: string; does: string }[] }[] = [
  {
    title: "Everywhere",
    keys: [
      { keys: "/", does: "Search" },
      { keys: "?", does: "This list" },
      ...navItems.map((item) => ({ keys: item.shortcut, does: `Go to ${item.label}` })),
      { keys: "Esc", does: "Close what is open; clear the search" },
    ],
  },
  {
    title: "In a table",
    keys: [
      { keys: "↓ j", does: "Next row" },
      { keys: "↑ k", does: "Previous row" },
      { keys: "Home End", does: "First, last row" },
      { keys: "PgUp PgDn", does: "One screen up, down" },
      { keys: "Enter", does: "Open" },
      { keys: "Space", does: "Select or deselect" },
      { keys: "⇧+Space", does: "Select up to here" },
    ],
  },
];

/** All keys of the product. */
export function ShortcutDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keyboard shortcuts"
      footer={<Button onClick={() => onOpenChange(false)}>Close</Button>}
    >
      <div className="grid gap-6 sm:grid-cols-2">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="text-xs font-medium text-muted">{group.title}</h3>
            <dl className="mt-1.5 space-y-1.5">
              {group.keys.map((line) => (
                <div key={line.keys} className="flex items-center justify-between gap-3">
                  <dt className="text-sm">{line.does}</dt>
                  <dd className="flex shrink-0 gap-1">
                    {line.keys.split(" ").map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
