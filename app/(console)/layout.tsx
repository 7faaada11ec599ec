import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { SessionGate } from "#components/session/session-gate.tsx";
import { AppShell } from "#components/shell/app-shell.tsx";
import { modeCookie, readMode } from "#components/shell/mode.ts";

/** The frame of every signed-in page. Pages live in this group, so the frame stays while one moves between them. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const lastMode = readMode((await cookies()).get(modeCookie)?.value);
  return (
    <AppShell lastMode={lastMode} overlays={<SessionGate />}>
      {children}
    </AppShell>
  );
}
