import type { Metadata } from "next";
import { ReceiptPage } from "#components/activity/receipt-page.tsx";

export const metadata: Metadata = { title: "Receipt" };

export default async function Receipt({ params }: PageProps<"/activity/[receipt]">) {
  const { receipt } = await params;
  return <ReceiptPage receiptId={receipt} />;
}
