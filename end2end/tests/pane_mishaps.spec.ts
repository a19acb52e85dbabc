// The pane when something comes in between: a draft that changes at the wrong moment, an Outlook or a server that refuses.

import { CALL, PEOPLE, expect, openPane, quietHour, test } from "../support/test";

const NO_TIME = "Give the appointment a start and an end.";

test("a draft that moves while its room is being added is told that the room is not free then", async ({ page, simulator }) => {
  const [when, later] = [quietHour(), quietHour()];
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...when, required: [PEOPLE.ben] } });
  const number = (await pane.locator(".pane-best .room-card").first().getAttribute("data-room-number"))!;
  const room = await simulator.room(number);
  await simulator.bookAndWait({ organizer: PEOPLE.carla, ...later, rooms: [room.address] });
  await outlook.inject(CALL.addEnhancedLocation, { delayMs: 2_000 });
  await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
  await expect.poll(() => outlook.callCount(CALL.addEnhancedLocation)).toBe(1);
  await outlook.setTime(later.start, later.end);
  await expect(pane.locator(".message-bar")).toContainText(`At the new time Room ${number} is not free. Busy `);
});

test("a room's acceptance is for the time it was given for, and comes back with it", async ({ page, simulator }) => {
  const [when, later] = [quietHour(), quietHour()];
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { subject: "Moves", ...when, required: [PEOPLE.ben] } });
  const number = (await pane.locator(".pane-best .room-card").first().getAttribute("data-room-number"))!;
  const room = await simulator.room(number);
  await simulator.bookAndWait({ organizer: PEOPLE.carla, ...later, rooms: [room.address] });
  await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
  await expect(pane.locator(".room-card-answer")).toContainText("Added.");
  const id = await outlook.send();
  expect(await outlook.roomAnswer(id, room.address)).toBe("accepted");
  await outlook.reopen(id);
  const reopened = await outlook.openPane();
  const answer = reopened.locator(".room-card-answer");
  await expect(answer).toHaveText("Accepted");

  await outlook.setTime(later.start, later.end);
  const told = reopened.locator(".message-bar");
  await expect(told).toContainText(`At the new time Room ${number} is not free. Busy `);
  await expect(answer).toHaveText("Added. The room answers when you send.");
  await outlook.setTime(when.start, when.end);
  await expect(answer).toHaveText("Accepted");
  await expect(told).toHaveCount(0);

  // Only the meeting itself is in the way of its shorter self.
  const sooner = new Date(Date.parse(when.end) - 15 * 60_000).toISOString();
  await simulator.forgetRequests();
  await outlook.setTime(when.start, sooner);
  await expect(answer).toHaveText("Added. The room answers when you send.");
  await expect.poll(async () => (await simulator.requests()).filter((one) => /getSchedule$/i.test(one.path)).length).toBeGreaterThan(0);
  await expect(reopened.locator(".freshness[data-kind=checked]")).toBeAttached();
  await expect(told).toHaveCount(0);
});

test("a draft that ends before it starts is told so, offers no room, and goes on by itself", async ({ page }) => {
  const when = quietHour();
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...when, required: [PEOPLE.ben] } });
  const adds = pane.getByRole("button", { name: /^Add room/ });
  await expect(adds.first()).toBeVisible();
  await outlook.setTime(when.end, when.start);
  await expect(pane.locator(".message-bar")).toContainText(NO_TIME);
  await expect(adds).toHaveCount(0);
  await outlook.setTime(when.start, when.end);
  await expect(adds.first()).toBeVisible();
  await expect(pane.locator(".message-bar")).toHaveCount(0);
});

test("a pane that is opened beside such a draft goes on by itself too", async ({ page }) => {
  const when = quietHour();
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { start: when.end, end: when.start } });
  await expect(pane.locator(".message-bar")).toContainText(NO_TIME);
  await outlook.setTime(when.start, when.end);
  await expect(pane.getByRole("button", { name: /^Add room/ }).first()).toBeVisible();
  await expect(pane.locator(".message-bar")).toHaveCount(0);
});

test("a room that Outlook does not remove is still in the draft, and the pane says so", async ({ page, simulator }) => {
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...quietHour(), required: [PEOPLE.ben] } });
  const number = (await pane.locator(".pane-best .room-card").first().getAttribute("data-room-number"))!;
  const room = await simulator.room(number);
  await pane.getByRole("button", { name: `Add room ${number}` }).first().click();
  await expect(pane.locator(".room-card-answer")).toContainText("Added.");

  await outlook.inject(CALL.removeEnhancedLocation, { code: 9042 });
  const remove = pane.getByRole("button", { name: `Remove room ${number}` }).first();
  await remove.click();
  await expect(pane.locator(".message-bar")).toContainText("Outlook did not remove the room.");
  expect((await outlook.snapshot())!.rooms).toMatchObject([{ address: room.address }]);
  await expect(pane.locator(".room-card-answer")).toContainText("Added.");

  await remove.click();
  await expect.poll(async () => (await outlook.snapshot())!.rooms).toEqual([]);
  await expect(pane.locator(".message-bar")).toHaveCount(0);
});

test("when the server no longer takes the token, trying again signs in first", async ({ page }) => {
  const { outlook, pane } = await openPane(page, {
    as: PEOPLE.ada,
    appointment: { ...quietHour(), required: [PEOPLE.ben] },
    settings: { nestedAppAuth: "missing", requirementSets: { Mailbox: "1.11", IdentityAPI: "1.3" } },
  });
  await expect(pane.locator(".pane-best .room-card").first()).toBeVisible();
  const before = await outlook.callCount(CALL.getAccessToken);
  const calls = "**/api/rooms/**";
  await page.route(calls, (route) => route.continue({ headers: { ...route.request().headers(), authorization: "Bearer expired" } }));
  await outlook.setPeople("required", [PEOPLE.ben, PEOPLE.carla]);
  const told = pane.locator(".message-bar");
  await expect(told).toContainText("Sign in");
  await page.unroute(calls);
  await told.getByRole("button", { name: "Try again" }).click();
  await expect(told).toHaveCount(0);
  expect(await outlook.callCount(CALL.getAccessToken)).toBe(before + 1);
  await expect(pane.locator(".pane-asked-who")).toHaveText("3 people");
});

test("a search that did not reach the server is asked again by itself", async ({ page }) => {
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...quietHour(), required: [PEOPLE.ben] } });
  await expect(pane.locator(".freshness[data-kind=checked]")).toBeAttached();
  const calls = "**/api/rooms/**";
  await page.route(calls, (route) => route.abort());
  await outlook.setPeople("required", [PEOPLE.ben, PEOPLE.carla]);
  const told = pane.locator(".message-bar");
  await expect(told).toContainText("the page tries again by itself");
  await page.unroute(calls);
  await expect(told).toHaveCount(0);
});
