// Promises every page keeps: axe finds nothing in either theme, no broken content rule and no script error (watched by the harness), nothing wider than the window.
import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";

const pages = [
  "/sign-in",
  "/vaults",
  "/vaults/create",
  "/restore",
  "/deletions",
  "/activity",
  "/approvals",
  "/people",
  "/status",
  "/account",
  "/no-such-page",
];
const vaultPages = ["edit", "move", "backup", "create-replica", "delete-replica", "schedule-deletion"];

test("the sign-in page is clean in both themes", async ({ page, app }) => {
  await page.goto("/sign-in");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectNoAxeViolations(page);
  expect(app.output()).not.toContain("Error");
});

for (const persona of ["admin", "helpdesk"] as const) {
  test(`the list and a vault are clean in both themes for ${persona}`, async ({ page, app }) => {
    await signInAs(page, persona, app);
    await page.goto("/vaults");
    await expect(page.getByRole("row").nth(5)).toBeVisible();
    await expectNoAxeViolations(page);
    await page.getByRole("row").filter({ hasText: "Active" }).first().getByRole("link").first().click();
    await page.waitForURL(/\/vaults\/[^/]+\/ocid1\./);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectNoAxeViolations(page);
  });
}

test("every other page is clean in both themes", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  for (const path of pages.slice(2)) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await expectNoAxeViolations(page);
  }
});

for (const width of [360, 768, 1440]) {
  test(`nothing is wider than a window of ${width} pixels`, async ({ page, app }) => {
    await page.setViewportSize({ width, height: 800 });
    await signInAs(page, "admin", app);
    const { vaults } = await (await page.request.get("/api/inventory")).json();
    const vault = `/vaults/${vaults[0].region}/${vaults[0].id}`;
    for (const path of [...pages, vault, ...vaultPages.map((name) => `${vault}/${name}`)]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, path).toBeLessThanOrEqual(0);
    }
  });
}

test("dialogs and open lists fit a window of 360 pixels", async ({ page, app }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await signInAs(page, "admin", app);
  const expectFits = async (what: string) => {
    const box = await page
      .getByRole("dialog")
      .or(page.getByRole("alertdialog"))
      .evaluate((dialog) => {
        const inner = [...dialog.querySelectorAll("*")].map((each) => each.getBoundingClientRect().right);
        const { left, right } = dialog.getBoundingClientRect();
        return { left, right: Math.max(right, ...inner) };
      });
    expect(box.left, what).toBeGreaterThanOrEqual(0);
    expect(box.right, what).toBeLessThanOrEqual(360);
  };
  await page.goto("/deletions");
  await expect(page.getByRole("table", { name: /^Deletions by day/ })).toBeVisible();
  await page.getByRole("button", { name: "Cancel deletion of gripper-prototype" }).click();
  await expect(page.getByLabel("Ticket")).toBeVisible();
  await expectFits("cancel deletion");
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: /^Select gripper-prototype in/ }).click();
  await page.getByRole("region", { name: "Selected vaults" }).getByRole("button", { name: "Cancel deletion…" }).click();
  await expect(page.getByRole("list", { name: "Selected vaults" })).toBeVisible();
  await expectFits("cancel many");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Follow in calendar…" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectFits("follow in a calendar");
  await page.goto("/vaults/create");
  await page.getByRole("button", { name: /^Compartment: / }).click();
  await expect(page.getByRole("combobox", { name: "Search compartments" })).toBeVisible();
  await expectFits("the tree of compartments");
});
