"use client";

import { Columns3, Download } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-text.tsx";
import { formatCount } from "#components/ui/format.ts";
import { useIsBrowser } from "#components/ui/media.ts";
import { Menu, type MenuEntry } from "#components/ui/menu.tsx";
import { patiently } from "#components/ui/patiently.ts";
import { useToast } from "#components/ui/toast.tsx";
import type { VaultPlace } from "#lib/vault/list.ts";
import { chosenColumns, type VaultColumn } from "./columns.tsx";
import type { ViewState } from "./view-state.ts";

/** Copies an address that shows this view to somebody else, search text included. */
export function CopyViewLink({ view }: { view: ViewState }) {
  const isBrowser = useIsBrowser();
  return (
    <CopyButton text={isBrowser ? `${window.location.origin}${view.link}` : view.link} what="Link to this view">
      <span className="max-sm:sr-only">Copy link to this view</span>
    </CopyButton>
  );
}

interface ColumnMenuProps {
  /** Every column that may be shown here. */
  offered: readonly VaultColumn[];
  shown: ReadonlySet<string>;
  view: ViewState;
}

/** Which columns the table has. */
export function ColumnMenu({ offered, shown, view }: ColumnMenuProps) {
  const entries: MenuEntry[] = offered.map((column, index) => ({
    kind: "toggle",
    label: column.header,
    checked: shown.has(column.id),
    disabled: index === 0,
    onCheckedChange: (isOn) =>
      view.showColumns((ids) => {
        const chosen = chosenColumns(offered, ids);
        const next = offered.filter((one) => (one.id === column.id ? isOn : chosen.includes(one)));
        const isUsual = next.every((one) => one.isUsual) && next.length === offered.filter((one) => one.isUsual).length;
        return isUsual ? [] : next.map((one) => one.id);
      }),
  }));
  entries.push({ kind: "separator" }, { label: "Usual columns", onSelect: () => view.showColumns(() => []) });
  return (
    <Menu
      label="Columns"
      align="end"
      trigger={
        <Button icon={<Columns3 aria-hidden="true" />} className="max-sm:hidden">
          Columns
        </Button>
      }
      entries={entries}
    />
  );
}

export interface ExportMenuProps {
  rows: readonly VaultPlace[];
  oldestReadAt: number | null;
  isComplete: boolean;
}

/** What is shown, as a file: the rows after search and filters, in their order, with every field. */
export function ExportMenu({ rows, oldestReadAt, isComplete }: ExportMenuProps) {
  const toast = useToast();
  const save = async (kind: "csv" | "json") => {
    const { saveView } = await patiently(() => import("./save-view.ts"));
    toast.add(saveView(kind, { rows, oldestReadAt, isComplete }));
  };
  return (
    <Menu
      label="Export"
      align="end"
      trigger={
        <Button icon={<Download aria-hidden="true" />} disabled={rows.length === 0}>
          <span className="max-sm:sr-only">Export</span>
        </Button>
      }
      entries={[
        { kind: "heading", label: `${formatCount(rows.length, "vault")} shown, all fields` },
        { label: "CSV", hint: "For spreadsheets", onSelect: () => void save("csv") },
        { label: "JSON", hint: "For programs", onSelect: () => void save("json") },
      ]}
    />
  );
}
