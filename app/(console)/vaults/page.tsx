import type { Metadata } from "next";
import { VaultListScreen } from "./vault-list-screen.tsx";

export const metadata: Metadata = { title: "Vaults" };

export default function VaultsPage() {
  return <VaultListScreen />;
}
