"use client";

import { ClipboardList, Copy, ExternalLink } from "lucide-react";
import type { MenuEntry } from "#components/ui/menu.tsx";
import { serverNow } from "#lib/browser/api.ts";
import { judgeAction } from "#lib/vault/actions.ts";
import type { VaultPlace } from "#lib/vault/list.ts";
import { railRefusals, railSubjectOf } from "#lib/vault/rails.ts";
import type { RowSurroundings } from "./row-menu.tsx";
import { ticketOf } from "./ticket.ts";
import { actionRowsFor } from "./vault-actions.tsx";
import { vaultHref } from "./vault-href.ts";

/** What can be done with a row: look, copy, act. What may not be done stays, with the reason. */
export function rowEntries(place: VaultPlace, surroundings: RowSurroundings): MenuEntry[] {
  const { row } = place;
  const { role, toast, openDialog, go, rails, lineageOf } = surroundings;
  const refusals = railRefusals(rails, railSubjectOf(row, row, lineageOf(row.compartmentId)), serverNow());
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
    { kind: "separator" },
  ];
  for (const { action, label, icon, tone, confirm } of actionRowsFor(row.lifecycleState)) {
    const verdict = judgeAction(action, { ...factsOf(place), railRefusals: refusals }, role);
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
