// What a person sees, in every theme and width: nothing may stand outside the screen. The pictures are for people;
// they lie in test-results/looks.

import { join } from "node:path";

import type { Page } from "@playwright/test";

import { type Hour, PEOPLE, PlanView, expect, open, openPane, searchPath, showFloor, signIn, test } from "../support/test";

const THEMES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  forced: { colorScheme: "dark", forcedColors: "active" },
  contrast: { colorScheme: "light", contrast: "more" },
} as const;

const PICTURES = join(import.meta.dirname, "..", "test-results", "looks");

/** Ten to eleven on the next working day: the scenario's office is full then. */
function busyHour(): Hour {
  const day = new Date(Date.now() + 86_400_000);
  while ([0, 6].includes(day.getUTCDay())) day.setUTCDate(day.getUTCDate() + 1);
  const date = day.toISOString().slice(0, 10);
  return { start: `${date}T08:00:00.000Z`, end: `${date}T09:00:00.000Z` };
}

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
    const search = searchPath(busyHour(), 6);
    await signIn(page, PEOPLE.ada, search);
    for (const [theme, media] of Object.entries(THEMES)) {
      await page.emulateMedia({ forcedColors: "none", contrast: "no-preference", ...media });
      await open(page, search);
      await expect(page.locator(".freshness[data-kind=checked]")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await showFloor(page, "1");
      await new PlanView(page).room("1.08").click();
      await expect(page.locator(".plan-card")).toContainText("Checked with Exchange");
      await picture(page, `search-${name}-${theme}`);
      await open(page, "/reservations");
      await expectNoSidewaysScroll(page);
      await picture(page, `reservations-${name}-${theme}`);
    }
  });
}

test("the pane fits its 320 pixels in every theme", async ({ page }) => {
  await page.setViewportSize({ width: 1200, height: 900 });
  const { pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...busyHour(), required: [PEOPLE.ben, PEOPLE.carla] } });
  // The narrowest pane Outlook gives an add-in.
  await page.locator("aside.pane").evaluate((aside) => Object.assign(aside.style, { inlineSize: "320px", flex: "none" }));
  await expect(pane.locator(".room-card").first()).toBeVisible();
  for (const [theme, media] of Object.entries(THEMES)) {
    await page.emulateMedia({ forcedColors: "none", contrast: "no-preference", ...media });
    await expect(pane.locator(".freshness[data-kind=checked]")).toBeAttached();
    expect(await pane.locator("html").evaluate((html) => html.clientWidth)).toBeLessThanOrEqual(320);
    const sideways = await pane.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
    expect(sideways).toBe(0);
    await picture(page, `pane-${theme}`);
  }
});

for (const [name, size] of Object.entries({ narrow: { width: 320, height: 800 }, phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 860 } })) {
  test(`the plan of a series fits a ${name} screen in every theme`, async ({ page }) => {
    await page.setViewportSize(size);
    // Few rooms have so many seats: there are changes of room, and dates without one.
    const path = searchPath(busyHour(), 25).replace("/?", "/series?") + "&repeats=daily&dates=20";
    await signIn(page, PEOPLE.ada, path);
    for (const [theme, media] of Object.entries(THEMES)) {
      await page.emulateMedia({ forcedColors: "none", contrast: "no-preference", ...media });
      await open(page, path);
      await expect(page.locator(".series-date")).toHaveCount(20);
      await expectNoSidewaysScroll(page);
      await page.screenshot({ path: join(PICTURES, `series-${name}-${theme}.png`), animations: "disabled", fullPage: true });
      await page.locator(".series-date").nth(1).click();
      await page.getByText("Move this date").click();
      await page.getByText("Why not another room").click();
      await expect(page.locator(".series-reasons")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await page.screenshot({ path: join(PICTURES, `series-date-${name}-${theme}.png`), animations: "disabled", fullPage: true });
    }
  });
}
