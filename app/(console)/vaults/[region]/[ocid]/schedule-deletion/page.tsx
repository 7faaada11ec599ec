import type { Metadata } from "next";
import { ScheduleDeletionScreen } from "./schedule-deletion-screen.tsx";

export const metadata: Metadata = { title: "Schedule deletion" };

export default async function ScheduleDeletionPage({ params }: PageProps<"/vaults/[region]/[ocid]/schedule-deletion">) {
  const { region, ocid } = await params;
  return <ScheduleDeletionScreen region={region} vaultId={ocid} />;
}
