// One event in a dialog, and what its owner could do with it in Outlook.

import { ask, attempt, button, complain, empty, field, h, keeper, path } from "./elements.js";
import { stateOf } from "./calendars.js";

/** So many suggestions are offered for who to invite. */
const SUGGESTED_MAX = 30;

export class Event {
  /** `mailboxes` gives all there are. */
  constructor(mailboxes) {
    this.mailboxes = mailboxes;
    this.dialog = h("dialog", { "aria-labelledby": "event-title", onclose: () => this.forget() });
    document.body.append(this.dialog);
  }

  /** Shows an entry of a calendar. */
  open(entry, calendar) {
    this.begin(entry, calendar);
    this.dialog.replaceChildren(this.frame(entry.subject || "(no subject)",
      this.facts(entry),
      entry.isOrganizer && !entry.isCancelled ? this.form(entry, () => this.save(entry)) : this.answerButtons(entry),
      this.details(entry)));
    this.dialog.showModal();
  }

  /** Lets the owner of a calendar write a new one. */
  create(calendar) {
    const day = calendar.today > calendar.from && calendar.today < calendar.to ? calendar.today : calendar.from;
    const entry = { subject: "", localStart: `${day}T10:00:00`, localEnd: `${day}T11:00:00`, attendees: [], locations: [], places: [] };
    this.begin(null, calendar);
    this.dialog.replaceChildren(this.frame("New meeting", h("p", {}, `${calendar.displayName} invites.`), this.form(entry, () => this.send(entry))));
    this.dialog.showModal();
  }

  /** Brings the answers up to date; the form stays as it is written. */
  refresh(calendar) {
    if (!this.entry) return;
    const entry = calendar.value.find((one) => one.id === this.entry.id);
    if (entry) this.showAnswers(entry);
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  begin(entry, calendar) {
    Object.assign(this, { entry, calendar, invited: [], showAnswers: () => {} });
  }

  forget() {
    this.entry = null;
    this.dialog.replaceChildren();
  }

  frame(title, ...content) {
    return h("div", { className: "sheet" },
      h("div", { className: "heading" },
        h("h2", { id: "event-title" }, title),
        h("button", { type: "button", "aria-label": "Close", className: "close", onclick: () => this.close() }, "×")),
      h("p", { className: "problem", role: "alert", hidden: true }),
      ...content);
  }

  /** When, where and who, as this copy of it knows. */
  facts(entry) {
    const answers = h("div", {});
    const draw = keeper(answers, drawAnswers);
    this.showAnswers = (now) => draw({ isCancelled: now.isCancelled, isOrganizer: now.isOrganizer, response: now.response, attendees: now.attendees });
    this.showAnswers(entry);
    const row = (name, value) => value && [h("dt", {}, name), h("dd", {}, value)];
    return [
      h("dl", {},
        row("When", when(entry)),
        row("Where", entry.locations.join(", ")),
        row("Organizer", entry.organizer),
        row("Shown as", entry.showAs),
        row("Sensitivity", entry.sensitivity !== "normal" && entry.sensitivity),
        row("Repeats", entry.isSeries && "yes; what you do here is done to this one meeting")),
      answers,
    ];
  }

  details(entry) {
    return h("details", {}, h("summary", {}, "Ids"),
      h("dl", { className: "ids" }, h("dt", {}, "id"), h("dd", {}, entry.id), h("dt", {}, "iCalUId"), h("dd", {}, entry.iCalUId)),
      entry.body && h("pre", {}, entry.body));
  }

  form(entry, submit) {
    this.invited = entry.attendees.map(({ address, type }) => ({ address, type }));
    const chips = h("ul", { className: "chips", "aria-label": "Invited" });
    this.drawInvited = () => chips.replaceChildren(...this.invited.map((one) =>
      h("li", {}, one.address, " ", h("button", { type: "button", "aria-label": `Do not invite ${one.address}`, onclick: () => this.uninvite(one) }, "×"))));
    this.drawInvited();
    const isNew = !this.entry;
    return h("form", {
      onsubmit: (event) => {
        event.preventDefault();
        attempt(submit);
      },
    },
    field("Subject", "text", { name: "subject", value: entry.subject, autocomplete: "off" }),
    h("div", { className: "pair" },
      field("Start", "datetime-local", { name: "start", value: entry.localStart.slice(0, 16), required: true }),
      field("End", "datetime-local", { name: "end", value: entry.localEnd.slice(0, 16), required: true })),
    this.inviteField(),
    chips,
    h("div", { className: "actions" },
      h("button", { className: "main" }, isNew ? "Send" : "Save"),
      !isNew && button("Cancel the meeting", () => this.act("cancel"), { className: "danger" })));
  }

  inviteField() {
    const suggestions = h("datalist", { id: "mailboxes" });
    const suggest = () => {
      const typed = input.value.toLowerCase();
      const found = this.mailboxes().filter((one) => `${one.displayName} ${one.address}`.toLowerCase().includes(typed));
      suggestions.replaceChildren(...found.slice(0, SUGGESTED_MAX).map((one) => h("option", { value: one.address }, one.displayName)));
    };
    const invite = () => {
      this.invite(input.value.trim());
      input.value = "";
      input.focus();
    };
    const input = h("input", {
      type: "text", list: "mailboxes", autocomplete: "off", placeholder: "Room or person", oninput: suggest,
      onkeydown: (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        attempt(invite);
      },
    });
    suggest();
    return h("div", { className: "invite" }, h("label", { className: "field" }, h("span", {}, "Invite"), input), suggestions, button("Invite", invite));
  }

  invite(written) {
    if (!written) throw new Error("Write an address or a name to invite.");
    const is = (one) => [one.address.toLowerCase(), one.displayName.toLowerCase()].includes(written.toLowerCase());
    const known = this.mailboxes().find(is);
    if (!known && !written.includes("@")) throw new Error(`There is no mailbox ${written}. Write an address, or choose one of those offered.`);
    const address = known?.address ?? written;
    if (!this.invited.some((one) => one.address === address)) this.invited.push({ address, type: known?.isRoom ? "resource" : "required" });
    this.drawInvited();
  }

  uninvite(one) {
    this.invited = this.invited.filter((other) => other !== one);
    this.drawInvited();
    this.dialog.querySelector(".invite input").focus();
  }

  /** Where it is: what was written before stays, but for rooms not invited any more; a room that is invited is a place too. */
  placesOf(entry) {
    const place = ({ address }) => ({ displayName: this.nameOf(address), locationEmailAddress: address, locationType: "conferenceRoom" });
    const is = (room, one) => (one.locationEmailAddress ? one.locationEmailAddress.toLowerCase() === room.address.toLowerCase() : one.displayName === this.nameOf(room.address));
    const rooms = this.invited.filter((one) => one.type === "resource");
    const gone = entry.attendees.filter((one) => one.type === "resource" && !rooms.some((room) => room.address === one.address));
    const kept = entry.places.filter((one) => !gone.some((room) => is(room, one)));
    return [...kept, ...rooms.filter((room) => !kept.some((one) => is(room, one))).map(place)];
  }

  nameOf(address) {
    return this.mailboxes().find((one) => one.address === address)?.displayName ?? address;
  }

  /** What Outlook sends. */
  written(entry) {
    const { subject, start, end } = Object.fromEntries(new FormData(this.dialog.querySelector("form")));
    if (end <= start) throw new Error("The end has to be after the start.");
    const { timeZone } = this.calendar;
    return {
      subject,
      start: { dateTime: `${start}:00`, timeZone },
      end: { dateTime: `${end}:00`, timeZone },
      attendees: this.invited.map(({ address, type }) => ({ type, emailAddress: { address, name: this.nameOf(address) } })),
      locations: this.placesOf(entry),
    };
  }

  async send(entry) {
    await ask("POST", path("mailboxes", this.calendar.address, "events"), this.written(entry));
    this.close();
  }

  /** Sends only what was changed: a changed time asks everybody again. */
  async save(entry) {
    const written = this.written(entry);
    const isMoved = written.start.dateTime.slice(0, 16) !== entry.localStart.slice(0, 16) || written.end.dateTime.slice(0, 16) !== entry.localEnd.slice(0, 16);
    const before = entry.attendees.map((one) => one.address).join();
    const isInvitedAnew = before !== this.invited.map((one) => one.address).join();
    if (!isMoved) {
      delete written.start;
      delete written.end;
    }
    if (!isInvitedAnew) {
      delete written.attendees;
      delete written.locations;
    }
    await ask("PATCH", path("mailboxes", this.calendar.address, "events", entry.id), written);
    this.close();
  }

  answerButtons(entry) {
    const answers = entry.isCancelled || entry.isOrganizer ? [] : [["Accept", "accept"], ["Tentative", "tentativelyAccept"], ["Decline", "decline"]];
    return h("div", { className: "actions" },
      answers.map(([label, action]) => button(label, () => this.act(action))),
      button("Remove from this calendar", async () => {
        await ask("DELETE", path("mailboxes", this.calendar.address, "events", entry.id));
        this.close();
      }));
  }

  async act(action) {
    await ask("POST", path("mailboxes", this.calendar.address, "events", this.entry.id, action));
    complain("");
    this.close();
  }
}

function drawAnswers({ attendees, ...entry }) {
  const state = stateOf(entry).text;
  return [
    h("p", { className: "own-state" }, entry.isOrganizer ? "This mailbox organises it." : `In this mailbox: ${state}.`),
    attendees.length === 0
      ? empty("Nobody else is invited.")
      : h("ul", { className: "answers" }, attendees.map((one) =>
        h("li", {}, h("span", {}, one.address), h("small", {}, one.type), h("b", { "data-response": one.response }, one.response === "none" ? "no answer yet" : one.response)))),
  ];
}

function when({ localStart, localEnd, isAllDay }) {
  if (isAllDay) return `${localStart.slice(0, 10)}, all day`;
  const [day, other] = [localStart.slice(0, 10), localEnd.slice(0, 10)];
  return `${day} ${localStart.slice(11, 16)} – ${day === other ? "" : `${other} `}${localEnd.slice(11, 16)}`;
}
