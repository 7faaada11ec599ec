/** `rehearsal`: the built-in emulator answers; `live`: a real tenancy does. */
export type Mode = "rehearsal" | "live";

/** Keeps the mode of the last visit, so that the rehearsal's banner has its place before the server has answered. */
export const modeCookie = "ovc-mode";

/** The mode in the cookie's words; the rehearsal when there are none yet, since that is what a first visit meets. */
export function readMode(value: string | undefined): Mode {
  return value === "live" ? "live" : "rehearsal";
}
