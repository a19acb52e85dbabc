// Every task without a pointer.

import type { FrameLocator, Locator, Page } from "@playwright/test";

import {
  PEOPLE, PlanView, expect, open, openPane, quietHour, searchPath, showFloor, signIn, test, toSeconds,
} from "../support/test";

/** Far more stops than any page has. */
const TABS_MAX = 150;

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
    if (await wanted.evaluate((element) => element.ownerDocument.activeElement === element).catch(() => false)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${wanted} was not reached by Tab.`);
}

async function focusedRoom(within: Page | FrameLocator): Promise<string | null> {
  return within.locator(".plan-room:focus").getAttribute("data-room-number");
}

test("a room is found, booked and cancelled by keyboard alone", async ({ page, simulator }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.dmitri, searchPath(when, 2));
  await tabTo(page, page.getByLabel("People in the room"));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("7");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/people=7/);
  const card = page.locator(".room-card[data-kind=hit]").first();
  await expect(card).toContainText("7 seats");
  const number = (await card.getAttribute("data-room-number"))!;
  await tabTo(page, card.getByRole("button", { name: `Book room ${number}` }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await tabTo(page, page.getByLabel("Subject"));
  await page.keyboard.type("By hand");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toContainText(`Room ${number} is reserved for you`);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  const room = await simulator.room(number);
  await simulator.eventInRoom(room.address, (one) => one.organizer === PEOPLE.dmitri && one.start === toSeconds(when.start));

  await open(page, "/reservations");
  const reservation = page.locator(`.reservation[data-room-number="${number}"]`).first();
  await tabTo(page, reservation.getByRole("button", { name: "Cancel" }));
  await page.keyboard.press("Enter");
  await tabTo(page, reservation.getByRole("button", { name: "Yes, cancel it" }));
  await page.keyboard.press("Enter");
  await expect(reservation).toContainText("Cancelled");
});

// covers: P-17
test("arrow keys go from room to room on the plan, Enter opens the card and books, Escape leads back", async ({ page, simulator }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.dmitri, searchPath(when, 2));
  await showFloor(page, "0");
  await new PlanView(page).expectState("0.02", "free");
  await tabTo(page, page.locator('.plan-room[tabindex="0"]'));
  const first = await focusedRoom(page);
  const seen = new Set([first]);
  for (const key of ["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowDown"]) {
    await page.keyboard.press(key);
    seen.add(await focusedRoom(page));
  }
  expect(seen.size).toBeGreaterThanOrEqual(4);
  // From the corner room the neighbour to the right is next along the same wall.
  await page.locator('.plan-room[data-room-number="0.01"]').focus();
  await page.keyboard.press("ArrowRight");
  expect(await focusedRoom(page)).toBe("0.02");
  await page.keyboard.press("ArrowLeft");
  expect(await focusedRoom(page)).toBe("0.01");

  await page.keyboard.press("Enter");
  const act = page.locator(".plan-card").getByRole("button", { name: "Book room 0.01" });
  await expect(act).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.locator(".plan-card")).toHaveCount(0);
  expect(await focusedRoom(page)).toBe("0.01");

  await page.keyboard.press("Enter");
  await expect(act).toBeFocused();
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByLabel("Subject"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toContainText("Room 0.01 is reserved for you");
  const room = await simulator.room("0.01");
  await simulator.eventInRoom(room.address, (one) => one.organizer === PEOPLE.dmitri && one.start === toSeconds(when.start));
});

test("inside Outlook Tab reaches the best room, the plan and the list of all rooms", async ({ page }) => {
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...quietHour(), required: [PEOPLE.ben] } });
  const best = pane.locator(".pane-best .room-card").first();
  const number = (await best.getAttribute("data-room-number"))!;
  // The pane is reached from Outlook by its own keys; inside, office.js decides what Tab does.
  await pane.locator(".pane-asked").focus();
  await tabTo(page, best.getByRole("button", { name: `Add room ${number}` }));
  await tabTo(page, pane.locator('.plan-room[tabindex="0"]'));
  await page.keyboard.press("ArrowDown");
  expect(await focusedRoom(pane)).not.toBeNull();
  await tabTo(page, pane.locator(".pane-rooms > summary"));
  await page.keyboard.press("Enter");
  const listed = pane.locator(".pane-rooms .room-card").first();
  const other = (await listed.getAttribute("data-room-number"))!;
  await tabTo(page, listed.getByRole("button", { name: `Add room ${other}` }));
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await outlook.snapshot())!.rooms.map((room) => room.name).join()).toContain(other);
});
