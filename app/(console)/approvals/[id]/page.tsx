import type { Metadata } from "next";
import { ApprovalPage } from "#components/approvals/approval-page.tsx";

export const metadata: Metadata = { title: "Request for approval" };

export default async function Approval({ params }: PageProps<"/approvals/[id]">) {
  const { id } = await params;
  return <ApprovalPage id={id} />;
}
