// Time and what comes with it: the clock, steps, snapshots, and who is told of changes.

import { ask, attempt, button, empty, field, h, keeper, path, table } from "./elements.js";

const MINUTE_MS = 60_000;
const JUMPS = [["15 minutes", 15 * MINUTE_MS], ["1 hour", 60 * MINUTE_MS], ["1 day", 1_440 * MINUTE_MS], ["7 days", 10_080 * MINUTE_MS]];
const MODES = { deliver: "deliver each", drop: "lose all", duplicate: "deliver each twice", reorder: "deliver out of order", together: "several in one request" };

export function clock(main) {
  const face = h("div", {});
  const steps = h("div", {});
  const snapshots = h("div", {});
  const moment = h("input", { type: "datetime-local", step: 1, "aria-label": "New time, UTC" });
  const done = h("ol", { className: "done", "aria-live": "polite" });
  const run = async (what) => {
    const { value } = await ask("POST", what);
    const reports = [value].flat().filter(Boolean);
    done.replaceChildren(...(reports.length ? reports.map((one) => h("li", {}, told(one))) : [h("li", {}, "Nothing was waiting.")]));
  };
  main.replaceChildren(
    h("h2", {}, "Clock"),
    face,
    h("section", { className: "box" }, h("h3", {}, "Move it"),
      h("div", { className: "inline" }, JUMPS.map(([label, advanceMs]) => button(`+ ${label}`, () => ask("POST", "clock", { advanceMs })))),
      h("form", { className: "inline", onsubmit: (event) => {
        event.preventDefault();
        attempt(async () => {
          if (!moment.value) throw new Error("Choose a time first.");
          await ask("POST", "clock", { now: new Date(`${moment.value}Z`).toISOString() });
        });
      } }, h("label", { className: "field" }, h("span", {}, "To this time, UTC"), moment), h("button", {}, "Set"))),
    h("section", { className: "box" }, h("h3", {}, "What is waiting"), steps,
      h("div", { className: "inline" }, button("Run the next step", () => run("step")), button("Run all", () => run("drain"))), done),
    h("section", { className: "box" }, h("h3", {}, "Snapshots"),
      h("p", {}, "How everything is now, to come back to later."),
      button("Take one", () => ask("POST", "snapshots")), snapshots));
  const showFace = keeper(face, drawFace);
  const showSteps = keeper(steps, drawSteps);
  const showSnapshots = keeper(snapshots, drawSnapshots);
  return {
    async refresh(status) {
      showFace({ now: status.now.slice(0, 19), mode: status.mode });
      showSteps(status);
      showSnapshots((await ask("GET", "snapshots")).value);
    },
  };
}

function drawFace({ now, mode }) {
  const words = mode === "auto" ? "It runs, and rooms answer by themselves." : "It stands still, and nothing happens until it is told to.";
  const other = mode === "auto" ? "explicit" : "auto";
  return [
    h("p", { className: "face" }, `${now.replace("T", " ")} UTC`),
    h("p", { className: "lead" }, `Mode: ${mode}. ${words}`),
    button(other === "auto" ? "Let it run" : "Take steps by hand", () => ask("POST", "mode", { mode: other }), { "data-key": "mode" }),
  ];
}

function drawSteps({ queuedSteps, mode, attendantDelayMs }) {
  const waiting = h("p", {}, queuedSteps === 1 ? "One step is waiting." : `${queuedSteps} steps are waiting.`);
  if (mode !== "auto") return waiting;
  const delay = h("input", { type: "number", min: 0, step: 100, value: attendantDelayMs });
  return [waiting, h("form", { className: "inline", onsubmit: (event) => {
    event.preventDefault();
    attempt(() => ask("POST", "attendant", { delayMs: Number(delay.value) }));
  } }, h("label", { className: "field" }, h("span", {}, "Rooms answer after, ms"), delay), h("button", {}, "Set"))];
}

function drawSnapshots(all) {
  if (all.length === 0) return empty("None is kept.");
  return table("Snapshots", ["No.", "Clock", "Holds", ""], all.map((one) => ({
    cells: [
      String(one.id),
      `${one.clock.slice(0, 19).replace("T", " ")} UTC`,
      `${one.events.toLocaleString("en")} events in ${one.mailboxes.toLocaleString("en")} mailboxes`,
      h("div", { className: "inline" },
        button("Restore", () => ask("POST", path("snapshots", one.id, "restore")), { "aria-label": `Restore snapshot ${one.id}`, "data-key": `restore ${one.id}` }),
        button("Delete", () => ask("DELETE", path("snapshots", one.id)), { "aria-label": `Delete snapshot ${one.id}` })),
    ],
  })));
}

function told({ step, room, outcome, subscriptionId, status, reason }) {
  if (step === "decision") return `${room}: ${outcome}`;
  if (step === "rewriting") return `${room} rewrote what it shows`;
  if (step === "failure") return `The simulator itself failed: ${reason}`;
  return `Notification of ${subscriptionId}: ${status ?? "nobody there"}`;
}

export function subscriptions(main) {
  const place = h("div", {});
  const mode = h("select", { onchange: () => attempt(() => ask("POST", "notifications", { mode: mode.value })) },
    Object.entries(MODES).map(([value, label]) => h("option", { value }, label)));
  main.replaceChildren(
    h("h2", {}, "Subscriptions"),
    h("p", { className: "lead" }, "Who asked to be told of changes, ended ones for a day too."),
    h("label", { className: "field" }, h("span", {}, "What becomes of notifications"), mode),
    place);
  const list = keeper(place, drawSubscriptions);
  return {
    async refresh(status) {
      if (document.activeElement !== mode) mode.value = status.notifications;
      list((await ask("GET", "subscriptions")).value);
    },
  };
}

function drawSubscriptions(all) {
  if (all.length === 0) return empty("Nobody asked to be told of changes.");
  const heads = ["Mailbox", "Changes", "Told at", "Until (UTC)", "Send"];
  return table("Subscriptions", heads, all.map((one) => ({
    className: one.isActive ? "" : "spent",
    cells: [
      one.mailbox,
      one.changeType,
      h("code", {}, one.notificationUrl),
      `${one.expirationDateTime.slice(0, 16).replace("T", " ")}${one.isActive ? "" : " (ended)"}`,
      one.lifecycleNotificationUrl
        ? h("div", { className: "inline" }, ["missed", "reauthorizationRequired", "subscriptionRemoved"].map((event) =>
          button(event, () => ask("POST", "lifecycle", { subscriptionId: one.id, event }), { "data-key": one.id + event })))
        : "no address for it",
    ],
  })));
}
