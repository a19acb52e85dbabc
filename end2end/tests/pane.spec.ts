// The add-in inside Outlook, as the person with a meeting in four minutes meets it.

import {
  CALL, OFFICE_ZONE, PEOPLE, PlanView, WITHOUT_SEND_EVENTS, expect, onTheDayOf, openPane, quietHour, signIn, test, toSeconds, wallClock,
} from "../support/test";

// covers: FX-08
test("a room found in the pane is added to the draft, accepts after Send, and says so when reopened", async ({ page, simulator }) => {
  const when = quietHour();
  const { outlook, pane } = await openPane(page, {
    as: PEOPLE.ada,
    appointment: { subject: "Plan the move", ...when, required: [PEOPLE.ben, PEOPLE.carla] },
  });
  const best = pane.locator(".pane-best .room-card").first();
  const number = (await best.getAttribute("data-room-number"))!;
  await new PlanView(pane).expectState(number, "free");

  await best.getByRole("button", { name: "Add" }).click();
  await expect(best).toContainText("Added. The room answers when you send.");
  const room = await simulator.room(number);
  await expect(page.locator(".chip", { hasText: room.displayName })).toBeVisible();

  const id = await outlook.send();
  expect(await outlook.roomAnswer(id, room.address)).toBe("accepted");
  // One event, the same as Outlook alone would make: the person organizes, the room is a resource.
  const event = await simulator.eventInRoom(room.address, (one) => one.organizer === PEOPLE.ada && one.start === toSeconds(when.start));
  expect(event.attendees).toContainEqual(expect.objectContaining({ address: room.address, type: "resource" }));

  await outlook.reopen(id);
  const reopened = await outlook.openPane();
  await expect(reopened.getByText("Accepted")).toBeVisible();
});

test("a room that somebody takes in Outlook meanwhile is not added", async ({ page, simulator }) => {
  const when = quietHour();
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...when, required: [PEOPLE.ben] } });
  const best = pane.locator(".pane-best .room-card").first();
  const number = (await best.getAttribute("data-room-number"))!;
  const room = await simulator.room(number);
  await simulator.book({ organizer: PEOPLE.carla, ...when, rooms: [room.address] });
  await simulator.eventInRoom(room.address, (one) => one.organizer === PEOPLE.carla && one.start === toSeconds(when.start));

  await pane.locator(`.pane-best .room-card[data-room-number="${number}"]`).getByRole("button", { name: "Add" }).click({ timeout: 3000 }).catch(() => {
    // The pane may have heard of it first, and the card is gone already: that is as good.
  });
  await new PlanView(pane).expectState(number, "busy");
  expect((await outlook.snapshot())!.rooms).toEqual([]);
});

// covers: FX-24
test("picking a room asks Exchange once more before it goes into the draft", async ({ page, simulator }) => {
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...quietHour(), required: [PEOPLE.ben] } });
  await expect(pane.locator(".freshness[data-kind=checked]")).toBeAttached();
  const number = (await pane.locator(".pane-best .room-card").nth(1).getAttribute("data-room-number"))!;
  const room = await simulator.room(number);
  await simulator.forgetRequests();
  const readBefore = await outlook.callCount(CALL.getEnhancedLocation);

  await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
  const card = pane.locator(`.pane-best .room-card[data-room-number="${number}"]`);
  await expect(card).toContainText("Added. The room answers when you send.");
  const asked = (await simulator.requests()).filter((request) => /getSchedule$/i.test(request.path));
  expect(asked.length).toBeGreaterThanOrEqual(1);
  expect(await outlook.callCount(CALL.addEnhancedLocation)).toBe(1);
  // What Outlook made of it is read back, not taken for granted.
  expect(await outlook.callCount(CALL.getEnhancedLocation)).toBeGreaterThan(readBefore);
  expect((await outlook.snapshot())!.rooms).toMatchObject([{ address: room.address }]);

  await card.getByRole("button", { name: "Remove" }).click();
  await expect.poll(async () => (await outlook.snapshot())!.rooms).toEqual([]);
  await new PlanView(pane).expectState(number, "free");
});

test("choosing another room takes the first one out of the draft", async ({ page }) => {
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...quietHour(), required: [PEOPLE.ben] } });
  const added = (number: string) => pane.locator(`.room-card[data-room-number="${number}"] .room-card-answer`).first();
  const first = (await pane.locator(".pane-best .room-card").first().getAttribute("data-room-number"))!;
  await pane.getByRole("button", { name: `Add room ${first}` }).first().click();
  await expect(added(first)).toContainText("Added.");
  let second = "";
  await expect(async () => {
    const swap = pane.getByRole("button", { name: /^Swap: add room/ }).first();
    second = (await swap.getAttribute("aria-label"))!.match(/add room (\S+),/)![1]!;
    // By its own name: the others are ranked anew around the room in the draft, and it may be gone by now.
    await pane.getByRole("button", { name: `Swap: add room ${second},` }).first().click({ timeout: 1_000 });
  }).toPass();
  await expect(added(second)).toContainText("Added.");
  await expect.poll(async () => (await outlook.snapshot())!.rooms.map((room) => room.name.split(" ").includes(second))).toEqual([true]);
});

test("a draft that moves by a quarter of an hour or gets shorter keeps its room, and the hold goes with it", async ({ page, browser }) => {
  const when = quietHour();
  // Nobody else is given the hour after it.
  quietHour();
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...when, required: [PEOPLE.ben] } });
  const number = (await pane.locator(".pane-best .room-card").first().getAttribute("data-room-number"))!;
  await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
  await expect(pane.locator(".room-card-answer")).toContainText("Added.");
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const portal = await context.newPage();
  await signIn(portal, PEOPLE.ada, "/reservations");
  const held = portal
    .locator(`.reservation[data-room-number="${number}"][data-reservation-state=held]`)
    .filter({ hasText: onTheDayOf(when.start) });

  const later = (instant: string) => new Date(Date.parse(instant) + 15 * 60_000).toISOString();
  const time = (instant: string) => wallClock(instant, OFFICE_ZONE).time.replace(/^0/, "");
  const moved = { start: later(when.start), end: later(when.end) };
  for (const { start, end } of [moved, { ...moved, end: when.end }]) {
    await outlook.setTime(start, end);
    await expect(pane.locator(".pane-asked-when")).toContainText(`${time(start)}–${time(end)}`);
    await expect(held.filter({ hasText: `, ${time(start)}–${time(end)}` })).toHaveCount(1, { timeout: 20_000 });
    await expect(pane.locator(".message-bar")).toHaveCount(0);
  }
  await expect(held).toHaveCount(1);
  await expect(held.getByRole("button")).toHaveCount(0);
  await expect(pane.locator(".room-card-answer")).toContainText("Added.");
  await context.close();
});

test("the pane follows the appointment: a later time in the form changes its line and the rooms on the plan", async ({ page, simulator }) => {
  const [when, later] = [quietHour(), quietHour()];
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...when, required: [PEOPLE.ben] } });
  const plan = new PlanView(pane);
  const best = (await pane.locator(".pane-best .room-card").first().getAttribute("data-room-number"))!;
  const other = (await plan.numbers("free")).find((number) => number !== best)!;
  const room = await simulator.room(other);
  await simulator.bookAndWait({ organizer: PEOPLE.carla, ...later, rooms: [room.address] });
  await plan.expectState(other, "free");

  const zone = (await page.locator(".when small").textContent())!;
  const at = wallClock(later.start, zone);
  await page.getByLabel("Date").fill(at.date);
  await page.getByLabel("Start").fill(at.time);
  await page.getByLabel("Start").press("Tab");
  expect((await outlook.snapshot())!.start).toBe(Date.parse(later.start));
  await expect(pane.locator(".pane-asked-when")).toContainText(at.time.replace(/^0/, ""));
  await plan.expectState(other, "busy");

  await outlook.setPeople("required", [PEOPLE.ben, PEOPLE.carla, PEOPLE.dmitri]);
  await expect(pane.locator(".pane-asked-who")).toHaveText("4 people");
});

// covers: FX-24
test("a room that declines after Send is told plainly in the pane and in my reservations", async ({ page, browser, simulator }) => {
  const when = quietHour();
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { subject: "Too late", ...when, required: [PEOPLE.ben] }, settings: WITHOUT_SEND_EVENTS });
  const number = (await pane.locator(".pane-best .room-card").first().getAttribute("data-room-number"))!;
  const room = await simulator.room(number);
  await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
  await expect(pane.locator(".room-card-answer")).toContainText("Added.");
  // Somebody else sends first.
  await simulator.bookAndWait({ organizer: PEOPLE.carla, ...when, rooms: [room.address] });
  const id = await outlook.send();
  expect(await outlook.roomAnswer(id, room.address)).toBe("declined");

  await outlook.reopen(id);
  const reopened = await outlook.openPane();
  await expect(reopened.locator(".message-bar")).toContainText(`Declined by Room ${number}: it is taken then. Take `);

  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const portal = await context.newPage();
  await signIn(portal, PEOPLE.ada, "/reservations");
  const reservation = portal
    .locator(`.reservation[data-room-number="${number}"][data-reservation-state=declined]`)
    .filter({ hasText: onTheDayOf(when.start) })
    .filter({ hasText: `, ${wallClock(when.start, OFFICE_ZONE).time.replace(/^0/, "")}` });
  await expect(reservation).toContainText(`Declined by Room ${number}`, { timeout: 20_000 });
  await context.close();
});

test("without nested app authentication the pane still signs in through Office", async ({ page }) => {
  const { pane } = await openPane(page, {
    as: PEOPLE.ada,
    appointment: quietHour(),
    settings: { nestedAppAuth: "missing", requirementSets: { Mailbox: "1.11", IdentityAPI: "1.3" } },
  });
  await expect(pane.locator(".pane-best .room-card").first()).toBeVisible();
});
