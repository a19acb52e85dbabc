// The page's frame: which view is shown, the clock, and looking again every two seconds.

import { calendars } from "./calendars.js";
import { ask, complain, empty, whenChanged } from "./elements.js";
import { faults } from "./faults.js";
import { requests } from "./requests.js";
import { clock, subscriptions } from "./time.js";

const VIEWS = { calendars, requests, faults, subscriptions, clock };
const LOOK_EVERY_MS = 2_000;

const main = document.getElementById("main");
const now = document.getElementById("now");

/** The view shown: its name, and how it looks again. */
let shown = { name: "", refresh: async () => {} };

/** A piece of an address; one that was written by hand and is not encoded stands for itself. */
function decoded(piece) {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

function route() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(decoded);
  return Object.hasOwn(VIEWS, name) ? { name, rest } : { name: "calendars", rest: [] };
}

async function show() {
  const { name, rest } = route();
  for (const link of document.querySelectorAll("nav a")) {
    const isHere = link.hash === `#/${name}`;
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${name[0].toUpperCase()}${name.slice(1)} · m365-sim`;
  if (shown.name !== name) {
    main.replaceChildren(empty("Loading…"));
    shown = { name, ...VIEWS[name](main) };
    scrollTo(0, 0);
  }
  shown.go?.(rest);
  await look();
}

let isLooking = false;
let isAskedAgain = false;

/** Looks at what is new. One look at a time; one more when asked for during it. */
async function look() {
  if (isLooking) {
    isAskedAgain = true;
    return;
  }
  isLooking = true;
  try {
    const status = await ask("GET", "status");
    const time = new Date(status.now).toISOString();
    const waiting = status.queuedSteps ? ` · ${status.queuedSteps} waiting` : "";
    const failed = status.failures.length ? ` · ${status.failures.length} failed: ${status.failures.at(-1)}` : "";
    now.textContent = `${time.slice(0, 10)} ${time.slice(11, 16)} UTC · ${status.mode}${waiting}${failed}`;
    await shown.refresh(status);
    if (isOut) complain("");
    isOut = false;
  } catch (error) {
    isOut = true;
    complain(error.message);
  }
  isLooking = false;
  if (isAskedAgain) {
    isAskedAgain = false;
    await look();
  }
}

/** Whether the last look failed: its complaint goes away by itself. */
let isOut = false;

whenChanged(look);
addEventListener("hashchange", show);
document.addEventListener("visibilitychange", () => document.hidden || look());
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
setInterval(() => document.hidden || look(), LOOK_EVERY_MS);
show();
