// How much a booking costs whoever makes one: clicks with a pointer, keys without.

import type { Page } from "@playwright/test";

import { PEOPLE, expect, quietHour, searchPath, signIn, test, toSeconds } from "../support/test";

/** Counts these events from now on, wherever they happen in the page; what it gives tells how many there were. */
async function counting(page: Page, event: "click" | "keydown"): Promise<() => Promise<number>> {
  await page.evaluate((name) => {
    const counted = window as unknown as { counted: number };
    counted.counted = 0;
    addEventListener(name, (one) => { if (one.isTrusted) counted.counted += 1; }, { capture: true });
  }, event);
  return () => page.evaluate(() => (window as unknown as { counted: number }).counted);
}

// covers part of: FX-28 (the portal; in the pane one press adds the room to the draft)
test("from a search result to booked takes two clicks", async ({ page, simulator }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.carla, searchPath(when, 2));
  const card = page.locator(".room-card[data-kind=hit]").first();
  const number = (await card.getAttribute("data-room-number"))!;
  const clicks = await counting(page, "click");
  await card.getByRole("button", { name: `Book room ${number}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Book" }).click();
  await expect(page.getByRole("dialog")).toContainText(`Room ${number} is reserved for you`);
  expect(await clicks()).toBe(2);
  const room = await simulator.room(number);
  await simulator.eventInRoom(room.address, (one) => one.organizer === PEOPLE.carla && one.start === toSeconds(when.start));
});

test("without a pointer a room is searched for and booked in fewer than thirty keys", async ({ page, simulator }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.dmitri, searchPath(when, 2));
  const keys = await counting(page, "keydown");
  const press = async (...names: string[]) => {
    for (const name of names) await page.keyboard.press(name);
  };
  await press("Tab", "Enter");
  while (!(await page.getByLabel("People in the room").evaluate((field) => field === document.activeElement))) await press("Tab");
  await press("ControlOrMeta+A", "7", "Enter");
  await expect(page).toHaveURL(/people=7/);
  const card = page.locator(".room-card[data-kind=hit]").first();
  await expect(card.getByText(/^([7-9]|\d\d) seats/)).toBeVisible();
  const number = (await card.getAttribute("data-room-number"))!;
  // Enter led on to the rooms.
  const book = card.getByRole("button", { name: `Book room ${number}` });
  while (!(await book.evaluate((button) => button === document.activeElement))) await press("Tab");
  await press("Enter");
  await expect(page.getByRole("dialog").getByLabel("Subject")).toBeFocused();
  await press("Enter");
  await expect(page.getByRole("dialog")).toContainText(`Room ${number} is reserved for you`);
  expect(await keys()).toBeLessThan(30);
  const room = await simulator.room(number);
  await simulator.eventInRoom(room.address, (one) => one.organizer === PEOPLE.dmitri && one.start === toSeconds(when.start));
});

test("the links that jump lead past the header and past what is asked for", async ({ page }) => {
  await signIn(page, PEOPLE.dmitri, searchPath(quietHour(), 2));
  for (const [name, next] of [["Skip to the content", "Skip to the rooms"], ["Skip to the rooms", /^Room /]] as const) {
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name })).toBeFocused();
    await expect(page.getByRole("link", { name })).toBeInViewport();
    await page.keyboard.press("Enter");
    if (typeof next !== "string") {
      await page.keyboard.press("Tab");
      await expect(page.locator(".portal-results .room-card").first().locator(":focus")).toHaveAccessibleName(next);
    }
  }
});
