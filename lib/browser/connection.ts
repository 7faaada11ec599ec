/** Whether the console's server answers. Told by every call; the shell says so and the session query finds it again. */
import { useSyncExternalStore } from "react";

const connection = { isReachable: true, listeners: new Set<() => void>() };

/** Called with every answer (true) and every call without one (false). */
export function reportReachable(isReachable: boolean): void {
  if (connection.isReachable === isReachable) return;
  connection.isReachable = isReachable;
  for (const listener of connection.listeners) listener();
}

function subscribe(listener: () => void): () => void {
  connection.listeners.add(listener);
  return () => connection.listeners.delete(listener);
}

/** False from the first call without an answer until the next answer. */
export function useIsReachable(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => connection.isReachable,
    () => true,
  );
}
