// Reservations that are changed, or given back in part, with both calendars looked at afterwards.

import type { Locator, Page } from "@playwright/test";

import {
  OFFICE_ZONE, PEOPLE, expect, hydrated, onTheDayOf, open, openPane, quietHour, searchPath, signIn, test, toSeconds, wallClock, WITHOUT_SEND_EVENTS,
} from "../support/test";
import type { Hour } from "../support/time";

/** Books a room that fits, as whoever is signed in; its number. */
async function book(page: Page, when: Hour, people: number): Promise<string> {
  await open(page, searchPath(when, people));
  const card = page.locator(".room-card[data-kind=hit]").first();
  const number = (await card.getAttribute("data-room-number"))!;
  await card.getByRole("button", { name: "Book" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Book" }).click();
  await expect(dialog).toContainText(`Room ${number} is reserved for you`);
  return number;
}

/** My reservation of that room at that time, on the page of all of them. */
function row(page: Page, number: string, { start }: Hour): Locator {
  return page
    .locator(`.reservation[data-room-number="${number}"][data-over=false]`)
    .filter({ hasText: onTheDayOf(start) })
    .filter({ hasText: `, ${wallClock(start, OFFICE_ZONE).time.replace(/^0/, "")}` });
}

/** From there to the page of that one. */
async function toItsPage(page: Page, number: string, when: Hour): Promise<void> {
  await open(page, "/reservations");
  await row(page, number, when).getByRole("link", { name: "Change" }).click();
  await page.waitForURL(/\/reservation\//);
  await hydrated(page);
}

function hoursLater({ start, end }: Hour, hours: number): Hour {
  const later = (instant: string) => new Date(Date.parse(instant) + hours * 3_600_000).toISOString();
  return { start: later(start), end: later(end) };
}

// covers: OM-03
test("time, length and room are changed in the portal, and stand so in the calendars of the person and of both rooms", async ({ page, simulator }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.carla);
  const number = await book(page, when, 2);
  const first = await simulator.room(number);
  await simulator.eventInRoom(first.address, (one) => one.start === toSeconds(when.start));

  await toItsPage(page, number, when);
  // A quarter of an hour later, and half an hour longer: its own meeting is not in its way.
  const quarter = new Date(Date.parse(when.start) + 15 * 60_000).toISOString();
  const longer = new Date(Date.parse(when.end) + 45 * 60_000).toISOString();
  await page.getByLabel("From", { exact: true }).fill(wallClock(quarter, OFFICE_ZONE).time);
  await page.getByLabel("From", { exact: true }).press("Tab");
  await page.getByLabel("To", { exact: true }).fill(wallClock(longer, OFFICE_ZONE).time);
  await page.getByLabel("To", { exact: true }).press("Tab");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.locator(".message-bar[data-kind=success]")).toContainText(`Room ${number} is reserved for you`, { timeout: 20_000 });
  const moved = await simulator.eventInRoom(first.address, (one) => one.start === toSeconds(quarter));
  expect(moved).toMatchObject({ end: toSeconds(longer), response: "accepted" });

  const room = page.getByLabel("Room", { exact: true });
  await expect.poll(() => room.locator("option").count()).toBeGreaterThan(1);
  const other = (await room.locator("option").nth(1).textContent())!.split(",")[0]!;
  await room.selectOption({ index: 1 });
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.locator(".message-bar[data-kind=success]")).toContainText(`Room ${other} is reserved for you`, { timeout: 20_000 });
  const second = await simulator.room(other);
  const there = await simulator.eventInRoom(second.address, (one) => one.start === toSeconds(quarter));
  expect(there).toMatchObject({ iCalUId: moved.iCalUId, response: "accepted" });
  await expect.poll(async () => (await simulator.events(first.address)).filter((one) => one.iCalUId === moved.iCalUId && !one.isCancelled)).toEqual([]);
  const own = async () => (await simulator.events(PEOPLE.carla)).find((one) => one.iCalUId === moved.iCalUId)!;
  expect((await own()).attendees).toEqual([expect.objectContaining({ address: second.address, type: "resource", response: "accepted" })]);
  expect(await own()).toMatchObject({ start: toSeconds(quarter), end: toSeconds(longer) });
});

test("a room that declines the change says so, and the reservation is back where it was", async ({ page, simulator }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.ben);
  const number = await book(page, when, 2);
  const room = await simulator.room(number);
  await simulator.setProcessing(room.address, { maximumDurationInMinutes: 60 });
  await toItsPage(page, number, when);
  const longer = new Date(Date.parse(when.end) + 30 * 60_000).toISOString();
  await page.getByLabel("To", { exact: true }).fill(wallClock(longer, OFFICE_ZONE).time);
  await page.getByLabel("To", { exact: true }).press("Tab");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.locator("[data-story]")).toContainText("The room declined the change, so it stays as it was.", { timeout: 30_000 });
  await simulator.setProcessing(room.address, { maximumDurationInMinutes: 1_440 });
  await simulator.eventInRoom(room.address, (one) => one.start === toSeconds(when.start) && one.end === toSeconds(when.end));
  const own = (await simulator.events(PEOPLE.ben)).filter((one) => one.start === toSeconds(when.start) && !one.isCancelled);
  expect(own.map((one) => one.end)).toEqual([toSeconds(when.end)]);
});

test("a time at which the room is taken is refused with the reason, and nothing is changed", async ({ page, simulator }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.carla);
  const number = await book(page, when, 2);
  const room = await simulator.room(number);
  const taken = hoursLater(when, 1);
  await simulator.bookAndWait({ organizer: PEOPLE.ben, ...taken, rooms: [room.address] });
  await toItsPage(page, number, when);
  const from = wallClock(taken.start, OFFICE_ZONE).time;
  await page.getByLabel("From", { exact: true }).fill(from);
  await page.getByLabel("From", { exact: true }).press("Tab");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await expect(page.locator(".message-bar")).toContainText(`Busy ${from.replace(/^0/, "")}`);
  await simulator.eventInRoom(room.address, (one) => one.organizer === PEOPLE.carla && one.start === toSeconds(when.start));
});

// covers: FX-29
test("what was made in Outlook is not changed here: the page says so and leads to Outlook", async ({ page, browser, simulator }) => {
  const when = quietHour();
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { subject: "Made in Outlook", ...when, required: [PEOPLE.ben] }, settings: WITHOUT_SEND_EVENTS });
  const first = pane.locator(".pane-best .room-card").first();
  const number = (await first.getAttribute("data-room-number"))!;
  const room = await simulator.room(number);
  await first.getByRole("button", { name: `Add room ${number}` }).click();
  await expect(pane.locator(".room-card-answer")).toContainText("Added.");
  const id = await outlook.send();
  expect(await outlook.roomAnswer(id, room.address)).toBe("accepted");

  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const portal = await context.newPage();
  await signIn(portal, PEOPLE.ada, "/reservations");
  await expect(row(portal, number, when)).toContainText("Accepted", { timeout: 90_000 });
  await toItsPage(portal, number, when);
  await expect(portal.locator(".message-bar")).toContainText("You made this meeting in Outlook.");
  await expect(portal.getByRole("link", { name: "Open in Outlook" })).toHaveAttribute("href", /^https:\/\/outlook\.office\.com\/calendar\//);
  await expect(portal.getByLabel("From", { exact: true })).toHaveCount(0);

  // The room can be given back all the same, and the meeting stays with its people.
  await portal.getByRole("button", { name: "Give back only the room" }).click();
  await portal.getByRole("button", { name: "Yes, give it back" }).click();
  await expect(portal.locator("[data-story]")).toContainText("Cancelled");
  const inRoom = async () => (await simulator.events(room.address)).filter((one) => one.start === toSeconds(when.start) && !one.isCancelled);
  await expect.poll(inRoom, { timeout: 20_000 }).toEqual([]);
  const own = (await simulator.events(PEOPLE.ada)).find((one) => one.subject === "Made in Outlook" && one.start === toSeconds(when.start))!;
  expect(own.attendees.map((one) => one.address)).toEqual([PEOPLE.ben]);
  await context.close();
});

test("a reservation is changed without a mouse", async ({ page, simulator }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.carla);
  const number = await book(page, when, 2);
  const room = await simulator.room(number);
  await toItsPage(page, number, when);
  await page.getByLabel("To", { exact: true }).focus();
  const shorter = new Date(Date.parse(when.end) - 15 * 60_000).toISOString();
  const time = wallClock(shorter, OFFICE_ZONE).time;
  await page.getByLabel("To", { exact: true }).fill(time);
  await page.keyboard.press("Enter");
  await expect(page.locator(".message-bar[data-kind=success]")).toContainText(`Room ${number} is reserved for you`, { timeout: 20_000 });
  await simulator.eventInRoom(room.address, (one) => one.start === toSeconds(when.start) && one.end === toSeconds(shorter));
});
