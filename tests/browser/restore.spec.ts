import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { type App, expect, expectNoAxeViolations, signInAs, test } from "./harness.ts";
import { chooseBucket, chooseCompartment, compartmentsOf, someBucket } from "./places.ts";

type Listed = { id: string; displayName: string; compartmentId: string; lifecycleState: string; region: string };

const writing = (app: App) => ({ origin: app.origin, "x-ovc-request": "1", "content-type": "application/json" });

async function find(page: Page, name: string): Promise<Listed & { tenancy: string }> {
  let found: (Listed & { tenancy: string }) | undefined;
  await expect
    .poll(
      async () => {
        const { vaults } = (await (await page.request.get("/api/inventory")).json()) as {
          vaults: (Listed & { tenancy: string })[];
        };
        found = vaults.find((vault) => vault.displayName === name);
        return found?.displayName;
      },
      { timeout: 30_000 },
    )
    .toBe(name);
  return found as Listed & { tenancy: string };
}

/** Backs a vault up as a person's page would ask for it, and reads the file. */
async function backUp(page: Page, app: App, vault: Listed & { tenancy: string }, objectName: string): Promise<Buffer> {
  const { tenancy, region, id } = vault;
  const { namespace, bucket, objects } = await someBucket(page, vault);
  const answer = await page.request.post(`/api/oci/${tenancy}/kms/${region}/20180608/vaults/${id}/actions/backup`, {
    headers: writing(app),
    data: {
      isIncludeKeys: true,
      backupLocation: { destination: "BUCKET", namespace, bucketName: bucket, objectName },
    },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  const object = `${objects}/${encodeURIComponent(objectName)}`;
  await expect.poll(async () => (await page.request.get(object)).status(), { timeout: 20_000 }).toBe(200);
  return (await page.request.get(object)).body();
}

async function compartmentName(page: Page, vault: Listed & { tenancy: string }): Promise<string> {
  const known = await compartmentsOf(page, vault.tenancy);
  return known.find(({ id }) => id === vault.compartmentId)?.name ?? "";
}

async function chooseFile(
  page: Page,
  vault: Listed & { tenancy: string },
  region: string,
  buffer: Buffer,
): Promise<void> {
  await page.goto("/restore");
  await page.getByLabel("Region").selectOption(region);
  await chooseCompartment(page, "Compartment", await compartmentName(page, vault));
  await page
    .getByLabel("Backup file")
    .setInputFiles({ name: "vault.backup", mimeType: "application/octet-stream", buffer });
}

test("a backup file restores into another region under a new OCID, and is refused where the vault exists", async ({
  page,
  app,
}) => {
  await signInAs(page, "admin", app);
  const vault = await find(page, "payments-tokens");
  const file = await backUp(page, app, vault, "stories/restore.backup");

  await chooseFile(page, vault, vault.region, file);
  await page.getByRole("button", { name: `Restore vault in ${vault.region}` }).click();
  const existing = page.getByRole("link", { name: "Open the vault that exists" });
  await expect(existing).toHaveAttribute("href", `/vaults/${vault.region}/${vault.id}`, { timeout: 20_000 });
  await expectNoAxeViolations(page);

  const other = vault.region === "uk-london-1" ? "eu-frankfurt-1" : "uk-london-1";
  await chooseFile(page, vault, other, file);
  await page.getByRole("button", { name: `Restore vault in ${other}` }).click();
  await expect(page.getByText("Vault restored: it is active")).toBeVisible({ timeout: 30_000 });
  await expectNoAxeViolations(page);
  await page.getByRole("link", { name: "Open the vault", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(vault.displayName);
  const restored = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  expect(restored).not.toBe(vault.id);
  const held = await page.request.get(`/api/oci/${vault.tenancy}/kms/${other}/20180608/vaults/${restored}`);
  expect(await held.json()).toMatchObject({ lifecycleState: "ACTIVE", restoredFromVaultId: vault.id });
});

test("a byte that flips on the way is noticed, with both digests, and nothing reaches the service", async ({
  page,
  app,
}) => {
  await signInAs(page, "admin", app);
  const vault = await find(page, "payments-tokens");
  await page.addInitScript(() => {
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function flipped(body) {
      if (!(body instanceof Blob)) return send.call(this, body ?? null);
      void body.arrayBuffer().then((buffer) => {
        const bytes = new Uint8Array(buffer);
        bytes[100] = (bytes[100] ?? 0) ^ 1;
        send.call(this, bytes);
      });
    };
  });
  await chooseFile(page, vault, vault.region, Buffer.alloc(300_000, 7));
  const before = (await app.calls()).writes;
  await page.getByRole("button", { name: `Restore vault in ${vault.region}` }).click();
  await expect(
    page.getByText(/The computed MD5 of the request body \(.+==\) does not match the Content-MD5 header \(.+==\)/),
  ).toBeVisible();
  await expect(page.getByText("Nothing was sent to Oracle.", { exact: false })).toBeVisible();
  expect((await app.calls()).writes).toBe(before);
});

test("computing the digests can be paused and gone on with; what is sent cannot, and says so", async ({
  page,
  app,
}) => {
  await signInAs(page, "admin", app);
  const vault = await find(page, "payments-tokens");
  await chooseFile(page, vault, vault.region, Buffer.alloc(1, 7));
  const path = join(app.dataDir, "large.backup");
  const file = openSync(path, "w");
  ftruncateSync(file, 100 * 1024 * 1024);
  closeSync(file);
  await page.getByLabel("Backup file").setInputFiles(path);
  await page.getByRole("button", { name: `Restore vault in ${vault.region}` }).click();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("Computing MD5 and SHA-256: paused")).toBeVisible();
  const far = () => page.getByRole("progressbar", { name: "Computing MD5 and SHA-256" }).getAttribute("value");
  // A piece may be under way.
  await page.waitForTimeout(700);
  const before = await far();
  await page.waitForTimeout(1_000);
  expect(await far()).toBe(before);
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("The browser sends the file in one go; that cannot be paused.")).toBeVisible({
    timeout: 20_000,
  });
  // An empty page of a file is no backup; that is the service's to say.
  await expect(page.getByRole("progressbar")).toHaveCount(0, { timeout: 30_000 });
  rmSync(path);
});

test("an upload shows how far it is and can be cancelled", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  const vault = await find(page, "payments-tokens");
  await chooseFile(page, vault, vault.region, Buffer.alloc(10_000_000, 7));
  const browser = await page.context().newCDPSession(page);
  await browser.send("Network.enable");
  await browser.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 700_000,
  });
  const before = (await app.calls()).writes;
  await page.getByRole("button", { name: `Restore vault in ${vault.region}` }).click();
  await expect(page.getByText(/left$/)).toBeVisible({ timeout: 15_000 });
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "Cancel the upload" }).click();
  await expect(page.getByText("Cancelled before the whole file was sent.", { exact: false })).toBeVisible();
  await expect(page.getByRole("button", { name: `Restore vault in ${vault.region}` })).toBeEnabled();
  expect((await app.calls()).writes).toBe(before);
});

test("a file above the limit is refused before it is read; an object is found in its bucket", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  const vault = await find(page, "payments-tokens");
  await backUp(page, app, vault, "stories/object.backup");
  await page.goto("/restore");
  await page.evaluate(() => {
    Object.defineProperty(File.prototype, "size", { get: () => 200 * 1024 * 1024 });
  });
  await page.getByLabel("Backup file").setInputFiles({ name: "big", mimeType: "", buffer: Buffer.alloc(10) });
  await expect(page.getByText("this console takes up to 100 MiB", { exact: false })).toBeVisible();

  await page.goto("/restore");
  await page.getByLabel("Region").selectOption(vault.region);
  await chooseCompartment(page, "Compartment", await compartmentName(page, vault));
  await page.getByRole("radio", { name: /An object/ }).check({ force: true });
  const object = page.getByRole("radio", { name: /stories\/object\.backup/ });
  await chooseBucket(page, await someBucket(page, vault));
  await page.getByLabel("Object name").fill("stories/");
  await object.check();
  await expect(page.getByLabel("Object name")).toHaveValue("stories/object.backup");
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: `Restore vault in ${vault.region}` }).click();
  await expect(page.getByRole("link", { name: "Open the vault that exists" })).toBeVisible({ timeout: 20_000 });
});

test("an object restores in another region, and so does a pre-authenticated URL, which is in no receipt", async ({
  page,
  app,
}) => {
  await signInAs(page, "admin", app);
  const vault = await find(page, "payments-tokens");
  const { tenancy } = vault;
  const file = await backUp(page, app, vault, "stories/elsewhere.backup");
  const other = vault.region === "eu-frankfurt-1" ? "uk-london-1" : "eu-frankfurt-1";
  const place = await someBucket(page, { tenancy, region: other });
  const sent = await page.request.put(`${place.objects}/stories%2Felsewhere.backup`, {
    headers: {
      ...writing(app),
      "content-type": "application/octet-stream",
      "content-md5": createHash("md5").update(file).digest("base64"),
    },
    data: file,
  });
  expect(sent.status(), await sent.text()).toBe(200);
  const heldNow = async () => {
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    return (await page.request.get(`/api/oci/${tenancy}/kms/${other}/20180608/vaults/${id}`)).json();
  };

  await page.goto("/restore");
  await page.getByLabel("Region").selectOption(other);
  await chooseCompartment(page, "Compartment", await compartmentName(page, vault));
  await page.getByRole("radio", { name: /An object/ }).check({ force: true });
  await chooseBucket(page, place);
  await page.getByLabel("Object name").fill("stories/elsewhere");
  await page.getByRole("radio", { name: /stories\/elsewhere\.backup/ }).check();
  await page.getByLabel("Why?").fill("The drill of this quarter");
  await page.getByLabel("Ticket").fill("CHG-77");
  await page.getByRole("button", { name: `Restore vault in ${other}` }).click();
  await expect(page.getByText("Vault restored: it is active")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("group", { name: "Outcome" })).toBeFocused();
  await page.getByRole("link", { name: "Receipt" }).click();
  await expect(page.getByText("The drill of this quarter")).toBeVisible();
  await expect(page.getByText("CHG-77")).toBeVisible();
  await page.getByRole("button", { name: "Terraform" }).click();
  await expect(page.getByText(/restore_from_object_store/)).toBeVisible();
  await expectNoAxeViolations(page);

  const ordered = await page.request.post(place.objects.replace(/o$/, "p"), {
    headers: writing(app),
    data: {
      name: "story",
      accessType: "ObjectRead",
      objectName: "stories/elsewhere.backup",
      // Another story of this worker may have turned the clock on by days.
      timeExpires: new Date(Date.now() + 300 * 86_400_000).toISOString(),
    },
  });
  expect(ordered.status(), await ordered.text()).toBe(200);
  const { accessUri } = await ordered.json();
  await page.goto("/restore");
  await page.getByLabel("Region").selectOption(other);
  await chooseCompartment(page, "Compartment", await compartmentName(page, vault));
  await page.getByRole("radio", { name: /A pre-authenticated URL/ }).check({ force: true });
  await page.getByRole("textbox", { name: "Pre-authenticated URL" }).fill("not a url");
  await expect(page.getByText("Paste the whole pre-authenticated URL.").first()).toBeVisible();
  const uri = `${app.emulator.regions[other]?.objectstorage}${accessUri}`;
  await page.getByRole("textbox", { name: "Pre-authenticated URL" }).fill(uri);
  await page.getByRole("button", { name: `Restore vault in ${other}` }).click();
  await expect(page.getByText("Vault restored: it is active")).toBeVisible({ timeout: 30_000 });
  const receipt = await page.getByRole("link", { name: "Receipt" }).getAttribute("href");
  const id = receipt?.split("/").at(-1) ?? "";
  const kept = await (await page.request.get(`/api/activity?receipt=${id}`)).text();
  expect(kept).toContain("restoreVaultFromObjectStore");
  expect(kept).not.toContain(accessUri.split("/")[2]);
  await page.getByRole("link", { name: "Open the vault", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(vault.displayName);
  expect(await heldNow()).toMatchObject({ lifecycleState: "ACTIVE", restoredFromVaultId: vault.id });
});

test("the help desk is told who restores vaults", async ({ page, app }) => {
  await signInAs(page, "helpdesk", app);
  await page.goto("/restore");
  await expect(page.getByText("You cannot restore vaults")).toBeVisible();
});
