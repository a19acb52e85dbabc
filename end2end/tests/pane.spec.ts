// The add-in inside Outlook, as the person with a meeting in four minutes meets it.

import { PEOPLE, PlanView, expect, openPane, quietHour, test } from "../support/test";

// covers: FX-08, FX-26, FX-61
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

// covers: FX-24
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

test("the pane follows the draft when its time changes", async ({ page }) => {
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: quietHour() });
  const asked = pane.locator(".pane-asked-when");
  const before = await asked.textContent();
  const later = quietHour();
  await outlook.setTime(later.start, later.end);
  await expect(asked).not.toHaveText(before!);
});

test("without nested app authentication the pane still signs in through Office", async ({ page }) => {
  const { pane } = await openPane(page, {
    as: PEOPLE.ada,
    appointment: quietHour(),
    settings: { nestedAppAuth: "missing", requirementSets: { Mailbox: "1.11", IdentityAPI: "1.3" } },
  });
  await expect(pane.locator(".pane-best .room-card").first()).toBeVisible();
});

/** The simulator tells instants without fractions of a second. */
function toSeconds(instant: string): string {
  return instant.replace(".000Z", "Z");
}
