import type { Metadata } from "next";
import { BackupScreen } from "./backup-screen.tsx";

export const metadata: Metadata = { title: "Back up vault" };

export default async function Page({ params }: PageProps<"/vaults/[region]/[ocid]/backup">) {
  const { region, ocid } = await params;
  return <BackupScreen region={region} vaultId={ocid} />;
}
