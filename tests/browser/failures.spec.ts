// What goes wrong on the way, seen in the page and counted at the service: nothing is done twice, nothing is lost, and waiting goes on by itself.
import type { Page } from "@playwright/test";
import { type App, expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";
import { held } from "./held.ts";

async function openSchedule(
  page: Page,
  app: App,
  name: string,
): Promise<{ address: string; button: ReturnType<Page["getByRole"]> }> {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill(name);
  await page.getByRole("link", { name, exact: true }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  const [, , region, ocid] = new URL(page.url()).pathname.split("/");
  await page.goto(`${new URL(page.url()).pathname}/schedule-deletion`);
  await page.getByLabel("Why is it deleted?").fill("A story about what goes wrong");
  await page.getByLabel("Type the vault's name to confirm").fill(name);
  return {
    address: `/api/oci/${app.emulator.tenancies[0]?.tenancy}/kms/${region}/20180608/vaults/${ocid}`,
    button: page.getByRole("button", { name: /^Schedule deletion for/ }),
  };
}

const schedules = async (app: App) =>
  (await app.calls()).calls.filter(({ operation }) => operation === "scheduleVaultDeletion");

test("the answer is lost after the service has done it: one effect, and the page knows", async ({ page, app }) => {
  const { address, button } = await openSchedule(page, app, "monitoring");
  const before = (await schedules(app)).length;
  await app.orderFaults({ operation: "scheduleVaultDeletion", kind: "lostAnswer", times: 1 });
  await button.click();
  await expect(page.getByText("Deletion scheduled and confirmed")).toBeVisible({ timeout: 30_000 });
  const calls = (await schedules(app)).slice(before);
  expect(calls.length).toBeGreaterThanOrEqual(2);
  expect((await held(page, address)).lifecycleState).toBe("PENDING_DELETION");
  // Asked twice under one token, done once: the second answer is the first one's.
  expect(calls.filter(({ status }) => status === 200).length).toBe(1);
  await app.clearFaults();
});

test("every answer is lost: the vault is read, and it says that the change was made", async ({ page, app }) => {
  const { address, button } = await openSchedule(page, app, "siem-ingest");
  await app.orderFaults({ operation: "scheduleVaultDeletion", kind: "lostAnswer" });
  await button.click();
  await expect(page.getByText("Deletion scheduled and confirmed")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/The answer to the request was lost/)).toBeVisible();
  await app.clearFaults();
  expect((await held(page, address)).lifecycleState).toBe("PENDING_DELETION");
});

test("the service asks for patience: the page waits visibly and goes on by itself", async ({ page, app }) => {
  const { address, button } = await openSchedule(page, app, "tracking-staging");
  await app.orderFaults({
    operation: "scheduleVaultDeletion",
    kind: "status",
    status: 429,
    retryAfterSeconds: 4,
    times: 4,
  });
  await button.click();
  // First the console's server asks again by itself, then the page does.
  await expect(page.getByText(/Sent; the service has not answered yet/).first()).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/Waiting, sent again in/)).toBeVisible({ timeout: 30_000 });
  expect((await held(page, address)).lifecycleState).toBe("ACTIVE");
  await expectNoAxeViolations(page);
  await expect(page.getByText("Deletion scheduled and confirmed")).toBeVisible({ timeout: 60_000 });
  await app.clearFaults();
  expect((await held(page, address)).lifecycleState).toBe("PENDING_DELETION");
});

test("the service is down and comes back: nothing typed is lost, and nothing was changed meanwhile", async ({
  page,
  app,
}) => {
  const { address, button } = await openSchedule(page, app, "feature-flags");
  await app.orderFaults({ operation: "scheduleVaultDeletion", kind: "status", status: 500 });
  await button.click();
  // It may have been done: the vault itself is asked before it is sent again, visibly.
  await expect(page.getByText(/No answer came; reading the vault|Waiting, sent again in/).first()).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText(/Waiting, sent again in/)).toBeVisible({ timeout: 60_000 });
  await expectNoAxeViolations(page);
  expect((await held(page, address)).lifecycleState).toBe("ACTIVE");
  await expect(page.getByLabel("Why is it deleted?")).toHaveValue("A story about what goes wrong");
  await app.clearFaults();
  // Nobody presses anything.
  await expect(page.getByText("Deletion scheduled and confirmed")).toBeVisible({ timeout: 90_000 });
  expect((await held(page, address)).lifecycleState).toBe("PENDING_DELETION");
});

for (const [code, message] of [
  ["IncorrectState", /stands in the way/],
  ["InvalidatedRetryToken", /stands in the way/],
  ["NotAuthorizedOrResourceAlreadyExists", /stands in the way/],
] as const) {
  test(`409 ${code} is shown in the service's words, with the cause and the request id`, async ({ page, app }) => {
    const { address, button } = await openSchedule(page, app, "dev-shared");
    await app.orderFaults({ operation: "scheduleVaultDeletion", kind: "status", status: 409, code, times: 1 });
    await button.click();
    await expect(page.getByText(message).first()).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText(code).first()).toBeVisible();
    await expect(page.getByRole("button", { name: /Copy request id/i }).first()).toBeVisible();
    await expect(page.getByLabel("Why is it deleted?")).toHaveValue("A story about what goes wrong");
    expect((await held(page, address)).lifecycleState).toBe("ACTIVE");
    await app.clearFaults();
  });
}

test("what could not be looked up has to be said: nothing is sent before", async ({ page, app }) => {
  await app.orderFaults({ operation: "getVaultUsage", kind: "status", status: 404, code: "NotAuthorizedOrNotFound" });
  const { address, button } = await openSchedule(page, app, "sandbox-1");
  await expect(page.getByText("How many keys go with it: the counts could not be read.")).toBeVisible({
    timeout: 20_000,
  });
  const before = (await schedules(app)).length;
  await button.click();
  await expect(page.getByText(/Not everything could be looked up/)).toBeVisible();
  await expectNoAxeViolations(page);
  expect((await schedules(app)).length).toBe(before);
  await page.getByLabel("Go on without knowing how many keys go with it").check();
  await button.click();
  await expect(page.getByText("Deletion scheduled and confirmed")).toBeVisible({ timeout: 30_000 });
  await app.clearFaults();
  expect((await held(page, address)).lifecycleState).toBe("PENDING_DELETION");
});

test("409 for a key that goes later, where the page could not know: the service's own words, and nothing changed", async ({
  page,
  app,
}) => {
  await app.orderFaults({ operation: "listKeys", kind: "status", status: 404, code: "NotAuthorizedOrNotFound" });
  const { address, button } = await openSchedule(page, app, "payments-tokens");
  await page.getByText("In 7 days", { exact: true }).click();
  await page.getByLabel(/^Go on without knowing/).check();
  await button.click();
  await expect(page.getByText("The service refused: something stands in the way")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/Something else stands in the way, and waiting will not remove it/)).toBeVisible();
  await expectNoAxeViolations(page);
  await app.clearFaults();
  expect((await held(page, address)).lifecycleState).toBe("ACTIVE");
});

test("another vault of the same name is named before one of them goes", async ({ page, app }) => {
  await openSchedule(page, app, "billing-signing");
  await expect(page.getByText(/(has|have) the same name, in/).first()).toBeVisible({ timeout: 20_000 });
});
