// Accounts and an identity provider, in the browser: the console without personas, and a real provider on another port.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Page } from "@playwright/test";
import { freePort, startProduct } from "../../scripts/product.ts";
import { type IdentityProvider, startIdentityProvider } from "../console/identity-provider.ts";
import { expectFocusKept, openByKeyboard, tabTo } from "./by-keyboard.ts";
import { type App, test as base, expect, expectNoAxeViolations } from "./harness.ts";

const people = {
  ada: { name: "Petra Provided", groups: ["vault-admins"] },
  eve: { name: "Eve Elsewhere", groups: ["staff"] },
};
const passwords = { admin: "tiger lamp orbit canyon", invited: "velvet pylon marsh quartz" };

const test = base.extend<object, { app: App; provider: IdentityProvider; port: number }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  port: [async ({}, use) => use(await freePort()), { scope: "worker" }],
  provider: [
    async ({ port }, use) => {
      const origin = `http://127.0.0.1:${port}`;
      const provider = await startIdentityProvider(people, origin, `${origin}/api/session/provider/logout`);
      await use(provider);
      await provider.close();
    },
    { scope: "worker" },
  ],
  app: [
    async ({ port, provider }, use) => {
      const product = await startProduct({ PORT: String(port), RECOVER_ADMIN: "1", ...provider.env });
      const nothing = async (): Promise<never> => Promise.reject(new Error("not in these stories"));
      await use({ ...product, advanceClock: nothing, orderFaults: nothing, clearFaults: nothing, calls: nothing });
      await product.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});
test.describe.configure({ mode: "serial" });

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByText("With a password kept by this console").click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("the first admin sets up the console with the printed token, and invites somebody", async ({
  page,
  app,
  browser,
}) => {
  const token = /^ {2}([\w-]{43})$/m.exec(app.output())?.[1] ?? "";
  await page.goto("/setup");
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "Create the account and sign in" }).click();
  await expect(page.getByText("Paste the token.")).toBeVisible();
  await page.getByLabel("One-time token").fill(token);
  await page.getByLabel("Your name").fill("Ada Admin");
  await page.getByLabel("Password").fill("ada admin ada admin");
  await page.getByRole("button", { name: "Create the account and sign in" }).click();
  await expect(page.getByText("This password will not do.")).toBeVisible();
  await page.getByLabel("Password").fill(passwords.admin);
  await page.getByRole("button", { name: "Create the account and sign in" }).click();
  await expect(page).toHaveURL(/\/vaults$/);

  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "People" }).click();
  await expect(page.getByRole("list", { name: "People" })).toContainText("Ada Admin");
  await page.getByRole("button", { name: "Add person" }).click();
  const dialog = page.getByRole("dialog", { name: "Add person" });
  await dialog.getByLabel("Name").fill("Hanna Helpdesk");
  await expectNoAxeViolations(page);
  await dialog.getByRole("button", { name: "Add person" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Give this link to Hanna Helpdesk")).toBeVisible();
  await expectNoAxeViolations(page);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain("/setup#invitation=");

  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await other.getByLabel("Password").fill(passwords.invited);
  await other.getByRole("button", { name: "Set password and sign in" }).click();
  await expect(other).toHaveURL(/\/vaults$/);
  await expect(other.getByText("Read-only").first()).toBeVisible();

  await page.getByRole("button", { name: "Read again" }).click();
  await page.getByRole("button", { name: "Actions for Ada Admin" }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await page.getByRole("button", { name: "Disable person" }).click();
  await expect(page.getByText("is the only security admin who can sign in")).toBeVisible();
  await page.getByRole("button", { name: "Keep enabled" }).click();
  await page.getByRole("button", { name: "Actions for Hanna Helpdesk" }).click();
  await page.getByRole("menuitem", { name: "End all sessions" }).click();
  await page.getByRole("button", { name: "End sessions" }).click();
  await other.reload();
  await expect(other).toHaveURL(/\/sign-in/);
  await other.context().close();
});

test("people are added, and every question about them is answered, by keyboard", async ({ page }) => {
  await signIn(page, "Ada Admin", passwords.admin);
  await expect(page).toHaveURL(/\/vaults$/);
  await page.goto("/people");
  await expect(page.getByRole("list", { name: "People" })).toContainText("Hanna Helpdesk");
  await openByKeyboard(page, /^Add person$/);
  await tabTo(page, /^Name/);
  await page.keyboard.type("Karin Keyboard");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Give this link to Karin Keyboard")).toBeVisible();
  for (const [entry, isKept] of [
    ["Change role", /^(Operator|Security admin|Auditor|Help desk)/],
    ["Invite anew", /^Keep the password/],
    ["Disable", /^Keep enabled/],
  ] as const) {
    await tabTo(page, /^Actions for Karin Keyboard/, 60);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menuitem", { name: entry })).toBeVisible();
    for (let press = 0; press < 8; press += 1) {
      if (await page.getByRole("menuitem", { name: entry }).evaluate((at) => at === document.activeElement)) break;
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("Enter");
    await expectFocusKept(page);
    await tabTo(page, isKept);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog").or(page.getByRole("alertdialog"))).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Actions for Karin Keyboard" })).toBeFocused();
  }
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Disable" })).toBeVisible();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.getByRole("alertdialog").count()).toBe(1);
  await tabTo(page, /^Disable person/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  await expect(
    page.getByRole("list", { name: "People" }).getByRole("listitem").filter({ hasText: "Karin Keyboard" }),
  ).toContainText("Disabled");
});

test("one sees where one is signed in, ends it, and changes the password", async ({ page, browser }) => {
  await signIn(page, "hanna helpdesk", "not the password");
  await expect(page.getByText("The name or the password is not right.")).toBeVisible();
  await expectNoAxeViolations(page);
  await signIn(page, "hanna helpdesk", passwords.invited);
  await expect(page).toHaveURL(/\/vaults$/);
  const other = await (await browser.newContext()).newPage();
  await signIn(other, "Hanna Helpdesk", passwords.invited);
  await expect(other).toHaveURL(/\/vaults$/);

  await page.goto("/account");
  const sessions = page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
  await expect(sessions).toHaveCount(2);
  await expect(page.getByText("This one")).toHaveCount(1);
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "End all others" }).click();
  await expect(sessions).toHaveCount(1);
  await other.reload();
  await expect(other).toHaveURL(/\/sign-in/);
  await other.context().close();

  await page.getByLabel("Current password").fill(passwords.invited);
  await page.getByLabel("New password").fill("copper walrus ninety fjord");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed")).toBeVisible();
  await expect(page.getByText("This one")).toHaveCount(1);
});

test("an identity provider signs people in, and turns away in words who is in no group", async ({ page }) => {
  await page.goto("/deletions");
  await page.getByRole("button", { name: /^Sign in at 127\.0\.0\.1/ }).click();
  await page.getByRole("link", { name: "Eve Elsewhere" }).click();
  await expect(page.getByText("You may not use this console yet.")).toBeVisible();
  await expectNoAxeViolations(page);
  await page.context().clearCookies();
  await page.goto("/deletions");
  await page.getByRole("button", { name: /^Sign in at 127\.0\.0\.1/ }).click();
  await page.getByRole("link", { name: "Petra Provided" }).click();
  await expect(page).toHaveURL(/\/deletions$/);
  await expect(page.getByRole("button", { name: /^Account: Petra Provided/ })).toBeVisible();
});

test("a session that ends while one works is renewed at the provider in another tab, and the page stays", async ({
  page,
  context,
}) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: /^Sign in at/ }).click();
  await page.getByRole("link", { name: "Petra Provided" }).click();
  await expect(page).toHaveURL(/\/vaults$/);
  await page.goto("/vaults/create");
  await page.getByLabel("Display name").fill("kept while signing in");
  await context.clearCookies({ name: "ovc_session" });
  await page.evaluate(() => window.dispatchEvent(new CustomEvent("session-expired")));
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  const tab = context.waitForEvent("page");
  await dialog.getByRole("link", { name: /^Sign in at/ }).click();
  const other = await tab;
  await other
    .getByRole("link", { name: "Petra Provided" })
    .click({ timeout: 5000 })
    .catch(() => undefined);
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel("Display name")).toHaveValue("kept while signing in");
});

test("what cannot be undone is confirmed at the provider in another tab, and then goes on by itself", async ({
  page,
  app,
  context,
}) => {
  await page.goto("/sign-in?next=/vaults");
  await page.getByRole("button", { name: /^Sign in at/ }).click();
  await page.getByRole("link", { name: "Petra Provided" }).click();
  await expect(page).toHaveURL(/\/vaults$/);
  await page.getByRole("searchbox").fill("arm-controllers");
  await page.getByRole("link", { name: "arm-controllers" }).click();
  await page.getByRole("button", { name: /^Schedule deletion/ }).click();
  await page.getByLabel("Why is it deleted?").fill("Replaced, CHG-4713");
  await page.getByLabel("Type the vault's name to confirm").fill("arm-controllers");
  const store = new DatabaseSync(join(app.dataDir, "console.sqlite"));
  store.exec("PRAGMA busy_timeout = 5000; UPDATE sessions SET auth_at = auth_at - 600000");
  store.close();
  await page.getByRole("button", { name: /^Schedule deletion for/ }).click();
  const dialog = page.getByRole("dialog", { name: "Confirm that it is you" });
  await expect(dialog).toBeVisible();
  await expectNoAxeViolations(page);
  await expectFocusKept(page);
  const tab = context.waitForEvent("page");
  await dialog.getByRole("link", { name: /^Confirm at your identity provider/ }).click();
  await (await tab).getByRole("link", { name: "Petra Provided" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Pending deletion").first()).toBeVisible({ timeout: 20_000 });
});
