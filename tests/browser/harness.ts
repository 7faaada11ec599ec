// What every browser story stands on: the real product, a person at a real Chromium, and the promises checked on every page.
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import type { CallEntry } from "#emulator/calls.ts";
import type { FaultRule } from "#emulator/faults.ts";
import { type Product, startProduct } from "../../scripts/product.ts";

export { expect };

export type PersonaId = "admin" | "operator" | "helpdesk" | "auditor";

export type App = Product & {
  /** Turns the rehearsal's clock. */
  advanceClock: (seconds: number) => Promise<void>;
  /** Orders faults from the emulator; a story that does clears them with `clearFaults`. */
  orderFaults: (...rules: FaultRule[]) => Promise<void>;
  clearFaults: () => Promise<void>;
  /** What reached the service so far. */
  calls: () => Promise<Calls>;
};

/** The answer of the emulator's GET /calls. */
export type Calls = {
  total: number;
  reads: number;
  writes: number;
  maxInAnySecond: { reads: number; writes: number };
  byOperation: Record<string, number>;
  byStatus: Record<string, number>;
  calls: CallEntry[];
};

type Violations = { csp: string[]; errors: string[] };

/** One product for each worker; every page is watched for broken content rules and script errors, and fails its story with them. */
export const test = base.extend<{ violations: Violations }, { app: App }>({
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const product = await startProduct();
      await use({
        ...product,
        advanceClock: async (seconds) => void (await control(product, "POST", "/clock", { advanceSeconds: seconds })),
        orderFaults: async (...rules) => void (await control(product, "POST", "/faults", { rules })),
        clearFaults: async () => void (await control(product, "DELETE", "/faults")),
        calls: async () => (await control(product, "GET", "/calls")) as Calls,
      });
      const code = await product.stop();
      if (code !== 0)
        throw new Error(`The product ended with ${code} instead of 0:\n${product.output().slice(-4_000)}`);
    },
    { scope: "worker", timeout: 90_000 },
  ],
  baseURL: async ({ app }, use) => use(app.origin),
  violations: [
    async ({ context }, use) => {
      const seen: Violations = { csp: [], errors: [] };
      context.on("console", (message) => {
        if (/content security policy|trusted ?type/i.test(message.text())) seen.csp.push(message.text());
      });
      context.on("request", (request) => {
        if (request.url().endsWith("/api/csp-report")) seen.csp.push(request.postData() ?? "a report without words");
      });
      context.on("weberror", (error) => seen.errors.push(String(error.error().stack ?? error.error())));
      await use(seen);
      expect(seen.csp, "content security policy violations").toEqual([]);
      expect(seen.errors, "uncaught errors in the page").toEqual([]);
    },
    { auto: true },
  ],
});

async function control(product: Product, method: string, path: string, body?: unknown): Promise<unknown> {
  const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(product.control + path, { method, ...(body === undefined ? {} : json) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The emulator's ${path} answers ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** Signs in without walking through the sign-in page; the cookie is in the page's context afterwards. */
export async function signInAs(page: Page, persona: PersonaId, app: Pick<Product, "origin">): Promise<void> {
  const answer = await page.request.post(`${app.origin}/api/session`, {
    headers: { origin: app.origin, "x-ovc-request": "1", "content-type": "application/json" },
    data: { persona },
  });
  expect(answer.ok(), `sign-in as ${persona}: ${answer.status()} ${answer.ok() ? "" : await answer.text()}`).toBe(true);
}

/** Shows the page in a theme, as the system setting and as the person's own choice would. */
export async function showTheme(page: Page, theme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  await page.evaluate(async (name) => {
    // A colour half way between two themes is nobody's: it would make axe's answer a matter of the machine's load.
    const still = new CSSStyleSheet();
    still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important; }");
    document.adoptedStyleSheets = [still];
    document.documentElement.dataset.theme = name;
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  }, theme);
}

/** Axe finds nothing, in both themes. `include` narrows it to a part of the page, e.g. an open dialog. */
export async function expectNoAxeViolations(page: Page, include?: string): Promise<void> {
  // A tooltip under a pointer that happens to rest there is not part of the page.
  await page.mouse.move(0, 0);
  await expect(page.getByRole("tooltip")).toHaveCount(0);
  // While a page takes over its new address there is no title for a moment.
  await expect(page).toHaveTitle(/\S/);
  // What a page happens to be scrolled to lies half under the bar above it, and axe takes that for a small target.
  await page.evaluate(() => window.scrollTo(0, 0));
  const before = await page.evaluate(() => document.documentElement.dataset.theme);
  for (const theme of ["light", "dark"] as const) {
    await showTheme(page, theme);
    const builder = new AxeBuilder({ page }).withTags([
      "wcag2a",
      "wcag2aa",
      "wcag21a",
      "wcag21aa",
      "wcag22aa",
      "best-practice",
    ]);
    const { violations } = await (include ? builder.include(include) : builder).analyze();
    const found = violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes.map((node) => `    ${node.target.join(" ")}  ${node.failureSummary}`).join("\n")}`,
    );
    expect(found, `axe, ${theme} theme, ${page.url()}`).toEqual([]);
  }
  await page.evaluate((name) => {
    document.adoptedStyleSheets = [];
    if (name === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
  }, before);
}
