// What a person sees, in every theme and width: nothing may stand outside the screen. The pictures are for people;
// they lie in test-results/looks.

import { join } from "node:path";

import type { Page } from "@playwright/test";

import { PEOPLE, expect, open, openPane, quietHour, signIn, test } from "../support/test";

const THEMES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  forced: { colorScheme: "dark", forcedColors: "active" },
  contrast: { colorScheme: "light", contrast: "more" },
} as const;

const PICTURES = join(import.meta.dirname, "..", "test-results", "looks");

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: "disabled" });
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content).toBeLessThanOrEqual(screen!);
}

for (const [name, size] of Object.entries({ phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } })) {
  test(`the portal fits a ${name}'s screen in every theme`, async ({ page }) => {
    await page.setViewportSize(size);
    const { start } = quietHour();
    await signIn(page, PEOPLE.ada, `/?date=${start.slice(0, 10)}&from=10:00&to=11:00&people=6`);
    for (const [theme, media] of Object.entries(THEMES)) {
      await page.emulateMedia({ forcedColors: "none", contrast: "no-preference", ...media });
      await open(page, `/?date=${start.slice(0, 10)}&from=10:00&to=11:00&people=6`);
      await expect(page.locator(".freshness[data-kind=checked]")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await picture(page, `search-${name}-${theme}`);
      await open(page, "/reservations");
      await expectNoSidewaysScroll(page);
      await picture(page, `reservations-${name}-${theme}`);
    }
  });
}

test("the pane fits its 320 pixels in every theme", async ({ page }) => {
  await page.setViewportSize({ width: 1200, height: 900 });
  const { pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...quietHour(), required: [PEOPLE.ben, PEOPLE.carla] } });
  await expect(pane.locator(".room-card").first()).toBeVisible();
  for (const [theme, media] of Object.entries(THEMES)) {
    await page.emulateMedia({ forcedColors: "none", contrast: "no-preference", ...media });
    await expect(pane.locator(".freshness[data-kind=checked]")).toBeAttached();
    const sideways = await pane.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
    expect(sideways).toBe(0);
    await picture(page, `pane-${theme}`);
  }
});
