import type { Metadata } from "next";
import { RestoreScreen } from "./restore-screen.tsx";

export const metadata: Metadata = { title: "Restore a vault" };

export default function Page() {
  return <RestoreScreen />;
}
