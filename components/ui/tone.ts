/** The six tones of the product. A tone never stands alone: an icon or a word always says the same thing. */
export type Tone = "ok" | "info" | "warn" | "danger" | "neutral" | "pending";

/** Tinted background, hairline and readable text of one tone (4.5:1 in both themes). */
export const toneTint: Record<Tone, string> = {
  ok: "bg-ok-soft text-ok border-ok-line",
  info: "bg-info-soft text-info border-info-line",
  warn: "bg-warn-soft text-warn border-warn-line",
  danger: "bg-danger-soft text-danger border-danger-line",
  neutral: "bg-neutral-soft text-neutral border-neutral-line",
  pending: "bg-pending-soft text-pending border-pending-line",
};

/** The same, fainter, for areas rather than words: many lines of ordinary text stand on it. */
export const toneWash: Record<Tone, string> = {
  ok: "bg-ok-soft/45 border-ok-line",
  info: "bg-info-soft/45 border-info-line",
  warn: "bg-warn-soft/45 border-warn-line",
  danger: "bg-danger-soft/45 border-danger-line",
  neutral: "bg-neutral-soft/60 border-neutral-line",
  pending: "bg-pending-soft/45 border-pending-line",
};

/** Text of one tone on an ordinary surface. */
export const toneText: Record<Tone, string> = {
  ok: "text-ok",
  info: "text-info",
  warn: "text-warn",
  danger: "text-danger",
  neutral: "text-muted",
  pending: "text-pending",
};

/** Fill of dots, bars and arcs (3:1), as `text-…` so that `currentColor` works in SVG. */
export const toneSolid: Record<Tone, string> = {
  ok: "text-ok-solid",
  info: "text-info-solid",
  warn: "text-warn-solid",
  danger: "text-danger-solid",
  neutral: "text-neutral-solid",
  pending: "text-pending-solid",
};
