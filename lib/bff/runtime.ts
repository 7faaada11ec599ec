/**
 * The one running console of this process. Next bundles route handlers apart from `server.ts`, so they meet on
 * `globalThis`; handlers stay thin and everything of weight is loaded once, outside the bundle.
 */
import type { Console } from "./console.ts";

const key = Symbol.for("oci-vault-console");
type Holder = { [key]?: Console };

/** Called once by the front door, before Next takes requests. */
export function setConsole(running: Console): void {
  (globalThis as Holder)[key] = running;
}

/** The running console. Throws when the application was not started through `server.ts`. */
export function getConsole(): Console {
  const running = (globalThis as Holder)[key];
  if (running === undefined)
    throw new Error("the console is not running: start it with npm start (server.ts), not with next start");
  return running;
}
