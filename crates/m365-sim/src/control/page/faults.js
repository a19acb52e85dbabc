// What goes wrong on purpose: which faults there are, how often each fired, and new ones.

import { ask, attempt, button, empty, field, h, keeper, path, table } from "./elements.js";

/** The kinds of fault, with the fields each has. */
const KINDS = {
  status: ["Answer with a status", [
    ["status", "Status", "number", { min: 400, max: 599, value: 429, required: true }],
    ["code", "Error code", "text", { value: "TooManyRequests", required: true }],
    ["retryAfterSeconds", "Retry-After, seconds", "number", { min: 0, step: "any", value: 2 }],
  ]],
  delay: ["Answer later", [
    ["delayMs", "By milliseconds", "number", { min: 0, value: 2_000, required: true }],
    ["jitterMs", "And up to more", "number", { min: 0, value: 0 }],
  ]],
  dropConnection: ["Close the connection, do nothing", []],
  loseAnswer: ["Do it, and lose the answer", []],
  truncateBody: ["Break off the answer", [["keepBytes", "After bytes", "number", { min: 0, value: 40, required: true }]]],
  scheduleError: ["One mailbox fails in free/busy", [
    ["responseCode", "Response code", "text", { value: "5006", required: true }],
    ["message", "Message", "text", { value: "The mailbox server is not available.", required: true }],
  ]],
  expireCursor: ["A cursor of changes has expired", []],
  clockSkew: ["Answer by another clock", [["skewMs", "Ahead by milliseconds (behind: negative)", "number", { value: 600_000, required: true }]]],
  loseNotification: ["Lose a notification", []],
  duplicateNotification: ["Post a notification twice", []],
  delayNotification: ["Post a notification after the next", []],
};

/** What these kinds meet is no request: only the mailbox matters. */
const isOfNotifications = (kind) => kind.endsWith("Notification");

const HEADS = ["No.", "What happens", "To what", "How often", "Fired", ""];

export function faults(main) {
  const place = h("div", {});
  const list = keeper(place, (found) => (found.length === 0 ? empty("Nothing goes wrong on purpose.") : table("Faults", HEADS, found.map(row))));
  const seed = h("input", { type: "number", value: 7, min: 0, "aria-label": "Seed of the bad day" });
  main.replaceChildren(
    h("div", { className: "heading" }, h("h2", {}, "Faults"), button("Clear all", () => ask("DELETE", "faults"))),
    h("p", { className: "lead" }, "Of several that match a request, the first with firings left strikes."),
    place,
    form(),
    h("section", { className: "box" },
      h("h3", {}, "A bad day at Microsoft"),
      h("p", {}, "Of all requests to Graph, 10 % are throttled, 5 % fail and 2 % lose their connection."),
      h("div", { className: "inline" }, seed, button("Begin", () => ask("POST", "faults/hostile", { seed: Number(seed.value) })))));
  return {
    async refresh() {
      list((await ask("GET", "faults")).value);
    },
  };
}

function form() {
  const own = h("div", { className: "pair" });
  const showOwn = (kind) => own.replaceChildren(...KINDS[kind][1].map(([name, label, type, properties]) => field(label, type, { name, ...properties })));
  const kinds = Object.entries(KINDS).map(([kind, [label]]) => h("option", { value: kind }, label));
  const methods = ["", "GET", "POST", "PATCH", "DELETE"].map((method) => h("option", { value: method }, method || "any"));
  showOwn("status");
  return h("form", {
    className: "box",
    onsubmit: (event) => {
      event.preventDefault();
      attempt(() => ask("POST", "faults", written(new FormData(event.target))));
    },
  },
  h("h3", {}, "A new fault"),
  field("What happens", "select", { name: "kind", onchange: (event) => showOwn(event.target.value) }, kinds),
  own,
  h("div", { className: "pair" },
    field("Method", "select", { name: "method" }, methods),
    field("Path, with * for anything", "text", { name: "path", value: "/v1.0/", autocomplete: "off" }),
    field("Mailbox", "text", { name: "mailbox", placeholder: "any", autocomplete: "off" }),
    field("How often (empty: for ever)", "number", { name: "count", min: 1, value: 1 }),
    field("Chance, percent", "number", { name: "percent", min: 1, max: 100, step: "any", value: 100 })),
  h("div", { className: "actions" }, h("button", { className: "main" }, "Add")));
}

function written(form) {
  const text = (name) => form.get(name) || undefined;
  const kind = form.get("kind");
  const action = { kind };
  for (const [name, , type] of KINDS[kind][1]) {
    if (form.get(name) !== "") action[name] = type === "number" ? Number(form.get(name)) : form.get(name);
  }
  const percent = Number(form.get("percent") || 100);
  return {
    match: isOfNotifications(kind) ? { mailbox: text("mailbox") } : { method: text("method"), path: text("path"), mailbox: text("mailbox") },
    action,
    count: form.get("count") ? Number(form.get("count")) : null,
    probability: percent < 100 ? percent / 100 : undefined,
  };
}

function row(one) {
  const { kind, ...details } = one.action;
  const fields = (KINDS[kind]?.[1] ?? []).filter(([name]) => details[name] !== null && details[name] !== undefined);
  const told = fields.map(([name, label]) => `${label} ${details[name]}`).join(", ");
  const { method, path: where, mailbox } = one.match;
  const isUsedUp = one.count !== null && one.fired >= one.count;
  return {
    className: isUsedUp ? "spent" : "",
    cells: [
      String(one.id),
      [KINDS[kind]?.[0] ?? kind, told && `. ${told}`].filter(Boolean).join(""),
      [method, where, mailbox && `mailbox ${mailbox}`].filter(Boolean).join(" ") || (isOfNotifications(kind) ? "all notifications" : "all"),
      [one.count === null ? "for ever" : `${one.count} ×`, one.probability && `${+(one.probability * 100).toFixed(2)} %`].filter(Boolean).join(", "),
      h("b", {}, `${one.fired} ×`),
      button("Remove", () => ask("DELETE", path("faults", one.id)), { "aria-label": `Remove fault ${one.id}`, "data-key": `fault ${one.id}` }),
    ],
  };
}
