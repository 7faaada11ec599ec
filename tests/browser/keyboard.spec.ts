// Dialogs and pages that change something, by keyboard alone: focus goes in, stays in, Escape keeps, and it comes back.
import type { Page } from "@playwright/test";
import { expect, signInAs, test } from "./harness.ts";

/** Presses Tab until what has the focus is called so; fails when it never is. */
async function tabTo(page: Page, name: RegExp, most = 80): Promise<void> {
  for (let press = 0; press < most; press += 1) {
    const label = await page.evaluate(() => {
      const at = document.activeElement;
      const named = at?.getAttribute("aria-label") ?? "";
      const labels =
        at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement
          ? [...(at.labels ?? [])].map((each) => each.textContent ?? "")
          : [];
      return [named, ...labels, at?.textContent ?? ""].find((text) => text.trim() !== "") ?? "";
    });
    if (name.test(label)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never came to ${name}`);
}

const isInDialog = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[role="dialog"], [role="alertdialog"]') !== null);

/** Tabs through more stops than any dialog has: the focus never leaves it. */
async function expectTrapped(page: Page): Promise<void> {
  for (let press = 0; press < 12; press += 1) {
    await page.keyboard.press("Tab");
    // Past the last stop the focus is on a guard for an instant, which sends it to the first.
    await expect.poll(() => isInDialog(page), { timeout: 2_000 }).toBe(true);
  }
}

test("cancel deletion: opened, kept by Escape, and done, by keyboard", async ({ page, app }) => {
  await signInAs(page, "operator", app);
  await page.goto("/deletions");
  await expect(page.getByRole("button", { name: "Cancel deletion of load-test-2025" })).toBeVisible({
    timeout: 30_000,
  });
  await tabTo(page, /^Cancel deletion of load-test-2025/, 120);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toBeVisible();
  await expect.poll(() => isInDialog(page)).toBe(true);
  await expectTrapped(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Cancel deletion of load-test-2025" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect.poll(() => isInDialog(page)).toBe(true);
  await tabTo(page, /^Cancel deletion and restore the vault/);
  await page.keyboard.press("Enter");
  await expect(page.getByText(/Deletion cancelled: the vault is back/)).toBeVisible({ timeout: 25_000 });
});

test("schedule deletion: the whole page by keyboard", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  await page.keyboard.press("/");
  await page.keyboard.type("truck-telemetry");
  await expect(page.getByRole("link", { name: "truck-telemetry" })).toBeVisible();
  await tabTo(page, /^truck-telemetry$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/vaults\/[^/]+\/ocid1\./);
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
    await tabTo(page, open);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toBeVisible();
    await expect.poll(() => isInDialog(page)).toBe(true);
    await expectTrapped(page);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect
      .poll(() =>
        page.evaluate(
          () => document.activeElement?.textContent || document.activeElement?.getAttribute("aria-label") || "",
        ),
      )
      .toMatch(/\S/);
  });
}
