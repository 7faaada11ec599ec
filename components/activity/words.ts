import type { Tone } from "#components/ui/tone.ts";
import { type ActivityEntry, maskedText } from "#lib/contract/api.ts";
import { roleNames } from "#lib/vault/actions.ts";

const results: Record<ActivityEntry["result"], { label: string; tone: Tone }> = {
  ok: { label: "Done", tone: "ok" },
  failed: { label: "Failed", tone: "danger" },
  unknown: { label: "Outcome unknown", tone: "warn" },
  refused: { label: "Refused by the console", tone: "neutral" },
  reconciled: { label: "Looked up afterwards", tone: "warn" },
  pending: { label: "Under way", tone: "pending" },
};

/** How it ended, in words and colour. */
export function resultWords(result: ActivityEntry["result"]): { label: string; tone: Tone } {
  return results[result];
}

/** The name the vault had, when the console knew it. */
export function targetName(entry: ActivityEntry): string | null {
  const name = entry.before?.displayName ?? entry.after?.displayName;
  return typeof name === "string" ? name : null;
}

/** Who did it, as far as this person may know: "Ada Admin, security admin". */
export function actorWords({ actor, role }: ActivityEntry): string {
  return actor === maskedText ? `${roleNames[role]} (name hidden)` : `${actor}, ${roleNames[role].toLowerCase()}`;
}
