/** Whether the console's server answers. Told by every call; the shell says so and the session query finds it again. */
import { useSyncExternalStore } from "react";

const connection = { isReachable: true, listeners: new Set<() => void>() };

/** Called with every answer (true) and every call without one (false). */
export function reportReachable(isReachable: boolean): void {
  if (connection.isReachable === isReachable) return;
  connection.isReachable = isReachable;
  for (const listener of connection.listeners) listener();
}

/** Calls are held back while the device is offline, so none of them would tell. */
const tellOffline = () => reportReachable(false);

function subscribe(listener: () => void): () => void {
  if (connection.listeners.size === 0) window.addEventListener("offline", tellOffline);
  connection.listeners.add(listener);
  return () => {
    connection.listeners.delete(listener);
    if (connection.listeners.size === 0) window.removeEventListener("offline", tellOffline);
  };
}

/** False from the first call without an answer until the next answer. */
export function useIsReachable(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => connection.isReachable,
    () => true,
  );
}
