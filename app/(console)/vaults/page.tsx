import type { Metadata } from "next";
import { cookies } from "next/headers";
import { modeCookie, readMode } from "#components/shell/mode.ts";
import { hadTenancies, tenanciesCookie } from "#components/vaults/tenancies-memory.ts";
import { VaultListScreen } from "./vault-list-screen.tsx";

export const metadata: Metadata = { title: "Vaults" };

export default async function VaultsPage() {
  const seen = await cookies();
  const isRehearsal = readMode(seen.get(modeCookie)?.value) === "rehearsal";
  return <VaultListScreen hadTenancies={hadTenancies(seen.get(tenanciesCookie)?.value, isRehearsal)} />;
}
