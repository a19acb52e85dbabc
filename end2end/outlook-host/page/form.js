// The appointment form: the organizer writes, an attendee reads.

import { h } from "./dom.js";
import { peoplePicker } from "./people_picker.js";
import { RECURRENCE_CHOICES, choiceOf, recurrenceFor } from "./recurrence.js";

const ANSWER_WORDS = {
  accepted: "Accepted",
  declined: "Declined",
  tentativelyAccepted: "Maybe",
  none: "No answer yet",
  notResponded: "No answer yet",
};

/**
 * Draws the form for `draft` into `container` and keeps it in step with the draft.
 * @param {object} outlook the page's shared state and actions (main.js)
 */
export function drawForm(container, draft, outlook) {
  const fields = h("div", { class: "fields" });
  const content = () => (draft.mode === "read" ? readFields(draft, outlook) : composeFields(draft, outlook));
  fields.append(...content());
  let isDue = false;
  const redraw = () => {
    if (isDue) return;
    isDue = true;
    // A field tells of its change while the focus is still on its way to the next one: wait until it is there.
    setTimeout(() => {
      isDue = false;
      keepingFocus(fields, () => fields.replaceChildren(...content()));
    });
  };
  draft.addEventListener("change", redraw);
  container.querySelector(".form-main").replaceChildren(toolbar(draft, outlook), fields);
}

/** Lets `replace` exchange the fields; the one with the focus keeps it, with what was typed and the caret. */
function keepingFocus(fields, replace) {
  const before = fields.contains(document.activeElement) ? document.activeElement : null;
  replace();
  const after = before?.id && fields.querySelector(`#${before.id}`);
  if (!after) return;
  after.focus();
  if (after.type !== "text") return;
  const { value, selectionStart, selectionEnd } = before;
  if (after.value !== value) after.value = value;
  after.setSelectionRange(selectionStart, selectionEnd);
}

function toolbar(draft, outlook) {
  const compose = draft.mode === "compose";
  return h("div", { class: "toolbar" },
    compose && h("button", { class: "primary", id: "send", onclick: () => outlook.send() }, draft.id ? "Send update" : "Send"),
    compose && draft.id
      ? h("button", { class: "quiet", id: "cancel-meeting", onclick: () => outlook.cancel() }, "Cancel meeting")
      : null,
    h("button", { class: "quiet", id: "discard", onclick: () => outlook.discard() }, compose && !draft.id ? "Discard" : "Close"),
    h("span", { class: "spacer" }),
    h("button", { class: "addin", id: "open-etage", onclick: () => outlook.togglePane() },
      h("img", { src: outlook.config.iconUrl, alt: "", width: 20, height: 20 }), "Etage"));
}

function composeFields(draft, outlook) {
  const { clock, directory, rooms } = outlook;
  return [
    messages(draft),
    h("input", {
      id: "subject", type: "text", class: "subject", placeholder: "Add a title", "aria-label": "Title", value: draft.subject,
      oninput: (event) => (draft.subject = event.target.value),
    }),
    row("Invite", peoplePicker({
      id: "required", label: "Invite people", directory, chosen: withAnswer(draft.required),
      onAdd: (person) => draft.setPeople("required", [...draft.required, person]),
      onRemove: (person) => draft.setPeople("required", draft.required.filter((one) => one.address !== person.address)),
    })),
    row("Optional", peoplePicker({
      id: "optional", label: "Optional people", directory, chosen: withAnswer(draft.optional),
      onAdd: (person) => draft.setPeople("optional", [...draft.optional, person]),
      onRemove: (person) => draft.setPeople("optional", draft.optional.filter((one) => one.address !== person.address)),
    })),
    row("When", timeFields(draft, clock)),
    row("Repeat", repeatField(draft, clock)),
    row("Location", peoplePicker({
      id: "location", label: "Search for a room or type a place", directory: rooms, allowText: true,
      chosen: [...withAnswer(draft.rooms), ...draft.places.map((text) => ({ text }))],
      onAdd: (place) => draft.addLocations([place]),
      onRemove: ({ address, text }) => draft.removeLocations([text === undefined ? { id: address, type: "room" } : { id: text, type: "custom" }]),
    })),
    h("textarea", {
      id: "body", class: "body", placeholder: "Write something, or leave it empty", "aria-label": "Description", value: draft.body,
      oninput: (event) => (draft.body = event.target.value),
    }),
  ];
}

function readFields(draft, { clock }) {
  return [
    messages(draft),
    h("h2", { class: "subject" }, draft.subject || "(no title)"),
    row("When", h("p", {}, `${clock.format(draft.start, { weekday: "long", day: "numeric", month: "long" })}, ${clock.range(draft.start, draft.end)}`)),
    // An attendee's copy does not know what others answered; only real answers are worth a word.
    row("Location", answers(draft.rooms, draft.places)),
    row("From", h("p", {}, draft.organizer.name ?? draft.organizer.address)),
    row("Invited", answers([...draft.required, ...draft.optional], [])),
    draft.body && h("p", { class: "body" }, draft.body),
  ].filter(Boolean);
}

function answers(people, texts) {
  if (!people.length && !texts.length) return h("p", { class: "dim" }, "None");
  return h("ul", { class: "answers" },
    people.map((one) => h("li", {}, one.name, " ", h("small", { class: one.response ?? "" }, ["none", "notResponded"].includes(one.response) ? "" : ANSWER_WORDS[one.response] ?? ""))),
    texts.map((text) => h("li", {}, text)));
}

/** Chips carry the answer once a request was sent. */
function withAnswer(people) {
  return people.map((person) => ({ ...person, note: person.response && ANSWER_WORDS[person.response] }));
}

function timeFields(draft, clock) {
  const start = clock.parts(draft.start);
  const end = clock.parts(draft.end);
  const field = (id, label, type, value) =>
    h("input", { id, type, value, step: 300, "aria-label": label, onchange: () => apply(id) });
  const fields = h("div", { class: "when" },
    field("date", "Date", "date", start.date),
    field("start", "Start", "time", start.time),
    h("span", {}, "to"),
    field("end", "End", "time", end.time),
    h("small", { class: "dim" }, clock.zone));
  const value = (id) => fields.querySelector(`#${id}`).value;
  // Moving the start keeps the length, as Outlook does; an end before the start is put back.
  const apply = (changed) => {
    if (!value("date") || !value("start") || !value("end")) return;
    const from = clock.instant(value("date"), value("start"));
    const to = changed === "end" ? clock.instant(value("date"), value("end")) : from + (draft.end - draft.start);
    if (to > from) draft.setTime(from, to);
    else draft.notify();
  };
  return fields;
}

function repeatField(draft, clock) {
  return h("select", {
    id: "repeat", "aria-label": "Repeat",
    onchange: (event) => draft.setRecurrence(recurrenceFor(event.target.value, draft, clock)),
  }, RECURRENCE_CHOICES.map(([value, words]) =>
    h("option", { value, selected: value === choiceOf(draft.recurrence) }, words)));
}

function messages(draft) {
  return h("div", { class: "messages" }, [...draft.notifications.values()].map(({ message, type }) =>
    h("p", { class: `message ${type}` }, message)));
}

function row(label, content) {
  return h("div", { class: "row" }, h("span", { class: "row-label" }, label), content);
}
