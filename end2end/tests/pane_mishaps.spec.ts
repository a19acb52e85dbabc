// The pane when something comes in between: a draft that changes at the wrong moment, an Outlook or a server that refuses.

import { PEOPLE, expect, openPane, quietHour, test } from "../support/test";

test("a search that did not reach the server is asked again by itself", async ({ page }) => {
  const { outlook, pane } = await openPane(page, { as: PEOPLE.ada, appointment: { ...quietHour(), required: [PEOPLE.ben] } });
  await expect(pane.locator(".freshness[data-kind=checked]")).toBeAttached();
  const calls = "**/api/rooms/**";
  await page.route(calls, (route) => route.abort());
  await outlook.setPeople("required", [PEOPLE.ben, PEOPLE.carla]);
  const told = pane.locator(".message-bar");
  await expect(told).toContainText("the page tries again by itself");
  await page.unroute(calls);
  await expect(told).toHaveCount(0);
});
