import { type Browser, chromium } from "@playwright/test";
import { findChromium } from "./chromium.ts";

/** Starts the browser the tests use. */
export async function launchChromium(): Promise<Browser> {
  const { path: executablePath, args, env } = await findChromium();
  return chromium.launch({ executablePath, args, env: { ...(process.env as Record<string, string>), ...env } });
}
