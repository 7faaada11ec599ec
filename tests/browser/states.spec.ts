import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";

test("a part that cannot be read is named, the rest is shown", async ({ page, app }) => {
  test.setTimeout(90_000);
  await app.orderFaults({ operation: "listVaults", region: "uk-london-1", kind: "status", status: 500 });
  try {
    await signInAs(page, "admin", app);
    await page.goto("/vaults");
    await expect(page.getByRole("grid")).toContainText("us-ashburn-1", { timeout: 20_000 });
    const parts = page.getByRole("button", { name: /^\d+ failed readings?$/ });
    await expect(parts).toBeVisible({ timeout: 45_000 });
    await parts.click();
    await expect(page.getByText(/uk-london-1/).first()).toBeVisible();
    await expectNoAxeViolations(page);
  } finally {
    await app.clearFaults();
  }
});

test("offline is said, and the list stays", async ({ page, app, context }) => {
  await signInAs(page, "helpdesk", app);
  await page.goto("/vaults");
  await expect(page.getByRole("row").nth(2)).toBeVisible({ timeout: 20_000 });
  await context.setOffline(true);
  await expect(page.getByText(/offline/i).first()).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole("row").nth(2)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText(/you are offline|this device is offline/i)).toHaveCount(0, { timeout: 15_000 });
});

test("every answer carries the headers, whatever its status", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  const addresses = [
    "/",
    "/vaults",
    "/sign-in",
    "/nothing-here",
    "/api/session",
    "/api/nothing",
    "/api/oci/x/kms/y/z",
    "/api/inventory",
    "/favicon.ico",
    "/_next/image?url=%2Fx&w=64&q=75",
    "/_next/static/none.js",
  ];
  for (const address of addresses) {
    for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE"]) {
      const answer = await page.request.fetch(address, { method, maxRedirects: 0 });
      const headers = answer.headers();
      const where = `${method} ${address} ${answer.status()}`;
      expect(answer.status(), where).toBeLessThan(500);
      expect(headers["x-content-type-options"], where).toBe("nosniff");
      expect(headers["content-security-policy"], where).toContain("default-src 'none'");
      expect(headers["content-security-policy"], where).not.toContain("unsafe");
      expect(headers["cross-origin-resource-policy"], where).toBe("same-origin");
      expect(headers["referrer-policy"], where).toBe("no-referrer");
      expect(headers["x-request-id"], where).toMatch(/^[0-9a-f]{32}$/);
      expect(headers["access-control-allow-origin"], where).toBeUndefined();
      expect(headers["x-powered-by"], where).toBeUndefined();
    }
  }
  expect((await page.request.get("/_next/image?url=%2Fx&w=64&q=75")).status()).toBe(404);
});

test("a part of the page that cannot be loaded just now is waited for, and the page stays", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  let isCut = false;
  await page.route("**/_next/static/chunks/**", (route) => (isCut ? route.abort() : route.continue()));
  await page.goto("/vaults");
  await expect(page.getByRole("row").nth(2)).toBeVisible({ timeout: 20_000 });
  isCut = true;
  // What can be done with chosen rows is loaded when the first one is chosen.
  await page
    .getByRole("checkbox", { name: /^Select .+ in / })
    .first()
    .click();
  await page.waitForTimeout(3_000);
  await expect(page.getByText("This page could not be shown")).toHaveCount(0);
  await expect(page.getByRole("row").nth(2)).toBeVisible();
  isCut = false;
  await expect(page.getByRole("region", { name: "Selected vaults" })).toBeVisible({ timeout: 15_000 });
});
