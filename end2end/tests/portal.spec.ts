// The portal in a browser: sign in, find on the plan, book, cancel.

import {
  OFFICE_ZONE, PEOPLE, PlanView, expect, open, pickRoom, quietHour, searchPath, showFloor, signIn, test, toSeconds, wallClock,
} from "../support/test";

// covers: FX-22, FX-25, FX-30
test("a room booked in the portal is in the person's own calendar, and a cancelled one leaves it", async ({ page, simulator }) => {
  await signIn(page, PEOPLE.carla);
  const { start, end } = quietHour();
  const { date, time } = wallClock(start, OFFICE_ZONE);
  await page.getByLabel("Day", { exact: true }).fill(date);
  await page.getByLabel("From", { exact: true }).fill(time);
  await page.getByLabel("To", { exact: true }).fill(wallClock(end, OFFICE_ZONE).time);
  await page.getByLabel("To", { exact: true }).press("Tab");
  const card = page.locator(".room-card[data-kind=hit]").first();
  const number = (await card.getAttribute("data-room-number"))!;
  await card.getByRole("button", { name: "Book" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Subject").fill("Quarter review");
  await dialog.getByRole("button", { name: "Book" }).click();
  const room = await simulator.room(number);
  const event = await simulator.eventInRoom(room.address, (one) => one.organizer === PEOPLE.carla && one.start === toSeconds(start));
  const own = (await simulator.events(PEOPLE.carla)).find((one) => one.iCalUId === event.iCalUId)!;
  expect(own).toMatchObject({ subject: "Quarter review", isOrganizer: true });

  await open(page, "/reservations");
  const reservation = page.locator(`.reservation[data-room-number="${number}"]`).first();
  await expect(reservation).toContainText(number);
  await reservation.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Yes, cancel it" }).click();
  await expect(async () => {
    const left = (await simulator.events(room.address)).filter((one) => one.iCalUId === event.iCalUId && !one.isCancelled);
    expect(left).toEqual([]);
  }).toPass({ timeout: 15_000 });
});

// covers: FX-04, FX-25, WX-02, WX-05, OM-02, P-17
test("a booking of the portal stands in the person's and the room's calendar, and cancelling it frees both", async ({ page, simulator }) => {
  const when = quietHour();
  const start = toSeconds(when.start);
  await signIn(page, PEOPLE.carla, searchPath(when, 4));
  await pickRoom(page, "1.12");
  await page.locator(".plan-card").getByRole("button", { name: "Book room 1.12" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Subject").fill("Quarter review");
  await dialog.getByRole("button", { name: "Book" }).click();
  await expect(dialog).toContainText("Room 1.12 is reserved for you");
  await dialog.getByRole("button", { name: "Close" }).click();
  await new PlanView(page).expectState("1.12", "yours");

  const room = await simulator.room("1.12");
  const inRoom = await simulator.eventInRoom(room.address, (one) => one.start === start);
  expect(inRoom).toMatchObject({ organizer: PEOPLE.carla, response: "accepted", end: toSeconds(when.end) });
  const own = (await simulator.events(PEOPLE.carla)).find((one) => one.iCalUId === inRoom.iCalUId);
  expect(own).toMatchObject({ subject: "Quarter review", isOrganizer: true, start });
  expect(own!.attendees).toEqual([expect.objectContaining({ address: room.address, type: "resource", response: "accepted" })]);

  await page.getByRole("link", { name: "My reservations" }).click();
  const reservation = page.locator('.reservation[data-room-number="1.12"]').first();
  await reservation.getByRole("button", { name: "Cancel" }).click();
  await reservation.getByRole("button", { name: "Yes, cancel it" }).click();
  await expect(reservation).toContainText("Cancelled");
  for (const mailbox of [room.address, PEOPLE.carla]) {
    await expect.poll(async () => (await simulator.events(mailbox)).filter((one) => one.iCalUId === inRoom.iCalUId && !one.isCancelled)).toEqual([]);
  }
  await open(page, searchPath(when, 4));
  await pickRoom(page, "1.12");
  await new PlanView(page).expectState("1.12", "free");
});

test("the question whether to cancel stays while the meeting is moved in Outlook", async ({ page, simulator }) => {
  const when = quietHour();
  const number = "1.12";
  await signIn(page, PEOPLE.carla, searchPath(when, 4));
  await pickRoom(page, number);
  await page.locator(".plan-card").getByRole("button", { name: `Book room ${number}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Subject").fill("Moved while being cancelled");
  await dialog.getByRole("button", { name: "Book" }).click();
  await expect(dialog).toContainText(`Room ${number} is reserved for you`);
  await open(page, "/reservations");
  const own = (await simulator.events(PEOPLE.carla)).find((one) => one.start === toSeconds(when.start) && !one.isCancelled)!;
  const row = page.locator(`.reservation[data-room-number="${number}"][data-over=false]`);
  await row.first().getByRole("button", { name: "Cancel" }).click();
  const sure = page.getByRole("button", { name: "Yes, cancel it" });
  await expect(sure).toBeVisible();

  const end = new Date(Date.parse(when.end) - 15 * 60_000).toISOString();
  await simulator.move(PEOPLE.carla, own.id, { start: when.start, end });
  await expect(row.filter({ hasText: `–${wallClock(end, OFFICE_ZONE).time.replace(/^0/, "")}` })).toHaveCount(1, { timeout: 20_000 });
  await sure.click();
  await expect(row).toHaveCount(0);
});

// covers: P-17
test("a room is booked on the plan with a finger", async ({ browser, simulator }) => {
  const when = quietHour();
  const context = await browser.newContext({ ignoreHTTPSErrors: true, hasTouch: true, viewport: { width: 820, height: 1180 } });
  const page = await context.newPage();
  await signIn(page, PEOPLE.ben, searchPath(when, 2));
  await showFloor(page, "3");
  await new PlanView(page).room("3.06").tap();
  await page.locator(".plan-card").getByRole("button", { name: "Book room 3.06" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "Book" }).tap();
  await expect(page.getByRole("dialog")).toContainText("Room 3.06 is reserved for you");
  const room = await simulator.room("3.06");
  await simulator.eventInRoom(room.address, (one) => one.organizer === PEOPLE.ben && one.start === toSeconds(when.start));
  await context.close();
});

test("the address holds the whole search, so that a link shows somebody else the same", async ({ page }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.ben, searchPath(when, 5));
  await page.locator(".tag-list").getByRole("button", { name: /^Video/ }).click();
  await pickRoom(page, "2.01");
  await expect(page).toHaveURL(/equipment=video.*room=/);
  const link = page.url();
  await signIn(page, PEOPLE.carla, new URL(link).pathname + new URL(link).search);
  await expect(page.getByLabel("People in the room")).toHaveValue("5");
  await expect(new PlanView(page).room("2.01")).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".tag-list").getByRole("button", { name: /^Video/ })).toHaveAttribute("aria-pressed", "true");
});

test("nobody sees rooms without signing in", async ({ page }) => {
  await open(page, "/");
  await expect(page.getByText("Sign in to see which rooms are free.")).toBeVisible();
});

test("a room that answers late is told in the dialog when it does", async ({ page, simulator }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.carla, searchPath(when, 4));
  await pickRoom(page, "1.12");
  await page.locator(".plan-card").getByRole("button", { name: "Book room 1.12" }).click();
  const dialog = page.getByRole("dialog");
  await simulator.setAnswerDelay(7_000);
  try {
    await dialog.getByRole("button", { name: "Book" }).click();
    await expect(dialog).toContainText("Waiting for Room 1.12 to answer");
    await expect(dialog).toContainText("Room 1.12 is reserved for you", { timeout: 20_000 });
  } finally {
    await simulator.setAnswerDelay(0);
  }
});

test("while the answer to a changed question is out, nothing can be booked by the old one", async ({ page }) => {
  const [when, later] = [quietHour(), quietHour()];
  await signIn(page, PEOPLE.carla, searchPath(when, 4));
  const book = page.locator(".room-card[data-kind=hit]").first().getByRole("button", { name: "Book" });
  await expect(book).not.toHaveAttribute("aria-disabled", "true");
  await page.route("**/api/rooms/find", (route) => route.abort());
  await page.getByLabel("Day", { exact: true }).fill(later.start.slice(0, 10));
  await page.getByLabel("From", { exact: true }).fill("07:15");
  await page.getByLabel("From", { exact: true }).press("Tab");
  await expect(book).toHaveAttribute("aria-disabled", "true");
  await book.click({ force: true });
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.unroute("**/api/rooms/find");
});

// Over plain http browsers have no `randomUUID`, and old web views never had it.
for (const lacks of ["randomUUID", "getRandomValues"] as const) {
  const outcome = lacks === "randomUUID" ? "books all the same" : "says so instead of doing nothing";
  test(`a browser without ${lacks} ${outcome}`, async ({ page }) => {
    await page.addInitScript((name) => Object.defineProperty(Crypto.prototype, name, { value: undefined }), lacks);
    await signIn(page, PEOPLE.carla, searchPath(quietHour(), 4));
    await page.locator(".room-card[data-kind=hit]").first().getByRole("button", { name: "Book" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Book" }).click();
    await expect(dialog).toContainText(lacks === "randomUUID" ? "is reserved for you" : "This browser is too old to book with.");
  });
}
