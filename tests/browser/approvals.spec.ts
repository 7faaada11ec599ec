// Four eyes in the browser: one security admin asks, another agrees; the emulator says what really happened.
import type { Page } from "@playwright/test";
import { startProduct } from "../../scripts/product.ts";
import { tabTo } from "./by-keyboard.ts";
import { type App, test as base, type Calls, expect, expectNoAxeViolations } from "./harness.ts";
import { chooseCompartment } from "./places.ts";

const test = base.extend<object, { app: App }>({
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const product = await startProduct({ FOUR_EYES: "on" });
      const nothing = async (): Promise<never> => Promise.reject(new Error("not in these stories"));
      const calls = async () => (await (await fetch(`${product.control}/calls`)).json()) as Calls;
      await use({ ...product, advanceClock: nothing, orderFaults: nothing, clearFaults: nothing, calls });
      await product.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});
test.describe.configure({ mode: "serial" });

async function become(page: Page, app: App, persona: "admin" | "second-admin" | "auditor"): Promise<void> {
  const answer = await page.request.post(`${app.origin}/api/session`, {
    headers: { origin: app.origin, "x-ovc-request": "1", "content-type": "application/json" },
    data: { persona },
  });
  expect(answer.status()).toBe(200);
}

async function openVault(page: Page, name: string): Promise<string> {
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill(name);
  await page.getByRole("link", { name, exact: true }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  return new URL(page.url()).pathname;
}

const scheduled = async (app: App) => (await app.calls()).byOperation.scheduleVaultDeletion ?? 0;

test("a deletion is asked for, seen in full by another admin, agreed to, and done once", async ({ page, app }) => {
  await become(page, app, "admin");
  const address = await openVault(page, "payments-tokens");
  await page.goto(`${address}/schedule-deletion`);
  await expect(page.getByText("This needs a second person")).toBeVisible();
  await page.getByLabel("Why is it deleted?").fill("The payment product moved to another provider.");
  await page.getByLabel("Type the vault's name to confirm").fill("payments-tokens");
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: /^Ask for approval: deletion for/ }).click();
  await expect(page.getByText("Waiting for a second security admin")).toBeVisible();
  expect(await scheduled(app)).toBe(0);
  await page.getByRole("link", { name: "Open the request" }).click();
  await expect(page.getByRole("button", { name: "Withdraw the request" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Approve/ })).toHaveCount(0);
  const request = page.url();

  await become(page, app, "second-admin");
  await page.goto("/approvals");
  await expect(page.getByRole("list", { name: "Waiting requests" })).toContainText("payments-tokens");
  await expectNoAxeViolations(page);
  await page.getByRole("link", { name: "Schedule deletion" }).click();
  await page.waitForURL(request);
  await expect(page.getByText("The vault has not changed since")).toBeVisible();
  await expect(page.getByText("It is deleted for good on the date", { exact: false })).toBeVisible();
  await expectNoAxeViolations(page);
  const ocid = address.split("/").at(-1) ?? "";
  await page.getByLabel("Last six characters of the OCID").fill("abcdef");
  await expect(page.getByRole("button", { name: /^Approve/ })).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("Last six characters of the OCID").fill(ocid.slice(-6));
  await page.getByRole("button", { name: /^Approve/ }).click();
  await expect(page.getByText("Carried out", { exact: true })).toBeVisible();
  await expect(page.getByText("Oracle has done it.").or(page.getByText("Oracle has accepted it."))).toBeVisible();
  expect(await scheduled(app)).toBe(1);
  await page.getByRole("link", { name: "Open the receipt" }).click();
  await expect(page.getByText("Ada Admin").first()).toBeVisible();
  await page.goto(address);
  await expect(page.getByText(/Pending deletion|Scheduling deletion/).first()).toBeVisible();
});

test("a request is denied with a reason; the vault stays, and the first person reads why", async ({ page, app }) => {
  await become(page, app, "admin");
  const address = await openVault(page, "certificate-authority");
  await page.goto(`${address}/move`);
  await page.getByLabel("Why?").fill("Certificates belong to the platform team.");
  await expect(page.getByText("This needs a second person")).toBeVisible();
  const before = await page.request.get("/api/inventory");
  const inventory = await before.json();
  const row = inventory.vaults.find(
    ({ displayName }: { displayName: string }) => displayName === "certificate-authority",
  );
  const held = await page.request.get(`/api/oci/${row.tenancy}/kms/${row.region}/20180608/vaults/${row.id}`);
  const asked = await page.request.post(
    `/api/oci/${row.tenancy}/kms/${row.region}/20180608/vaults/${row.id}/actions/changeCompartment`,
    {
      headers: {
        origin: app.origin,
        "x-ovc-request": "1",
        "content-type": "application/json",
        "if-match": held.headers().etag ?? "",
        "x-ovc-ask": "approval",
        "x-ovc-reason": encodeURIComponent("Certificates belong to the platform team."),
      },
      data: { compartmentId: row.tenancy },
    },
  );
  expect(asked.status()).toBe(202);
  const { approval } = await asked.json();

  await become(page, app, "second-admin");
  await page.goto(`/approvals/${approval}`);
  await expect(page.getByRole("button", { name: "Deny the request" })).toBeVisible();
  await tabTo(page, /^Remark/);
  await page.keyboard.type("The certificates stay with security.");
  await tabTo(page, /^Deny the request/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Denied", { exact: true })).toBeVisible();
  await become(page, app, "admin");
  await page.goto(`/approvals/${approval}`);
  await expect(page.getByText("The certificates stay with security.")).toBeVisible();
  expect((await app.calls()).byOperation.changeVaultCompartment ?? 0).toBe(0);
  await become(page, app, "auditor");
  await page.goto("/approvals");
  await expect(page.getByRole("list", { name: "Decided requests" })).toContainText("certificate-authority");
  await page.setViewportSize({ width: 360, height: 800 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test("a file is asked for without being sent, and sent by the same person once somebody agreed", async ({
  page,
  app,
}) => {
  const file = { name: "vault.backup", mimeType: "", buffer: Buffer.alloc(50_000, 7) };
  const restored = async () => (await app.calls()).byOperation.restoreVaultFromFile ?? 0;
  await become(page, app, "admin");
  await page.goto("/restore");
  await chooseCompartment(page, "Compartment", "Sandbox");
  await page.getByLabel("Backup file").setInputFiles(file);
  await page.getByLabel("Why?").fill("The vault was lost in last night's drill.");
  await page.getByRole("button", { name: /^Ask for approval: restore vault/ }).click();
  await expect(page.getByText("Waiting for a second security admin")).toBeVisible({ timeout: 30_000 });
  expect(await restored()).toBe(0);
  await page.getByRole("link", { name: "Open the request" }).click();
  await expect(page.getByRole("button", { name: "Withdraw the request" })).toBeVisible();
  const request = page.url();

  await become(page, app, "second-admin");
  await page.goto(request);
  const { approvals } = await (await page.request.get(`/api/approvals/${request.split("/").at(-1)}`)).json();
  await page.getByLabel("Last six characters of the OCID").fill(approvals[0].target.slice(-6));
  await page.getByRole("button", { name: /^Approve/ }).click();
  await expect(page.getByText("has the file and sends it now", { exact: false })).toBeVisible();
  expect(await restored()).toBe(0);

  await become(page, app, "admin");
  await page.goto(request);
  await page.getByRole("link", { name: "Choose the file and restore" }).click();
  await expect(page.getByText("A second person has agreed")).toHaveCount(1);
  await page.getByLabel("Backup file").setInputFiles({ ...file, buffer: Buffer.alloc(50_000, 8) });
  const restore = page.getByRole("button", { name: /^Restore vault in/ });
  await restore.click();
  await expect(page.getByText("This is not what was agreed to", { exact: false }).first()).toBeVisible({
    timeout: 30_000,
  });
  expect(await restored()).toBe(0);
  await page.getByLabel("Backup file").setInputFiles(file);
  await restore.click();
  // It is no backup, and the service says so: what counts here is that it was sent, once.
  await expect(page.getByText("The backup file cannot be read", { exact: false }).first()).toBeVisible({
    timeout: 30_000,
  });
  expect(await restored()).toBe(1);
});
