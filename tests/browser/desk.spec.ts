import { readFile } from "node:fs/promises";
import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";
import { heldNamed } from "./held.ts";

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
  expect((await heldNamed(page, "legacy-monolith")).lifecycleState).toBe("ACTIVE");
});

test("the help desk sees the desk and is told who can save a vault", async ({ page, app }) => {
  await signInAs(page, "helpdesk", app);
  await page.goto("/deletions");
  const button = page.getByRole("button", { name: "Cancel deletion of carrier-oldham-ended" });
  await expect(button).toHaveAttribute("aria-disabled", "true", { timeout: 25_000 });
  await expect(button).toHaveAccessibleDescription(/Ask an operator or a security admin/);
});

test("a calendar link is made, shown once, read by a calendar, and ended", async ({ page, app }) => {
  await signInAs(page, "helpdesk", app);
  await page.goto("/deletions");
  await page.getByRole("button", { name: "Follow in calendar…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make link" }).click();
  const link = dialog.getByText(/deletions\.ics\?key=/);
  await expect(link).toBeVisible();
  await expectNoAxeViolations(page);
  const url = (await link.textContent()) ?? "";
  // A calendar program has no cookie and sends none of a browser's headers.
  await expect.poll(async () => (await fetch(url)).status).toBe(200);
  expect(await (await fetch(url)).text()).toContain("BEGIN:VCALENDAR");
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await page.getByRole("button", { name: "Follow in calendar…" }).click();
  await expect(dialog.getByText(/read last/)).toBeVisible();
  await expect(link).toHaveCount(0);
  await dialog.getByRole("button", { name: "End link" }).click();
  await expect(dialog.getByText("You have no link yet.")).toBeVisible();
  expect((await fetch(url)).status).toBe(404);
});
