import type { Metadata } from "next";
import { EditScreen } from "./edit-screen.tsx";

export const metadata: Metadata = { title: "Edit vault" };

export default async function EditPage({ params }: PageProps<"/vaults/[region]/[ocid]/edit">) {
  const { region, ocid } = await params;
  return <EditScreen region={region} vaultId={ocid} />;
}
