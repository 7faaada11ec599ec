import { readFileSync } from "node:fs";
import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";

test("a change leaves a receipt that an auditor reads, with the same call by other means", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("cold-chain-sensors");
  await page.getByRole("link", { name: "cold-chain-sensors" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("cold-chain-sensors");
  const [, , region, ocid] = new URL(page.url()).pathname.split("/");
  const changed = await page.request.put(
    `/api/oci/${app.emulator.tenancies[0]?.tenancy}/kms/${region}/20180608/vaults/${ocid}`,
    {
      headers: {
        origin: app.origin,
        "x-ovc-request": "1",
        "content-type": "application/json",
        "x-ovc-reason": encodeURIComponent("Owner moved to logistics, CHG-77"),
      },
      data: { freeformTags: { owner: "logistics" } },
    },
  );
  expect(changed.status()).toBe(200);

  await signInAs(page, "helpdesk", app);
  await page.reload();
  await expect(page.getByRole("region", { name: /^Activity/ })).toContainText("Owner moved to logistics, CHG-77");
  await page.goto("/activity");
  await expect(page.getByText("The whole trail is for auditors and security admins")).toBeVisible();

  await signInAs(page, "auditor", app);
  await page.goto("/activity");
  await page.getByRole("searchbox").fill("cold-chain-sens");
  await page.getByLabel("Operation").selectOption({ label: "Edit vault" });
  await page.getByLabel("Person", { exact: true }).fill("ada");
  await page.getByLabel("Result").selectOption({ label: "Done" });
  await expect(page.getByRole("list", { name: /^Entries/ })).toContainText("Owner moved to logistics, CHG-77");
  await expectNoAxeViolations(page);
  await page.reload();
  await expect(page.getByLabel("Person", { exact: true })).toHaveValue("ada");
  await expect(page.getByRole("list", { name: /^Entries/ })).toContainText("CHG-77");
  const [csv] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export CSV" }).click(),
  ]);
  expect(csv.suggestedFilename()).toMatch(/^activity-.*\.csv$/);
  const text = readFileSync(await csv.path(), "utf8");
  expect(text.split("\r\n")[0]).toContain("Time (UTC),Person,Role");
  expect(text).toContain("CHG-77");
  expect(text).not.toContain("signIn");
  await page.getByLabel("Person", { exact: true }).fill("nobody of this name");
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("searchbox").fill("cold-chain-sens");
  await page.getByRole("link", { name: "Edit vault" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("cold-chain-sensors");
  await expect(page.getByText("Ada Admin")).toBeVisible();
  await expect(page.getByRole("cell", { name: '{"owner":"logistics"}' })).toBeVisible();
  await expect(page.getByText("oci raw-request")).toBeVisible();
  await page.getByRole("button", { name: "Python SDK" }).click();
  await expect(page.getByText("client.update_vault(")).toBeVisible();
  await expectNoAxeViolations(page);
});

test("a receipt that is not there is explained", async ({ page, app }) => {
  await signInAs(page, "auditor", app);
  await page.goto("/activity/00000000-0000-0000-0000-000000000000");
  await expect(page.getByText("There is no such receipt")).toBeVisible();
});
