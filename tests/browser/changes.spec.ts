import type { Page } from "@playwright/test";
import { type App, expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";
import { held } from "./held.ts";
import { chooseBucket, chooseCompartment, compartmentsOf, someBucket } from "./places.ts";

/** Opens a vault's page by its name and gives the console's address of it. */
async function openVault(page: Page, app: App, name: string): Promise<string> {
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill(name);
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  const [, , region, ocid] = new URL(page.url()).pathname.split("/");
  for (const { tenancy } of app.emulator.tenancies) {
    const address = `/api/oci/${tenancy}/kms/${region}/20180608/vaults/${ocid}`;
    if ((await page.request.get(address)).ok()) return address;
  }
  throw new Error(`${name} is in no tenancy`);
}

test("an admin moves a vault to another compartment", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  const address = await openVault(page, app, "cold-chain-sensors");
  const sandbox = (await compartmentsOf(page, app.emulator.tenancies[0]?.tenancy ?? "")).find(
    ({ name }) => name === "Sandbox",
  )?.id;
  expect((await held(page, address)).compartmentId).not.toBe(sandbox);
  await page.getByRole("button", { name: /^Move/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Move “cold-chain-sensors” to another compartment?");
  await chooseCompartment(page, "Target compartment", "Sandbox");
  await page.mouse.move(0, 0);
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "Move vault to Sandbox" }).click();
  await expect(page.getByText("Moved", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  expect((await held(page, address)).compartmentId).toBe(sandbox);
  // The receipt names the compartments as people know them.
  await page.getByRole("link", { name: "Receipt" }).first().click();
  const changed = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "compartment" }) });
  await expect(changed.getByRole("cell").last()).toContainText("Sandbox");
  await expectNoAxeViolations(page);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

test("an admin replicates a vault and deletes the replica by typing its region", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  const address = await openVault(page, app, "audit-records-current");
  await page.getByRole("button", { name: /^Create replica/ }).click();
  await page.getByLabel("Region of the replica").selectOption("uk-london-1");
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "Create replica in uk-london-1" }).click();
  await expect(page.getByText("The vault has a replica", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  const replicas = async () =>
    (await page.request.get(`${address}/actions/listReplicas`, { headers: { "cache-control": "no-cache" } })).json();
  await expect.poll(async () => (await replicas())[0]?.status, { timeout: 15_000 }).toBe("CREATED");

  const [, , , , , region] = address.split("/");
  await page.goto(`/vaults/${region}/${address.split("/").at(-1)}`);
  await expect(page.getByRole("button", { name: /^Delete replica/ })).not.toHaveAttribute("aria-disabled", "true", {
    timeout: 40_000,
  });
  await page.getByRole("button", { name: /^Delete replica/ }).click();
  const button = page.getByRole("button", { name: "Delete replica in uk-london-1" });
  await expect(button).toBeVisible({ timeout: 40_000 });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("Type the replica's region to confirm").fill("uk-london-1");
  await button.click();
  await expect(page.getByText("The replica is deleted, or being deleted").first()).toBeVisible({ timeout: 20_000 });
  await expect
    .poll(async () => ((await replicas())[0]?.status ?? "gone") as string, { timeout: 15_000 })
    .toMatch(/gone|DELET/);
});

test("a replica is moved to another region: deleted, waited for, created", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  const address = await openVault(page, app, "demand-models");
  const replicas = async () =>
    (await page.request.get(`${address}/actions/listReplicas`, { headers: { "cache-control": "no-cache" } })).json();
  const [before] = await replicas();
  await page.goto(`${new URL(page.url()).pathname}/create-replica`);
  await expect(
    page.getByText(`The vault has its replica in ${before.region} already.`, { exact: false }).first(),
  ).toBeVisible();
  const wanted = before.region === "uk-london-1" ? "eu-frankfurt-1" : "uk-london-1";
  await page.getByLabel("Region of the replica").selectOption(wanted);
  await page.mouse.move(0, 0);
  await expectNoAxeViolations(page);
  await page.getByRole("link", { name: `1. Delete the replica in ${before.region}` }).click();
  await page.getByLabel("Type the replica's region to confirm").fill(before.region);
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: `Delete replica in ${before.region}` }).click();
  await page.getByRole("link", { name: `2. Create the replica in ${wanted}` }).click({ timeout: 40_000 });
  await page.getByRole("button", { name: `Create replica in ${wanted}` }).click();
  await expect(page.getByText("The vault has a replica", { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await replicas())[0]?.region, { timeout: 15_000 }).toBe(wanted);
});

test("an operator backs a vault up into a bucket and downloads the file", async ({ page, app }) => {
  await signInAs(page, "operator", app);
  const address = await openVault(page, app, "certificate-authority");
  await page.getByRole("button", { name: /^Back up/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Back up “certificate-authority”?");
  const [, , , tenancy, , region] = address.split("/") as [string, string, string, string, string, string];
  const target = await someBucket(page, { tenancy, region });
  await chooseBucket(page, target);
  await expect(page.getByLabel("Namespace")).toHaveValue(target.namespace);
  await page.getByLabel("Object name").fill("stories/certificate authority.backup");
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "Back up vault and keys" }).click();
  await expect(page.getByText("Backed up", { exact: true }).first()).toBeVisible({ timeout: 25_000 });
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the backup file" }).click();
  expect((await saving).suggestedFilename()).toBe("certificate authority.backup");
  expect(await (await saving).failure()).toBeNull();
  expect((await held(page, address)).lifecycleState).toBe("ACTIVE");
  // The vault's page lists it, and whoever schedules its deletion is told of it.
  await page.getByRole("link", { name: "certificate-authority" }).first().click();
  const backups = page.getByRole("region", { name: /^Backups/ });
  await expect(backups).toContainText("stories/certificate authority.backup");
  await expect(backups.getByRole("link", { name: "Download" }).first()).toBeVisible({ timeout: 15_000 });
  await expectNoAxeViolations(page);
});

test("somebody replicates to another region first: the vault is looked at again, and the service's refusal says what stands there", async ({
  page,
  app,
}) => {
  await signInAs(page, "admin", app);
  const address = await openVault(page, app, "audit-records-current");
  await page.goto(`${new URL(page.url()).pathname}/create-replica`);
  await page.getByLabel("Region of the replica").selectOption("uk-london-1");
  const first = await page.request.post(`${address}/actions/createReplica`, {
    headers: { origin: app.origin, "x-ovc-request": "1", "content-type": "application/json" },
    data: { replicaRegion: "us-ashburn-1" },
  });
  expect(first.status(), await first.text()).toBe(202);
  await page.getByRole("button", { name: "Create replica in uk-london-1" }).click();
  await page.getByRole("button", { name: "I have seen it: go on with this version" }).click({ timeout: 20_000 });
  await expect(page.getByText(/already has a replica in us-ashburn-1/).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: /Copy request id/i }).first()).toBeVisible();
  await expectNoAxeViolations(page);
  const replicas = await page.request.get(`${address}/actions/listReplicas`, {
    headers: { "cache-control": "no-cache" },
  });
  expect((await replicas.json()).map(({ region }: { region: string }) => region)).toEqual(["us-ashburn-1"]);
});

test("a vault is backed up to a pre-authenticated URL, which is kept nowhere", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  const address = await openVault(page, app, "certificate-authority");
  const [, , , tenancy, , region] = address.split("/") as [string, string, string, string, string, string];
  const { objects } = await someBucket(page, { tenancy, region });
  const objectName = "stories/by-url.backup";
  const ordered = await page.request.post(objects.replace(/o$/, "p"), {
    headers: { origin: app.origin, "x-ovc-request": "1", "content-type": "application/json" },
    data: {
      name: "story of a backup",
      accessType: "ObjectWrite",
      objectName,
      // Another story of this worker may have turned the clock on by days.
      timeExpires: new Date(Date.now() + 300 * 86_400_000).toISOString(),
    },
  });
  expect(ordered.status(), await ordered.text()).toBe(200);
  const { accessUri } = (await ordered.json()) as { accessUri: string };
  await page.goto(`${new URL(page.url()).pathname}/backup`);
  await page.getByRole("radio", { name: /A pre-authenticated URL/ }).check({ force: true });
  await page
    .getByLabel("Pre-authenticated URL")
    .last()
    .fill(`${app.emulator.regions[region]?.objectstorage}${accessUri}`);
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "Back up vault and keys" }).click();
  await expect(page.getByText("Backed up", { exact: true }).first()).toBeVisible({ timeout: 25_000 });
  const object = await page.request.get(`${objects}/${encodeURIComponent(objectName)}`);
  expect(object.status()).toBe(200);
  expect((await object.body()).length).toBeGreaterThan(100);
  const secret = accessUri.split("/")[2] ?? "";
  expect(secret.length).toBeGreaterThan(10);
  expect(await (await page.request.get("/api/activity")).text()).not.toContain(secret);
  expect(app.output()).not.toContain(secret);
});
