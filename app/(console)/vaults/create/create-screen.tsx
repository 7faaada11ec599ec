"use client";

import { CreateVaultPage } from "#components/changes/create-vault-page.tsx";
import { useTenancyChoices } from "../../tenancy-choices.ts";

/** The form for a new vault, with the places there are. */
export function CreateScreen() {
  return <CreateVaultPage tenancies={useTenancyChoices()} />;
}
