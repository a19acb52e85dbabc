// A room that is not to be had says why, and a press asks for what would have it.

import {
  OFFICE_ZONE, PEOPLE, PlanView, expect, openPane, pickRoom, quietHour, searchPath, signIn, test, wallClock, type Hour,
} from "../support/test";

const HALF_HOUR_MS = 1_800_000;

/** Nobody else is given the hours around it. */
function wideHour(): Hour {
  quietHour();
  const when = quietHour();
  quietHour();
  return when;
}

function shifted({ start, end }: Hour, ms: number): Hour {
  const by = (instant: string) => new Date(Date.parse(instant) + ms).toISOString();
  return { start: by(start), end: by(end) };
}

function clock(instant: string): string {
  return wallClock(instant, OFFICE_ZONE).time.replace(/^0/, "");
}

// covers: N-05
test("a grey room's card in the portal says why, how fresh that is, and its button makes the room bookable", async ({ page, simulator }) => {
  const when = wideHour();
  const room = await simulator.room("1.08");
  const busy = shifted(when, HALF_HOUR_MS);
  await simulator.bookAndWait({ organizer: PEOPLE.carla, ...busy, rooms: [room.address] });
  await signIn(page, PEOPLE.ada, searchPath(when, 200));
  await pickRoom(page, "1.08");
  const card = page.locator(".plan-card");
  await expect(card).toContainText(`Busy ${clock(busy.start)}–${clock(busy.end)}. Seats ${room.capacity}, you are 200.`);
  await expect(card).toContainText("Checked with Exchange");
  await expect(card.getByRole("button", { name: "Book" })).toHaveCount(0);

  const earlier = shifted(when, -HALF_HOUR_MS);
  await card.getByRole("button", { name: `Free at ${clock(earlier.start)} for ${room.capacity} people` }).click();
  await new PlanView(page).expectState("1.08", "free");
  await expect(page.getByLabel("From", { exact: true })).toHaveValue(wallClock(earlier.start, OFFICE_ZONE).time);
  await expect(page.getByLabel("People in the room")).toHaveValue(String(room.capacity));
  await expect(card.getByRole("button", { name: "Book room 1.08" })).toBeVisible();
  await expect(card.locator(".room-card-remedy")).toHaveCount(0);
});

// covers: N-05
test("a grey room's card in the pane says why, and its button moves the draft to where the room is free", async ({ page, simulator }) => {
  const when = wideHour();
  const room = await simulator.room("1.08");
  await simulator.bookAndWait({ organizer: PEOPLE.carla, ...when, rooms: [room.address] });
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...when, required: [PEOPLE.ben] } });
  await pane.locator(".pane-rooms summary").click();
  const floor = pane.getByRole("button", { name: "Floor 1" });
  if (await floor.count()) await floor.first().click();
  const card = pane.locator('.pane-rooms .room-card[data-kind=reason][data-room-number="1.08"]');
  await expect(card).toContainText(`Busy ${clock(when.start)}–${clock(when.end)}.`);

  const later = shifted(when, 2 * HALF_HOUR_MS);
  await card.getByRole("button", { name: `Change the meeting: free at ${clock(later.start)}` }).click();
  await expect(pane.locator(".pane-asked-when")).toContainText(`${clock(later.start)}–${clock(later.end)}`);
  await new PlanView(pane).expectState("1.08", "free");
  const draft = (await outlook.snapshot())!;
  expect([draft.start, draft.end].map((at) => new Date(at).toISOString())).toEqual([later.start, later.end]);
});
