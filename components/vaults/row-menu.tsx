"use client";

import { MoreHorizontal } from "lucide-react";
import { createContext, use } from "react";
import { IconButton } from "#components/ui/button.tsx";
import { Menu, type MenuEntry } from "#components/ui/menu.tsx";
import type { useToast } from "#components/ui/toast.tsx";
import type { ConsoleRole, GuardRail, VaultRow } from "#lib/contract/api.ts";
import type { VaultAction } from "#lib/vault/actions.ts";
import type { VaultPlace } from "#lib/vault/list.ts";
import { vaultHref } from "./vault-href.ts";

/** What all rows share, looked up once for the table and not once for each row. */
export interface RowSurroundings {
  /** Null until the rules behind the actions have arrived: the menu then only opens the vault. */
  readonly entriesOf: ((place: VaultPlace, surroundings: RowSurroundings) => MenuEntry[]) | null;
  readonly role: ConsoleRole;
  readonly rails: readonly GuardRail[];
  /** OCIDs of a compartment and everything above it; null when it is not in the tree. */
  readonly lineageOf: (compartmentId: string) => readonly string[] | null;
  readonly toast: ReturnType<typeof useToast>;
  /** Opens the dialog of an action; the page that shows the list knows the dialogs. */
  readonly openDialog: (action: VaultAction, vault: VaultRow) => void;
  readonly go: (path: string) => void;
}

export const RowSurroundingsContext = createContext<RowSurroundings | null>(null);

/** The menu at the end of a row. */
export function RowMenu({ place }: { place: VaultPlace }) {
  const surroundings = use(RowSurroundingsContext);
  const name = `Actions for ${place.row.displayName}`;
  const entries = (): readonly MenuEntry[] =>
    surroundings?.entriesOf?.(place, surroundings) ?? [
      { kind: "link", label: "Open vault", href: vaultHref(place.row) },
    ];
  return (
    <Menu
      label={name}
      align="end"
      trigger={<IconButton size="sm" label={name} icon={<MoreHorizontal />} />}
      entries={entries}
    />
  );
}
