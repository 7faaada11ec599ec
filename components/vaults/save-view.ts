import { formatCount, formatTime } from "#components/ui/format.ts";
import { saveFile } from "#components/ui/save-file.ts";
import type { ToastContent } from "#components/ui/toast.tsx";
import { exportCsv, exportJson } from "#lib/vault/export.ts";
import type { ExportMenuProps } from "./list-tools.tsx";

const mediaTypes = { csv: "text/csv;charset=utf-8", json: "application/json" } as const;

/** Saves the rows shown as a file; answers what to tell the person about it. */
export function saveView(kind: "csv" | "json", { rows, oldestReadAt, isComplete }: ExportMenuProps): ToastContent {
  const exportedAt = new Date().toISOString();
  const about = {
    exportedAt,
    oldestReadAt: oldestReadAt === null ? null : new Date(oldestReadAt).toISOString(),
    isComplete,
  };
  const text = kind === "csv" ? exportCsv(rows) : exportJson(rows, about);
  saveFile(text, `vaults-${exportedAt.slice(0, 16).replaceAll(":", "")}Z.${kind}`, mediaTypes[kind]);
  return {
    tone: isComplete ? "ok" : "warn",
    title: `${formatCount(rows.length, "vault")} exported`,
    description: isComplete
      ? `As read at ${oldestReadAt === null ? "an unknown time" : formatTime(oldestReadAt)} or later.`
      : "Not every compartment had been read: the file may be short.",
  };
}
