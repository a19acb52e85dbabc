// The working week of the signed-in person, one column a day.

import { h } from "./dom.js";

const FIRST_HOUR = 7;
const LAST_HOUR = 20;
const HOUR_PX = 44;
const DAYS = 5;
const MINUTE_PX = HOUR_PX / 60;
/** Too little height for two lines. */
const SHORT_MS = 45 * 60_000;

const RESPONSE_WORDS = {
  accepted: "accepted",
  declined: "declined",
  tentativelyAccepted: "answered maybe",
  none: "has not answered",
  notResponded: "has not answered",
};

/** Monday of the week around `now`; from Friday evening on it is the coming week. */
export function weekStart(now, clock) {
  const weekday = clock.format(now, { weekday: "short" });
  const name = new Intl.DateTimeFormat("en", { timeZone: clock.zone, weekday: "short" }).format(now) || weekday;
  const index = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(name);
  return clock.startOfDay(now, index > 4 ? 7 - index : -index);
}

/**
 * @param {HTMLElement} container
 * @param {object} view
 * @param {number} view.week   first instant of the Monday shown
 * @param {import("./draft.js").Draft[]} view.drafts  the person's events, opened
 */
export function drawCalendar(container, view) {
  const { clock, week, drafts, now, onOpen, onNew, onMove } = view;
  const dayStarts = Array.from({ length: DAYS + 1 }, (_, index) => clock.startOfDay(week, index));
  container.replaceChildren(
    h("div", { class: "toolbar" },
      h("button", { class: "primary", id: "new-appointment", onclick: () => onNew() }, "New appointment"),
      h("span", { class: "spacer" }),
      h("button", { class: "quiet", ariaLabel: "Previous week", onclick: () => onMove(-7) }, "‹"),
      h("button", { class: "quiet", onclick: () => onMove(0) }, "Today"),
      h("button", { class: "quiet", ariaLabel: "Next week", onclick: () => onMove(7) }, "›"),
      h("h1", {}, clock.format(week, { month: "long", year: "numeric" })),
    ),
    h("div", { class: "week" },
      h("div", { class: "hours", ariaHidden: "true" },
        h("div", { class: "day-head" }),
        Array.from({ length: LAST_HOUR - FIRST_HOUR }, (_, index) =>
          h("div", { class: "hour" }, `${String(FIRST_HOUR + index).padStart(2, "0")}:00`))),
      dayStarts.slice(0, DAYS).map((start, index) =>
        dayColumn({ clock, start, end: dayStarts[index + 1], drafts, now, onOpen, onNew })),
    ),
  );
}

function dayColumn({ clock, start, end, drafts, now, onOpen, onNew }) {
  const isToday = now >= start && now < end;
  const onDay = drafts.filter((draft) => draft.start < end && draft.end > start && !draft.isCancelled);
  const body = h("div", { class: "day-body", style: { height: `${(LAST_HOUR - FIRST_HOUR) * HOUR_PX}px` } },
    isToday && h("div", { class: "now", style: { top: `${top(now, start)}px` } }),
    arrange(onDay).map((placed) => eventBlock(placed, start, clock, onOpen)));
  body.addEventListener("dblclick", (event) => {
    if (event.target !== body) return;
    const halfHours = Math.floor(event.offsetY / (HOUR_PX / 2));
    onNew(start + FIRST_HOUR * 3_600_000 + halfHours * 1_800_000);
  });
  return h("div", { class: isToday ? "day today" : "day" },
    h("div", { class: "day-head" },
      h("span", { class: "day-number" }, clock.format(start, { day: "numeric" })),
      h("span", {}, clock.format(start, { weekday: "short" }))),
    body);
}

function eventBlock({ draft, lane, lanes }, dayStart, clock, onOpen) {
  const room = draft.rooms[0];
  const answer = room && (RESPONSE_WORDS[room.response] ?? room.response);
  const label = [draft.subject || "(no title)", clock.range(draft.start, draft.end), draft.locationText()]
    .filter(Boolean).join(", ");
  return h("button", {
    class: ["event", draft.end - draft.start <= SHORT_MS && "short", room?.response === "declined" && "room-declined"]
      .filter(Boolean).join(" "),
    ariaLabel: label,
    title: room ? `${label} – ${room.name} ${answer}` : label,
    style: {
      top: `${Math.max(0, top(draft.start, dayStart))}px`,
      height: `${Math.max(20, (draft.end - draft.start) / 60_000 * MINUTE_PX - 2)}px`,
      left: `${lane / lanes * 100}%`,
      width: `calc(${100 / lanes}% - 3px)`,
    },
    onclick: () => onOpen(draft),
  },
    h("strong", {}, draft.subject || "(no title)"),
    draft.locationText() && h("span", {}, draft.locationText()));
}

const top = (instant, dayStart) => ((instant - dayStart) / 60_000 - FIRST_HOUR * 60) * MINUTE_PX;

/** Puts overlapping events side by side: each gets the first lane that is free when it starts. */
function arrange(drafts) {
  const placed = [];
  let cluster = [];
  let clusterEnd = -Infinity;
  const finish = () => {
    const lanes = Math.max(0, ...cluster.map((entry) => entry.lane)) + 1;
    for (const entry of cluster) entry.lanes = lanes;
    placed.push(...cluster);
    cluster = [];
  };
  for (const draft of [...drafts].sort((one, other) => one.start - other.start)) {
    if (draft.start >= clusterEnd) finish();
    const taken = new Set(cluster.filter((entry) => entry.draft.end > draft.start).map((entry) => entry.lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    cluster.push({ draft, lane });
    clusterEnd = Math.max(clusterEnd, draft.end);
  }
  finish();
  return placed;
}
