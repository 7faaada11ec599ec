import type { Metadata } from "next";
import { DeleteReplicaScreen } from "./delete-replica-screen.tsx";

export const metadata: Metadata = { title: "Delete replica" };

export default async function Page({ params }: PageProps<"/vaults/[region]/[ocid]/delete-replica">) {
  const { region, ocid } = await params;
  return <DeleteReplicaScreen region={region} vaultId={ocid} />;
}
