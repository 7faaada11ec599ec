// The same change to many vaults; what counts is what the emulator then holds.
import type { Page } from "@playwright/test";
import type { VaultRow } from "#lib/contract/api.ts";
import { type App, expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";
import { addressOf, held } from "./held.ts";
import { someBucket } from "./places.ts";

async function vaultsNamed(page: Page, names: readonly string[]): Promise<VaultRow[]> {
  const { vaults } = (await (await page.request.get("/api/inventory")).json()) as { vaults: VaultRow[] };
  return names.map((name) => vaults.find(({ displayName }) => displayName === name) as VaultRow);
}

/** What is chosen stays chosen while the search hides it. */
async function choose(page: Page, app: App, names: readonly string[]): Promise<void> {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  for (const name of names) {
    await page.getByRole("searchbox").fill(name);
    await page.getByRole("checkbox", { name: new RegExp(`^Select ${name} in`) }).click();
  }
}

test("tags many, says what came of each, and tries the failed ones again", async ({ page, app }) => {
  const names = ["carrier-bluelane", "carrier-nordfracht"];
  await choose(page, app, names);
  const rows = await vaultsNamed(page, names);
  await expect(page.getByText("2 vaults selected")).toBeVisible();
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "Tag…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: "Tag 2 vaults?" })).toBeVisible();
  await dialog.getByLabel("Tag key").fill("contract");
  await dialog.getByLabel("Value").fill("2027");
  await expectNoAxeViolations(page);
  // The first of them fails once: it stays chosen and is tried again by itself only when asked.
  await app.orderFaults({ operation: "updateVault", kind: "status", status: 409, times: 1 });
  await dialog.getByRole("button", { name: "Tag 2 vaults" }).click();
  await expect(dialog.getByText("1 vault tagged, 1 failed and still selected")).toBeVisible({ timeout: 40_000 });
  await expectNoAxeViolations(page);
  const tagsNow = async () =>
    (await Promise.all(rows.map((row) => held(page, addressOf(row))))).map(
      ({ freeformTags }) => (freeformTags as Record<string, string>).contract,
    );
  expect((await tagsNow()).filter((value) => value === "2027")).toHaveLength(1);
  await dialog.getByRole("button", { name: "Try 1 failed vault again" }).click();
  await expect(dialog.getByText("2 vaults tagged")).toBeVisible({ timeout: 40_000 });
  expect(await tagsNow()).toEqual(["2027", "2027"]);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(/vaults? selected$/)).toHaveCount(0);
  await app.clearFaults();
});

test("schedules many for deletion, what goes with them known before, and brings them back from the desk", async ({
  page,
  app,
}) => {
  const names = ["tracking-api", "route-planner"];
  // One of its keys goes in 25 days, which is later than the vaults are to go.
  const refused = "payments-tokens";
  await choose(page, app, [...names, refused]);
  const rows = await vaultsNamed(page, names);
  const [spared] = (await vaultsNamed(page, [refused])) as [VaultRow];
  await page.getByRole("button", { name: "Schedule deletion…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("All looked into")).toBeVisible({ timeout: 20_000 });
  const impact = dialog.getByRole("list", { name: "What goes with each vault" }).getByRole("listitem");
  await expect(impact.filter({ hasText: "tracking-api" })).toContainText(/2 HSM keys .* and 6 software keys/);
  await expect(dialog.getByRole("button", { name: "Schedule the deletion of 3 vaults" })).toBeVisible();
  await dialog.getByLabel("In 14 days").check();
  await expect(impact.filter({ hasText: refused })).toContainText(
    "A key is scheduled for deletion later than this date",
  );
  const go = dialog.getByRole("button", { name: "Schedule the deletion of 2 vaults" });
  await expect(go).toHaveAttribute("aria-disabled", "true");
  await dialog.getByLabel("Why?").fill("The tracking product is gone.");
  await dialog.getByLabel("Ticket").fill("CHG-42");
  await dialog.getByLabel("How many are deleted?").fill("2 vaults");
  await expectNoAxeViolations(page);
  const sent = async () => (await app.calls()).byOperation.scheduleVaultDeletion ?? 0;
  const before = await sent();
  await go.click();
  await expect(dialog.getByText("2 vaults scheduled for deletion, 1 failed and still selected")).toBeVisible({
    timeout: 60_000,
  });
  expect(await sent()).toBe(before + 2);
  expect((await held(page, addressOf(spared))).lifecycleState).toBe("ACTIVE");
  for (const row of rows) {
    const vault = await held(page, addressOf(row));
    expect(vault.lifecycleState).toBe("PENDING_DELETION");
    const days = (Date.parse(vault.timeOfDeletion ?? "") - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(13.9);
    expect(days).toBeLessThan(14.1);
  }
  await dialog.getByRole("button", { name: "Done" }).click();

  await page.goto("/deletions");
  for (const name of names) await page.getByRole("checkbox", { name: new RegExp(`^Select ${name} in`) }).click();
  await expectNoAxeViolations(page);
  await page.getByRole("region", { name: "Selected vaults" }).getByRole("button", { name: "Cancel deletion…" }).click();
  await expect(page.getByRole("dialog").getByRole("list", { name: "Selected vaults" })).toContainText(names[0] ?? "");
  await expectNoAxeViolations(page);
  await page.getByRole("dialog").getByRole("button", { name: "Cancel the deletion of 2 vaults" }).click();
  await expect(page.getByRole("dialog").getByText("2 vaults brought back")).toBeVisible({ timeout: 60_000 });
  for (const row of rows) expect((await held(page, addressOf(row))).lifecycleState).toBe("ACTIVE");
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  // The bar that opened it is gone: the focus is in the page, not lost.
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest("main") != null)).toBe(true);
});

test("backs many up, each into an object of its own, and once, though an answer is lost", async ({ page, app }) => {
  const names = ["certificate-authority", "build-signing"];
  await choose(page, app, names);
  const [first] = (await vaultsNamed(page, names)) as [VaultRow];
  const { bucket, objects } = await someBucket(page, first);
  await page.getByRole("button", { name: "Back up…" }).click();
  const dialog = page.getByRole("dialog");
  // The bucket in the compartment of the first is suggested.
  await expect(dialog.locator("datalist option")).toHaveCount(1);
  await expect(dialog.locator("datalist option")).toHaveAttribute("value", "vault-backups");
  await dialog.getByLabel("Bucket").fill("no-such-bucket");
  await expect(dialog.getByText(/^No bucket “no-such-bucket” could be read in /)).toBeVisible();
  await dialog.getByLabel("Bucket").fill(bucket);
  await expect(dialog.getByText(`There is a bucket “${bucket}” in ${first.region}.`)).toBeVisible();
  await expectNoAxeViolations(page);
  const before = (await app.calls()).calls.length;
  await app.orderFaults({ operation: "backupVault", kind: "lostAnswer", times: 1 });
  await dialog.getByRole("button", { name: "Back up 2 vaults" }).click();
  await expect(dialog.getByText("2 vaults being backed up")).toBeVisible({ timeout: 40_000 });
  const sizes = async () => {
    const { objects: held } = (await (await page.request.get(`${objects}?fields=name,size`)).json()) as {
      objects: { name: string; size: number }[];
    };
    return names.map((name) => held.filter((each) => each.name.startsWith(`${name}-`) && each.size > 0).length);
  };
  await expect.poll(sizes, { timeout: 20_000 }).toEqual([1, 1]);
  await app.clearFaults();
  // Asked three times, answered twice: the second time for the one whose answer was lost is the first one's, by its token.
  const sent = (await app.calls()).calls.slice(before).filter(({ operation }) => operation === "backupVault");
  expect(sent.map(({ status }) => status ?? 0).sort()).toEqual([0, 200, 200]);
});

test("the help desk may choose, and is told who may change", async ({ page, app }) => {
  await signInAs(page, "helpdesk", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("sandbox-");
  await page.getByRole("checkbox", { name: "Select all rows shown" }).click();
  for (const name of ["Tag…", "Back up…", "Cancel deletion…", "Schedule deletion…"]) {
    await expect(page.getByRole("button", { name })).toHaveAttribute("aria-disabled", "true");
  }
});
