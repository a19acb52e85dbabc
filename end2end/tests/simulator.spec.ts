// The simulator's own page for people, against a simulator of its own. Etage has no part in it.

import { join } from "node:path";

import type { Locator, Page } from "@playwright/test";

import { Tenant } from "../support/tenant";
import { expect, test } from "../support/test";

const ADELE = "adele.vance@contoso.com";
const PICTURES = join(import.meta.dirname, "..", "test-results", "looks");
const THEMES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  forced: { colorScheme: "dark", forcedColors: "active" },
} as const;
const SCREENS = { narrow: { width: 320, height: 640 }, phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };

let tenant: Tenant;
test.beforeAll(async () => {
  tenant = await Tenant.start("simulator-page");
});
test.afterAll(() => tenant.stop());
test.afterEach(() => tenant.simulator.clearFaults());

/** What Content-Security-Policy refused and what a script threw, while the page was open. */
function troubles(page: Page): string[] {
  const found: string[] = [];
  page.on("console", (message) => message.type() === "error" && !message.text().startsWith("Failed to load resource") && found.push(message.text()));
  page.on("pageerror", (error) => found.push(error.message));
  return found;
}

async function open(page: Page, view = ""): Promise<void> {
  await page.goto(`${tenant.origin}/_sim/#/${view}`);
  await expect(page.locator("#now")).toContainText("UTC");
}

/** The Monday of a week in which nothing is on, one for each test that writes into it. */
let weeks = 4;
function quietMonday(): string {
  const day = new Date(Date.now() + 7 * weeks++ * 86_400_000);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

async function invite(dialog: Locator, who: string): Promise<void> {
  await dialog.getByRole("combobox", { name: "Invite" }).fill(who);
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
}

/** Sends a meeting on the Monday of a week, at ten, and opens it again. */
async function meet(page: Page, monday: string, subject: string, rooms: string[]): Promise<Locator> {
  await open(page, `calendars/${ADELE}/${monday}`);
  await page.getByRole("button", { name: "New meeting" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Subject").fill(subject);
  for (const room of rooms) await invite(dialog, room);
  await dialog.getByRole("button", { name: "Send" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: subject }).click();
  return dialog;
}

test("a calendar is found by a part of its name and shown week by week", async ({ page }) => {
  const found = troubles(page);
  await open(page);
  await page.getByLabel("Filter mailboxes").fill("pier");
  await page.getByRole("link", { name: "Pier" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Pier" })).toBeVisible();
  // The small office has twelve meetings in every room, in five working days from now on.
  await page.getByRole("link", { name: "Week after" }).click();
  const after = await page.locator(".event").count();
  await page.getByRole("link", { name: "This week" }).click();
  await expect.poll(async () => after + (await page.locator(".event").count())).toBe(12);
  expect(found).toEqual([]);
});

test("a room that is invited is seen to accept, and to be free again when it is not", async ({ page }) => {
  const found = troubles(page);
  const monday = quietMonday();
  const dialog = await meet(page, monday, "Harbour tour", ["pier@contoso.com"]);
  const answer = (room: string) => dialog.locator(".answers li", { hasText: room });
  await expect(answer("pier@contoso.com")).toContainText("accepted");

  await dialog.getByRole("button", { name: "Do not invite pier@contoso.com" }).click();
  await invite(dialog, "Quay");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Harbour tour" }).click();
  await expect(answer("quay@contoso.com")).toContainText("accepted");
  await expect(answer("pier@contoso.com")).toBeHidden();
  await page.keyboard.press("Escape");

  await open(page, `calendars/pier@contoso.com/${monday}`);
  await expect(page.locator(".event")).toContainText("cancelled");
  await open(page, `calendars/quay@contoso.com/${monday}`);
  await expect(page.locator(".event")).toContainText("Adele Vance");
  expect(found).toEqual([]);
});

test("a meeting is moved and cancelled, and somebody invited answers", async ({ page }) => {
  const monday = quietMonday();
  const dialog = await meet(page, monday, "Stocktaking", ["alex.wilber@contoso.com"]);
  await dialog.getByLabel("Start").fill(`${monday}T14:00`);
  await dialog.getByLabel("End").fill(`${monday}T13:00`);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("The end has to be after the start.");
  await dialog.getByLabel("End").fill(`${monday}T15:00`);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "14:00–15:00 Stocktaking" })).toBeVisible();

  await open(page, `calendars/alex.wilber@contoso.com/${monday}`);
  await page.getByRole("button", { name: "Stocktaking" }).click();
  await dialog.getByRole("button", { name: "Tentative" }).click();
  await expect(page.getByRole("button", { name: "Stocktaking" })).toContainText("tentative");

  await open(page, `calendars/${ADELE}/${monday}`);
  await page.getByRole("button", { name: "Stocktaking" }).click();
  await expect(dialog.locator(".answers li")).toContainText("tentativelyAccepted");
  await dialog.getByRole("button", { name: "Cancel the meeting" }).click();
  await expect(page.getByRole("button", { name: "Stocktaking" })).toBeHidden();
});

test("a fault is set and counted, and the request it struck is listed", async ({ page }) => {
  await open(page, "faults");
  await page.getByLabel("Path, with * for anything").fill("/v1.0/places");
  await page.getByLabel("How often").fill("2");
  await page.getByRole("button", { name: "Add" }).click();
  const row = page.getByRole("row", { name: "/v1.0/places" });
  await expect(row).toContainText("0 ×");
  const struck = await fetch(`${tenant.origin}/v1.0/places/microsoft.graph.room?$top=3`);
  expect(struck.status).toBe(429);
  await expect(row).toContainText("1 ×");

  await open(page, "requests");
  const request = page.getByRole("row").filter({ hasText: "GET /v1.0/places/microsoft.graph.room?$top=3" });
  await expect(request).toContainText("429");
  await expect(request).toContainText("no. 1");
  await open(page, "faults");
  await row.getByRole("button").click();
  await expect(page.locator("main")).toContainText("Nothing goes wrong on purpose.");
});

test("a snapshot brings back what was cancelled since", async ({ page }) => {
  const monday = quietMonday();
  await meet(page, monday, "Tide tables", []);
  await page.keyboard.press("Escape");
  await open(page, "clock");
  await page.getByRole("button", { name: "Take one" }).click();
  await expect(page.getByRole("button", { name: "Restore snapshot" })).toBeVisible();
  await open(page, `calendars/${ADELE}/${monday}`);
  await page.getByRole("button", { name: "Tide tables" }).click();
  await page.getByRole("button", { name: "Cancel the meeting" }).click();
  await expect(page.getByText("Nothing is on in this week.")).toBeVisible();
  await open(page, "clock");
  await page.getByRole("button", { name: "Restore snapshot" }).click();
  await open(page, `calendars/${ADELE}/${monday}`);
  await expect(page.getByRole("button", { name: "Tide tables" })).toBeVisible();
  await open(page, "clock");
  await page.getByRole("button", { name: "Delete snapshot" }).click();
});

test("steps are taken by hand while the clock stands still, and by themselves again", async ({ page }) => {
  const found = troubles(page);
  const monday = quietMonday();
  const [main, face] = [page.locator("main"), page.locator(".face")];
  await open(page, "clock");
  await expect(main).toContainText("Mode: auto.");
  await page.getByRole("button", { name: "Take steps by hand" }).click();
  await expect(main).toContainText("Mode: explicit. It stands still");
  const stoppedAt = await face.innerText();

  const dialog = await meet(page, monday, "Rope inspection", ["pier@contoso.com"]);
  const answer = dialog.locator(".answers li", { hasText: "pier@contoso.com" });
  await expect(answer).toContainText("no answer yet");
  await page.keyboard.press("Escape");
  await open(page, "clock");
  await expect(main).toContainText("One step is waiting.");
  await expect(face).toHaveText(stoppedAt);
  await page.getByRole("button", { name: "Run the next step" }).click();
  await expect(page.locator(".done")).toContainText("pier@contoso.com: accepted");
  await open(page, `calendars/${ADELE}/${monday}`);
  await page.getByRole("button", { name: "Rope inspection" }).click();
  await expect(answer).toContainText("accepted");

  await invite(dialog, "Quay");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await open(page, "clock");
  await page.getByRole("button", { name: "Let it run" }).click();
  await expect(main).toContainText("Mode: auto. It runs");
  await expect(main).toContainText("0 steps are waiting.");
  await expect(face).not.toHaveText(stoppedAt);
  await open(page, `calendars/quay@contoso.com/${monday}`);
  await expect(page.locator(".event")).toContainText("Adele Vance");
  expect(found).toEqual([]);
});

test("what people write is shown as they wrote it, and never becomes part of the page", async ({ page }) => {
  const found = troubles(page);
  const monday = quietMonday();
  const subject = `<img src=x onerror="document.title='taken'"><b>bold</b>`;
  const dialog = await meet(page, monday, subject, []);
  await expect(dialog.getByRole("heading")).toHaveText(subject);
  await expect(page).toHaveTitle(/^Calendars/);
  expect(found).toEqual([]);
});

test("the page can be used with the keyboard alone", async ({ page }) => {
  await open(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Filter mailboxes")).toBeFocused();
  await page.keyboard.type("compass");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: "Compass" })).toBeVisible();
  const create = page.getByRole("button", { name: "New meeting" });
  await create.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(create).toBeFocused();
});

for (const [name, size] of Object.entries(SCREENS)) {
  test(`the page fits a screen of ${size.width} pixels in every theme`, async ({ page }) => {
    await page.setViewportSize(size);
    await fetch(`${tenant.origin}/v1.0/me`);
    await tenant.simulator.addFault({ match: { path: "/v1.0/places/*/rooms" }, action: { kind: "delay", delayMs: 10 }, count: null });
    for (const [theme, media] of Object.entries(THEMES)) {
      await page.emulateMedia({ forcedColors: "none", ...media });
      for (const view of ["calendars", "calendars/lighthouse@contoso.com", "requests", "faults", "subscriptions", "clock"]) {
        await open(page, view);
        await expect(page.getByText("Loading…")).toBeHidden();
        const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        expect(content, view).toBeLessThanOrEqual(screen!);
        await page.screenshot({ path: join(PICTURES, `simulator-${view.replace(/\W/g, "-")}-${name}-${theme}.png`), animations: "disabled" });
      }
    }
  });
}

test("an address that leads nowhere says so, and an unknown view is the list of mailboxes", async ({ page }) => {
  const found = troubles(page);
  await open(page, "calendars/%");
  await expect(page.getByText("There is no mailbox %.")).toBeVisible();
  await open(page, "constructor");
  await expect(page.getByRole("link", { name: "Pier" })).toBeVisible();
  expect(found).toEqual([]);
});

test("a long word is broken on a narrow screen, and a place somebody wrote stays when one more is invited", async ({ page }) => {
  await page.setViewportSize(SCREENS.narrow);
  const monday = quietMonday();
  const word = "Donaudampfschifffahrtsgesellschaft".repeat(4);
  const at = (time: string) => ({ dateTime: `${monday}T${time}`, timeZone: "W. Europe Standard Time" });
  const calendar = `${tenant.origin}/_sim/mailboxes/${ADELE}`;
  const event = { subject: word, start: at("10:00"), end: at("10:30"), locations: [{ displayName: "Cafe at the corner" }] };
  await page.request.post(`${calendar}/events`, { data: event });
  await open(page, `calendars/${ADELE}/${monday}`);
  await page.getByRole("button", { name: word }).click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(SCREENS.narrow.width);
  const dialog = page.getByRole("dialog");
  await invite(dialog, "Pier");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const shown = await (await page.request.get(`${calendar}/calendar?from=${monday}`)).json();
  expect(shown.value[0].locations).toEqual(["Cafe at the corner", "Pier"]);
});
