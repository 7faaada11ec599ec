import type { Metadata } from "next";
import { ReceiptScreen } from "./receipt-screen.tsx";

export const metadata: Metadata = { title: "Receipt" };

export default async function Receipt({ params }: PageProps<"/activity/[receipt]">) {
  const { receipt } = await params;
  return <ReceiptScreen receiptId={receipt} />;
}
