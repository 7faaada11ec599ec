import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Product, startProduct } from "../../scripts/product.ts";
import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";
import { chooseCompartment } from "./places.ts";

let product: Product;
let folder: string;
test.beforeAll(async () => {
  test.setTimeout(90_000);
  folder = mkdtempSync(join(tmpdir(), "ovc-policy-"));
  const file = join(folder, "policy.yaml");
  writeFileSync(
    file,
    `version: 1
rails:
  - name: Virtual private vaults wait
    when: { types: [VIRTUAL_PRIVATE] }
    minimumWaitDays: 21
  - name: Virtual vaults stay
    when: { types: [DEFAULT] }
    protect: true
  - name: Every vault has a cost centre
    requireTags: [cost-centre]
`,
  );
  product = await startProduct({ POLICY_FILE: file });
});
test.afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});
test("pages say the rail before a form is filled in, and the form keeps to it", async ({ page }) => {
  await signInAs(page, "admin", product);
  await page.goto(`${product.origin}/vaults`);
  await expect(page.getByRole("row").nth(5)).toBeVisible();
  const inventory = await (await page.request.get(`${product.origin}/api/inventory`)).json();
  const find = (type: string) =>
    inventory.vaults.find(
      (each: { vaultType: string; lifecycleState: string; details?: { isPrimary?: boolean } }) =>
        each.vaultType === type && each.lifecycleState === "ACTIVE" && each.details?.isPrimary !== false,
    );

  const kept = find("DEFAULT");
  await page.goto(`${product.origin}/vaults/${kept.region}/${kept.id}`);
  await expect(page.getByText(/The guard rail “Virtual vaults stay” protects this vault/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: /Schedule deletion/ })).toHaveAttribute("aria-disabled", "true");
  await page.goto(`${product.origin}/vaults/${kept.region}/${kept.id}/schedule-deletion`);
  await expect(page.getByText(/protects this vault/)).toBeVisible();

  const waits = find("VIRTUAL_PRIVATE");
  await page.goto(`${product.origin}/vaults/${waits.region}/${waits.id}/schedule-deletion`);
  await expect(page.getByText(/wants a wait of at least 21 days for this vault/)).toBeVisible();
  await expect(page.getByText("In 7 days")).toHaveCount(0);
  await expectNoAxeViolations(page);
  await page.getByText("Date and time", { exact: true }).first().click();
  const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 16);
  await page.getByLabel("Date and time").last().fill(soon);
  await expect(page.getByText(/Too early: the guard rail “Virtual private vaults wait”/).first()).toBeVisible();
});

test("the refusal names the rail and the form stays as it was", async ({ page }) => {
  await signInAs(page, "admin", product);
  await page.goto(`${product.origin}/vaults/create`);
  await chooseCompartment(page, "Compartment", "Sandbox");
  await page.getByLabel("Display name").fill("no cost centre");
  await page.getByRole("button", { name: /^Create vault in/ }).click();
  await expect(page.getByText(/“Every vault has a cost centre” wants the tag cost-centre/)).toBeVisible();
  await expect(page.getByLabel("Display name")).toHaveValue("no cost centre");
  await page.getByRole("button", { name: "Add tag" }).click();
  await page.getByLabel("Key", { exact: true }).fill("cost-centre");
  await page.getByLabel("Value", { exact: true }).fill("42");
  await page.getByRole("button", { name: /^Create vault in/ }).click();
  await expect(page.getByText("Vault created: it is active")).toBeVisible({ timeout: 25_000 });
});
