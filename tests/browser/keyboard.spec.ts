// Dialogs and pages that change something, by keyboard alone: focus goes in, stays in, Escape keeps, and it comes back.
import type { Page } from "@playwright/test";
import { chooseByKeyboard, expectFocusKept, openByKeyboard, pickByKeyboard, tabTo } from "./by-keyboard.ts";
import { type App, expect, expectNoAxeViolations, type PersonaId, signInAs, test } from "./harness.ts";
import { heldNamed } from "./held.ts";
import { someBucket } from "./places.ts";

/** Signs in and opens a vault by its name, by keyboard. */
async function openVault(page: Page, app: App, persona: PersonaId, name: string): Promise<void> {
  await signInAs(page, persona, app);
  await page.goto("/vaults");
  await page.keyboard.press("/");
  await page.keyboard.type(name);
  await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
  await tabTo(page, new RegExp(`^${name}$`));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/vaults\/[^/]+\/ocid1\./);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
}

/** Goes to what the vault's page offers and opens it. */
async function openAction(page: Page, action: RegExp): Promise<void> {
  const actions = page.getByRole("region", { name: "Actions" });
  const button = actions.getByRole("button", { name: action });
  await expect(button).not.toHaveAttribute("aria-disabled", "true", { timeout: 20_000 });
  // The activity of the vault links to what was done by the same names.
  await tabTo(page, new RegExp(`${action.source}.*…$`), 160);
  await page.keyboard.press("Enter");
}

test("cancel deletion: opened, kept by Escape, and done, by keyboard", async ({ page, app }) => {
  await signInAs(page, "operator", app);
  await page.goto("/deletions");
  await expect(page.getByRole("button", { name: "Cancel deletion of load-test-2025" })).toBeVisible({
    timeout: 30_000,
  });
  await openByKeyboard(page, /^Cancel deletion of load-test-2025/);
  await tabTo(page, /^Cancel deletion and restore the vault/);
  await page.keyboard.press("Enter");
  await expect(page.getByText(/Deletion cancelled: the vault is back/)).toBeVisible({ timeout: 25_000 });
  expect((await heldNamed(page, "load-test-2025")).lifecycleState).toBe("ACTIVE");
});

test("schedule deletion: the whole page by keyboard", async ({ page, app }) => {
  await openVault(page, app, "admin", "truck-telemetry");
  await expect(page.getByRole("button", { name: /^Schedule deletion/ })).toBeEnabled();
  await tabTo(page, /^Schedule deletion/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/schedule-deletion/);
  await expect(page.getByText("What this does")).toBeVisible();
  await tabTo(page, /In (7|14|30) days/);
  await page.keyboard.press("ArrowLeft");
  await tabTo(page, /^Why is it deleted/);
  await page.keyboard.type("By keyboard, from the first key to the last");
  await tabTo(page, /^Ticket/);
  await page.keyboard.type("CHG-7");
  await tabTo(page, /^Type the vault's name/);
  await page.keyboard.type("truck-telemetry");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Deletion scheduled and confirmed")).toBeVisible({ timeout: 30_000 });
  await tabTo(page, /^Open the vault/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("CHG-7").first()).toBeVisible();
  expect((await heldNamed(page, "truck-telemetry")).lifecycleState).toBe("PENDING_DELETION");
});

test("editing name and tags by keyboard", async ({ page, app }) => {
  await openVault(page, app, "operator", "scanner-fleet");
  await openAction(page, /^Edit name and tags/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Edit “scanner-fleet”");
  await tabTo(page, /^Display name/);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("scanner-fleet-2");
  await tabTo(page, /^Why\?/);
  await page.keyboard.type("By keyboard alone");
  await tabTo(page, /^Save 1 change/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Saved", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  expect((await heldNamed(page, "scanner-fleet-2")).lifecycleState).toBe("ACTIVE");
});

test("moving to another compartment by keyboard", async ({ page, app }) => {
  await openVault(page, app, "admin", "orders-staging");
  await openAction(page, /^Move/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Move “orders-staging” to another compartment?");
  const before = (await heldNamed(page, "orders-staging")).compartmentId;
  await pickByKeyboard(page, /^Target compartment/, "Sandbox");
  await tabTo(page, /^Move vault to Sandbox/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Moved", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  expect((await heldNamed(page, "orders-staging")).compartmentId).not.toBe(before);
});

test("replicating, and deleting the replica by typing its region, by keyboard", async ({ page, app }) => {
  await openVault(page, app, "admin", "certificate-authority");
  const vault = page.url();
  await openAction(page, /^Create replica/);
  await expect(page.getByLabel("Region of the replica").locator("option").nth(1)).toBeAttached({ timeout: 20_000 });
  await chooseByKeyboard(page, /^Region of the replica/, /uk-london-1/);
  await tabTo(page, /^Create replica in uk-london-1/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("The vault has a replica", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  expect((await heldNamed(page, "certificate-authority")).replicaDetails?.replicationId).toBeTruthy();
  await page.goto(vault);
  await expect(page.getByRole("button", { name: /^Delete replica/ })).not.toHaveAttribute("aria-disabled", "true", {
    timeout: 40_000,
  });
  await openAction(page, /^Delete replica/);
  await expect(page.getByRole("button", { name: "Delete replica in uk-london-1" })).toBeVisible({ timeout: 15_000 });
  await tabTo(page, /^Type the replica's region/);
  await page.keyboard.type("uk-london-1");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The replica is deleted, or being deleted").first()).toBeVisible({ timeout: 20_000 });
});

test("creating a vault by keyboard", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults/create");
  await expect(page.getByRole("button", { name: /^Compartment: / })).toBeVisible({ timeout: 20_000 });
  await pickByKeyboard(page, /^Compartment/, "Sandbox");
  await tabTo(page, /^Display name/);
  await page.keyboard.type("made by keyboard");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Vault created: it is active")).toBeVisible({ timeout: 25_000 });
  expect((await heldNamed(page, "made by keyboard")).lifecycleState).toBe("ACTIVE");
});

test("backing up into a bucket by keyboard", async ({ page, app }) => {
  await openVault(page, app, "operator", "build-signing");
  await openAction(page, /^Back up/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Back up “build-signing”?");
  const [, , region] = new URL(page.url()).pathname.split("/");
  const tenancy = app.emulator.tenancies[0]?.tenancy ?? "";
  const { compartment, objects } = await someBucket(page, { tenancy, region: region ?? "" });
  await pickByKeyboard(page, /^Compartment of the bucket/, compartment);
  await expect(page.getByText("Reading the buckets…")).toHaveCount(0);
  await chooseByKeyboard(page, /^Bucket/, /^[\w-]+$/);
  await tabTo(page, /^Object name/);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("stories/keyboard.backup");
  await tabTo(page, /^Back up vault and keys/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Backed up", { exact: true }).first()).toBeVisible({ timeout: 25_000 });
  expect((await page.request.head(`${objects}/stories%2Fkeyboard.backup`)).status()).toBe(200);
});

test("restoring a file by keyboard", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  await page.goto("/restore");
  await expect(page.getByRole("button", { name: /^Compartment: / })).toBeVisible({ timeout: 20_000 });
  await pickByKeyboard(page, /^Compartment/, "Sandbox");
  const choosing = page.waitForEvent("filechooser");
  await tabTo(page, /Backup file|Choose/);
  await page.keyboard.press("Enter");
  await (await choosing).setFiles({
    name: "none.backup",
    mimeType: "application/octet-stream",
    buffer: Buffer.alloc(2_000, 7),
  });
  await tabTo(page, /^Restore vault in/);
  await page.keyboard.press("Enter");
  // The service's own words: this is no backup.
  await expect(
    page
      .getByText("Not restored")
      .or(page.getByText(/not a (vault )?backup/i))
      .first(),
  ).toBeVisible({
    timeout: 20_000,
  });
});

test("tagging many by keyboard", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  await page.keyboard.press("/");
  await page.keyboard.type("carrier-");
  await expect(page.getByRole("link", { name: "carrier-bluelane" })).toBeVisible();
  await tabTo(page, /^Select carrier-bluelane/);
  await page.keyboard.press("Space");
  await expect(page.getByText("1 vault selected")).toBeVisible();
  await page.keyboard.press("/");
  await openByKeyboard(page, /^Tag…/);
  await tabTo(page, /^Tag key/);
  await page.keyboard.type("hands");
  await tabTo(page, /^Value/);
  await page.keyboard.type("keyboard");
  await tabTo(page, /^Tag 1 vault/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 vault tagged")).toBeVisible({ timeout: 40_000 });
  expect((await heldNamed(page, "carrier-bluelane")).freeformTags).toMatchObject({ hands: "keyboard" });
  await tabTo(page, /^Done/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

for (const [action, button] of [
  ["Schedule deletion…", /^Schedule deletion…/],
  ["Back up…", /^Back up…/],
] as const) {
  test(`the dialog of many “${action}” holds the focus and gives it back`, async ({ page, app }) => {
    await signInAs(page, "admin", app);
    await page.goto("/vaults");
    await page.getByRole("searchbox").fill("carrier-bluelane");
    await page.getByRole("checkbox", { name: /^Select carrier-bluelane/ }).click();
    await openByKeyboard(page, button);
  });
}

test("the help desk reveals what is hidden by keyboard", async ({ page, app }) => {
  await openVault(page, app, "helpdesk", "route-planner");
  await openByKeyboard(page, /^Reveal hidden fields…/);
  await tabTo(page, /^Why do you need them/);
  await page.keyboard.type("Ticket 4711, asked on the phone");
  await tabTo(page, /^Reveal hidden fields$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  await expect(page.getByText(/-crypto\.kms\./).first()).toBeVisible();
});

test("the question who one is, when a session has ended, is answered by keyboard and cannot be left", async ({
  page,
  app,
  context,
}) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults/create");
  await tabTo(page, /^Display name/);
  await page.keyboard.type("kept");
  await context.clearCookies();
  await page.evaluate(() => window.dispatchEvent(new CustomEvent("session-expired")));
  // The first answer has the focus, not the way out.
  await expect(page.getByRole("button", { name: /^Ada Admin/ })).toBeFocused();
  await expectFocusKept(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeVisible();
  await tabTo(page, /Ada Admin/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByLabel("Display name")).toHaveValue("kept");
});

for (const [name, open, path, persona] of [
  ["the keyboard's shortcuts", /^Keyboard shortcuts/, "/vaults", "helpdesk"],
  ["connecting a tenancy", /^Connect a real/, "/vaults", "admin"],
  ["following in a calendar", /^Follow in calendar/, "/deletions", "helpdesk"],
] as const) {
  test(`the dialog about ${name} opens, holds the focus, and gives it back`, async ({ page, app }) => {
    await signInAs(page, persona, app);
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.waitForTimeout(1_000);
    await openByKeyboard(page, open);
    await expectNoAxeViolations(page);
  });
}
