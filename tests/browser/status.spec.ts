import { expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";
import { chooseCompartment } from "./places.ts";

test("the help desk sees that all works, then that a region of Oracle's does not, then that it is back", async ({
  page,
  app,
}) => {
  test.setTimeout(300_000);
  await signInAs(page, "helpdesk", app);
  await page.goto("/vaults");
  await page.getByRole("link", { name: "Status" }).click();
  // A story before this one may have left a part that is read again in its turn.
  await expect(page.getByText("Everything works", { exact: true })).toBeVisible({ timeout: 100_000 });
  // A story before this one may have turned the rehearsal's clock, which only goes forward.
  await expect(page.getByText(/^(Agrees with|.+ ahead of) ours$/)).toBeVisible();
  const services = page.getByRole("table", { name: /^Services of/ }).first();
  await expect(services.getByRole("row").filter({ hasText: "uk-london-1" }).first()).toContainText("Answers");
  await page.mouse.move(0, 0);
  await expectNoAxeViolations(page);

  await app.orderFaults({ operation: "listVaults", region: "uk-london-1", kind: "status", status: 500 });
  await expect(page.getByText(/It is Oracle or the way there: Key Management in uk-london-1/)).toBeVisible({
    timeout: 60_000,
  });
  // Soon it is given a rest, and tried again.
  await expect(
    services.getByRole("row").filter({ hasText: /Failed just now|Given a rest|Being tried again/ }),
  ).toHaveCount(1);
  await app.clearFaults();
  await expect(page.getByText("Everything works", { exact: true })).toBeVisible({ timeout: 60_000 });
});

test("slots are counted against Oracle's limits, and Create says when none is free before Oracle does", async ({
  page,
  app,
}) => {
  const setLimit = (value: number) =>
    fetch(`${app.control}/limits`, { method: "POST", body: JSON.stringify({ "virtual-private-vault-count": value }) });
  const created = async () => (await app.calls()).byOperation.createVault ?? 0;
  await setLimit(3);
  await signInAs(page, "admin", app);
  await page.goto("/status");
  const slots = page.getByRole("table", { name: /^Vault slots of/ }).first();
  await expect(slots.getByRole("row").filter({ hasText: "Virtual private" }).first()).toContainText("none free");
  await page.goto("/vaults/create");
  await expect(page.getByText(/slots for virtual vaults in .* are free/)).toBeVisible();
  await page.getByText("Virtual private", { exact: true }).click();
  await expect(page.getByText(/^No slot is free: \d+ of 3 virtual private vaults in us-ashburn-1$/)).toBeVisible();
  await expectNoAxeViolations(page);
  await chooseCompartment(page, "Compartment", "Sandbox");
  await page.getByLabel("Display name").fill("one too many");
  const create = page.getByRole("button", { name: /^Create vault in/ });
  await expect(create).toHaveAccessibleDescription(
    /^No slot is free: \d+ of 3 virtual private vaults in us-ashburn-1\./,
  );
  const before = await created();
  await create.click({ force: true });
  expect(await created()).toBe(before);
  // Room again, as Oracle tells it, and gone before the request comes: then the service says so, and the form is as it was.
  await setLimit(2_000);
  await page.getByRole("button", { name: "Read again" }).click();
  await expect(page.getByText(/slots for virtual private vaults in .* are free/)).toBeVisible();
  await setLimit(3);
  await create.click();
  await expect(page.getByText(/virtual-private-vault-count/)).toBeVisible();
  await expect(page.getByLabel("Display name")).toHaveValue("one too many");
  await setLimit(2_000);
  await create.click();
  await expect(page.getByText("Vault created: it is active")).toBeVisible({ timeout: 25_000 });
  const { vaults } = await (await page.request.get("/api/inventory")).json();
  expect(vaults.filter(({ displayName }: { displayName: string }) => displayName === "one too many")).toHaveLength(1);
});
