import type { Metadata } from "next";
import { CreateReplicaScreen } from "./create-replica-screen.tsx";

export const metadata: Metadata = { title: "Create replica" };

export default async function Page({ params }: PageProps<"/vaults/[region]/[ocid]/create-replica">) {
  const { region, ocid } = await params;
  return <CreateReplicaScreen region={region} vaultId={ocid} />;
}
