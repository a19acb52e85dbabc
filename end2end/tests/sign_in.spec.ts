// Coming in, going out, and being sent away and back without losing what one was looking at.

import { serviceUrl } from "../support/environment";
import { PEOPLE, PlanView, expect, hydrated, open, quietHour, searchPath, showFloor, signIn, test } from "../support/test";

test("a visitor is asked to sign in and comes back to the page they wanted", async ({ page }) => {
  const path = searchPath(quietHour(), 9);
  await open(page, path);
  await expect(page.getByText("Sign in to see which rooms are free.")).toBeVisible();
  await expect(page.locator(".room-card")).toHaveCount(0);
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByRole("button", { name: PEOPLE.ben }).click();
  await page.waitForURL(serviceUrl("E2E_ETAGE_URL") + path);
  await hydrated(page);
  await expect(page.getByLabel("People in the room")).toHaveValue("9");
  await expect(page.getByText("Ben Okafor")).toBeVisible();

  await open(page, "/reservations");
  await expect(page.getByRole("heading", { name: "My reservations" })).toBeVisible();
});

test("signing out ends the session, also for addresses one knows", async ({ page }) => {
  await signIn(page, PEOPLE.ben, "/reservations");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("Sign in to see which rooms are free.")).toBeVisible();
  await open(page, "/reservations");
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await expect(page.locator(".reservation")).toHaveCount(0);
});

test("a session that is gone leads to the sign-in and back to the same search", async ({ page, context }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.ben, searchPath(when, 5));
  await showFloor(page, "2");
  await page.locator(".tag-list").getByRole("button", { name: /^Whiteboard/ }).click();
  await expect(page).toHaveURL(/floor=.*|equipment=whiteboard/);
  await expect(page).toHaveURL(/equipment=whiteboard/);
  await new PlanView(page).room("2.04").click();
  await expect(page).toHaveURL(/room=/);
  const wanted = page.url();

  await context.clearCookies();
  await page.getByLabel("People in the room").fill("6");
  await page.getByLabel("People in the room").press("Tab");
  const signInLink = page.getByRole("link", { name: "Sign in" });
  await expect(signInLink).toBeVisible();
  await signInLink.click();
  await page.getByRole("button", { name: PEOPLE.ben }).click();
  await page.waitForURL((url) => url.href === wanted.replace("people=5", "people=6"));
  await hydrated(page);
  await expect(page.locator(".tag-list").getByRole("button", { name: /^Whiteboard/ })).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".floor-switch").getByRole("button", { name: "Floor 2" })).toHaveAttribute("aria-pressed", "true");
  await expect(new PlanView(page).room("2.04")).toHaveAttribute("aria-pressed", "true");
});

test("a return address of somebody else's is not followed after signing in", async ({ page }) => {
  await page.goto(`${serviceUrl("E2E_ETAGE_URL")}/sign-in?return=${encodeURIComponent("//contoso.example/steal")}`);
  await page.getByRole("button", { name: PEOPLE.ben }).click();
  await hydrated(page);
  expect(new URL(page.url()).origin).toBe(serviceUrl("E2E_ETAGE_URL"));
});

test("with Microsoft's sign-in out of reach the page says so, and trying again works", async ({ page, simulator }) => {
  await page.goto(`${serviceUrl("E2E_ETAGE_URL")}/sign-in?return=${encodeURIComponent("/reservations")}`);
  await simulator.addFault({ match: { path: "*/oauth2/v2.0/token" }, action: { kind: "dropConnection" }, count: null });
  await page.getByRole("button", { name: PEOPLE.ben }).click();
  await expect(page.getByText("Microsoft's sign-in does not answer at the moment.")).toBeVisible();

  await simulator.clearFaults();
  await page.getByRole("link", { name: "Try again" }).click();
  await page.getByRole("button", { name: PEOPLE.ben }).click();
  await hydrated(page);
  await expect(page.getByText("Ben Okafor")).toBeVisible();
});
