import { expect, expectNoAxeViolations, type PersonaId, signInAs, test } from "./harness.ts";

interface Calls {
  byOperation: Record<string, number>;
  calls: { method: string }[];
}

const readers: PersonaId[] = ["helpdesk", "auditor"];
for (const persona of readers) {
  test(`the ${persona} sees everything, is told why not, and can change nothing`, async ({ page, app }) => {
    await signInAs(page, persona, app);
    await page.goto("/vaults");
    await expect(page.getByText("Read-only").first()).toBeVisible();
    await page.getByRole("searchbox").fill("arm-controllers");
    await page.getByRole("link", { name: "arm-controllers" }).click();
    const button = page.getByRole("button", { name: /^Schedule deletion/ });
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await expect(page.getByText(/Ask a security admin/).first()).toBeVisible();
    await expectNoAxeViolations(page);
    await button.click({ force: true });
    expect(page.url()).not.toContain("schedule-deletion");

    const path = new URL(page.url()).pathname;
    const [, , region, ocid] = path.split("/");
    await page.goto(`${path}/schedule-deletion`);
    await expect(page.getByText(/Ask a security admin/).first()).toBeVisible();

    const before = ((await app.calls()) as Calls).calls.filter((call) => call.method !== "GET").length;
    for (const { tenancy } of app.emulator.tenancies) {
      for (const action of [
        "scheduleDeletion",
        "cancelDeletion",
        "changeCompartment",
        "createReplica",
        "deleteReplica",
        "backup",
      ]) {
        const answer = await page.request.post(
          `/api/oci/${tenancy}/kms/${region}/20180608/vaults/${ocid}/actions/${action}`,
          {
            headers: { origin: app.origin, "x-ovc-request": "1", "content-type": "application/json" },
            data:
              action === "changeCompartment"
                ? { compartmentId: tenancy }
                : action.endsWith("Replica")
                  ? { replicaRegion: "uk-london-1" }
                  : action === "cancelDeletion"
                    ? undefined
                    : {},
          },
        );
        expect(answer.status(), action).toBe(403);
        expect((await answer.json()).message).toMatch(/read-only access|change nothing/);
      }
    }
    expect(((await app.calls()) as Calls).calls.filter((call) => call.method !== "GET").length).toBe(before);
  });
}

test("the help desk copies a ticket block", async ({ page, app }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await signInAs(page, "helpdesk", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("carrier-oldham-ended");
  await page.getByRole("link", { name: "carrier-oldham-ended" }).click();
  await page.getByRole("button", { name: "Copy ticket block" }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/carrier-oldham-ended[\s\S]*ocid1\.vault[\s\S]*uk-london-1/);
});

test("the help desk reveals what is hidden of one vault, for a reason", async ({ page, app }) => {
  await signInAs(page, "helpdesk", app);
  await page.goto("/vaults");
  await page.getByRole("searchbox").fill("route-planner");
  await page.getByRole("link", { name: "route-planner" }).click();
  const facts = page.getByRole("region", { name: "Vault information" });
  await expect(facts.getByText("Hidden", { exact: true })).toHaveCount(2);
  expect(await page.content()).not.toContain("-crypto.kms.");
  await page.getByRole("button", { name: "Reveal hidden fields…" }).click();
  const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog"));
  await expect(dialog.getByText("Reveal what is hidden of “route-planner”?")).toBeVisible();
  await expectNoAxeViolations(page);
  await dialog.getByLabel("Why do you need them?").fill("INC-12: caller reads the endpoint out");
  await dialog.getByRole("button", { name: "Reveal hidden fields" }).click();
  await expect(facts.getByText(/-crypto\.kms\./)).toBeVisible();
  await expect(facts.getByText("Hidden", { exact: true })).toHaveCount(0);
  await expect(page.getByText("INC-12: caller reads the endpoint out")).toBeVisible();
  // Leaving the page hides it again.
  await page.goto("/vaults");
  await page.goBack();
  await expect(facts.getByText("Hidden", { exact: true })).toHaveCount(2);
});
