// A console with an OCI configuration file, as against Oracle: the emulator beside it is only an address to it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { freePort, startProduct } from "../../scripts/product.ts";
import { launch } from "../contract/launch.ts";
import { expect, expectNoAxeViolations, test } from "./harness.ts";

/** The first admin, with the token the terminal printed. */
async function setUp(page: Page, printed: string): Promise<void> {
  const token = /^ {2}([\w-]{43})$/m.exec(printed)?.[1] ?? "";
  await page.goto("/setup");
  await page.getByLabel("One-time token").fill(token);
  await page.getByLabel("Your name").fill("Ada Admin");
  await page.getByLabel("Password").fill("tiger lamp orbit canyon");
  await page.getByRole("button", { name: "Create the account and sign in" }).click();
  await expect(page).toHaveURL(/\/vaults$/);
}

test("a service that is down at the start is said in the terminal and in the pages, and is read when it is back", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "vault-console-live-"));
  const service = ["--dir", join(folder, "world"), "--port", String(await freePort())];
  let emulator = await launch(...service);
  const [home] = Object.values(emulator.announcement.regions);
  await emulator.stop();
  const product = await startProduct(
    {
      DATA_DIR: join(folder, "data"),
      OCI_CONFIG_FILE: emulator.announcement.config,
      KMS_ENDPOINT: home?.kms ?? "",
      IDENTITY_ENDPOINT: home?.identity ?? "",
      OBJECTSTORAGE_ENDPOINT: home?.objectstorage ?? "",
      LIMITS_ENDPOINT: home?.limits ?? "",
    },
    null,
  );
  try {
    await expect
      .poll(() => product.output(), { timeout: 60_000 })
      .toMatch(
        /Profile DEFAULT: the tenancy could not be read\. us-ashburn-1: .+\n {2}.*cannot be reached at 127\.0\.0\.1:\d+: nothing listens there.*\n {2}The console runs and keeps trying/,
      );
    const page = await (await browser.newContext({ baseURL: product.origin })).newPage();
    await setUp(page, product.output());
    await expect(page.getByText("No vault could be read")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/cannot be reached at 127\.0\.0\.1:\d+: nothing listens there/).first()).toBeVisible();
    await expectNoAxeViolations(page);
    await page.goto("/status");
    await expect(page.getByText("Everything works")).toHaveCount(0);
    emulator = await launch(...service);
    await page.goto("/vaults");
    await expect(page.getByRole("row").nth(5)).toBeVisible({ timeout: 90_000 });
  } finally {
    await product.stop();
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a clock that is wrong is said in minutes, in the terminal and in the pages", async ({ browser }) => {
  test.setTimeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "vault-console-clock-"));
  const emulator = await launch("--dir", join(folder, "world"));
  const [home] = Object.values(emulator.announcement.regions);
  const late = "const now = Date.now; Date.now = () => now() - 600_000;";
  const product = await startProduct(
    {
      DATA_DIR: join(folder, "data"),
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(late)}`,
      OCI_CONFIG_FILE: emulator.announcement.config,
      KMS_ENDPOINT: home?.kms ?? "",
      IDENTITY_ENDPOINT: home?.identity ?? "",
      OBJECTSTORAGE_ENDPOINT: home?.objectstorage ?? "",
      LIMITS_ENDPOINT: home?.limits ?? "",
    },
    null,
  );
  try {
    await expect.poll(() => product.output(), { timeout: 60_000 }).toMatch(/clock.+\n.*10 minutes (behind|late|slow)/);
    const page = await (await browser.newContext({ baseURL: product.origin })).newPage();
    await setUp(page, product.output());
    await expect(page.getByText("No vault could be read")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/10 minutes/).first()).toBeVisible();
    await page.goto("/status");
    await expect(page.getByText(/10 min/).first()).toBeVisible();
  } finally {
    await product.stop();
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
