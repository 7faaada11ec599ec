// Behind `npm run screenshots`: starts the product and photographs it. The README's picture goes to docs/images, the others to .cache/screenshots.
// `npm run screenshots -- [name…]` takes only the pictures whose name contains one of the names.
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import type { Inventory } from "#lib/contract/api.ts";
import { launchChromium } from "./launch-chromium.ts";
import { type Product, startProduct } from "./product.ts";

type Shot = {
  name: string;
  path: string;
  /** Nobody signed in when absent. */
  persona?: "admin" | "operator" | "helpdesk" | "auditor";
  theme: "light" | "dark";
  viewport: { width: number; height: number };
  /** Kept in the repository, for the README. */
  isForReadme?: boolean;
  /** What to do on the page before the picture. */
  before?: (page: Page, product: Product) => Promise<void>;
};

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const desktop = { width: 1440, height: 900 };
const narrow = { width: 360, height: 780 };

/** Opens a vault of the table by the words in its row. */
const openVault = (words: string | RegExp) => async (page: Page) => {
  await page.getByRole("row").filter({ hasText: words }).first().getByRole("link").first().click();
  await page.waitForURL(/\/vaults\/.+/);
};

const pages = {
  create: "/vaults/create",
  restore: "/restore",
  deletions: "/deletions",
  activity: "/activity",
  approvals: "/approvals",
  people: "/people",
  status: "/status",
  account: "/account",
  "no-such-page": "/no-such-page",
};
const vaultPages = ["edit", "move", "backup", "create-replica", "schedule-deletion"];
const openPageOfVault = (name: string) => async (page: Page, product: Product) => {
  const { vaults } = (await (await page.request.get(`${product.origin}/api/inventory`)).json()) as Inventory;
  const vault = vaults.find((each) => each.lifecycleState === "ACTIVE" && each.vaultType === "VIRTUAL_PRIVATE");
  await page.goto(`${product.origin}/vaults/${vault?.region}/${vault?.id}/${name}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
};

/** Selects the first two rows of the list and opens what is done to many. */
const openBulk = (button: string) => async (page: Page) => {
  // Rows on a desk, cards on a telephone.
  const boxes = page.getByRole("checkbox", { name: /^Select (?!all)/ });
  for (const at of [0, 1]) await boxes.nth(at).click();
  const bar = page.getByRole("region", { name: "Selected vaults" });
  await bar.getByRole("button", { name: button }).click();
  await page.getByRole("dialog").waitFor();
};
const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole("button", { name, disabled: false }).first().click();
  await page.getByRole("dialog").or(page.getByRole("alertdialog")).waitFor();
};
const dialogs: Record<string, [path: string, open: NonNullable<Shot["before"]>]> = {
  "cancel-deletion": ["/deletions", press(/^Cancel deletion of/)],
  calendar: ["/deletions", press("Follow in calendar…")],
  tag: ["/vaults", openBulk("Tag…")],
  schedule: ["/vaults", openBulk("Schedule deletion…")],
  backup: ["/vaults", openBulk("Back up…")],
  connect: ["/vaults", press(/^Connect a real/)],
};

/** Light, dark, and on a telephone. */
const inEveryLook = (name: string, shot: Omit<Shot, "name" | "theme" | "viewport">): Shot[] => [
  { name, theme: "light", viewport: desktop, ...shot },
  { name: `${name}-dark`, theme: "dark", viewport: desktop, ...shot },
  { name: `${name}-narrow`, theme: "light", viewport: narrow, ...shot },
];

const shots: Shot[] = [
  { name: "vaults", path: "/vaults", persona: "admin", theme: "light", viewport: desktop, isForReadme: true },
  { name: "sign-in", path: "/sign-in", theme: "light", viewport: desktop },
  { name: "sign-in-dark", path: "/sign-in", theme: "dark", viewport: desktop },
  { name: "vaults-dark", path: "/vaults", persona: "admin", theme: "dark", viewport: desktop },
  { name: "vaults-helpdesk", path: "/vaults", persona: "helpdesk", theme: "light", viewport: desktop },
  { name: "vaults-narrow", path: "/vaults", persona: "admin", theme: "light", viewport: narrow },
  {
    name: "vaults-none-found",
    path: "/vaults?q=nothing-is-called-this",
    persona: "admin",
    theme: "light",
    viewport: desktop,
  },
  {
    name: "vault-active",
    path: "/vaults",
    persona: "admin",
    theme: "light",
    viewport: desktop,
    before: openVault(/Active/),
  },
  {
    name: "vault-active-dark",
    path: "/vaults",
    persona: "admin",
    theme: "dark",
    viewport: desktop,
    before: openVault(/Active/),
  },
  {
    name: "vault-pending-helpdesk",
    path: "/vaults",
    persona: "helpdesk",
    theme: "light",
    viewport: desktop,
    before: openVault(/Pending deletion/i),
  },
  {
    name: "dialog-shortcuts",
    path: "/vaults",
    persona: "admin",
    theme: "light",
    viewport: desktop,
    before: press("Keyboard shortcuts"),
  },
  ...Object.entries(pages).flatMap(([name, path]) => inEveryLook(name, { path, persona: "admin" })),
  ...vaultPages.flatMap((name) =>
    inEveryLook(`vault-${name}`, { path: "/vaults", persona: "admin", before: openPageOfVault(name) }),
  ),
  ...Object.entries(dialogs).flatMap(([name, [path, before]]) =>
    inEveryLook(`dialog-${name}`, { path, persona: "admin", before }),
  ),
];

async function take(page: Page, product: Product, shot: Shot): Promise<string> {
  if (shot.persona) {
    const headers = { origin: product.origin, "x-ovc-request": "1" };
    const answer = await page.request.post(`${product.origin}/api/session`, {
      headers,
      data: { persona: shot.persona },
    });
    if (!answer.ok()) throw new Error(`sign-in as ${shot.persona}: ${answer.status()} ${await answer.text()}`);
  }
  if (shot.persona) await inventoryRead(page, product);
  await page.goto(product.origin + shot.path, { waitUntil: "load" });
  const setTheme = () =>
    page.evaluate((theme) => {
      document.documentElement.dataset.theme = theme;
    }, shot.theme);
  await setTheme();
  await settle(page);
  await shot.before?.(page, product);
  await setTheme();
  await settle(page);
  const path = join(root, shot.isForReadme ? "docs/images" : ".cache/screenshots", `${shot.name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  return path;
}

/** Until every compartment of every region and every deletion date has been read: a picture of the whole company. */
async function inventoryRead(page: Page, product: Product): Promise<void> {
  for (let turn = 0; turn < 60; turn++) {
    const answer = await page.request.get(`${product.origin}/api/inventory`);
    const { tenancies, vaults } = (await answer.json()) as Inventory;
    const isDated = vaults.every((vault) => vault.lifecycleState !== "PENDING_DELETION" || vault.details !== undefined);
    if (
      isDated &&
      tenancies.length > 0 &&
      tenancies.every(({ partsRead, partsTotal }) => partsTotal > 0 && partsRead === partsTotal)
    )
      return;
    await page.waitForTimeout(500);
  }
  throw new Error("The inventory was not read within 30 s.");
}

/** Until nothing on the page is being read any more: fonts are there and no part says that it is busy. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page
    .waitForFunction(() => document.querySelector('[aria-busy="true"], [data-loading]') === null, undefined, {
      timeout: 15_000,
    })
    .catch(() => undefined);
  await page.waitForTimeout(400);
}

const wanted = process.argv.slice(2);
const chosen = shots.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const product = await startProduct();
const browser = await launchChromium();
let failed = 0;
try {
  for (const shot of chosen) {
    const context = await browser.newContext({
      viewport: shot.viewport,
      deviceScaleFactor: shot.isForReadme ? 2 : 1,
      colorScheme: shot.theme,
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
    });
    try {
      console.log(await take(await context.newPage(), product, shot));
    } catch (error) {
      failed++;
      console.error(`${shot.name}: ${error instanceof Error ? error.message : error}`);
    } finally {
      await context.close();
    }
  }
} finally {
  await browser.close();
  await product.stop();
}
process.exitCode = failed > 0 ? 1 : 0;
