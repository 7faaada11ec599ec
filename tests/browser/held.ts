// What the service holds, asked past everything the console remembers.
import type { Page } from "@playwright/test";
import type { Inventory, VaultRow } from "#lib/contract/api.ts";
import type { Vault, VaultSummary } from "#lib/contract/models.ts";
import { type App, expect } from "./harness.ts";

const fresh = { headers: { "cache-control": "no-cache" } };

export const addressOf = ({ tenancy, region, id }: Pick<VaultRow, "tenancy" | "region" | "id">) =>
  `/api/oci/${tenancy}/kms/${region}/20180608/vaults/${id}`;

/** The vault at the console's address of it. */
export async function held(page: Page, address: string): Promise<Vault> {
  const answer = await page.request.get(address, fresh);
  expect(answer.status(), await answer.text()).toBe(200);
  return answer.json();
}

/** The vault of that name, from the service; the list is waited for. */
export async function heldNamed(page: Page, name: string): Promise<Vault> {
  let row: VaultRow | undefined;
  await expect
    .poll(
      async () => {
        const { vaults } = (await (await page.request.get("/api/inventory")).json()) as Inventory;
        row = vaults.find(({ displayName, details }) => displayName === name && details?.isPrimary !== false);
        return row?.displayName;
      },
      { timeout: 30_000 },
    )
    .toBe(name);
  return held(page, addressOf(row as VaultRow));
}

/** Every vault of a compartment in a region, by the service's own list. */
export async function listed(
  page: Page,
  app: App,
  { region, compartmentId }: { readonly region: string; readonly compartmentId: string },
): Promise<readonly VaultSummary[]> {
  const tenancy = app.emulator.tenancies[0]?.tenancy;
  const query = new URLSearchParams({ compartmentId, limit: "1000" });
  const answer = await page.request.get(`/api/oci/${tenancy}/kms/${region}/20180608/vaults?${query}`, fresh);
  expect(answer.status(), await answer.text()).toBe(200);
  return answer.json();
}
