"use client";

import { useQuery } from "@tanstack/react-query";
import { Eye, Menu as MenuIcon } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { IconButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { loadDialogPopups, Sheet } from "#components/ui/dialog.tsx";
import { loadMenuPanel } from "#components/ui/menu.tsx";
import { loadPickerList } from "#components/ui/picker.tsx";
import { loadFloating } from "#components/ui/popover.tsx";
import { loadTooltip, Tooltip } from "#components/ui/tooltip.tsx";
import { sessionQuery } from "#lib/browser/session.ts";
import { ConnectionBanner, FourEyesBanner, RehearsalBanner } from "./banners.tsx";
import { type Mode, modeCookie, modeOf } from "./mode.ts";
import { type NavItem, navItems } from "./nav.ts";
import { ProductMark } from "./product-mark.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";
import { ThemeMenu } from "./theme-menu.tsx";
import { isReadOnlyRole, UserMenu } from "./user-menu.tsx";

export interface AppShellProps {
  /** The mode of the last visit; the session corrects it. */
  lastMode: Mode;
  /** Tenancy, region and compartment pickers: what all pages look at. */
  scope?: ReactNode;
  /** A search that works on every page. */
  search?: ReactNode;
  /** Dialogs that belong to no page (signing in again). */
  overlays?: ReactNode;
  children: ReactNode;
}

/** The frame of every signed-in page: where one is, who one is, what one looks at, and the page. */
export function AppShell({ lastMode, scope, search, overlays, children }: AppShellProps) {
  const session = useQuery(sessionQuery).data;
  const [isNavOpen, setIsNavOpen] = useState(false);
  const pathname = usePathname();

  // What opens on a press is in files of its own: fetched while nothing else is going on, so that none has to wait for
  // the press, and none is missing when the server is.
  useEffect(() => {
    const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1500));
    const popups = [loadTooltip, loadFloating, loadMenuPanel, loadPickerList, loadDialogPopups];
    idle(() => void Promise.allSettled(popups.map((load) => load())));
  }, []);

  const mode = session === undefined ? undefined : modeOf(session);
  useEffect(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in browsers we support
    if (mode) document.cookie = `${modeCookie}=${mode}; path=/; max-age=31536000; samesite=lax`;
  }, [mode]);

  const user = session?.user;
  return (
    <div className="shell flex min-h-dvh flex-col">
      <a
        href="#main"
        className="fixed top-1 left-1 z-80 -translate-y-16 rounded-md bg-accent-fill px-3 py-2 text-sm font-medium text-accent-ink focus-visible:translate-y-0"
      >
        Skip to content
      </a>
      {(mode ?? lastMode) === "rehearsal" ? <RehearsalBanner /> : null}
      {(mode ?? lastMode) === "alone" ? <FourEyesBanner /> : null}
      <ConnectionBanner />
      <header className="sticky top-0 z-30 border-b border-line bg-surface">
        <div className="flex h-12 items-center gap-2 px-2 sm:gap-3 sm:px-4">
          <IconButton
            label="Open navigation"
            icon={<MenuIcon />}
            tooltipSide="bottom"
            onClick={() => setIsNavOpen(true)}
            className="lg:hidden"
          />
          <Link href={"/vaults" as Route} className="flex shrink-0 items-center gap-2 rounded-md pr-1">
            <ProductMark className="size-6" />
            <span className="text-sm font-semibold tracking-tight max-[22rem]:sr-only">Vault Console</span>
          </Link>
          <nav aria-label="Main" className="hidden self-stretch lg:block">
            <ul className="flex h-full gap-1">
              {navItems.map((item) => (
                <li key={item.href} className="flex">
                  <TopLink item={item} isCurrent={isUnder(pathname, item.href)} />
                </li>
              ))}
            </ul>
          </nav>
          <div className="flex min-w-0 flex-1 justify-end">
            {search ? <div className="w-full max-w-80 min-w-0">{search}</div> : null}
          </div>
          {user && isReadOnlyRole(user.role) ? (
            <Tooltip text="You can see everything here and change nothing." side="bottom">
              <button type="button" className="shrink-0 rounded-sm">
                <Badge tone="info" icon={<Eye aria-hidden="true" />}>
                  Read-only
                </Badge>
              </button>
            </Tooltip>
          ) : null}
          <div className="flex shrink-0 items-center">
            <ShortcutHelp />
            <ThemeMenu />
            <UserMenu user={user ?? null} mode={session?.mode ?? null} />
          </div>
        </div>
        {scope ? (
          <div className="scroll-thin flex items-center gap-2 overflow-x-auto border-t border-line px-3 py-1.5 sm:px-4">
            {scope}
          </div>
        ) : null}
      </header>
      <Sheet open={isNavOpen} onOpenChange={setIsNavOpen} title="Navigation" hideTitle side="left">
        <div className="flex h-12 items-center gap-2 px-4">
          <ProductMark className="size-6" />
          <span className="text-sm font-semibold tracking-tight">Vault Console</span>
        </div>
        <nav aria-label="Main">
          <ul className="space-y-0.5 p-2">
            {navItems.map((item) => (
              <li key={item.href}>
                <SideLink item={item} isCurrent={isUnder(pathname, item.href)} onGo={() => setIsNavOpen(false)} />
              </li>
            ))}
          </ul>
        </nav>
      </Sheet>
      <main id="main" tabIndex={-1} className="flex-1 outline-none">
        {children}
      </main>
      {overlays}
    </div>
  );
}

function isUnder(pathname: string, href: string): boolean {
  return pathname === href || pathname.startsWith(`${href}/`);
}

function TopLink({ item, isCurrent }: { item: NavItem; isCurrent: boolean }) {
  return (
    <Link
      href={item.href as Route}
      aria-current={isCurrent ? "page" : undefined}
      className={cn(
        "-mb-px inline-flex items-center border-b-2 px-2.5 text-sm font-medium ring-inside transition-colors",
        isCurrent ? "border-accent text-ink" : "border-transparent text-muted hover:text-ink",
      )}
    >
      {item.label}
    </Link>
  );
}

function SideLink({ item, isCurrent, onGo }: { item: NavItem; isCurrent: boolean; onGo: () => void }) {
  const Icon = item.icon;
  return (
    <Link
      href={item.href as Route}
      onClick={onGo}
      aria-current={isCurrent ? "page" : undefined}
      className={cn(
        "flex h-10 items-center gap-2.5 rounded-md px-2.5 text-sm font-medium",
        isCurrent ? "bg-accent-soft text-accent" : "text-muted hover:bg-hover hover:text-ink",
      )}
    >
      <Icon aria-hidden="true" className="size-4" />
      {item.label}
    </Link>
  );
}
