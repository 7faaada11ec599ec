import type { ReactNode } from "react";
import { SessionGate } from "#components/session/session-gate.tsx";
import { AppShell } from "#components/shell/app-shell.tsx";

/** The frame of every signed-in page. Pages live in this group, so the frame stays while one moves between them. */
export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return <AppShell overlays={<SessionGate />}>{children}</AppShell>;
}
