import type { Metadata } from "next";
import { VaultScreen } from "./vault-screen.tsx";

export const metadata: Metadata = { title: "Vault" };

export default async function VaultDetailPage({ params }: PageProps<"/vaults/[region]/[ocid]">) {
  const { region, ocid } = await params;
  return <VaultScreen region={region} vaultId={ocid} />;
}
