import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";
import { heldNamed } from "./held.ts";

test("an admin schedules a deletion on its page, sees it confirmed, and gets the vault back", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("build-signing");
  await page.getByRole("link", { name: "build-signing" }).click();
  await page.getByRole("button", { name: /^Schedule deletion/ }).click();
  await expect(page.getByRole("heading", { name: "Schedule deletion of “build-signing”?" })).toBeVisible();
  await expect(page.getByText("What this does")).toBeVisible();
  await expectNoAxeViolations(page);

  const button = page.getByRole("button", { name: /^Schedule deletion for/ });
  await button.click();
  await expect(page.getByText(/at least 10|10 characters/i).first()).toBeVisible();
  await page.getByLabel("Why is it deleted?").fill("The build farm moved to new keys");
  await page.getByLabel("Ticket").fill("CHG-1042");
  await page.getByLabel("Type the vault's name to confirm").fill("build-signin");
  await button.click();
  expect(page.url()).toContain("schedule-deletion");
  await page.getByLabel("Type the vault's name to confirm").fill("build-signing");
  await page.getByText("In 7 days", { exact: true }).click();
  await expect(page.getByRole("radio", { name: "In 7 days" })).toBeChecked();
  await button.click();
  await expect(page.getByText("Pending deletion").first()).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("Receipt").first()).toBeVisible();
  const state = async () => (await heldNamed(page, "build-signing")).lifecycleState;
  await expect.poll(state, { timeout: 15_000 }).toBe("PENDING_DELETION");
  const scheduled = await heldNamed(page, "build-signing");
  expect((Date.parse(scheduled.timeOfDeletion ?? "") - Date.now()) / 86_400_000).toBeGreaterThan(6.9);
  await expectNoAxeViolations(page);

  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("build-signing");
  const row = page.getByRole("row").filter({ hasText: "build-signing" });
  await expect(row).toContainText("Pending deletion");
  await expect(row).toContainText(/in (6|7) days/);

  await page.getByRole("link", { name: "build-signing" }).click();
  await expect(page.getByText("CHG-1042").first()).toBeVisible();
  await expect(page.getByText(/Will be deleted for good on/)).toBeVisible();
  await page.getByRole("button", { name: "Cancel deletion", exact: true }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("Cancel the deletion of “build-signing”?");
  await expectNoAxeViolations(page, "[role=alertdialog]");
  await dialog.getByLabel("Why?").fill("The signing service still needs it");
  await dialog.getByRole("button", { name: "Cancel deletion and restore the vault" }).click();
  const report = page.getByRole("dialog");
  await expect(report.getByText("Deletion cancelled: the vault is back")).toBeVisible({ timeout: 20_000 });
  await expect(report.getByText(/^Back: /)).toBeVisible({ timeout: 20_000 });
  await expectNoAxeViolations(page);
  await report.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText("The vault is active. Its keys can be used.").first()).toBeVisible({ timeout: 20_000 });
  expect(await heldNamed(page, "build-signing")).toMatchObject({ lifecycleState: "ACTIVE", timeOfDeletion: null });
});

test("somebody else's change is shown before anything is done again", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("audit-records-current");
  await page.getByRole("link", { name: "audit-records-current" }).click();
  await page.getByRole("button", { name: /^Schedule deletion/ }).click();
  await page.getByLabel("Why is it deleted?").fill("Not needed after the audit of 2026");
  await page.getByLabel("Type the vault's name to confirm").fill("audit-records-current");
  const path = new URL(page.url()).pathname.split("/");
  const target = `${app.emulator.tenancies[0]?.tenancy}/kms/${path[2]}/20180608/vaults/${path[3]}`;
  const renamed = await page.request.put(`/api/oci/${target}`, {
    headers: { origin: app.origin, "x-ovc-request": "1", "content-type": "application/json" },
    data: { freeformTags: { owner: "somebody-else" } },
  });
  expect(renamed.status()).toBe(200);
  await page.getByRole("button", { name: /^Schedule deletion for/ }).click();
  await expect(page.getByText("somebody-else").first()).toBeVisible({ timeout: 15_000 });
  await expectNoAxeViolations(page);
  const state = await page.request.get(`/api/oci/${target}`, { headers: { "cache-control": "no-cache" } });
  expect((await state.json()).lifecycleState).toBe("ACTIVE");
});

test("turning the rehearsal's clock ends a pending vault", async ({ page, app }) => {
  await signInAs(page, "helpdesk", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("chargeback-evidence");
  const row = page.getByRole("row").filter({ hasText: "chargeback-evidence" });
  await expect(row).toContainText(/in \d+ days?/, { timeout: 20_000 });
  const { vaults } = await (await page.request.get("/api/inventory")).json();
  const { details } = vaults.find((each: { displayName: string }) => each.displayName === "chargeback-evidence");
  // Long after its end the service does not know a vault any more.
  await app.advanceClock(Math.ceil((Date.parse(details.timeOfDeletion) - Date.now()) / 1_000) + 60);
  await row.getByRole("link").click();
  await expect(page.getByText(/Deleted|Deleting/).first()).toBeVisible({ timeout: 20_000 });
});
