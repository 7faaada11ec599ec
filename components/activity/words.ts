import type { Tone } from "#components/ui/tone.ts";
import { type ActivityEntry, maskedText, strangerName } from "#lib/contract/api.ts";
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

/** The person alone, as far as this person may know. */
export function personWords({ actor }: ActivityEntry): string {
  if (actor === strangerName) return "Somebody who was not signed in";
  return actor === maskedText ? "Hidden from the help desk" : actor;
}

/** Who did it, as far as this person may know: "Ada Admin, security admin". */
export function actorWords({ actor, role }: ActivityEntry): string {
  if (actor === strangerName) return "somebody who was not signed in";
  return actor === maskedText ? `${roleNames[role]} (name hidden)` : `${actor}, ${roleNames[role].toLowerCase()}`;
}
