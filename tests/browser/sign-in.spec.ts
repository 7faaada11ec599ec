import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";

/** Makes every session's last proof ten minutes older. */
function ageProofs(dataDir: string): void {
  const store = new DatabaseSync(join(dataDir, "console.sqlite"));
  store.exec("PRAGMA busy_timeout = 5000; UPDATE sessions SET auth_at = auth_at - 600000");
  store.close();
}

test("a newcomer chooses a persona, arrives at the vaults, and leaves nothing behind on signing out", async ({
  page,
  context,
}) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  for (const name of ["Ada Admin", "Otto Operator", "Hanna Helpdesk", "Amir Auditor"])
    await expect(page.getByText(name)).toBeVisible();
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: /Ada Admin/ }).click();
  await expect(page).toHaveURL(/\/vaults$/);
  await expect(page.getByRole("heading", { name: "Vaults", level: 1 })).toBeVisible();
  const [cookie] = (await context.cookies()).filter((each) => each.name.includes("ovc_session"));
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });

  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  const replay = await page.request.get("/api/inventory", { headers: { cookie: `${cookie?.name}=${cookie?.value}` } });
  expect(replay.status()).toBe(401);
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});

test("personas and sessions refuse what is forged", async ({ page, app }) => {
  const headers = { origin: app.origin, "x-ovc-request": "1", "content-type": "application/json" };
  const post = (over: Record<string, string>, data: unknown) =>
    page.request.post("/api/session", { headers: { ...headers, ...over }, data });
  expect((await post({ origin: "http://localhost:1" }, { persona: "admin" })).status()).toBe(403);
  expect((await post({ "x-ovc-request": "0" }, { persona: "admin" })).status()).toBe(403);
  expect((await post({ "sec-fetch-site": "cross-site" }, { persona: "admin" })).status()).toBe(403);
  expect((await post({}, { persona: "root" })).status()).toBe(400);
  expect((await post({}, { name: "admin", password: "a guess" })).status()).toBe(403);
  expect((await post({}, { token: "guess" })).status()).toBe(400);
  expect((await page.request.get("/api/session")).ok()).toBe(true);
});

test("an expired session asks to sign in again on the spot and keeps what was typed", async ({
  page,
  app,
  context,
}) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("arm-controllers");
  await page.getByRole("link", { name: "arm-controllers" }).click();
  await page.getByRole("button", { name: /^Schedule deletion/ }).click();
  await page.getByLabel("Why is it deleted?").fill("Replaced by the new controllers, CHG-4711");
  await context.clearCookies();
  await page.getByLabel("Type the vault's name to confirm").fill("arm-controllers");
  await page.getByRole("button", { name: /^Schedule deletion for/ }).click();
  const dialog = page.getByRole("dialog").or(page.getByRole("alertdialog"));
  await expect(dialog).toContainText(/sign in/i);
  await expectNoAxeViolations(page);
  await dialog.getByRole("button", { name: /Ada Admin/ }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel("Why is it deleted?")).toHaveValue("Replaced by the new controllers, CHG-4711");
  await expect(page.getByLabel("Type the vault's name to confirm")).toHaveValue("arm-controllers");
});

test("a page left open after its session asks nothing more, and goes on once somebody signs in", async ({
  page,
  app,
  context,
}) => {
  await signInAs(page, "admin", app);
  await page.goto("/status");
  await expect(page.getByText("Signed with").first()).toBeVisible();
  const asked: string[] = [];
  await context.clearCookies();
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await expect(dialog).toBeVisible({ timeout: 15_000 });
  await page.waitForTimeout(1_000);
  page.on("request", (request) => {
    if (/\/api\/(status|inventory)/.test(request.url())) asked.push(request.url());
  });
  await page.waitForTimeout(12_000);
  // What had not yet been told may ask once.
  expect(asked.length).toBeLessThanOrEqual(2);
  asked.length = 0;
  await dialog.getByRole("button", { name: /Ada Admin/ }).click();
  await expect(dialog).toBeHidden();
  await expect
    .poll(() => asked.filter((url) => url.endsWith("/api/status")).length, { timeout: 20_000 })
    .toBeGreaterThan(2);
});

test("what cannot be undone asks again who one is, on the spot; given up, nothing is sent, confirmed, it goes on", async ({
  page,
  app,
}) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("arm-controllers");
  await page.getByRole("link", { name: "arm-controllers" }).click();
  await page.getByRole("button", { name: /^Schedule deletion/ }).click();
  await page.getByLabel("Why is it deleted?").fill("Replaced, CHG-4712");
  await page.getByLabel("Type the vault's name to confirm").fill("arm-controllers");
  ageProofs(app.dataDir);
  const scheduled = async () => (await app.calls()).byOperation.scheduleVaultDeletion ?? 0;
  const before = await scheduled();
  await page.getByRole("button", { name: /^Schedule deletion for/ }).click();
  const dialog = page.getByRole("dialog", { name: "Confirm that it is you" });
  await expect(dialog).toBeVisible();
  await expectNoAxeViolations(page);
  await dialog.getByRole("button", { name: "Do not go on" }).click();
  await expect(dialog).toBeHidden();
  expect(await scheduled()).toBe(before);
  await expect(page.getByLabel("Why is it deleted?")).toHaveValue("Replaced, CHG-4712");
  await page
    .getByRole("button", { name: /^(Schedule deletion for|Try again)/ })
    .first()
    .click();
  await dialog.getByRole("button", { name: "Confirm as Ada Admin" }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(scheduled).toBe(before + 1);
  await expect(page.getByText(/Deletion scheduled|will be deleted|is scheduled for deletion/i).first()).toBeVisible();
});
