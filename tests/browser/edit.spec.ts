import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";
import { held } from "./held.ts";

test("an operator edits name and tags, sees the changes first, and undoes them", async ({ page, app }) => {
  await signInAs(page, "operator", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("label-printers");
  await page.getByRole("link", { name: "label-printers" }).click();
  await page
    .getByRole("link", { name: /^Edit name and tags/ })
    .or(page.getByRole("button", { name: /^Edit name and tags/ }))
    .click();
  await expect(page.getByRole("heading", { name: "Edit “label-printers”" })).toBeVisible();
  const [, , region, ocid] = new URL(page.url()).pathname.split("/");
  const address = `/api/oci/${app.emulator.tenancies[0]?.tenancy}/kms/${region}/20180608/vaults/${ocid}`;
  const before = await held(page, address);

  await expect(page.getByText("Nothing has been changed yet.")).toHaveCount(1);
  await page.getByLabel("Display name").fill("label-printers-leeds");
  await page.getByRole("button", { name: "Add tag" }).click();
  const added = page.getByRole("group", { name: /^Tag \d+$/ }).last();
  await added.getByLabel("Key").fill("site name");
  await expect(added).toContainText(/without space/);
  await added.getByLabel("Key").fill("site");
  await added.getByLabel("Value").fill("Leeds");
  await page
    .getByRole("group", { name: "Tag 1", exact: true })
    .getByRole("button", { name: /^Remove tag/ })
    .click();
  const changes = page.getByRole("list", { name: "Changes" });
  await expect(changes).toContainText("was label-printers, becomes label-printers-leeds");
  await expect(changes).toContainText("Tag site is added: Leeds");
  await expect(changes).toContainText("is removed; it was");
  await page.getByLabel("Why?").fill("Moved to Leeds");
  await page.mouse.move(0, 0);
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "Save 3 changes" }).click();
  await expect(page.getByText("Saved", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  const after = await held(page, address);
  expect(after.displayName).toBe("label-printers-leeds");
  expect(after.freeformTags?.site).toBe("Leeds");
  expect(after.definedTags).toEqual(before.definedTags);

  await page.getByRole("button", { name: "Undo this edit" }).click();
  await expect.poll(async () => (await held(page, address)).displayName, { timeout: 15_000 }).toBe("label-printers");
  expect((await held(page, address)).freeformTags).toEqual(before.freeformTags);
});

test("an edit meets somebody else's: field by field, keep mine or take theirs, and nothing is lost", async ({
  page,
  app,
}) => {
  await signInAs(page, "operator", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("fleet-diagnostics");
  await page.getByRole("link", { name: "fleet-diagnostics" }).click();
  await page
    .getByRole("link", { name: /^Edit name and tags/ })
    .or(page.getByRole("button", { name: /^Edit name and tags/ }))
    .click();
  const [, , region, ocid] = new URL(page.url()).pathname.split("/");
  const address = `/api/oci/${app.emulator.tenancies[0]?.tenancy}/kms/${region}/20180608/vaults/${ocid}`;
  const before = await held(page, address);
  await page.getByLabel("Display name").fill("fleet-diagnostics-mine");
  const owner = page.getByRole("group", { name: /^Tag \d+$/ }).filter({ has: page.locator('input[value="owner"]') });
  await owner.getByLabel("Value").fill("mine");
  await page.getByRole("button", { name: "Add tag" }).click();
  const added = page.getByRole("group", { name: /^Tag \d+$/ }).last();
  await added.getByLabel("Key").fill("only-mine");
  await added.getByLabel("Value").fill("1");
  const headers = { origin: app.origin, "x-ovc-request": "1", "content-type": "application/json" };
  const theirs = {
    displayName: "fleet-diagnostics-theirs",
    freeformTags: { ...before.freeformTags, owner: "theirs", "only-theirs": "2" },
  };
  expect((await page.request.put(address, { headers, data: theirs })).status()).toBe(200);
  await page.getByRole("button", { name: "Save 3 changes" }).click();
  await expect(page.getByText("The vault was changed while this page was open.")).toBeVisible({ timeout: 15_000 });
  await expect(
    page.getByText(/The last change through this console: edit.* by Otto Operator|The last change/),
  ).toBeVisible();
  await page.mouse.move(0, 0);
  await expectNoAxeViolations(page);
  await page
    .getByRole("group", { name: "Name" })
    .or(page.getByRole("radiogroup", { name: "Name" }))
    .getByText("Take theirs")
    .click();
  await page.getByRole("button", { name: "Put my edits on this version" }).click();
  const changes = page.getByRole("list", { name: "Changes" });
  await expect(changes).toContainText("Tag owner was theirs, becomes mine");
  await expect(changes).toContainText("Tag only-mine is added: 1");
  await expect(changes).not.toContainText("only-theirs");
  await expect(page.getByLabel("Display name")).toHaveValue("fleet-diagnostics-theirs");
  await page.getByRole("button", { name: "Save 2 changes" }).click();
  await expect(page.getByText("Saved", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  const after = await held(page, address);
  expect(after.displayName).toBe("fleet-diagnostics-theirs");
  expect(after.freeformTags).toEqual({ ...before.freeformTags, owner: "mine", "only-mine": "1", "only-theirs": "2" });
  expect(after.definedTags).toEqual(before.definedTags);
});
