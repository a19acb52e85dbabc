// The pane after the first search: repeating appointments, rooms that said no, and people who were invited.

import { OFFICE_ZONE, PEOPLE, PlanView, expect, openPane, quietHour, test, weeksLater, WITHOUT_SEND_EVENTS } from "../support/test";
import { Outlook } from "../support/outlook";

test("a room that is taken at one meeting of a series is not offered for the series", async ({ page, simulator }) => {
  const when = quietHour();
  const { pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...when, required: [PEOPLE.ben] } });
  const number = (await pane.locator(".pane-best .room-card").first().getAttribute("data-room-number"))!;
  const room = await simulator.room(number);
  const inThreeWeeks = (instant: string) => weeksLater(instant, 3, OFFICE_ZONE);
  await simulator.bookAndWait({
    organizer: PEOPLE.carla, start: inThreeWeeks(when.start), end: inThreeWeeks(when.end), rooms: [room.address],
  });
  await new PlanView(pane).expectState(number, "free");

  await page.getByLabel("Repeat").selectOption("weekly");
  await expect(pane.locator(".pane-top")).toContainText("Rooms shown are free for all 12 meetings.");
  await new PlanView(pane).expectState(number, "busy");
});

// covers: FX-24
// covers part of: N-01 (the next best room)
test("after a room has declined one press takes the next best one, and the form has only that", async ({ page, simulator }) => {
  const when = quietHour();
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { subject: "Swap", ...when, required: [PEOPLE.ben] }, settings: WITHOUT_SEND_EVENTS });
  const first = pane.locator(".pane-best .room-card").first();
  const number = (await first.getAttribute("data-room-number"))!;
  const room = await simulator.room(number);
  await first.getByRole("button", { name: `Add room ${number}` }).click();
  await expect(pane.locator(".pane-best .room-card").first()).toHaveAttribute("data-room-number", number);
  await expect(pane.locator(".room-card-answer")).toContainText("Added.");
  await simulator.bookAndWait({ organizer: PEOPLE.carla, ...when, rooms: [room.address] });
  const id = await outlook.send();
  expect(await outlook.roomAnswer(id, room.address)).toBe("declined");

  await outlook.reopen(id);
  const reopened = await outlook.openPane();
  const offer = reopened.locator(".message-bar");
  await expect(offer).toContainText(`Declined by Room ${number}: it is taken then. Take `);
  const next = (await offer.getByRole("button").textContent())!.replace("Swap to ", "");
  await offer.getByRole("button").click();
  await expect(reopened.locator(".room-card-answer")).toContainText("Added.");
  await expect(reopened.locator(".pane-best .room-card").first()).toHaveAttribute("data-room-number", next);
  const other = await simulator.room(next);
  await expect.poll(async () => (await outlook.snapshot())!.rooms.map((one) => one.address)).toEqual([other.address]);
  await expect(offer).toHaveCount(0);
});

test("somebody who was invited sees the room and where it is, and cannot change it", async ({ page, simulator }) => {
  const when = quietHour();
  const subject = "Where is it";
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { subject, ...when, required: [PEOPLE.ben] } });
  const number = (await pane.locator(".pane-best .room-card").nth(1).getAttribute("data-room-number"))!;
  const room = await simulator.room(number);
  await outlook.addRoom(room.address);
  await outlook.send();

  const guest = await Outlook.open(page, { as: PEOPLE.ben });
  await expect.poll(async () => (await guest.appointments()).some((one) => one.subject === subject)).toBe(true);
  const invitation = (await guest.appointments()).find((one) => one.subject === subject)!;
  await guest.reopen(invitation.id!);
  const reading = await guest.openPane();
  await expect(reading.getByRole("heading", { name: "Your room" })).toBeVisible();
  await expect(reading.locator(".room-card")).toHaveAttribute("data-room-number", number);
  await expect(new PlanView(reading).room(number)).toHaveAttribute("aria-pressed", "true");
  await expect(reading.getByRole("button", { name: /Add|Remove|Swap/ })).toHaveCount(0);
});
