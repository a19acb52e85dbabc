// The portal in a browser tab: signing in as somebody, and waiting until the page answers to clicks.

import { type Page, expect } from "@playwright/test";

import { serviceUrl } from "./environment";
import { PlanView } from "./plan";
import { type Hour, wallClock } from "./time";

/** Where the office of the scenario stands. */
export const OFFICE_ZONE = "Europe/Helsinki";

/** Signs in through the simulated Entra ID, coming back to `path`. */
export async function signIn(page: Page, address: string, path = "/"): Promise<void> {
  await page.goto(`${serviceUrl("E2E_ETAGE_URL")}/sign-in?return=${encodeURIComponent(path)}`);
  await page.getByRole("button", { name: address }).click();
  await page.waitForURL((url) => url.origin === new URL(serviceUrl("E2E_ETAGE_URL")).origin);
  await hydrated(page);
}

/** Opens a page of the portal or the display as whoever is signed in. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(serviceUrl("E2E_ETAGE_URL") + path);
  await hydrated(page);
}

/** A page drawn by the server looks ready before its script runs; clicks before that are lost. */
export async function hydrated(page: Pick<Page, "locator">): Promise<void> {
  await expect(page.locator("[data-hydrated]").first()).toBeAttached();
}

/** The day as My reservations tells it, such as "Tue 15 Dec". */
export function onTheDayOf(instant: string): RegExp {
  const day = new Date(`${wallClock(instant, OFFICE_ZONE).date}T12:00:00Z`);
  const month = day.toLocaleString("en-GB", { month: "short", timeZone: "UTC" }).slice(0, 3);
  return new RegExp(`\\b${day.getUTCDate()} ${month},`);
}

/** The address of a search. */
export function searchPath({ start, end }: Hour, people: number): string {
  const [from, to] = [wallClock(start, OFFICE_ZONE), wallClock(end, OFFICE_ZONE)];
  return `/?date=${from.date}&from=${from.time}&to=${to.time}&people=${people}`;
}

/** Shows a floor on the plan. */
export async function showFloor(page: Page, label: string): Promise<void> {
  await page.locator(".floor-switch").getByRole("button", { name: `Floor ${label}` }).click();
}

/** Chooses a room on the plan; the number starts with its floor's label. */
export async function pickRoom(page: Page, number: string): Promise<void> {
  await showFloor(page, number[0]!);
  await new PlanView(page).room(number).click();
}
