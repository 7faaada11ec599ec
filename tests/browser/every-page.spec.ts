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
