/**
 * An instance's share of the service's ten calls a second, when several consoles share a store: they say every second that
 * they are there, and each takes its part. A new one sends nothing until the others have had time to see it.
 */
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Database } from "#lib/store/database.ts";
import { forgetInstance, noteInstance } from "#lib/store/instances.ts";

const beatMs = 1_000;
/** Who has said nothing for so long is not counted any more; long against a beat that comes late. */
const livesMs = 5_000;
/** After so long all others have seen a new instance. */
const shyMs = 2 * beatMs;

export interface Share {
  /** Calls a second of one budget this instance may make now. */
  of(limit: number): number;
  stop(): Promise<void>;
}

/** Begins to count the instances of a shared store. */
export function createShare(db: Database, log: Logger): Share {
  const id = randomUUID();
  const startedAt = performance.now();
  let others = 0;
  let heardAt = Number.NEGATIVE_INFINITY;
  let isStopped = false;

  async function beat(): Promise<void> {
    try {
      const count = Math.max(1, await noteInstance(db, id, livesMs));
      if (count - 1 !== others) log.info({ instances: count }, "the calls of the service are shared anew");
      others = count - 1;
      heardAt = performance.now();
    } catch (error) {
      log.warn({ err: error }, "how many consoles share the store could not be read");
    }
  }

  let timer: NodeJS.Timeout | undefined;
  const loop = (): void => {
    void beat().finally(() => {
      if (isStopped) return;
      timer = setTimeout(loop, beatMs);
      timer.unref();
    });
  };
  loop();

  return {
    of(limit) {
      const now = performance.now();
      if (now - startedAt < shyMs) return 0;
      // The others may not count this one any more: the least that still moves.
      if (now - heardAt > livesMs - beatMs) return Math.min(1, limit);
      return Math.max(1, Math.floor(limit / (others + 1)));
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await forgetInstance(db, id).catch(() => undefined);
    },
  };
}
