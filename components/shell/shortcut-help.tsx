"use client";

import { Keyboard } from "lucide-react";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useState } from "react";
import { IconButton } from "#components/ui/button.tsx";
import { useOpenedOnce } from "#components/ui/dialog.tsx";
import { patiently } from "#components/ui/patiently.ts";
import { useShortcut } from "#components/ui/shortcut.ts";
import { type NavItem, navItems } from "./nav.ts";

const ShortcutDialog = lazy(() =>
  patiently(() => import("./shortcut-dialog.tsx")).then((module) => ({ default: module.ShortcutDialog })),
);

/** All keys of the product, on "?"; also where the keys of the navigation are listened to. */
export function ShortcutHelp() {
  const [isOpen, setIsOpen] = useState(false);
  useShortcut("?", () => setIsOpen(true));
  const isWanted = useOpenedOnce(isOpen);
  return (
    <>
      <IconButton
        label="Keyboard shortcuts"
        icon={<Keyboard />}
        tooltipSide="bottom"
        onClick={() => setIsOpen(true)}
        className="max-sm:hidden pointer-coarse:hidden"
      />
      {navItems.map((item) => (
        <NavShortcut key={item.href} item={item} />
      ))}
      {isWanted ? (
        <Suspense fallback={null}>
          <ShortcutDialog open={isOpen} onOpenChange={setIsOpen} />
        </Suspense>
      ) : null}
    </>
  );
}

function NavShortcut({ item }: { item: NavItem }) {
  const router = useRouter();
  useShortcut(item.shortcut, () => router.push(item.href as Route));
  return null;
}
