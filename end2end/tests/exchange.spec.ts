// Exchange decides: what the pane and the portal do when the mirror and Exchange disagree, and when Exchange is slow,
// throttles, or does not answer at all.

import type { FrameLocator } from "@playwright/test";

import {
  CALL, type Hour, PEOPLE, PlanView, expect, open, openPane, pickRoom, quietHour, searchPath, showFloor, signIn, test, toSeconds,
} from "../support/test";
import type { Simulator } from "../support/simulator";

const SCHEDULE = { path: "/v1.0/*/getSchedule" };

/** From here on Etage hears of no change and can read no calendar; only Exchange's schedule still answers. */
async function blindTheMirror(simulator: Simulator): Promise<void> {
  await simulator.setNotifications("drop");
  // Without a wait named: one would hold up the schedules, too.
  const action = { kind: "status", status: 500, code: "InternalServerError" } as const;
  await simulator.addFault({ match: { path: "*calendarView*" }, action, count: null });
}

/** Books a room as somebody else and waits until it has accepted. */
function takeRoom(simulator: Simulator, room: string, when: Hour): Promise<string> {
  return simulator.bookAndWait({ organizer: PEOPLE.carla, ...when, rooms: [room] });
}

function bestCard(pane: FrameLocator) {
  return pane.locator(".pane-best .room-card").first();
}

// covers: FX-24
test("a room that Exchange knows as busy is not added, though the mirror has it free", async ({ page, simulator }) => {
  const when = quietHour();
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...when, required: [PEOPLE.ben] } });
  const number = (await bestCard(pane).getAttribute("data-room-number"))!;
  const room = await simulator.room(number);
  await expect(pane.locator(".freshness[data-kind=checked]")).toBeAttached();
  await blindTheMirror(simulator);
  await takeRoom(simulator, room.address, when);

  await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
  await expect(pane.locator(".message-bar")).toContainText(`Room ${number} is no longer free. Busy`);
  expect((await outlook.snapshot())!.rooms).toEqual([]);
  expect(await outlook.callCount(CALL.addEnhancedLocation)).toBe(0);
});

test("a room that Exchange knows as free can be had, though the mirror has it busy", async ({ page, simulator }) => {
  const when = quietHour();
  const room = await simulator.room("1.03");
  const id = await takeRoom(simulator, room.address, when);
  await signIn(page, PEOPLE.ben, searchPath(when, 2));
  await showFloor(page, "1");
  await new PlanView(page).expectState("1.03", "busy");
  await blindTheMirror(simulator);
  await simulator.cancel(PEOPLE.carla, id);

  await expect(async () => {
    // Exchange's word is kept for a few seconds; then it is asked again.
    await open(page, searchPath(when, 2));
    await pickRoom(page, "1.03");
    await new PlanView(page).expectState("1.03", "free", 2_000);
  }).toPass({ timeout: 25_000 });
  await page.locator(".plan-card").getByRole("button", { name: "Book room 1.03" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Book" }).click();
  await simulator.eventInRoom(room.address, (one) => one.organizer === PEOPLE.ben && one.start === toSeconds(when.start));
});

test("while Exchange is slow the pane shows the mirror with its age, and adds nothing unchecked", async ({ page, simulator }) => {
  const when = quietHour();
  await simulator.addFault({ match: SCHEDULE, action: { kind: "delay", delayMs: 20_000 }, count: null });
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: when });
  await expect(bestCard(pane)).toBeVisible();
  await expect(pane.locator(".freshness")).toHaveText(/^Exchange has not confirmed this\. Read from it .+\.$/);

  const number = (await bestCard(pane).getAttribute("data-room-number"))!;
  await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
  await expect(pane.locator(".message-bar")).toContainText("Exchange does not answer at the moment.", { timeout: 20_000 });
  await expect(pane.locator(".message-bar")).toContainText("Try again in a minute");
  expect((await outlook.snapshot())!.rooms).toEqual([]);
});

test("while Exchange throttles the pane shows the mirror with its age, and adds once it answers again", async ({ page, simulator }) => {
  const when = quietHour();
  const message = "Application is over its MailboxConcurrency limit.";
  const throttled = { kind: "status", status: 429, code: "ApplicationThrottled", message, retryAfterSeconds: 30 } as const;
  // Three rooms are tried, then the booking mailbox.
  await simulator.addFault({ match: SCHEDULE, action: throttled, count: 4 });
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: when });
  await expect(pane.locator(".freshness")).toHaveText(/^Exchange has not confirmed this\. Read from it .+\.$/);
  const number = (await bestCard(pane).getAttribute("data-room-number"))!;
  await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
  await expect(pane.locator(".message-bar")).toContainText(/takes no more requests from Etage for now\. Try again in \d+ seconds/, { timeout: 20_000 });

  await expect(async () => {
    await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
    await expect(bestCard(pane)).toContainText("Added.", { timeout: 8_000 });
  }).toPass({ timeout: 45_000 });
  expect((await outlook.snapshot())!.rooms).toHaveLength(1);
});

test("one room whose schedule fails keeps the mirror's age while the others are checked", async ({ page, simulator }) => {
  const when = quietHour();
  const broken = await simulator.room("2.03");
  await simulator.addFault({
    match: { mailbox: broken.address },
    action: { kind: "scheduleError", responseCode: "ErrorMailboxStoreUnavailable", message: "The store is not available." },
    count: null,
  });
  await signIn(page, PEOPLE.ben, searchPath(when, 9));
  await pickRoom(page, "2.01");
  await expect(page.locator(".plan-card")).toContainText("Checked with Exchange");
  await pickRoom(page, "2.03");
  await expect(page.locator(".plan-card")).toContainText("Exchange has not confirmed this. Read from it");
});

test("with Microsoft out of reach the pane says what to do, and the draft stays as it is", async ({ page, simulator }) => {
  const when = quietHour();
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { subject: "Plan the move", ...when, required: [PEOPLE.ben] } });
  const number = (await bestCard(pane).getAttribute("data-room-number"))!;
  await simulator.addFault({ action: { kind: "dropConnection" }, count: null });
  await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
  await expect(pane.locator(".message-bar")).toContainText("nothing was lost", { timeout: 20_000 });
  expect(await outlook.snapshot()).toMatchObject({ subject: "Plan the move", rooms: [], required: [{ address: PEOPLE.ben }] });

  await simulator.clearFaults();
  await expect(async () => {
    await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
    await expect(bestCard(pane)).toContainText("Added.", { timeout: 8_000 });
  }).toPass({ timeout: 45_000 });
});

test("a booking made while Microsoft is out of reach is kept, and sent when it is back", async ({ page, simulator }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.ben, searchPath(when, 6));
  const card = page.locator(".room-card[data-kind=hit]").first();
  const number = (await card.getAttribute("data-room-number"))!;
  await simulator.addFault({ action: { kind: "dropConnection" }, count: null });
  await card.getByRole("button", { name: "Book" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Book" }).click();
  await expect(page.getByRole("dialog")).toContainText("is kept for you", { timeout: 20_000 });
  await open(page, "/reservations");
  await expect(page.locator(`.reservation[data-room-number="${number}"]`).first()).toContainText("Being sent to Exchange");

  await simulator.clearFaults();
  // The page hears of it by itself.
  await expect(page.locator(`.reservation[data-room-number="${number}"]`).first()).toContainText("Accepted", { timeout: 45_000 });
  const room = await simulator.room(number);
  const events = (await simulator.events(room.address)).filter((one) => one.organizer === PEOPLE.ben && one.start === toSeconds(when.start));
  expect(events).toHaveLength(1);
});
