import type { Metadata } from "next";
import { SetupScreen } from "#components/session/setup-screen.tsx";

export const metadata: Metadata = { title: "Set up" };

export default function SetupPage() {
  return <SetupScreen />;
}
