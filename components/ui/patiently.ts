const pauseMs = 2_000;
const triesMax = 60;

/**
 * Loads a part of the page that is not there yet, and again when the network has gone just then: what waits for it goes on showing
 * its stand-in, and the page that is open is not lost. For `lazy(() => patiently(() => import(…)))`.
 */
export async function patiently<Module>(load: () => Promise<Module>): Promise<Module> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await load();
    } catch (error) {
      if (tries >= triesMax) throw error;
      await new Promise((later) => setTimeout(later, pauseMs));
    }
  }
}

/** Fetches a part of the page before it is needed. Without a network nothing is lost: it is asked for again when it is needed. */
export function fetchAhead(load: () => Promise<unknown>): void {
  load().catch(() => undefined);
}
