import { readFile } from "node:fs/promises";
import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";

test("the deletion desk shows what goes when, exports it, and brings a vault back", async ({ page, app }) => {
  await signInAs(page, "operator", app);
  await page.goto("/deletions");
  const list = page.getByRole("list", { name: "Vaults by time left" });
  const row = list.getByRole("listitem").filter({ hasText: "legacy-monolith" });
  await expect(row).toContainText(/\d+ days .*left/, { timeout: 25_000 });
  await expect(page.getByRole("table").getByRole("link", { name: "legacy-monolith" })).toBeVisible();
  const lefts = await list.getByText(/ left$/).allTextContents();
  const days = lefts.map((text) => Number(/(\d+) days?/.exec(text)?.[1] ?? 0));
  expect(days).toEqual([...days].sort((a, b) => a - b));
  await expectNoAxeViolations(page);

  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download calendar (.ics)" }).click();
  const path = await (await saving).path();
  const text = await readFile(path, "utf8");
  expect(text).toContain("BEGIN:VCALENDAR");
  expect(text).toContain("legacy-monolith");
  expect(text).not.toContain("ocid1.");

  await row.getByRole("button", { name: /^Cancel deletion of/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel deletion and restore the vault" }).click();
  await expect(page.getByRole("dialog")).toContainText("Deletion cancelled: the vault is back", { timeout: 20_000 });
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await expect(row).toHaveCount(0, { timeout: 15_000 });
});

test("the help desk sees the desk and is told who can save a vault", async ({ page, app }) => {
  await signInAs(page, "helpdesk", app);
  await page.goto("/deletions");
  const button = page.getByRole("button", { name: "Cancel deletion of carrier-oldham-ended" });
  await expect(button).toHaveAttribute("aria-disabled", "true", { timeout: 25_000 });
  await expect(button).toHaveAccessibleDescription(/Ask an operator or a security admin/);
});
