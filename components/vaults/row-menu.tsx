"use client";

import { ClipboardList, Copy, ExternalLink, MoreHorizontal } from "lucide-react";
import { createContext, use } from "react";
import { IconButton } from "#components/ui/button.tsx";
import { Menu, type MenuEntry } from "#components/ui/menu.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { ConsoleRole, VaultRow } from "#lib/contract/api.ts";
import type { VaultAction } from "#lib/vault/actions.ts";
import type { VaultPlace } from "#lib/vault/list.ts";
import type { ActionRules } from "./action-rules.ts";
import { ticketOf } from "./ticket.ts";
import { actionRowsFor } from "./vault-actions.tsx";
import { vaultHref } from "./vault-href.ts";

export interface RowSurroundings {
  /** Null until the rules have arrived: the menu then only looks and copies. */
  readonly rules: ActionRules | null;
  readonly role: ConsoleRole;
  /** Opens the dialog of an action; the page that shows the list knows the dialogs. */
  readonly openDialog: (action: VaultAction, vault: VaultRow) => void;
  readonly go: (path: string) => void;
}

/** What all rows share, looked up once for the table and not once for each row. */
export const RowSurroundingsContext = createContext<RowSurroundings>({
  rules: null,
  role: "helpdesk",
  openDialog: () => undefined,
  go: () => undefined,
});

/** What can be done with a row: look, copy, act. What may not be done stays, with the reason. */
export function RowMenu({ place }: { place: VaultPlace }) {
  const name = `Actions for ${place.row.displayName}`;
  return (
    <Menu
      label={name}
      align="end"
      trigger={<IconButton size="sm" label={name} icon={<MoreHorizontal />} />}
      entries={useEntries(place)}
    />
  );
}

function useEntries(place: VaultPlace): MenuEntry[] {
  const { row } = place;
  const toast = useToast();
  const { rules, role, openDialog, go } = use(RowSurroundingsContext);
  const copy = (text: string, what: string) => {
    const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    done.then(
      () => toast.add({ tone: "ok", title: `${what} copied` }),
      () => toast.add({ tone: "danger", title: `${what} could not be copied: the browser refused` }),
    );
  };
  const entries: MenuEntry[] = [
    { kind: "link", label: "Open vault", icon: <ExternalLink aria-hidden="true" />, href: vaultHref(row) },
    { label: "Copy OCID", icon: <Copy aria-hidden="true" />, onSelect: () => copy(row.id, "OCID") },
    {
      label: "Copy ticket block",
      icon: <ClipboardList aria-hidden="true" />,
      onSelect: () => copy(ticketOf(place), "Ticket block"),
    },
  ];
  if (rules === null) return entries;
  entries.push({ kind: "separator" });
  for (const { action, label, icon, tone, confirm } of actionRowsFor(row.lifecycleState)) {
    const verdict = rules.judgeAction(action, factsOf(place), role);
    entries.push({
      label: `${label}…`,
      icon,
      ...(tone === "danger" ? { tone } : {}),
      ...(verdict.isAllowed ? {} : { disabledReason: verdict.reason }),
      onSelect: () => (confirm.kind === "page" ? go(vaultHref(row, confirm.page)) : openDialog(action, row)),
    });
  }
  return entries;
}

function factsOf({ row, isReplica }: VaultPlace) {
  return {
    lifecycleState: row.lifecycleState,
    vaultType: row.vaultType,
    isPrimary: row.details?.isPrimary ?? (isReplica ? false : null),
    isVaultReplicable: row.details?.isVaultReplicable ?? null,
  };
}
