import type { SessionAnswer } from "#lib/contract/api.ts";

/**
 * What the strip above every page says: `rehearsal`, that the built-in emulator answers; `alone`, that a real tenancy does and one
 * security admin is enough for what cannot be undone; `live`, nothing.
 */
export type Mode = "rehearsal" | "live" | "alone";

/** Keeps the mode of the last visit, so that the strip has its place before the server has answered. */
export const modeCookie = "ovc-mode";

/** The mode in the cookie's words; the rehearsal when there are none yet, since that is what a first visit meets. */
export function readMode(value: string | undefined): Mode {
  return value === "live" || value === "alone" ? value : "rehearsal";
}

/** The mode for who is signed in: that four eyes are off is for those who could do something about it. */
export function modeOf({ mode, user, fourEyes }: SessionAnswer): Mode {
  if (mode === "rehearsal") return "rehearsal";
  return user?.role === "admin" && fourEyes?.isOn === false ? "alone" : "live";
}
