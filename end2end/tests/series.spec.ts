// Series planned, seen and booked in the portal, with the calendars of the person and of all rooms looked at afterwards.

import type { Locator, Page } from "@playwright/test";

import { OFFICE_ZONE, PEOPLE, type Simulator, expect, hydrated, open, searchPath, signIn, test, toSeconds, wallClock, weeksLater } from "../support/test";
import type { EventCopy } from "../support/simulator";
import type { Hour } from "../support/time";

/** The largest room and the one after it; nothing else has so many seats. */
const HALL = "0.05";
const NEST = "2.10";
/** More people than the second largest room has seats for, and than the third largest has. */
const FOR_THE_HALL = 40;
const FOR_EITHER = 25;
const DAY_MS = 86_400_000;

let used = 0;

/** Evenings of its own for each call, on one weekday for many weeks: other specs meet in the daytime. */
function evening(): Hour {
  const slot = Number(process.env.TEST_WORKER_INDEX ?? 0) * 9 + used++;
  const start = new Date(Date.now() + 21 * DAY_MS);
  start.setUTCDate(start.getUTCDate() + ((8 - start.getUTCDay()) % 7) + (slot % 5));
  start.setUTCHours(15 + (Math.floor(slot / 5) % 5), 30, 0, 0);
  return { start: start.toISOString(), end: new Date(start.getTime() + 3_600_000).toISOString() };
}

/** The same hour on the walls of the office some weeks later. */
function inWeeks({ start, end }: Hour, weeks: number): Hour {
  return { start: weeksLater(start, weeks, OFFICE_ZONE), end: weeksLater(end, weeks, OFFICE_ZONE) };
}

function seriesPath(when: Hour, people: number, more = ""): string {
  return `${searchPath(when, people).replace("/?", "/series?")}${more}`;
}

/** The day as the strip and its list tell it, such as "Tue 15 Dec". */
function day({ start }: Hour): string {
  const at = new Date(`${wallClock(start, OFFICE_ZONE).date}T12:00:00Z`);
  const part = (options: Intl.DateTimeFormatOptions) => at.toLocaleString("en-GB", { ...options, timeZone: "UTC" }).slice(0, 3);
  return `${part({ weekday: "short" })} ${at.getUTCDate()} ${part({ month: "short" })}`;
}

/** A date of the strip, by the day on which the pattern has it. */
function date(page: Page, { start }: Hour): Locator {
  return page.locator(`.series-date[data-day="${wallClock(start, OFFICE_ZONE).date}"]`);
}

/** The plan is there, and the answer to what is asked. */
async function planned(page: Page, headline: string): Promise<void> {
  await expect(page.locator(".series-told h2")).toHaveText(headline);
  await expect(page.locator(".series-strip[aria-busy]")).toHaveCount(0);
}

/** Starts of somebody's meetings in a mailbox over sixteen weeks from then on: of that subject, or in a room at that time of the week. */
async function starts(simulator: Simulator, mailbox: string, from: Hour, subject: string, organizer: string): Promise<string[]> {
  const first = wallClock(from.start, OFFICE_ZONE).date;
  const later = new Date(Date.parse(`${first}T00:00:00Z`) + 56 * DAY_MS).toISOString().slice(0, 10);
  const all = [...(await simulator.calendar(mailbox, first, 56)), ...(await simulator.calendar(mailbox, later, 56))];
  const time = (instant: string) => wallClock(instant, OFFICE_ZONE).time + new Date(instant).getUTCDay();
  // A room's copies have the organizer's name for a subject.
  const isMeant = (one: EventCopy) => (mailbox === organizer ? one.subject === subject : time(one.start) === time(from.start));
  return all.filter((one) => !one.isCancelled && one.organizer === organizer && isMeant(one)).map((one) => one.start);
}

// covers part of: N-02 (in the portal; the pane asks for the first date alone)
test("twelve weeks with two conflicts are seen before anything is booked, and booked as seen", async ({ page, simulator }) => {
  // What is left out is looked for every half minute.
  test.setTimeout(150_000);
  const when = evening();
  const weeks = Array.from({ length: 12 }, (_, week) => inWeeks(when, week));
  const [hall, nest] = [await simulator.room(HALL), await simulator.room(NEST)];
  const conflicts = [weeks[3]!, weeks[7]!];
  const inTheWay: string[] = [];
  for (const taken of conflicts) inTheWay.push(await simulator.bookAndWait({ organizer: PEOPLE.ben, ...taken, rooms: [hall.address] }));

  await signIn(page, PEOPLE.elif, seriesPath(when, FOR_THE_HALL));
  await planned(page, "A room on 10 of 12 dates");
  await expect(page.locator(".series-date")).toHaveCount(12);
  for (const taken of conflicts) {
    await expect(date(page, taken)).toHaveAttribute("data-state", "no_room");
    await expect(page.locator(".series-lacking").filter({ hasText: day(taken) })).toContainText("No room that fits is free then.");
  }
  expect(await starts(simulator, PEOPLE.elif, when, "Choir", PEOPLE.elif)).toEqual([]);

  await date(page, conflicts[0]!).click();
  await page.getByRole("button", { name: "Leave this date out" }).click();
  await expect(date(page, conflicts[0]!)).toHaveAttribute("data-state", "left_out");
  await planned(page, "A room on 10 of 11 dates");
  await page.locator(".series-lacking").filter({ hasText: day(conflicts[1]!) }).getByRole("button").click();
  await page.getByText("Why not another room").click();
  await expect(page.locator(".series-reasons")).toContainText(`Room ${HALL}: Busy`);
  await page.getByRole("button", { name: `Take Room ${NEST} anyway` }).click();
  await planned(page, "A room on all 11 dates");
  await expect(date(page, conflicts[1]!)).toContainText(NEST);
  await expect(page.locator(".series-told")).toContainText("2 changes of room.");

  await page.getByLabel("Subject").fill("Choir");
  await page.getByRole("button", { name: "Book 11 dates" }).click();
  await expect(page.locator(".message-bar[data-kind=success]")).toContainText("All 11 dates are booked. 1 date is left out and watched", { timeout: 45_000 });
  const leftOut = page.locator(".series-booked").filter({ hasText: day(conflicts[0]!) });
  await expect(leftOut).toContainText("Left out. A room is offered here when there is one.");

  const kept = weeks.filter((one) => one !== conflicts[0]);
  const inHall = kept.filter((one) => one !== conflicts[1]);
  const told = (hours: Hour[]) => hours.map((one) => toSeconds(one.start));
  expect(await starts(simulator, PEOPLE.elif, when, "Choir", PEOPLE.elif)).toEqual(told(kept));
  expect(await starts(simulator, hall.address, when, "Choir", PEOPLE.elif)).toEqual(told(inHall));
  expect(await starts(simulator, nest.address, when, "Choir", PEOPLE.elif)).toEqual(told([conflicts[1]!]));

  // The date that was left out is offered a room as soon as one is free; the way there is in my reservations.
  await simulator.cancel(PEOPLE.ben, inTheWay[0]!);
  await expect(leftOut.getByRole("button", { name: `Take Room ${HALL}` })).toBeVisible({ timeout: 60_000 });
  await open(page, "/reservations");
  await page.getByRole("link", { name: "My series" }).click();
  const mine = page.locator(".series-one").filter({ hasText: "A room was found for 1 date that has none." });
  await mine.getByRole("link").click();
  await page.waitForURL(/booked=/);
  await hydrated(page);
  await page.getByLabel("Subject").fill("Choir");
  await page.getByLabel("Subject").press("Tab");
  await leftOut.getByRole("button", { name: `Take Room ${HALL}` }).click();
  await expect(leftOut).toContainText("Accepted", { timeout: 20_000 });
  expect(await starts(simulator, PEOPLE.elif, when, "Choir", PEOPLE.elif)).toEqual(told(weeks));
  expect(await starts(simulator, hall.address, when, "Choir", PEOPLE.elif)).toEqual(told(weeks.filter((one) => one !== conflicts[1])));

  // What was booked is still told after a reload.
  await page.reload();
  await hydrated(page);
  await expect(page.locator(".series-booked")).toHaveCount(12);
  await page.getByRole("link", { name: "My reservations" }).last().click();
  await expect(page.locator(`.reservation[data-room-number="${NEST}"]`).filter({ hasText: day(conflicts[1]!) })).toContainText("Accepted");
});

test("a room is chosen for one date, another is moved, and both are undone", async ({ page, simulator }) => {
  const when = evening();
  const [second, third] = [inWeeks(when, 1), inWeeks(when, 2)];
  await signIn(page, PEOPLE.elif, seriesPath(when, FOR_EITHER, "&dates=4"));
  await planned(page, "A room on all 4 dates");
  await expect(page.locator(".series-told")).toContainText(`Always Room ${NEST}.`);

  await date(page, second).click();
  await page.getByLabel("Room on this date").selectOption({ label: `${HALL}, 48 seats, floor 0` });
  await expect(date(page, second)).toContainText(HALL);
  // All of them in that room is no change of room.
  await expect(page.locator(".series-told")).toContainText(`Always Room ${HALL}.`);
  await expect(date(page, second)).toContainText("your choice");

  await date(page, third).click();
  await page.getByText("Move this date").click();
  const move = page.locator(".series-move");
  await move.getByLabel("Day", { exact: true }).fill(wallClock(inWeeks(when, 3).start, OFFICE_ZONE).date);
  await move.getByLabel("Day", { exact: true }).press("Tab");
  await expect(move).toContainText("a date stays between its neighbours");
  const next = new Date(Date.parse(third.start) + DAY_MS).toISOString();
  await move.getByLabel("Day", { exact: true }).fill(wallClock(next, OFFICE_ZONE).date);
  await move.getByLabel("Day", { exact: true }).press("Tab");
  await move.getByRole("button", { name: "Move it there" }).click();
  await expect(date(page, third)).toContainText(day({ start: next, end: next }));

  // The address holds all of it.
  await page.reload();
  await hydrated(page);
  await planned(page, "A room on all 4 dates");
  await expect(date(page, second)).toContainText(HALL);
  await expect(date(page, third)).toContainText(day({ start: next, end: next }));
  for (const changed of [second, third]) {
    await date(page, changed).click();
    await page.getByRole("button", { name: "Undo what you chose" }).click();
  }
  await expect(page.locator(".series-told")).toContainText(`Always Room ${NEST}.`);
  await expect(page).not.toHaveURL(/choices=/);
});

test("a series goes on at the same time on the wall when the clocks change", async ({ page, simulator }) => {
  const when = evening();
  // Half a year and more: the clocks change in it, whenever this runs.
  const weeks = Array.from({ length: 31 }, (_, week) => inWeeks(when, week));
  const hall = await simulator.room(HALL);
  const changed = weeks.findIndex((one) => new Date(one.start).getUTCHours() !== new Date(when.start).getUTCHours());
  expect(changed).toBeGreaterThan(0);
  // On the day on which the old hour would be on the wall of before.
  await simulator.setProcessing(hall.address, { bookingWindowInDays: 400 });
  const after = weeks[changed]!;
  await simulator.bookAndWait({ organizer: PEOPLE.ben, ...after, rooms: [hall.address] });
  await signIn(page, PEOPLE.elif, seriesPath(when, FOR_THE_HALL, "&dates=31"));
  await planned(page, "A room on 30 of 31 dates");
  await expect(date(page, after)).toHaveAttribute("data-state", "no_room");
  const time = wallClock(when.start, OFFICE_ZONE).time;
  await page.getByText("All dates as a list").click();
  const lines = await page.locator(".series-as-list li").allTextContents();
  expect(lines).toHaveLength(31);
  expect(lines.every((line) => line.includes(`, ${time}–`))).toBe(true);

  // Two dates on either side of the change are booked, to the minute.
  const before = weeks[changed - 1]!;
  const next = weeks[changed + 1]!;
  await open(page, seriesPath(before, FOR_THE_HALL, "&dates=3"));
  await planned(page, "A room on 2 of 3 dates");
  await expect(page.getByText("1 date without a free room is watched")).toBeVisible();
  await page.getByLabel("Subject").fill("Clocks");
  await page.getByRole("button", { name: "Book 2 dates" }).click();
  await expect(page.locator(".message-bar")).toContainText("All 2 dates are booked. 1 date is left out and watched", { timeout: 45_000 });
  const both = [before, next].map((one) => toSeconds(one.start));
  expect(await starts(simulator, PEOPLE.elif, before, "Clocks", PEOPLE.elif)).toEqual(both);
  expect(await starts(simulator, hall.address, before, "Clocks", PEOPLE.elif)).toEqual(both);
  await simulator.setProcessing(hall.address, { bookingWindowInDays: 180 });
});

test("what is taken while the page is open is named on its date, and nothing else is lost", async ({ page, simulator }) => {
  const when = evening();
  const [second, third] = [inWeeks(when, 1), inWeeks(when, 2)];
  const nest = await simulator.room(NEST);
  await page.clock.install();
  await signIn(page, PEOPLE.elif, seriesPath(when, FOR_EITHER, "&dates=4"));
  await planned(page, "A room on all 4 dates");
  await date(page, second).click();
  await page.getByRole("button", { name: "Leave this date out" }).click();
  await planned(page, "A room on all 3 dates");
  await page.getByLabel("Subject").fill("Kept while planning");
  await simulator.bookAndWait({ organizer: PEOPLE.ben, ...third, rooms: [nest.address] });

  // Whoever is as quick as that is told by the press.
  await page.getByRole("button", { name: "Book 3 dates" }).click();
  await expect(page.locator(".message-bar[data-kind=error]")).toContainText("Nothing was booked");
  await expect(page.locator(".message-bar[data-kind=warning]")).toContainText(`Room ${NEST} on ${day(third)}`);
  await expect(date(page, third)).toContainText(`was ${NEST}`);
  await expect(date(page, second)).toHaveAttribute("data-state", "left_out");
  await expect(page.getByLabel("Subject")).toHaveValue("Kept while planning");

  // Whoever waits is told after a minute.
  await simulator.bookAndWait({ organizer: PEOPLE.ben, ...when, rooms: [nest.address] });
  const asked = page.waitForRequest("**/api/series/plan");
  await page.clock.fastForward(65_000);
  await asked;
  await planned(page, "A room on all 3 dates");
  await expect(page.locator(".series-told")).toContainText(`Always Room ${HALL}.`);
});

test("a series is planned and booked by keyboard alone", async ({ page, simulator }) => {
  const when = evening();
  const hall = await simulator.room(HALL);
  await simulator.bookAndWait({ organizer: PEOPLE.ben, ...inWeeks(when, 1), rooms: [hall.address] });
  await signIn(page, PEOPLE.elif, seriesPath(when, FOR_THE_HALL, "&dates=5"));
  await planned(page, "A room on 4 of 5 dates");
  const focused = page.locator(".series-date:focus");
  await date(page, when).focus();
  await page.keyboard.press("End");
  await expect(focused).toHaveAttribute("data-day", wallClock(inWeeks(when, 4).start, OFFICE_ZONE).date);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await expect(focused).toHaveAttribute("data-day", wallClock(inWeeks(when, 1).start, OFFICE_ZONE).date);
  await page.keyboard.press("Enter");
  await expect(page.locator(".series-choice h3")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Leave this date out" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(date(page, inWeeks(when, 1))).toHaveAttribute("data-state", "left_out");
  await page.keyboard.press("Escape");
  await expect(focused).toHaveAttribute("data-day", wallClock(inWeeks(when, 1).start, OFFICE_ZONE).date);
  await planned(page, "A room on all 4 dates");
  await page.getByLabel("Subject").focus();
  await page.keyboard.type("By hand");
  await page.keyboard.press("Enter");
  await expect(page.locator(".message-bar[data-kind=success]")).toContainText("All 4 dates are booked.", { timeout: 45_000 });
  const booked = [0, 2, 3, 4].map((week) => toSeconds(inWeeks(when, week).start));
  expect(await starts(simulator, hall.address, when, "By hand", PEOPLE.elif)).toEqual(booked);
});

test("the search leads to a series with all that was asked for", async ({ page }) => {
  const when = evening();
  await signIn(page, PEOPLE.elif, `${searchPath(when, 7)}&equipment=video`);
  await page.getByRole("link", { name: "It repeats: plan a series" }).click();
  await page.waitForURL(/\/series\?/);
  await hydrated(page);
  await planned(page, "A room on all 12 dates");
  const { date: first, time } = wallClock(when.start, OFFICE_ZONE);
  await expect(page.getByLabel("First day")).toHaveValue(first);
  await expect(page.getByLabel("From", { exact: true })).toHaveValue(time);
  await expect(page.getByLabel("People in the room")).toHaveValue("7");
  await expect(page.getByRole("button", { name: "Video", exact: true })).toHaveAttribute("aria-pressed", "true");
  await page.getByLabel("Repeats").selectOption({ label: "Daily" });
  await page.getByLabel("Ends").selectOption({ label: "On a day" });
  await page.getByLabel("Last day").fill(wallClock(inWeeks(when, 1).start, OFFICE_ZONE).date);
  await page.getByLabel("Last day").press("Tab");
  await expect(page.locator(".series-date")).toHaveCount(8);
  await expect(page).toHaveURL(/repeats=daily.*until=/);
});

test("a time that is over is refused with what to do, and the page goes on", async ({ page }) => {
  const when = evening();
  const over = { start: "2020-01-07T15:30:00.000Z", end: "2020-01-07T16:30:00.000Z" };
  await signIn(page, PEOPLE.elif, seriesPath(over, 4));
  await expect(page.locator(".message-bar[data-kind=error]")).toContainText("Choose a later first day or time.");
  await page.getByLabel("First day").fill(wallClock(when.start, OFFICE_ZONE).date);
  await page.getByLabel("First day").press("Tab");
  await planned(page, "A room on all 12 dates");
  await expect(page.locator(".message-bar[data-kind=error]")).toHaveCount(0);
});
