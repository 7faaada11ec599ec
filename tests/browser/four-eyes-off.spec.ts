// That one person alone is enough is said above every page of a real tenancy, to those who could change it.
import type { Page } from "@playwright/test";
import type { PersonaId, SessionAnswer } from "#lib/contract/api.ts";
import { expect, expectNoAxeViolations, test } from "./harness.ts";

/** The rehearsal as if it were a real tenancy. */
async function pretend(page: Page, over: Partial<SessionAnswer>): Promise<void> {
  await page.route("**/api/session", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), mode: "live", ...over } });
  });
}

async function become(page: Page, origin: string, persona: PersonaId): Promise<void> {
  const headers = { origin, "x-ovc-request": "1", "content-type": "application/json" };
  expect((await page.request.post(`${origin}/api/session`, { headers, data: { persona } })).status()).toBe(200);
}

/** Until the page knows who is there: before that there is no strip for anybody. */
const isKnown = (page: Page) => expect(page.getByRole("button", { name: /^Account/ })).toBeVisible();

const why = "There is only one security admin, so nobody could agree.";

test("a security admin of a real tenancy is told that four eyes are off, before the server has answered the next time", async ({
  page,
  app,
}) => {
  await become(page, app.origin, "admin");
  await pretend(page, { fourEyes: { isOn: false, why } });
  await page.goto("/vaults");
  const strip = page.getByRole("complementary", { name: "Four eyes" });
  await expect(strip).toContainText("Four eyes are off");
  await expect(page.getByRole("complementary", { name: "Rehearsal" })).toHaveCount(0);
  await expectNoAxeViolations(page);
  // From the second visit on the strip has its place from the start: nothing moves.
  const html = await (await page.request.get(`${app.origin}/deletions`)).text();
  expect(html).toContain("Four eyes are off");
  await strip.getByRole("link", { name: "Why" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Approvals" })).toBeVisible();
});

test("nobody else is, nor is anybody where they are on", async ({ page, app }) => {
  await become(page, app.origin, "operator");
  await pretend(page, { fourEyes: { isOn: false, why } });
  await page.goto("/vaults");
  await isKnown(page);
  await expect(page.getByRole("complementary", { name: "Rehearsal" })).toHaveCount(0);
  await expect(page.getByRole("complementary", { name: "Four eyes" })).toHaveCount(0);
  await become(page, app.origin, "admin");
  // A page that is left may be asking just then.
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await pretend(page, { fourEyes: { isOn: true, why: "This console has 2 security admins." } });
  await page.goto("/vaults");
  await isKnown(page);
  await expect(page.getByRole("complementary", { name: "Rehearsal" })).toHaveCount(0);
  await expect(page.getByRole("complementary", { name: "Four eyes" })).toHaveCount(0);
});
