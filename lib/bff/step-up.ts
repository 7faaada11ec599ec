/** Fresh proof of who one is, before what cannot be undone (promise P12). */
import { Refusal } from "./refusal.ts";
import type { SignedIn } from "./session.ts";

/** How old the last proof may be, in milliseconds. */
const stepUpMs = 5 * 60_000;
/** How far the clock of the instance that noted the proof may be ahead of this one's. */
const clockSkewMs = 30_000;

/** Throws a 403 Refusal `StepUpNeeded` when the person proved who they are longer ago than five minutes. */
export function requireStepUp(who: SignedIn, now: number): void {
  const ageMs = now - who.authAt;
  if (ageMs >= -clockSkewMs && ageMs <= stepUpMs) return;
  throw new Refusal(403, "StepUpNeeded", "Confirm that it is you.", {
    why: "This cannot be undone, so the console asks who you are when it has not for five minutes.",
    action: "Confirm it in the dialog; nothing has been sent yet.",
  });
}
