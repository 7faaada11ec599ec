// A person without a mouse: finds things by Tab, answers dialogs, chooses from lists.
import type { Page } from "@playwright/test";
import { expect } from "./harness.ts";

/** What the thing with the focus is called, as a person hears it. */
const focusedName = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    // Nothing has it just now; the page's whole text is nobody's name.
    if (at === null || at === document.body) return "";
    const named = at.getAttribute("aria-label") ?? "";
    const by = (at.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent ?? "")
      .join(" ");
    const labels =
      at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement
        ? [...(at.labels ?? [])].map((each) => each.textContent ?? "")
        : [];
    return [named, by, ...labels, at.textContent ?? ""].find((text) => text.trim() !== "")?.trim() ?? "";
  });

/** Presses Tab until what has the focus is called so; fails when it never is. */
export async function tabTo(page: Page, name: RegExp, most = 80): Promise<void> {
  const met: string[] = [];
  for (let press = 0; press < most; press += 1) {
    const label = await focusedName(page);
    if (name.test(label)) return;
    met.push(label.slice(0, 40));
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never came to ${name}; it came to ${[...new Set(met)].join(" · ")}`);
}

/** Goes to a list of choices and moves down it until the one that is called so is chosen. */
export async function chooseByKeyboard(page: Page, list: RegExp, choice: RegExp): Promise<void> {
  await tabTo(page, list);
  const chosen = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      return at instanceof HTMLSelectElement ? (at.selectedOptions[0]?.textContent ?? "") : "";
    });
  await page.keyboard.press("Home");
  for (let press = 0; press < 60; press += 1) {
    if (choice.test(await chosen())) return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`No choice of ${list} is called ${choice}`);
}

/** Opens a searchable list by its name, types what is looked for, and takes the first that is found. */
export async function pickByKeyboard(page: Page, list: RegExp, choice: string): Promise<void> {
  await tabTo(page, list);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("combobox", { expanded: true })).toBeFocused();
  await page.keyboard.type(choice);
  await expect(page.getByRole("option", { name: choice }).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("combobox", { expanded: true })).toHaveCount(0);
  await expect.poll(() => focusedName(page), { timeout: 3_000 }).toMatch(list);
}

const isInDialog = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[role="dialog"], [role="alertdialog"]') != null);

/** A dialog is open, has the focus, and Tab does not leave it. */
export async function expectFocusKept(page: Page): Promise<void> {
  await expect(page.getByRole("dialog").or(page.getByRole("alertdialog"))).toBeVisible();
  await expect.poll(() => isInDialog(page)).toBe(true);
  for (let press = 0; press < 12; press += 1) {
    await page.keyboard.press("Tab");
    // Past the last stop the focus is on a guard for an instant, which sends it to the first.
    await expect.poll(() => isInDialog(page), { timeout: 2_000 }).toBe(true);
  }
}

/** Opens a dialog from the button that is called so, sees the focus kept, leaves by Escape: the focus is on the button again. Opens it anew. */
export async function openByKeyboard(page: Page, button: RegExp): Promise<void> {
  await tabTo(page, button, 160);
  await page.keyboard.press("Enter");
  await expectFocusKept(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog").or(page.getByRole("alertdialog"))).toHaveCount(0);
  await expect.poll(() => focusedName(page), { timeout: 3_000 }).toMatch(button);
  await page.keyboard.press("Enter");
  await expect.poll(() => isInDialog(page)).toBe(true);
}
