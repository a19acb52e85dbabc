// How soon a page shows and answers, in a browser that was never there. Prints the medians as JSON.
//
// node page.mjs <origin> <cookie as name=value> <chromium>

import { chromium } from "@playwright/test";

const VISITS = 9;
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const HYDRATED_MS_MAX = 20_000;

const [origin, cookie, executablePath] = process.argv.slice(2);
const [name, value] = cookie.split("=");

/** Runs in the page before anything of it: notes the largest paint so far, and the page's own sign of life. */
function watch() {
  window.seen = { lcp: 0, interactive: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.seen.lcp = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new MutationObserver((_changes, observer) => {
    if (!document.documentElement?.hasAttribute("data-hydrated")) return;
    window.seen.interactive = performance.now();
    observer.disconnect();
  }).observe(document, { attributes: true, childList: true, subtree: true });
}

async function visit(browser) {
  // A context of its own has a cache of its own.
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addCookies([{ name, value, url: origin }]);
  await context.addInitScript(watch);
  const page = await context.newPage();
  await page.goto(origin, { waitUntil: "load" });
  await page.waitForFunction(() => window.seen.interactive > 0, undefined, { timeout: HYDRATED_MS_MAX });
  // Chromium reports a paint only after it has presented it.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const seen = await page.evaluate(() => window.seen);
  seen.rooms = await page.locator(".plan-room").count();
  await context.close();
  return seen;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const browser = await chromium.launch({ executablePath, args: FLAGS });
try {
  await visit(browser); // Warms the browser up, and does not count.
  const visits = [];
  for (let number = 0; number < VISITS; number++) visits.push(await visit(browser));
  console.log(
    JSON.stringify({
      lcp: median(visits.map((one) => one.lcp)),
      interactive: median(visits.map((one) => one.interactive)),
      rooms: visits[0].rooms,
    }),
  );
} finally {
  await browser.close();
}
