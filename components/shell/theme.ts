"use client";

import { useSyncExternalStore } from "react";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const listeners = new Set<() => void>();
const yearSeconds = 365 * 86_400;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readTheme(): Theme {
  const value = document.documentElement.dataset.theme;
  return themes.find((theme) => theme === value) ?? "system";
}

/** The chosen theme. The root layout writes it into the page from the cookie, so there is no flash and no inline script. */
export function useTheme(): Theme {
  return useSyncExternalStore<Theme>(subscribe, readTheme, () => "system");
}

/** Changes the theme now and for the next visits. */
export function setTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in browsers we support
  document.cookie = `theme=${theme}; path=/; max-age=${yearSeconds}; samesite=lax`;
  for (const listener of listeners) listener();
}
