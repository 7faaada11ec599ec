"use client";

import { useSyncExternalStore } from "react";
import { patiently } from "#components/ui/patiently.ts";

/** The rule table comes with the operations and their schemas: nothing the first screen needs, so it is loaded after it. */
export type ActionRules = typeof import("#lib/vault/actions.ts") & typeof import("#lib/vault/rails.ts");

const store = { rules: null as ActionRules | null, isLoading: false, listeners: new Set<() => void>() };

function load(): void {
  if (store.isLoading) return;
  store.isLoading = true;
  patiently(() => Promise.all([import("#lib/vault/actions.ts"), import("#lib/vault/rails.ts")])).then(
    ([actions, rails]) => {
      store.rules = { ...actions, ...rails };
      for (const listener of store.listeners) listener();
    },
    () => {
      store.isLoading = false;
    },
  );
}

function subscribe(listener: () => void): () => void {
  store.listeners.add(listener);
  const timer = setTimeout(load, 300);
  return () => {
    clearTimeout(timer);
    store.listeners.delete(listener);
  };
}

/** What may be done and why not; null until the rules have arrived. */
export function useActionRules(): ActionRules | null {
  return useSyncExternalStore(
    subscribe,
    () => store.rules,
    () => null,
  );
}
