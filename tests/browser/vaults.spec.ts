import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";

test.beforeEach(async ({ page, app }) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  await expect(page.getByRole("button", { name: /^(\d+) of \1 compartments read$/ })).toBeVisible({ timeout: 20_000 });
});

const rows = /^\d+( of \d+)? vaults?$/;

test("shows every vault with its state, and axe finds nothing", async ({ page }) => {
  await expect(page.getByRole("status").filter({ hasText: rows })).toHaveText(/^\d\d+ vaults$/);
  // A story before this one may have turned the clock: the list may still be coming to what the service holds.
  await expect(async () => {
    const inventory = (await (await page.request.get("/api/inventory")).json()) as { vaults: { id: string }[] };
    // A vault and its replica are two places with one OCID, and one vault.
    const count = new Set(inventory.vaults.map(({ id }) => id)).size;
    expect(count).toBeGreaterThanOrEqual(60);
    await expect(page.getByRole("status").filter({ hasText: rows })).toHaveText(`${count} vaults`, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  for (const column of [
    "Name",
    "State",
    "Type",
    "Compartment",
    "Region",
    "Tenancy",
    "Deletion date",
    "Replica",
    "Tags",
  ]) {
    await expect(page.getByRole("columnheader", { name: column })).toBeVisible();
  }
  await expectNoAxeViolations(page);
});

test("finds a vault by name, by the tail of its OCID and by a tag", async ({ page }) => {
  const search = page.getByRole("searchbox", { name: "Search vaults" });
  await page.keyboard.press("/");
  await expect(search).toBeFocused();
  await search.fill("certificate-auth");
  const link = page.getByRole("link", { name: "certificate-authority" });
  await expect(link).toBeVisible();
  const ocid = (await link.getAttribute("href"))?.split("/").at(-1) ?? "";
  await search.fill(ocid.slice(-9));
  await expect(link).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: rows })).toHaveText(/^1 of \d+ vaults$/);
  await search.fill("4900");
  await expect(link).toBeVisible();
  expect(page.url(), "what is typed stays out of the address").not.toContain("4900");
  await search.fill("no such vault anywhere");
  await expect(page.getByRole("button", { name: /clear/i }).first()).toBeVisible();
  await expectNoAxeViolations(page);
});

test("filters by chips, sorts by columns, and keeps the view in the address", async ({ page }) => {
  const chip = page.getByRole("button", { name: /^Pending deletion \d+$/ });
  const count = Number((await chip.textContent())?.match(/\d+/)?.[0]);
  await chip.click();
  await expect(page.getByRole("status").filter({ hasText: rows })).toHaveText(new RegExp(`^${count} of \\d+ vaults$`));
  const header = page.getByRole("columnheader", { name: "Deletion date" });
  await header.getByRole("button").click();
  await expect(header).toHaveAttribute("aria-sort", "ascending");
  const first = () => page.getByRole("row").nth(1);
  const dates = page.getByRole("row").locator("time");
  // The list does not tell the dates: they are read one by one, and the order is final once all are there.
  await expect(dates).toHaveCount(count, { timeout: 20_000 });
  const ascending = await first().textContent();
  await header.getByRole("button").click();
  await expect(header).toHaveAttribute("aria-sort", "descending");
  await expect(first()).not.toHaveText(ascending ?? "");
  const shown = await first().textContent();
  await page.reload();
  await expect(header).toHaveAttribute("aria-sort", "descending");
  await expect(dates).toHaveCount(count, { timeout: 20_000 });
  await expect(first()).toHaveText(shown ?? "", { timeout: 15_000 });
});

test("sorts by every column, and the address says so", async ({ page }) => {
  await page.getByRole("button", { name: "Columns" }).click();
  await expect(page.getByRole("menuitemcheckbox").first()).toBeVisible();
  // Faster than the page follows the address.
  await page.getByRole("menuitemcheckbox", { checked: false }).evaluateAll((boxes: HTMLElement[]) => {
    for (const box of boxes) box.click();
  });
  await page.keyboard.press("Escape");
  const headers = page.getByRole("columnheader").filter({ has: page.getByRole("button") });
  await expect(headers).toHaveCount(13);
  const orders = new Set<string>();
  for (let index = 12; index >= 0; index -= 1) {
    const header = headers.nth(index);
    await header.getByRole("button").click();
    await expect(header).toHaveAttribute("aria-sort", /^(ascending|descending)$/);
    orders.add(new URL(page.url()).searchParams.get("sort") ?? "the first order");
  }
  expect(orders.size).toBe(13);
});

test("two filters pressed at once are both kept", async ({ page }) => {
  const chips = page.getByRole("button", { name: /^(External|Virtual private) \d+$/ });
  await expect(chips).toHaveCount(2);
  await chips.evaluateAll((both: HTMLElement[]) => {
    for (const chip of both) chip.click();
  });
  for (const chip of await chips.all()) await expect(chip).toHaveAttribute("aria-pressed", "true");
  expect(new URL(page.url()).searchParams.getAll("type").sort()).toEqual(["EXTERNAL", "VIRTUAL_PRIVATE"]);
});

test("works by keyboard alone", async ({ page }) => {
  await page.getByRole("searchbox").fill("billing-signing");
  await page.getByRole("searchbox").press("ArrowDown");
  await expect(page.getByRole("searchbox")).not.toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "billing-signing", level: 1 })).toBeVisible();
});

test("opens a vault: facts, gauges, tags, and where they come from", async ({ page }) => {
  await page.getByRole("searchbox").fill("certificate-authority");
  await page.getByRole("link", { name: "certificate-authority" }).click();
  await expect(page.getByRole("heading", { name: "certificate-authority", level: 1 })).toBeVisible();
  await expect(page.getByText("The vault is active. Its keys can be used.")).toBeVisible();
  await expect(page.getByRole("meter")).toHaveCount(4);
  await expect(page.getByText(/VIRTUAL_PRIVATE/)).toBeVisible();
  await expect(page.getByRole("button", { name: /^Copy etag/ })).toBeVisible();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: /^Copy OCID/ }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^ocid1\.vault\.oc1\./);
  await expectNoAxeViolations(page);
});

test("a hostile name is a name", async ({ page }) => {
  let dialogs = 0;
  page.on("dialog", async (dialog) => {
    dialogs += 1;
    await dialog.dismiss();
  });
  await page.getByRole("searchbox").fill("onerror");
  await page.getByRole("link", { name: /<img src=x onerror=/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("<img src=x onerror=");
  await page.getByRole("button", { name: /^Schedule deletion/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("<img src=x onerror=");
  await expect(page.locator("img[src='x']")).toHaveCount(0);
  expect(dialogs).toBe(0);
});

test("a vault that is not there is explained", async ({ page }) => {
  await page.goto("/vaults/us-ashburn-1/ocid1.vault.oc1.iad.aaaaaaaaaaaaa.abuwcljtnotthereatall");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText(/not there|not visible|not found|may not see/i).first()).toBeVisible();
  await expectNoAxeViolations(page);
});
