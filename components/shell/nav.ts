import { Activity, CalendarClock, History, type LucideIcon, ScrollText, UsersRound, Vault } from "lucide-react";

export interface NavItem {
  /** The page, and the beginning of the addresses under it. */
  href: string;
  label: string;
  icon: LucideIcon;
  /** Two keys one after the other. */
  shortcut: string;
}

/** The places of the product, in the order of the navigation. A page that comes later adds its row here. */
export const navItems: readonly NavItem[] = [
  { href: "/vaults", label: "Vaults", icon: Vault, shortcut: "g v" },
  { href: "/deletions", label: "Deletion desk", icon: CalendarClock, shortcut: "g d" },
  { href: "/restore", label: "Restore", icon: History, shortcut: "g r" },
  { href: "/approvals", label: "Approvals", icon: UsersRound, shortcut: "g p" },
  { href: "/activity", label: "Activity", icon: ScrollText, shortcut: "g a" },
  { href: "/status", label: "Status", icon: Activity, shortcut: "g s" },
];
