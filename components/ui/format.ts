/**
 * One format for every number, size, time and identifier on screen. The language is fixed to English and the zone is
 * passed in, so the server and the browser write the same characters.
 */
const numberFormat = new Intl.NumberFormat("en-US");
const percentFormat = new Intl.NumberFormat("en-US", { style: "percent", maximumFractionDigits: 0 });
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** 12345 → "12,345". */
export function formatNumber(value: number): string {
  return numberFormat.format(value);
}

/** A share from 0 to 1 → "42%"; a small share that is not nothing says "<1%". */
export function formatPercent(share: number): string {
  if (share > 0 && share < 0.01) return "<1%";
  if (share < 1 && share > 0.99) return "99%";
  return percentFormat.format(share);
}

/** Bytes in powers of 1024 with one digit after the point where it says something: 1536 → "1.5 KiB". */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  if (unit === 0) return bytes === 1 ? "1 byte" : `${formatNumber(Math.round(bytes))} bytes`;
  return `${value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}

/** "1 vault", "2 vaults", "12,000 vaults"; give the plural when it is not an added s. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(timeZone: string, withTime: boolean, withZone: boolean): Intl.DateTimeFormat {
  const key = `${timeZone}|${withTime}|${withZone}`;
  let format = dateFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      day: "numeric",
      month: "short",
      year: "numeric",
      ...(withTime ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : {}),
      ...(withTime && withZone ? { timeZoneName: "short" } : {}),
    });
    dateFormats.set(key, format);
  }
  return format;
}

/** Epoch milliseconds or an RFC 3339 text to epoch milliseconds; NaN when it is neither. */
export function toEpochMs(time: number | string | Date): number {
  if (typeof time === "number") return time;
  return time instanceof Date ? time.getTime() : Date.parse(time);
}

/** "30 Jan 2027, 14:00 UTC". The zone is always written. An unreadable time is shown as it came. */
export function formatTime(time: number | string | Date, timeZone = "UTC"): string {
  const at = toEpochMs(time);
  if (Number.isNaN(at)) return String(time);
  return dateFormat(timeZone, true, true).format(at);
}

/** "30 Jan 2027, 14:00": for columns whose header names the zone. */
export function formatTimeWithoutZone(time: number | string | Date, timeZone = "UTC"): string {
  const at = toEpochMs(time);
  if (Number.isNaN(at)) return String(time);
  return dateFormat(timeZone, true, false).format(at);
}

/** "UTC", "CET", "GMT+5:30": what the zone is called at that time. */
export function formatZone(timeZone: string, at = Date.now()): string {
  const parts = dateFormat(timeZone, true, true).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? timeZone;
}

const steps: readonly (readonly [unit: string, ms: number])[] = [
  ["year", 365.25 * 86_400_000],
  ["month", 30.4375 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

/** A span in its two largest units: "6 days 23 hours", "4 minutes". Never rounds up, so a deadline is never later than said. */
export function formatSpan(spanMs: number, units: 1 | 2 = 2): string {
  let rest = Math.abs(spanMs);
  const parts: string[] = [];
  for (const [unit, ms] of steps) {
    if (rest < ms && parts.length === 0) continue;
    if (parts.length > 0 && unit === "second") break;
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    if (count > 0) parts.push(formatCount(count, unit));
    if (parts.length === units || count === 0) break;
  }
  return parts.join(" ") || "less than a second";
}

/** "in 6 days 23 hours", "4 minutes ago", "just now". */
export function formatRelative(time: number | string | Date, now: number, units: 1 | 2 = 1): string {
  const at = toEpochMs(time);
  if (Number.isNaN(at)) return "";
  const span = at - now;
  if (Math.abs(span) < 5000) return "just now";
  return span > 0 ? `in ${formatSpan(span, units)}` : `${formatSpan(span, units)} ago`;
}

/**
 * Keeps the beginning and the end of a long identifier and cuts the middle, never through a character as a person
 * counts them. `head` and `tail` are numbers of characters kept.
 */
export function truncateMiddle(text: string, head = 18, tail = 6): string {
  if (text.length <= head + tail + 1) return text;
  const characters = Array.from(segmenter.segment(text), (piece) => piece.segment);
  if (characters.length <= head + tail + 1) return text;
  return `${characters.slice(0, head).join("")}…${characters.slice(-tail).join("")}`;
}

/** The OCIDs in somebody's words, cut in the middle as everywhere else: the service quotes them whole. */
export function truncateOcids(text: string): string {
  return text.replaceAll(/\bocid1\.[\w.-]*\w/g, (ocid) => truncateMiddle(ocid));
}
