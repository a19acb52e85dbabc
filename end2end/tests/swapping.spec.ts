// A room that says no, and the next best one that takes its place because the person asked for that beforehand.

import { PEOPLE, expect, open, pickRoom, quietHour, searchPath, signIn, test, toSeconds } from "../support/test";

// covers part of: P-03 (rooms that move or are retired)
test("a room that says no is followed by the next best one, where that was ticked", async ({ page, simulator }) => {
  const when = quietHour();
  const number = "1.12";
  const room = await simulator.room(number);
  await signIn(page, PEOPLE.carla, searchPath(when, 2));
  await pickRoom(page, number);
  await simulator.setProcessing(room.address, { maximumDurationInMinutes: 30 });
  await page.locator(".plan-card").getByRole("button", { name: `Book room ${number}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Subject").fill("Any room will do");
  await dialog.getByLabel("If it says no, take the next best room").check();
  await dialog.getByRole("button", { name: "Book" }).click();
  await expect(dialog).toContainText(new RegExp(`Room ${number} said no. Room \\S+ is reserved for you`), { timeout: 30_000 });
  await simulator.setProcessing(room.address, { maximumDurationInMinutes: 1_440 });

  const own = async () => (await simulator.events(PEOPLE.carla)).filter((one) => one.subject === "Any room will do");
  await expect.poll(async () => (await own()).map((one) => one.attendees.map((who) => who.response))).toEqual([["accepted"]]);
  const taken = (await own())[0]!.attendees[0]!.address;
  expect(taken).not.toBe(room.address);
  expect(await simulator.eventInRoom(taken, (one) => one.start === toSeconds(when.start))).toMatchObject({ organizer: PEOPLE.carla, response: "accepted" });
  await open(page, "/reservations");
  await expect(page.locator(".reservation[data-over=false]").filter({ hasText: `Room ${number} said no` })).toHaveCount(1);
});
