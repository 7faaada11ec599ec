// Choosing a compartment in its tree, and a bucket that is there.
import type { Page } from "@playwright/test";
import { expect } from "./harness.ts";

interface Compartment {
  readonly id: string;
  readonly name: string;
}

const compartmentButton = (page: Page, label: string) => page.getByRole("button", { name: new RegExp(`^${label}: `) });

/** Opens the tree, looks for the compartment by its name, and takes it. */
export async function chooseCompartment(page: Page, label: string, name: string): Promise<void> {
  const button = compartmentButton(page, label);
  await expect(async () => {
    await button.click();
    await page.getByRole("combobox", { name: "Search compartments" }).fill(name, { timeout: 3_000 });
    await page.getByRole("option", { name }).first().click({ timeout: 3_000 });
  }).toPass({ timeout: 30_000 });
  await expect(button).toHaveText(new RegExp(`: ${name}$`));
}

/** The compartments of a tenancy, as the console's server knows them. */
export async function compartmentsOf(page: Page, tenancy: string): Promise<readonly Compartment[]> {
  const { tenancies } = (await (await page.request.get("/api/inventory")).json()) as {
    tenancies: readonly { id: string; compartments: readonly Compartment[] }[];
  };
  return tenancies.find(({ id }) => id === tenancy)?.compartments ?? [];
}

/** The first bucket of the region there is: its compartment's name, its own, and the address of its objects. */
export async function someBucket(page: Page, { tenancy, region }: { tenancy: string; region: string }) {
  const storage = `/api/oci/${tenancy}/objectstorage/${region}/n`;
  const namespace = (await (await page.request.get(storage)).json()) as string;
  for (const { id, name: compartment } of await compartmentsOf(page, tenancy)) {
    const found = (await (await page.request.get(`${storage}/${namespace}/b?compartmentId=${id}`)).json()) as {
      name: string;
    }[];
    const [first] = found;
    if (first !== undefined)
      return { compartment, namespace, bucket: first.name, objects: `${storage}/${namespace}/b/${first.name}/o` };
  }
  throw new Error(`There is no bucket in ${region}`);
}

/** Chooses that bucket in a form. */
export async function chooseBucket(page: Page, { compartment, bucket }: { compartment: string; bucket: string }) {
  await chooseCompartment(page, "Compartment of the bucket", compartment);
  await page.getByLabel("Bucket", { exact: true }).selectOption(bucket);
}
