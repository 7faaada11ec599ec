import type { Metadata } from "next";
import { DeletionsScreen } from "./deletions-screen.tsx";

export const metadata: Metadata = { title: "Deletion desk" };

export default function DeletionsPage() {
  return <DeletionsScreen />;
}
