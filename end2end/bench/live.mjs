// How soon a change in Outlook is seen on a page that is open. Prints what each change took, in milliseconds, as JSON.
//
// node live.mjs <origin> <cookie as name=value> <chromium> <simulator> <rooms> <changes>

import { chromium } from "@playwright/test";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const READY_MS_MAX = 120_000;
const SEEN_MS_MAX = 30_000;
const LOOK_EVERY_MS = 100;
const DAY_MS = 86_400_000;

const [origin, cookie, executablePath, simulator, roomsText, changesText] = process.argv.slice(2);
const [name, value] = cookie.split("=");
const [rooms, changes] = [Number(roomsText), Number(changesText)];
const date = new Date(Date.now() + 2 * DAY_MS).toISOString().slice(0, 10);

async function control(method, path, body) {
  const answer = await fetch(`${simulator}/_sim/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

/** Waits until the server has asked to be told of every room. */
async function subscribed() {
  const since = Date.now();
  while ((await control("GET", "subscriptions")).value.length < rooms) {
    if (Date.now() - since > READY_MS_MAX) throw new Error("the rooms do not notify the server");
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }
}

/** In the page: when this room was first drawn in this state, by the machine's clock. */
function seenAs([number, state]) {
  return new Promise((seen) => {
    const room = document.querySelector(`.plan-room[data-room-number="${number}"]`);
    const observer = new MutationObserver(look);
    function look() {
      if (room.dataset.state !== state) return;
      observer.disconnect();
      // The frame that shows it is done when the next one begins.
      requestAnimationFrame(() => requestAnimationFrame(() => seen(Date.now())));
    }
    observer.observe(room, { attributes: true });
    look();
  });
}

/** Makes a change and waits until it is seen. */
async function change(page, number, state, act) {
  const seen = page.evaluate(seenAs, [number, state]);
  const limit = new Promise((_, fail) =>
    setTimeout(() => fail(new Error(`room ${number} was not seen ${state} in time`)), SEEN_MS_MAX).unref(),
  );
  const start = Date.now();
  const made = await act();
  const told = Date.now() - start;
  const at = await Promise.race([seen, limit]);
  return { made, told, taken: at - start };
}

const moment = (time) => ({ dateTime: `${date}T${time}:00`, timeZone: "UTC" });

/** A meeting comes into a room's calendar and leaves it again. */
async function comeAndGo(page, at) {
  const [number, mailbox] = [`0.${String(at).padStart(3, "0")}`, `room${at}@contoso.com`];
  const meeting = { subject: "Planning", start: moment("09:00"), end: moment("10:00"), attendees: [] };
  const came = await change(page, number, "busy", () => control("POST", `mailboxes/${mailbox}/events`, meeting));
  const went = await change(page, number, "free", () => control("DELETE", `mailboxes/${mailbox}/events/${came.made.id}`));
  return [came, went];
}

const browser = await chromium.launch({ executablePath, args: FLAGS });
try {
  await subscribed();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addCookies([{ name, value, url: origin }]);
  const page = await context.newPage();
  await page.goto(`${origin}/?date=${date}&from=09:00&to=10:00&people=1`, { waitUntil: "load" });
  await page.waitForSelector("html[data-hydrated]", { timeout: READY_MS_MAX });
  await page.waitForFunction(
    (count) => document.querySelectorAll('.plan-room[data-state="free"]').length === count,
    rooms,
    { timeout: READY_MS_MAX },
  );
  await comeAndGo(page, 0); // Warms everything up, and does not count.
  const seen = [];
  for (let at = 1; seen.length < changes; at++) seen.push(...(await comeAndGo(page, at)));
  console.log(JSON.stringify({ taken: seen.map((one) => one.taken), told: seen.map((one) => one.told) }));
} finally {
  await browser.close();
}
