import type { Metadata } from "next";
import { DoneScreen } from "#components/session/done-screen.tsx";

export const metadata: Metadata = { title: "Signed in" };

export default function DonePage() {
  return <DoneScreen />;
}
