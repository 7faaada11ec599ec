// Scopes by group of a real identity provider: what a person outside a compartment sees of it, in every page that could show it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { Inventory, VaultRow } from "#lib/contract/api.ts";
import { freePort, type Product, startProduct } from "../../scripts/product.ts";
import { type IdentityProvider, startIdentityProvider } from "../console/identity-provider.ts";
import { expect, expectNoAxeViolations, test } from "./harness.ts";
import { openWire } from "./wire.ts";

const people = {
  hanna: { name: "Hanna Warehouse", groups: ["it-helpdesk", "it-helpdesk-warehouse"] },
  max: { name: "Max Nowhere", groups: ["it-helpdesk"] },
};
let product: Product;
let provider: IdentityProvider;
let folder: string;
let inside: VaultRow[];
let outside: VaultRow[];

/** All vaults, as a security admin of the rehearsal sees them. */
async function readWhole(rehearsal: Product): Promise<Inventory> {
  const wire = openWire(rehearsal);
  const cookie = await wire.signIn("admin");
  try {
    for (let turn = 0; turn < 300; turn += 1) {
      const inventory: Inventory = JSON.parse((await wire.send("GET", "/api/inventory", { cookie })).text);
      const isWhole = inventory.tenancies.every((each) => each.partsTotal > 0 && each.partsRead === each.partsTotal);
      if (isWhole) return inventory;
      await new Promise((later) => setTimeout(later, 100));
    }
  } finally {
    wire.close();
  }
  throw new Error("the inventory was not read");
}

test.beforeAll(async () => {
  test.setTimeout(120_000);
  folder = mkdtempSync(join(tmpdir(), "ovc-scopes-"));
  const DATA_DIR = join(folder, "data");
  const rehearsal = await startProduct({ DATA_DIR });
  const { vaults, tenancies } = await readWhole(rehearsal);
  await rehearsal.stop();
  const warehouse = tenancies.flatMap(({ compartments }) => compartments).find(({ name }) => name === "Warehouse");
  inside = vaults.filter(({ compartmentId }) => compartmentId === warehouse?.id);
  outside = vaults.filter(({ compartmentId }) => compartmentId !== warehouse?.id);
  expect(inside.length).toBeGreaterThan(1);

  const file = join(folder, "policy.yaml");
  writeFileSync(
    file,
    `version: 1
scopes:
  - name: Warehouse help desk
    roles: [helpdesk]
    groups: [it-helpdesk-warehouse]
    compartments: [${warehouse?.id}]
`,
  );
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  provider = await startIdentityProvider(people, origin, `${origin}/api/session/provider/logout`);
  product = await startProduct({ ...provider.env, DATA_DIR, PORT: String(port), POLICY_FILE: file });
});
test.afterAll(async () => {
  await product?.stop();
  await provider?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(page: Page, name: string): Promise<void> {
  await page.goto(`${product.origin}/sign-in?next=/vaults`);
  await page.getByRole("button", { name: /^Sign in at/ }).click();
  await page.getByRole("link", { name }).click();
  await expect(page).toHaveURL(/\/vaults$/);
}

test("who helps one compartment sees its vaults and nothing of the others", async ({ page }) => {
  const answers: string[] = [];
  page.on("response", (answer) => {
    if (!answer.url().includes("/api/")) return;
    void answer
      .text()
      .then((text) => answers.push(text))
      .catch(() => undefined);
  });
  await signIn(page, "Hanna Warehouse");
  for (const { displayName } of inside.slice(0, 2))
    await expect(page.getByRole("link", { name: displayName, exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await expectNoAxeViolations(page);
  const [hidden] = outside.filter(({ lifecycleState }) => lifecycleState === "ACTIVE");
  await page.getByRole("searchbox").fill(hidden?.displayName ?? "");
  await expect(page.getByRole("link", { name: hidden?.displayName ?? "", exact: true })).toHaveCount(0);
  // By its address it is not there, as one that never was.
  await page.goto(`${product.origin}/vaults/${hidden?.region}/${hidden?.id}`);
  await expect(page.getByText(/not found|not there|no vault/i).first()).toBeVisible({ timeout: 20_000 });
  await page.goto(`${product.origin}/deletions`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.goto(`${product.origin}/status`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const shown = answers.join("\n");
  expect(shown).toContain(inside[0]?.id);
  const leaked = outside.filter(
    // The address bar had this one's OCID, so the answer that it is not there may name it.
    ({ id, displayName }) => (id !== hidden?.id && shown.includes(id)) || shown.includes(`"${displayName}"`),
  );
  expect(leaked.map(({ displayName }) => displayName)).toEqual([]);
});

test("who is in no scope of a role that has some sees nothing, and is told", async ({ page }) => {
  await signIn(page, "Max Nowhere");
  await expect(page.getByText(/no vaults?/i).first()).toBeVisible({ timeout: 20_000 });
  const { vaults } = (await (await page.request.get(`${product.origin}/api/inventory`)).json()) as Inventory;
  expect(vaults).toEqual([]);
  await expectNoAxeViolations(page);
});
