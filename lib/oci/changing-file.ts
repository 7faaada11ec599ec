/** A file that somebody else renews, such as a session token: read again when it changed, at most once a second asked. */
import { stat } from "node:fs/promises";
import type { Clock } from "./clock.ts";

const checkEveryMs = 1000;

/**
 * `read` gives what `load` made of the newest content. While a renewal is half written or the file is missing for a
 * moment, the last good value stays in use; without one the error of `load` is thrown.
 */
export function changingFile<Value>(
  path: string,
  load: (path: string) => Promise<Value>,
  clock: Clock,
): { read(): Promise<Value> } {
  let loaded: { value: Value; version: string } | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<Value> | undefined;

  async function refresh(): Promise<Value> {
    const version = await stat(path).then(
      (facts) => `${facts.ino}:${facts.size}:${facts.mtimeMs}`,
      () => undefined,
    );
    if (loaded !== undefined && (version === undefined || version === loaded.version)) return loaded.value;
    try {
      loaded = { value: await load(path), version: version ?? "" };
    } catch (error) {
      if (loaded === undefined) throw error;
    }
    return loaded.value;
  }

  return {
    read() {
      if (loaded !== undefined && clock.ticks() - checkedAt < checkEveryMs) return Promise.resolve(loaded.value);
      pending ??= refresh().finally(() => {
        checkedAt = clock.ticks();
        pending = undefined;
      });
      return pending;
    },
  };
}
