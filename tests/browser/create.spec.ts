import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";
import { heldNamed, listed } from "./held.ts";
import { chooseCompartment } from "./places.ts";

test("an admin creates a vault and sees it become active; a repeated token makes no second one", async ({
  page,
  app,
}) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  await page.getByRole("link", { name: "Create vault" }).click();
  await expect(page.getByRole("heading", { name: "Create a vault" })).toBeVisible();
  await page.getByRole("button", { name: /^Create vault in/ }).click();
  await expect(page.getByText("Choose the compartment.").first()).toBeVisible();
  await chooseCompartment(page, "Compartment", "Sandbox");
  await page.getByLabel("Display name").fill("story vault — 鍵");
  await page.getByRole("button", { name: "Add tag" }).click();
  await page.getByLabel("Key", { exact: true }).fill("owner");
  await page.getByLabel("Value", { exact: true }).fill("stories");
  await page.mouse.move(0, 0);
  await expectNoAxeViolations(page);
  await app.orderFaults({ operation: "createVault", kind: "lostAnswer", times: 1 });
  await page.getByRole("button", { name: /^Create vault in/ }).click();
  await expect(page.getByText("Vault created: it is active")).toBeVisible({ timeout: 25_000 });
  await app.clearFaults();
  await page.getByRole("link", { name: "Open the vault" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("story vault — 鍵");
  // The service made one, and holds what the form said.
  const made = await heldNamed(page, "story vault — 鍵");
  expect(made).toMatchObject({ lifecycleState: "ACTIVE", vaultType: "DEFAULT", freeformTags: { owner: "stories" } });
  const region = new URL(page.url()).pathname.split("/")[2] ?? "";
  const there = await listed(page, app, { region, compartmentId: made.compartmentId });
  expect(there.filter(({ displayName }) => displayName === "story vault — 鍵")).toHaveLength(1);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("story vault");
  await expect(page.getByRole("row").filter({ hasText: "story vault — 鍵" })).toHaveCount(1, { timeout: 15_000 });
});

test("an external vault's secret is sent once and kept nowhere", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults/create");
  await chooseCompartment(page, "Compartment", "Sandbox");
  await page.getByLabel("Display name").fill("story external");
  await page.getByText("External", { exact: true }).click();
  await expectNoAxeViolations(page);
  await page.getByLabel("URL of the external vault").fill("https://keys.example.com/vault");
  await page.getByLabel("Private endpoint OCID").fill("ocid1.privateendpoint.oc1.iad.a");
  await page.getByLabel("Identity domain URL").fill("https://idcs.example.com");
  await page.getByLabel("Client application id").fill("client-1");
  await page.getByLabel("Client application secret").fill("canary-7f3a-secret");
  await page.getByRole("button", { name: /^Create vault in/ }).click();
  await expect(page.getByText("Vault created: it is active")).toBeVisible({ timeout: 25_000 });
  const trail = await (await page.request.get("/api/activity")).text();
  expect(trail).toContain("story external");
  expect(trail).not.toContain("canary-7f3a");
  expect(app.output()).not.toContain("canary-7f3a");
  // The next one begins where this one did, without its secret.
  await page.getByRole("button", { name: "Another one" }).click();
  await expect(page.getByRole("button", { name: /^Compartment: / })).toHaveText(/: Sandbox$/);
  await expect(page.getByLabel("Client application secret")).toHaveValue("");
  await page.reload();
  await expect(page.getByRole("button", { name: /^Compartment: / })).toHaveText(/: Sandbox$/);
});

test("the help desk is told who creates vaults", async ({ page, app }) => {
  await signInAs(page, "helpdesk", app);
  await page.goto("/vaults/create");
  await expect(page.getByText(/Ask a security admin/)).toBeVisible();
});
