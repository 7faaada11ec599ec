"use client";

import { RestorePage } from "#components/changes/restore-page.tsx";
import { useTenancyChoices } from "../tenancy-choices.ts";

/** The form for a restore, with the places there are. */
export function RestoreScreen() {
  return <RestorePage tenancies={useTenancyChoices()} />;
}
