/**
 * Frees the buffers a stream has left behind. V8 looks after memory outside its heap only when some 64 MiB of it have come
 * together, so a file that passes through in small buffers holds that much for nothing; asked in time it costs about a
 * millisecond. `npm run bench -- upload` shows the difference.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// Contexts made from here on know the function; the program's own does not.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (options: { type: "minor" }) => void;

/** Collects what was allocated lately and is no longer used. */
export function collectYoung(): void {
  collect({ type: "minor" });
}
