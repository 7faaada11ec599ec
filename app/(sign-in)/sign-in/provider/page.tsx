import type { Metadata } from "next";
import { ProviderScreen } from "#components/session/provider-screen.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default function ProviderPage() {
  return <ProviderScreen />;
}
