// The portal in a browser tab: signing in as somebody, and waiting until the page answers to clicks.

import { type Page, expect } from "@playwright/test";

import { serviceUrl } from "./environment";

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
