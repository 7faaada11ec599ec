import type { Metadata } from "next";
import { CreateScreen } from "./create-screen.tsx";

export const metadata: Metadata = { title: "Create a vault" };

export default function CreatePage() {
  return <CreateScreen />;
}
