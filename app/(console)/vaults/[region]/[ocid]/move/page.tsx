import type { Metadata } from "next";
import { MoveScreen } from "./move-screen.tsx";

export const metadata: Metadata = { title: "Move vault" };

export default async function Page({ params }: PageProps<"/vaults/[region]/[ocid]/move">) {
  const { region, ocid } = await params;
  return <MoveScreen region={region} vaultId={ocid} />;
}
