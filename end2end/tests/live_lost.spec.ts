// Pages that changes no longer reach: each says so in its own words, and goes on by itself.

import type { BrowserContext, Page } from "@playwright/test";

import { serviceUrl } from "../support/environment";
import {
  CALL, OFFICE_ZONE, PEOPLE, PlanView, expect, open, openPane, quietHour, searchPath, showFloor, signIn, test, wallClock,
} from "../support/test";

const LIVE = "**/api/live*";
/** As many as one person may have open; `server/src/state.rs` holds it. */
const STREAMS_MAX = 32;

/** Streams of the same person in as many other windows; `close` ends them. */
async function otherWindows(context: BrowserContext, count: number): Promise<{ close: () => void }> {
  const cookies = (await context.cookies(serviceUrl("E2E_ETAGE_URL"))).map(({ name, value }) => `${name}=${value}`);
  const abort = new AbortController();
  const begun = Array.from({ length: count }, () =>
    fetch(`${serviceUrl("E2E_ETAGE_URL")}/api/live`, { headers: { cookie: cookies.join("; ") }, signal: abort.signal }));
  // Kept until they are closed: an answer that nobody holds is collected, and its connection with it.
  const answers = await Promise.all(begun);
  expect(answers.map((answer) => answer.status)).toEqual(Array(count).fill(200));
  return { close: () => { abort.abort(); answers.length = 0; } };
}

/** What the page calls the minute in which it heard last: this one, or the one before. */
function sinceNow(zone = OFFICE_ZONE): RegExp {
  const told = [0, 60_000].map((ago) => wallClock(new Date(Date.now() - ago).toISOString(), zone).time.replace(/^0/, ""));
  return new RegExp(`Not live since (${told.join("|")})\\. What you see may have changed\\.`);
}

/** Connections to the stream as they are left by a network that is gone, which ends them, and by sleep, which does not. */
class Streams {
  private constructor(private readonly page: Page) {}

  /** Of every page and frame that is opened from now on. */
  static async of(page: Page): Promise<Streams> {
    await page.addInitScript(() => {
      const real = window.fetch;
      const streams = ((window as any).streams = { opened: 0, dead: 0, break: [] as (() => void)[] });
      window.fetch = async (input, init) => {
        const answer = await real(input, init);
        const url = input instanceof Request ? input.url : String(input);
        if (!url.includes("/api/live") || !answer.body) return answer;
        const own = ++streams.opened;
        const alive = new TransformStream({
          start: (to) => void streams.break.push(() => to.error(new TypeError("network error"))),
          transform: (chunk, to) => void (own > streams.dead && to.enqueue(chunk)),
        });
        return new Response(answer.body.pipeThrough(alive), { status: answer.status, headers: answer.headers });
      };
    });
    return new Streams(page);
  }

  /** They look alive, and bring nothing more. */
  async silence(): Promise<void> {
    await this.page.evaluate(() => void ((window as any).streams.dead = (window as any).streams.opened));
  }

  /** They end. */
  async break(): Promise<void> {
    for (const frame of this.page.frames()) await frame.evaluate(() => (window as any).streams?.break.splice(0).forEach((end: () => void) => end()));
  }

  /** How many there have been on the page. */
  opened(): Promise<number> {
    return this.page.evaluate(() => (window as any).streams.opened);
  }
}

test("whoever signs out elsewhere is told so on a page that stands open, which goes on once they sign in again", async ({ page }) => {
  await signIn(page, PEOPLE.ben, searchPath(quietHour(), 1));
  const notice = page.locator(".portal-results .empty-state");
  await expect(page.locator(".freshness[data-kind=checked]")).toBeAttached();
  const elsewhere = await page.context().newPage();
  await open(elsewhere, "/reservations");
  await elsewhere.getByRole("button", { name: "Sign out" }).click();
  // The server looks every fifteen seconds whether whoever listens is still signed in.
  await expect(notice).toContainText("Sign in to see which rooms are free.", { timeout: 25_000 });
  await expect(notice.getByRole("link", { name: "Sign in" })).toHaveAttribute("href", /^\/sign-in\?return=/);
  await signIn(elsewhere, PEOPLE.ben, "/reservations");
  await expect(notice).toHaveCount(0, { timeout: 25_000 });
});

test("one window too many says the server's sentence, and shows changes again once others are closed", async ({ page, simulator }) => {
  const when = quietHour();
  await signIn(page, PEOPLE.dmitri, "/reservations");
  await page.goto("about:blank");
  const others = await otherWindows(page.context(), STREAMS_MAX);
  await open(page, searchPath(when, 1));
  const told = page.locator(".portal-results .message-bar");
  await expect(told).toContainText("You have Etage open in too many windows.");
  await expect(page.locator(".freshness")).toContainText(sinceNow(), { timeout: 20_000 });
  await open(page, "/reservations");
  await expect(page.locator("#content .message-bar")).toContainText("You have Etage open in too many windows.");

  await open(page, searchPath(when, 1));
  await showFloor(page, "2");
  others.close();
  await expect(told).toHaveCount(0, { timeout: 25_000 });
  await simulator.bookAndWait({ organizer: PEOPLE.carla, ...when, rooms: [(await simulator.room("2.05")).address] });
  await new PlanView(page).expectState("2.05", "busy");
});

test("a page that does not reach the server says since when it is not live, and goes on when the network is back", async ({ page, simulator }) => {
  const when = quietHour();
  const streams = await Streams.of(page);
  await signIn(page, PEOPLE.ben, searchPath(when, 1));
  await showFloor(page, "2");
  const freshness = page.locator(".freshness");
  await expect(freshness).toHaveAttribute("data-kind", "checked");
  await page.context().setOffline(true);
  await streams.break();
  await expect(freshness).toContainText(sinceNow(), { timeout: 20_000 });
  await expect(freshness).toHaveAttribute("data-kind", "not_live");
  await simulator.bookAndWait({ organizer: PEOPLE.carla, ...when, rooms: [(await simulator.room("2.08")).address] });
  await page.context().setOffline(false);
  await new PlanView(page).expectState("2.08", "busy");
  await expect(freshness).toHaveAttribute("data-kind", "checked");
});

test("one's reservations say that they do not follow by themselves", async ({ page }) => {
  // Nobody who has one: without a building it is the zone of the device.
  await signIn(page, PEOPLE.farid, "/reservations");
  await expect(page.locator(".empty-state")).toBeVisible();
  await page.route(LIVE, (route) => route.abort());
  await open(page, "/reservations");
  await expect(page.locator(".freshness")).toContainText(sinceNow("Europe/Berlin"), { timeout: 20_000 });
  await page.unroute(LIVE);
  await expect(page.locator(".freshness")).toHaveCount(0, { timeout: 20_000 });
});

test("a pane whose token has ended takes a new one without a press, and is live again", async ({ page }) => {
  const streams = await Streams.of(page);
  const { outlook, pane } = await openPane(page, {
    as: PEOPLE.ada,
    appointment: { ...quietHour(), required: [PEOPLE.ben] },
    settings: { nestedAppAuth: "missing", requirementSets: { Mailbox: "1.11", IdentityAPI: "1.3" } },
  });
  await expect(pane.locator(".freshness[data-kind=checked]")).toBeAttached();
  const before = await outlook.callCount(CALL.getAccessToken);
  // As the server answers until there is another token.
  await page.route(LIVE, async (route) => {
    const isRenewed = (await outlook.callCount(CALL.getAccessToken)) > before;
    await (isRenewed ? route.continue() : route.fulfill({ status: 401 }));
  });
  await streams.break();
  const told = pane.locator(".message-bar");
  await expect(told).toContainText("Sign in");
  await expect(told).toHaveCount(0, { timeout: 20_000 });
  expect(await outlook.callCount(CALL.getAccessToken)).toBe(before + 1);
});

test("a page that slept and is looked at again shows at once what it missed", async ({ page, simulator }) => {
  const when = quietHour();
  const streams = await Streams.of(page);
  await page.clock.install();
  await signIn(page, PEOPLE.ben, searchPath(when, 1));
  await showFloor(page, "2");
  const plan = new PlanView(page);
  await plan.expectState("2.09", "free");
  const room = await simulator.room("2.09");
  for (const event of ["visibilitychange", "pageshow", "online"]) {
    const opened = await streams.opened();
    // Looked at, and no line was missed: nothing to do.
    await page.evaluate((event) => (event === "visibilitychange" ? document : window).dispatchEvent(new Event(event, { bubbles: true })), event);
    await streams.silence();
    const id = await simulator.bookAndWait({ organizer: PEOPLE.carla, ...when, rooms: [room.address] });
    expect(await streams.opened()).toBe(opened);
    // Less than the silence after which any connection counts as dead.
    await page.clock.fastForward(25_000);
    await page.evaluate((event) => (event === "visibilitychange" ? document : window).dispatchEvent(new Event(event, { bubbles: true })), event);
    await expect.poll(() => streams.opened(), { timeout: 3_000 }).toBe(opened + 1);
    await plan.expectState("2.09", "busy");
    await simulator.cancel(PEOPLE.carla, id);
    await plan.expectState("2.09", "free");
  }
});

test("what a page showed when the machine fell asleep is as old as it is", async ({ page }) => {
  await page.clock.install();
  await signIn(page, PEOPLE.ben, searchPath(quietHour(), 1));
  const freshness = page.locator(".freshness");
  await expect(freshness).toContainText("Checked with Exchange");
  await page.route("**/api/**", (route) => route.abort());
  await page.clock.fastForward("03:00");
  await expect(freshness).toContainText(/3 min ago|Not live since/);
});
