// Mailboxes, and one of them week by week, as its owner sees it.

import { ask, button, empty, h, keeper, path } from "./elements.js";
import { Event } from "./event.js";

/** More than these are not listed: the filter is there to find the others. */
const LISTED_MAX = 100;
/** The hours shown when nothing is before or after them. */
const FIRST_HOUR = 8;
const LAST_HOUR = 18;
const DAY_MS = 86_400_000;
/** What takes no longer has space for one line only. */
const SHORT_MINUTES = 30;

export function calendars(main) {
  const filter = h("input", { type: "search", placeholder: "Room, person or address", "aria-label": "Filter mailboxes", oninput: () => list(listed()) });
  const names = h("div", { className: "names" });
  const week = h("section", { className: "week", "aria-label": "Calendar" });
  main.replaceChildren(h("div", { className: "calendars" }, h("section", { className: "mailboxes", "aria-label": "Mailboxes" }, filter, names), week));

  let mailboxes = [];
  let [address, monday] = ["", ""];
  const event = new Event(() => mailboxes);

  const listed = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (one) => words.every((word) => `${one.displayName} ${one.address} ${one.building ?? ""}`.toLowerCase().includes(word));
    const found = mailboxes.filter(fits);
    return { address, monday, more: Math.max(0, found.length - LISTED_MAX), found: found.slice(0, LISTED_MAX), severalTenants: new Set(mailboxes.map((one) => one.tenant)).size > 1 };
  };
  const list = keeper(names, drawNames);
  const draw = keeper(week, (calendar) => drawWeek(calendar, event));

  return {
    go([toAddress = "", toMonday = ""]) {
      [address, monday] = [toAddress, toMonday];
      main.firstChild.classList.toggle("open", Boolean(address));
      event.close();
    },
    async refresh() {
      if (mailboxes.length === 0) mailboxes = await allMailboxes();
      list(listed());
      if (!address) {
        draw(null);
        return;
      }
      if (!mailboxes.some((one) => one.address.toLowerCase() === address.toLowerCase())) {
        draw({ missing: address });
        return;
      }
      const query = monday ? `?from=${encodeURIComponent(monday)}` : "";
      const calendar = await ask("GET", `${path("mailboxes", address, "calendar")}${query}`);
      draw({ ...calendar, now: undefined, today: calendar.now.slice(0, 10) });
      event.refresh(calendar);
    },
  };
}

async function allMailboxes() {
  const { tenants } = await ask("GET", "world");
  return tenants.flatMap((tenant) => [
    ...tenant.rooms.map((room) => ({ ...room, isRoom: true, tenant: tenant.displayName })),
    ...tenant.people.map((person) => ({ ...person, isRoom: false, tenant: tenant.displayName })),
  ]);
}

function drawNames({ address, monday, found, more, severalTenants }) {
  if (found.length === 0) return empty("No mailbox is called that.");
  const item = (one) =>
    h("li", {}, h("a", {
      href: `#/${path("calendars", one.address, ...(monday ? [monday] : []))}`,
      "data-key": one.address,
      "aria-current": one.address === address && "true",
    }, h("b", {}, one.displayName), h("small", {}, one.address), one.state !== "active" && h("small", {}, one.state),
    severalTenants && h("small", {}, one.tenant)));
  const group = (title, ones) => ones.length > 0 && [h("h2", {}, title), h("ul", {}, ones.map(item))];
  return [
    group("Rooms", found.filter((one) => one.isRoom)),
    group("People", found.filter((one) => !one.isRoom)),
    more > 0 && empty(`${more.toLocaleString("en")} more. Type to find them.`),
  ].flat().filter(Boolean);
}

function drawWeek(calendar, event) {
  if (!calendar) return empty("Choose a mailbox to see its calendar.");
  const back = h("a", { className: "back", href: "#/calendars" }, "All mailboxes");
  if (calendar.missing) return [back, empty(`There is no mailbox ${calendar.missing}.`)];
  const { address, displayName, timeZone, from, today } = calendar;
  const days = Array.from({ length: 7 }, (_, at) => plusDays(from, at));
  const link = (label, monday, properties = {}) => h("a", { href: `#/${path("calendars", address, monday)}`, ...properties }, label);
  const [first, last] = [days[0], days[6]].map((day) => dayName(day, { day: "numeric", month: "short" }));
  const hours = hoursOf(calendar.value);
  return [
    back,
    h("div", { className: "heading" },
      h("div", {}, h("h2", {}, displayName), h("p", {}, `${address} · ${timeZone}${calendar.state === "active" ? "" : ` · ${calendar.state}`}`)),
      button("New meeting", () => event.create(calendar), { className: "main", "data-key": "new" })),
    h("div", { className: "weeks" },
      link("‹", plusDays(from, -7), { "aria-label": "Week before", "data-key": "before" }),
      link("This week", mondayOf(today), { "data-key": "this" }),
      link("›", plusDays(from, 7), { "aria-label": "Week after", "data-key": "after" }),
      h("b", {}, `${first} – ${last} ${days[6].slice(0, 4)}`)),
    h("div", { className: "grid", "--hours": hours.last - hours.first },
      h("div", { className: "hours", "aria-hidden": "true" },
        Array.from({ length: hours.last - hours.first }, (_, at) => h("span", {}, `${String(hours.first + at).padStart(2, "0")}:00`))),
      days.map((day) => drawDay(day, calendar, hours, event))),
    calendar.value.length === 0 && empty("Nothing is on in this week."),
  ].filter(Boolean);
}

function drawDay(day, calendar, hours, event) {
  const here = calendar.value.filter((one) => overlaps(one, day));
  const isWhole = (one) => one.isAllDay || (one.localStart.slice(0, 10) < day && one.localEnd.slice(0, 10) > day);
  const timed = lanes(here.filter((one) => !isWhole(one)).map((one) => ({ one, ...minutesOn(one, day) })));
  const block = ({ one, from, to, lane, width }) =>
    h("li", {
      "--from": (from / 60 - hours.first).toFixed(3),
      "--length": Math.max((to - from) / 60, 0.4).toFixed(3),
      "--lane": lane,
      "--lanes": width,
    }, drawEvent(one, calendar, event, to - from <= SHORT_MINUTES));
  const isToday = day === calendar.today;
  return h("section", { className: here.length ? "day" : "day free", "aria-current": isToday && "date" },
    h("h3", {}, dayName(day, { weekday: "short", day: "numeric", month: "short" })),
    here.some(isWhole) && h("ul", { className: "whole" }, here.filter(isWhole).map((one) => h("li", {}, drawEvent(one, calendar, event)))),
    h("ul", { className: "timed" }, timed.map(block)));
}

function drawEvent(one, calendar, event, isShort = false) {
  const time = one.isAllDay ? "All day" : `${one.localStart.slice(11, 16)}–${one.localEnd.slice(11, 16)}`;
  const state = stateOf(one);
  return h("button", {
    type: "button",
    className: `event ${state.className}${isShort ? " short" : ""}`,
    "data-key": one.id + one.localStart,
    onclick: () => event.open(one, calendar),
  }, h("span", { className: "time" }, time), h("b", {}, one.subject || "(no subject)"), state.text && h("span", { className: "state" }, state.text));
}

/** What a copy's state is called, beside its colour. */
export function stateOf(one) {
  if (one.isCancelled) return { className: "cancelled", text: "cancelled" };
  if (one.isOrganizer) return { className: "own", text: "" };
  const states = {
    accepted: { className: "accepted", text: "accepted" },
    tentativelyAccepted: { className: "tentative", text: "tentative" },
    notResponded: { className: "undecided", text: "not answered" },
    none: { className: "undecided", text: "not answered" },
  };
  return states[one.response] ?? { className: "undecided", text: one.response };
}

/** Puts what overlaps side by side. */
function lanes(timed) {
  const sorted = timed.sort((left, right) => left.from - right.from || left.to - right.to);
  let group = [];
  const close = () => group.forEach((one) => { one.width = Math.max(...group.map((each) => each.lane)) + 1; });
  for (const one of sorted) {
    if (!group.some((each) => each.to > one.from)) {
      close();
      group = [];
    }
    const taken = new Set(group.filter((each) => each.to > one.from).map((each) => each.lane));
    one.lane = 0;
    while (taken.has(one.lane)) one.lane += 1;
    group.push(one);
  }
  close();
  return sorted;
}

/** The minutes of a day that an entry takes. */
function minutesOn({ localStart, localEnd }, day) {
  const minutes = (local) => Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
  return {
    from: localStart.slice(0, 10) < day ? 0 : minutes(localStart),
    to: localEnd.slice(0, 10) > day ? 24 * 60 : minutes(localEnd),
  };
}

function overlaps({ localStart, localEnd }, day) {
  return localStart < `${plusDays(day, 1)}T00:00:00` && (localEnd > `${day}T00:00:00` || localStart.slice(0, 10) === day);
}

function hoursOf(entries) {
  const timed = entries.filter((one) => !one.isAllDay);
  const crosses = timed.some((one) => one.localStart.slice(0, 10) !== one.localEnd.slice(0, 10));
  if (crosses) return { first: 0, last: 24 };
  const first = Math.min(FIRST_HOUR, ...timed.map((one) => Number(one.localStart.slice(11, 13))));
  const last = Math.max(LAST_HOUR, ...timed.map((one) => Number(one.localEnd.slice(11, 13)) + (one.localEnd.slice(14, 16) > "00" ? 1 : 0)));
  return { first, last };
}

function plusDays(date, days) {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function mondayOf(date) {
  return plusDays(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7));
}

function dayName(date, form) {
  return new Intl.DateTimeFormat("en-GB", { ...form, timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
}
