/** Deletion dates as a calendar file (RFC 5545). Holds names and dates, and of each OCID only its end. Pure. */

export interface DeletionEvent {
  readonly displayName: string;
  readonly region: string;
  readonly compartmentPath: string;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly deletionMs: number;
}

/** A calendar with one event for each vault, at the moment it is deleted for good, with a reminder two days before. */
export function deletionCalendar(events: readonly DeletionEvent[], nowMs: number): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//OCI Vault Console//Deletion desk//EN",
    "CALSCALE:GREGORIAN",
    "X-WR-CALNAME:Vault deletions",
    ...events.flatMap((event) => eventLines(event, nowMs)),
    "END:VCALENDAR",
  ];
  return `${lines.map(fold).join("\r\n")}\r\n`;
}

function eventLines(event: DeletionEvent, nowMs: number): string[] {
  const tail = event.id.slice(-12);
  return [
    "BEGIN:VEVENT",
    `UID:${tail}.${event.region}@vault-console`,
    `DTSTAMP:${stamp(nowMs)}`,
    `DTSTART:${stamp(event.deletionMs)}`,
    `DTEND:${stamp(event.deletionMs + 15 * 60_000)}`,
    `SUMMARY:${escapeText(`Vault “${event.displayName}” is deleted for good`)}`,
    `DESCRIPTION:${escapeText(`Region ${event.region}, compartment ${event.compartmentPath}, OCID ending ${tail}. Until then its deletion can be cancelled.`)}`,
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "TRIGGER:-P2D",
    `DESCRIPTION:${escapeText(`Vault “${event.displayName}” is deleted in two days`)}`,
    "END:VALARM",
    "END:VEVENT",
  ];
}

function stamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, (char) => `\\${char}`).replace(/\r?\n/g, "\\n");
}

/** At most 75 octets a line; what is longer goes on in the next, after a space, never in the middle of a character. */
function fold(line: string): string {
  const parts: string[] = [];
  let part = "";
  let octets = 0;
  for (const char of line) {
    const size = new TextEncoder().encode(char).length;
    if (octets + size > (parts.length === 0 ? 75 : 74)) {
      parts.push(part);
      part = "";
      octets = 0;
    }
    part += char;
    octets += size;
  }
  parts.push(part);
  return parts.join("\r\n ");
}
