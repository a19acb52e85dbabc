// What Outlook does with an appointment that is sent or moved: Etage is asked about the room, whether or not its pane is open.

import { type Page } from "@playwright/test";

import {
  CALL, OFFICE_ZONE, PEOPLE, expect, hydrated, onTheDayOf, openPane, quietHour, signIn, test, toSeconds, wallClock,
} from "../support/test";
import type { Hour } from "../support/time";
import type { Outlook } from "../support/outlook";
import type { Room, Simulator } from "../support/simulator";

const CHECK = "**/outlook/draft_check";
const NOT_CHECKED = "Etage could not check in time whether the room is still free. You can send all the same";
/** Shorter than Outlook waits before it tells that an add-in is slow. */
const IN_TIME = { timeout: 5_000 };

/** A draft into which the pane has put a room; the pane is closed again. */
async function draftWithRoom(
  page: Page,
  simulator: Simulator,
  when: Hour,
  settings?: { requirementSets: Record<string, string> },
): Promise<{ outlook: Outlook; number: string; room: Room }> {
  const appointment = { subject: "Plan the move", ...when, required: [PEOPLE.ben] };
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment, settings });
  const number = (await pane.locator(".pane-best .room-card").first().getAttribute("data-room-number"))!;
  await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
  await expect(pane.locator(".room-card-answer")).toContainText("Added.");
  await outlook.closePane();
  return { outlook, number, room: await simulator.room(number) };
}

// What Outlook is told depends on whether Exchange answers.
test.beforeEach(({ simulator }) => simulator.fairWeather());

function pressSend(page: Page): Promise<void> {
  return page.getByRole("button", { name: "Send", exact: true }).click();
}

/** The person's own event is in the room's calendar, accepted. */
async function isSent(simulator: Simulator, room: Room, when: Hour): Promise<void> {
  await simulator.eventInRoom(room.address, (one) =>
    one.organizer === PEOPLE.ada && one.start === toSeconds(when.start) && one.response === "accepted");
}

function timeIn(instant: string): string {
  return wallClock(instant, OFFICE_ZONE).time.replace(/^0/, "");
}

// covers part of: N-01 (nothing is sent for a room that is taken)
test("a room that is taken by the time of Send stops it with the reason and the way out, and another room is sent", async ({ page, simulator }) => {
  const when = quietHour();
  const { outlook, number, room } = await draftWithRoom(page, simulator, when);
  await simulator.bookAndWait({ organizer: PEOPLE.carla, ...when, rooms: [room.address] });

  await pressSend(page);
  await expect(outlook.alert).toContainText(
    `Room ${number} is no longer free. Busy ${timeIn(when.start)}–${timeIn(when.end)}. Free then: Room `, IN_TIME);
  await expect(outlook.alert).toContainText("Open Etage to take another, or remove the room from the meeting.");
  await expect(outlook.alert).not.toContainText("Carla");
  await expect(outlook.alert.getByRole("button")).toHaveText(["Open Etage"]);
  expect((await simulator.events(PEOPLE.ada)).filter((one) => one.start === toSeconds(when.start))).toEqual([]);

  await outlook.alert.getByRole("button", { name: "Open Etage" }).click();
  await hydrated(outlook.pane);
  const swap = outlook.pane.getByRole("button", { name: /^Swap: add room/ }).first();
  const second = (await swap.getAttribute("aria-label"))!.match(/add room (\S+),/)![1]!;
  await outlook.pane.getByRole("button", { name: `Swap: add room ${second},` }).first().click();
  const other = await simulator.room(second);
  await expect.poll(async () => (await outlook.snapshot())!.rooms.map((one) => one.address)).toEqual([other.address]);
  await pressSend(page);
  await expect(page.locator("#form")).toBeHidden();
  await isSent(simulator, other, when);
});

test("a free room is sent without a word, though the pane is closed", async ({ page, simulator }) => {
  const when = quietHour();
  const { room } = await draftWithRoom(page, simulator, when);
  const asked = page.waitForResponse(CHECK);
  await pressSend(page);
  expect(await (await asked).json()).toEqual({ verdict: "free", text: "" });
  await expect(page.locator("#form")).toBeHidden();
  await isSent(simulator, room, when);
});

test("where Etage cannot be reached the person is told so, and sends", async ({ page, simulator }) => {
  const when = quietHour();
  const { outlook, room } = await draftWithRoom(page, simulator, when);
  await page.route(CHECK, (route) => route.abort());
  await pressSend(page);
  await expect(outlook.alert).toContainText(NOT_CHECKED);
  await outlook.alert.getByRole("button", { name: "Send Anyway" }).click();
  await expect(page.locator("#form")).toBeHidden();
  await isSent(simulator, room, when);
});

test("where Exchange is slow the person is told so before Outlook calls the add-in slow, and may stay", async ({ page, simulator }) => {
  const { outlook } = await draftWithRoom(page, simulator, quietHour());
  await simulator.addFault({ match: { path: "/v1.0/users/*/calendar/getSchedule" }, action: { kind: "delay", delayMs: 20_000 }, count: null });
  await pressSend(page);
  await expect(outlook.alert).toContainText(NOT_CHECKED, IN_TIME);
  await outlook.alert.getByRole("button", { name: "Don't Send" }).click();
  await expect(outlook.alert).toHaveCount(0);
  expect((await outlook.snapshot())!.rooms).toHaveLength(1);
});

test("where Etage does not answer at all the handler gives up by itself", async ({ page, simulator }) => {
  const { outlook } = await draftWithRoom(page, simulator, quietHour());
  await page.route(CHECK, () => {});
  await pressSend(page);
  await expect(outlook.alert).toContainText(NOT_CHECKED);
  await expect(outlook.alert.getByRole("button")).toHaveText(["Send Anyway", "Don't Send"]);
});

test("an older Outlook that cannot ask whether to send anyway says that nothing was checked, and sends", async ({ page, simulator }) => {
  const when = quietHour();
  const settings = { requirementSets: { Mailbox: "1.12", IdentityAPI: "1.3", NestedAppAuth: "1.1" } };
  const { outlook, room } = await draftWithRoom(page, simulator, when, settings);
  await page.route(CHECK, (route) => route.abort());
  await pressSend(page);
  await expect(page.locator("#form")).toBeHidden();
  await isSent(simulator, room, when);
  const notices = (await outlook.launchCalls()).filter((call) => call.id === CALL.replaceNotification);
  expect(notices.map((call) => call.params.message)).toEqual([expect.stringContaining(NOT_CHECKED)]);
});

test("where the handler cannot be loaded Outlook itself asks, and the person sends", async ({ page, simulator }) => {
  const when = quietHour();
  const { outlook, room } = await draftWithRoom(page, simulator, when);
  await page.route("**/outlook_events", (route) => route.abort());
  await pressSend(page);
  await expect(outlook.alert).toContainText("Etage is unavailable");
  await outlook.alert.getByRole("button", { name: "Send Anyway" }).click();
  await expect(page.locator("#form")).toBeHidden();
  await isSent(simulator, room, when);
});

test("a draft that Etage has no part in is sent without asking it anything", async ({ page, simulator }) => {
  const when = quietHour();
  const { outlook } = await openPane(page, { as: PEOPLE.ada, appointment: { subject: "By hand", ...when, required: [PEOPLE.ben] } });
  await outlook.closePane();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await pressSend(page);
  await expect(page.locator("#form")).toBeHidden();
  expect(asked.filter((url) => url.includes("/outlook_events.js"))).not.toEqual([]);
  expect(asked.filter((url) => url.includes("/outlook/"))).toEqual([]);
  const events = await simulator.events(PEOPLE.ada);
  expect(events.filter((one) => one.start === toSeconds(when.start))).toHaveLength(1);
});

test("a draft that is moved while the pane is closed takes its hold along, and says where the room is taken", async ({ page, browser, simulator }) => {
  const [when, later, taken] = [quietHour(), quietHour(), quietHour()];
  const { outlook, number, room } = await draftWithRoom(page, simulator, when);
  await simulator.bookAndWait({ organizer: PEOPLE.carla, ...taken, rooms: [room.address] });
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const portal = await context.newPage();
  await signIn(portal, PEOPLE.ada, "/reservations");
  const held = portal.locator(`.reservation[data-room-number="${number}"][data-reservation-state=held]`);
  const heldAt = (hour: Hour) => held.filter({ hasText: onTheDayOf(hour.start) }).filter({ hasText: `, ${timeIn(hour.start)}–${timeIn(hour.end)}` });

  await outlook.setTime(later.start, later.end);
  await expect(heldAt(later)).toHaveCount(1, { timeout: 20_000 });
  await expect(page.locator(".messages .message")).toHaveCount(0);

  await outlook.setTime(taken.start, taken.end);
  const told = page.locator(".messages .message");
  await expect(told).toContainText(`At the new time Room ${number} is not free. Busy ${timeIn(taken.start)}–${timeIn(taken.end)}.`);
  await outlook.setTime(later.start, later.end);
  await expect(told).toHaveCount(0);
  await expect(heldAt(later)).toHaveCount(1, { timeout: 20_000 });
  await context.close();
});

test("a pane that is opened again takes over the hold of its draft", async ({ page, browser, simulator }) => {
  const [when, later] = [quietHour(), quietHour()];
  const { outlook, number } = await draftWithRoom(page, simulator, when);
  const pane = await outlook.openPane();
  await hydrated(pane);
  await expect(pane.locator(".room-card-answer")).toContainText("Added.");
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const portal = await context.newPage();
  await signIn(portal, PEOPLE.ada, "/reservations");
  const held = portal.locator(`.reservation[data-room-number="${number}"][data-reservation-state=held]`);
  const heldAt = (hour: Hour) => held.filter({ hasText: onTheDayOf(hour.start) }).filter({ hasText: `, ${timeIn(hour.start)}–${timeIn(hour.end)}` });
  await expect(heldAt(when)).toHaveCount(1, { timeout: 20_000 });
  await outlook.setTime(later.start, later.end);
  await expect(heldAt(later)).toHaveCount(1, { timeout: 20_000 });
  // The old time is free again: the new pane moved the hold instead of making one beside it.
  await expect(heldAt(when)).toHaveCount(0);
  await expect(pane.locator(".message-bar")).toHaveCount(0);
  await context.close();
});

for (const [look, colorScheme, width] of [["light", "light", 1200], ["dark", "dark", 1200], ["narrow", "light", 320]] as const) {
  test(`the alert can be read whole, ${look}`, async ({ page, simulator }, { project }) => {
    const when = quietHour();
    const { outlook, room } = await draftWithRoom(page, simulator, when);
    await simulator.bookAndWait({ organizer: PEOPLE.carla, ...when, rooms: [room.address] });
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 700 });
    await pressSend(page);
    await expect(outlook.alert).toBeVisible();
    const box = (await outlook.alert.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    expect((await outlook.alert.locator("p").textContent())!.length).toBeLessThanOrEqual(250);
    await page.screenshot({ path: `${project.outputDir}/../looks/send-alert-${look}.png` });
  });
}
