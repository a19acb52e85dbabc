// The admin area: how one becomes an administrator, and how the mirrors of all rooms stand.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Locator, Page } from "@playwright/test";

import { adminLink, signInAsAdmin } from "../support/admin";
import type { Simulator } from "../support/simulator";
import { PEOPLE, expect, hydrated, open, quietHour, signIn, test } from "../support/test";

const PICTURES = join(import.meta.dirname, "..", "test-results", "looks");
const THEMES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  forced: { colorScheme: "dark", forcedColors: "active" },
} as const;
const SIZES = {
  narrow: { number: "3.04", width: 320, height: 640 },
  phone: { number: "3.05", width: 390, height: 844 },
  desktop: { number: "3.06", width: 1440, height: 900 },
} as const;

function row(page: Page, number: string): Locator {
  return page.locator(`.sync-table tr[data-room-number="${number}"]`);
}

/**
 * Has a room read until it is in sync. A room is not read more often than every ten seconds, however often somebody
 * presses; one that was denied would else be left alone for minutes, and the next spec would wait for it in vain.
 */
async function recover(page: Page, number: string): Promise<void> {
  await expect(async () => {
    await page.getByRole("button", { name: `Sync room ${number} now` }).click();
    await expect(row(page, number)).toContainText("Read, and in sync", { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expect(row(page, number).locator('[data-label="State"]')).toContainText("In sync");
}

/** How long ago a room was read by its row, in seconds. */
async function ageOf(page: Page, number: string): Promise<number> {
  const text = await row(page, number).locator('[data-label="In sync as of"]').innerText();
  if (text.includes("just now")) return 0;
  const [, count, unit] = /(\d+) (s|min) ago/.exec(text) ?? [];
  return Number(count) * (unit === "min" ? 60 : 1);
}

/** Has Microsoft refuse everything about a room's mailbox. */
async function deny(simulator: Simulator, number: string): Promise<void> {
  const { address } = await simulator.room(number);
  const action = { kind: "status", status: 403, code: "ErrorAccessDenied", message: "Access is denied." } as const;
  await simulator.addFault({ match: { mailbox: address }, action, count: null });
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content).toBeLessThanOrEqual(screen!);
}

test("a link makes the first who confirms it an administrator, and tells everybody after that it was used", async ({ page, browser }) => {
  const link = adminLink();
  await signIn(page, PEOPLE.ben, link);
  await expect(page.getByText(PEOPLE.ben)).toBeVisible();
  await page.getByRole("button", { name: "Become an administrator" }).click();
  await page.getByRole("link", { name: "See how the rooms are synced" }).click();
  await hydrated(page);
  await expect(page.getByRole("table", { name: "Sync of rooms" })).toBeVisible();
  await open(page, "/");
  await page.getByRole("link", { name: "Admin" }).click();
  await expect(page.getByRole("heading", { name: "Sync of rooms" })).toBeVisible();

  const other = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  await signIn(other, PEOPLE.elif, link);
  await other.getByRole("button", { name: "Become an administrator" }).click();
  await expect(other.getByRole("alert")).toContainText("was used already");
  await open(other, "/");
  await expect(other.getByRole("link", { name: "Admin" })).toHaveCount(0);
  await open(other, "/admin/sync");
  await expect(other.getByText("This page is for administrators")).toBeVisible();
  await expect(other.getByRole("table")).toHaveCount(0);
  await other.context().close();
});

// covers: FX-56
test("the table has every linked room with its mailbox, how it stands and when it was read", async ({ page, simulator }) => {
  await signInAsAdmin(page, PEOPLE.carla, "/admin/sync?sort=room");
  const { rooms } = await simulator.tenant();
  await expect(page.locator(".admin-summary").first()).toContainText(`${rooms.length} rooms:`);
  await expect(page.locator(".admin-foot")).toContainText(`of ${rooms.length}`);
  const one = await simulator.room("2.04");
  await page.getByLabel("Number, name or mailbox").fill(one.address);
  await page.keyboard.press("Enter");
  await expect(page.locator(".sync-table tbody tr")).toHaveCount(1);
  const cells = row(page, "2.04");
  await expect(cells).toContainText(one.address);
  await expect(cells.locator('[data-label="State"]')).toContainText("In sync");
  await expect(cells.locator('[data-label="In sync as of"]')).toContainText(/just now|ago/);
  await expect(cells.locator('[data-label="Notifications"]')).not.toBeEmpty();
  // One room is compared every three seconds; the last first.
  await open(page, "/admin/sync?sort=check&reversed=1");
  const compared = page.locator(".sync-table tbody tr").first();
  await expect(compared.locator('[data-label="Fingerprint"]')).toHaveText(/^[0-9a-f]{32}$/, { timeout: 30_000 });
  await expect(compared.locator('[data-label="Last full check"]')).toContainText(/just now|ago/);
});

// covers: FX-57
test("rooms are read by themselves: nobody asked, and a meeting made in Outlook makes its room's row younger", async ({ page, simulator }) => {
  await signInAsAdmin(page, PEOPLE.carla, "/admin/sync?q=2.05");
  await expect(row(page, "2.05")).toContainText("In sync");
  const room = await simulator.room("2.05");
  const before = Date.now();
  await simulator.bookAndWait({ organizer: PEOPLE.dmitri, ...quietHour(), rooms: [room.address] });
  await expect(async () => {
    const seconds = (Date.now() - before) / 1000;
    expect(await ageOf(page, "2.05")).toBeLessThanOrEqual(seconds);
  }).toPass({ timeout: 20_000 });
  await expect(row(page, "2.05")).toContainText("In sync");
});

// covers: FX-58
test("all rooms, or one, are read when somebody presses the button, and the page says how far it is and what came of it", async ({ page, simulator }) => {
  await signInAsAdmin(page, PEOPLE.carla, "/admin/sync?sort=room");
  const { rooms } = await simulator.tenant();
  await simulator.addFault({ match: { path: "*/calendarView*" }, action: { kind: "delay", delayMs: 150 }, count: null });
  await simulator.forgetRequests();
  await page.getByRole("button", { name: "Sync all rooms now" }).click();
  await expect(page.getByRole("progressbar")).toBeVisible();
  await expect(page.locator(".admin-run")).toContainText(`all ${rooms.length} rooms were read`, { timeout: 30_000 });
  await expect(page.getByRole("progressbar")).toHaveCount(0);
  const asked = (await simulator.requests()).filter((one) => one.path.toLowerCase().includes("calendarview"));
  expect(asked.length).toBeGreaterThanOrEqual(rooms.length);
  await simulator.clearFaults();

  await page.getByLabel("Number, name or mailbox").fill("1.08");
  await page.keyboard.press("Enter");
  const act = page.getByRole("button", { name: "Sync room 1.08 now" });
  await act.click();
  await expect(row(page, "1.08")).toContainText("Read, and in sync");
  await deny(simulator, "1.09");
  await page.getByLabel("Number, name or mailbox").fill("1.09");
  await page.keyboard.press("Enter");
  const denied = page.getByRole("button", { name: "Sync room 1.09 now" });
  await denied.click();
  await expect(row(page, "1.09")).toContainText("Could not be read");
  const state = row(page, "1.09").locator('[data-label="State"]');
  await expect(state).toContainText("Cannot be read");
  await expect(state).toContainText("No right was given in the room's mailbox");
  await simulator.clearFaults();
  await recover(page, "1.09");
});

test("a room that Microsoft wants left alone is not read sooner because somebody presses, and its row says for how long", async ({ page, simulator }) => {
  const { address } = await simulator.room("0.07");
  const action = { kind: "status", status: 429, code: "ApplicationThrottled", message: "MailboxConcurrency", retryAfterSeconds: 40 } as const;
  await simulator.addFault({ match: { mailbox: address, path: "*/calendarView*" }, action, count: 1 });
  await signInAsAdmin(page, PEOPLE.carla, "/admin/sync?q=0.07");
  const act = page.getByRole("button", { name: "Sync room 0.07 now" });
  await act.click();
  await expect(row(page, "0.07")).toContainText(/Microsoft asked us to wait, for \d+ s yet/, { timeout: 20_000 });
  await expect(act).toBeEnabled();
});

test("filters and order stand in the address, work by keyboard, and come back with it", async ({ page }) => {
  await signInAsAdmin(page, PEOPLE.carla);
  await page.getByLabel("Number, name or mailbox").focus();
  await page.keyboard.type("harbour");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=harbour/);
  const head = page.getByRole("columnheader", { name: "Room", exact: true });
  await head.getByRole("button").focus();
  await page.keyboard.press("Enter");
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  const first = await page.locator(".sync-table tbody tr").first().getAttribute("data-room-number");
  await page.keyboard.press("Enter");
  await expect(head).toHaveAttribute("aria-sort", "descending");
  await expect(page.locator(".sync-table tbody tr").first()).not.toHaveAttribute("data-room-number", first!);
  await expect(page).toHaveURL(/sort=room&reversed=1/);
  await page.reload();
  await hydrated(page);
  await expect(head).toHaveAttribute("aria-sort", "descending");
  await expect(page.getByLabel("Number, name or mailbox")).toHaveValue("harbour");
  await page.getByLabel("Number, name or mailbox").fill("nowhere at all");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No room matches.")).toBeVisible();
  await page.getByRole("button", { name: "Show all rooms" }).click();
  await expect(page.locator(".sync-table tbody tr").first()).toBeVisible();
});

test("the table says how old it is, and all rooms that match are to be had as a file", async ({ page }) => {
  await signInAsAdmin(page, PEOPLE.carla, "/admin/sync?q=2.0&sort=room");
  const foot = page.locator(".admin-foot");
  await expect(foot).toContainText(/As they stood (just now|\d+ s ago)/);
  const link = foot.getByRole("link", { name: /^Download \d+ rooms as CSV$/ });
  const rooms = Number(/\d+/.exec(await link.innerText())![0]);
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  expect(download.suggestedFilename()).toMatch(/^etage-rooms-\d{4}-\d\d-\d\dT[\d-]+Z\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines[0]).toContain("Room,Name,Building,Mailbox,State");
  expect(lines[0]).toContain("Last full check (UTC),Fingerprint,");
  expect(lines).toHaveLength(1 + rooms);
  expect(lines[1]).toMatch(/^2\.0/);
  await expect(page).toHaveURL(/\/admin\/sync\?q=2\.0/);
});

for (const [name, { number, ...size }] of Object.entries(SIZES)) {
  test(`the admin area fits a ${name} screen in every theme`, async ({ page, simulator }) => {
    await page.setViewportSize(size);
    await signInAsAdmin(page, PEOPLE.carla, "/admin/sync?q=harbour");
    await deny(simulator, number);
    await open(page, `/admin/sync?q=${number}`);
    await page.getByRole("button", { name: `Sync room ${number} now` }).click();
    await expect(row(page, number)).toContainText("Cannot be read");
    await open(page, "/admin/sync");
    await expect(row(page, number)).toContainText("Cannot be read");
    for (const [theme, media] of Object.entries(THEMES)) {
      await page.emulateMedia({ forcedColors: "none", ...media });
      await expectNoSidewaysScroll(page);
      await page.screenshot({ path: join(PICTURES, `admin-sync-${name}-${theme}.png`), animations: "disabled" });
    }
    await page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
    await simulator.clearFaults();
    await open(page, `/admin/sync?q=${number}`);
    await recover(page, number);
    await open(page, "/admin/link?secret=none");
    await expectNoSidewaysScroll(page);
    await signIn(page, PEOPLE.elif, "/admin/sync");
    await expect(page.getByText("This page is for administrators")).toBeVisible();
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: join(PICTURES, `admin-refused-${name}.png`), animations: "disabled" });
  });
}
