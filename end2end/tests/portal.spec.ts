// The portal in a browser: sign in, find on the plan, book, cancel.

import { PEOPLE, expect, open, quietHour, signIn, test } from "../support/test";

// covers: FX-22, FX-25, FX-30
test("a room booked in the portal is in the person's own calendar, and a cancelled one leaves it", async ({ page, simulator }) => {
  await signIn(page, PEOPLE.carla);
  const { start } = quietHour();
  await page.getByLabel("Day", { exact: true }).fill(start.slice(0, 10));
  await page.getByLabel("Day", { exact: true }).press("Tab");
  const card = page.locator(".room-card[data-kind=hit]").first();
  const number = (await card.getAttribute("data-room-number"))!;
  await card.getByRole("button", { name: "Book" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Subject").fill("Quarter review");
  await dialog.getByRole("button", { name: "Book" }).click();
  const room = await simulator.room(number);
  const event = await simulator.eventInRoom(room.address, (one) => one.organizer === PEOPLE.carla && one.start.startsWith(start.slice(0, 10)));
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

test("nobody sees rooms without signing in", async ({ page }) => {
  await open(page, "/");
  await expect(page.getByText("Sign in to see which rooms are free.")).toBeVisible();
});
