// The page that plays Outlook on the web: who is signed in, what is open, and what the buttons do.

import { drawCalendar, weekStart } from "./calendar.js";
import { h } from "./dom.js";
import { CHANGE, Draft, sameAddress } from "./draft.js";
import { drawForm } from "./form.js";
import { toDraft, toEvent } from "./graph_event.js";
import { LaunchEvents } from "./launch.js";
import { readManifest } from "./manifest.js";
import { Pane } from "./pane.js";
import * as simulator from "./simulator.js";
import { installTestHooks } from "./test_hooks.js";
import { ZoneClock, nextHalfHour } from "./time.js";
import { readWorld } from "./world.js";

const HOUR_MS = 3_600_000;
const REFRESH_MS = 3000;

const calendarSection = document.getElementById("calendar");
const formSection = document.getElementById("form");

/** Shared by the parts of the page; the parts read it, and act through its methods. */
const outlook = {
  config: null,
  clock: null,
  person: null,
  people: [],
  rooms: [],
  drafts: [],
  draft: null,
  week: 0,
  /** What this Outlook offers to an add-in; tests change it before they open the pane. */
  settings: {
    locale: "en-US",
    windowsZone: "UTC",
    permissionLevel: 3,
    requirementSets: { Mailbox: "1.14", IdentityAPI: "1.3", DialogApi: "1.2", DialogOrigin: "1.1", NestedAppAuth: "1.1" },
    nestedAppAuth: "on",
    accessTokenError: null,
    roomsAmongAttendees: true,
    roamingSettings: {},
  },
  /** What the add-in called, oldest first: `{id, params, at}`. */
  calls: [],
  nestedAuthCalls: [],
  /** What it called where nobody sees it. */
  launchCalls: [],
  /** The add-in's manifest (manifest.js); null where it has none. */
  manifest: null,
  /** By dispatch id: `{delayMs?, code?, silent?, times}`. */
  faults: new Map(),

  get directory() {
    return this.people.filter((one) => !sameAddress(one.address, this.person.address));
  },

  room(address) {
    return this.rooms.find((room) => sameAddress(room.address, address));
  },

  signIn(address) {
    this.closeForm();
    this.person = this.people.find((one) => sameAddress(one.address, address)) ?? this.people[0];
    document.getElementById("person").value = this.person.address;
    localStorage.setItem("person", this.person.address);
    this.clock = new ZoneClock(this.person.zone ?? "UTC", this.settings.locale);
    this.settings.windowsZone = this.clock.windowsZone;
    this.week = weekStart(this.now(), this.clock);
    return this.refresh();
  },

  newAppointment(values = {}) {
    const start = values.start ?? nextHalfHour(this.now());
    this.openForm(new Draft({ end: start + HOUR_MS, ...values, start, organizer: this.person }));
  },

  openForm(draft) {
    this.closeForm();
    this.draft = draft;
    formSection.hidden = false;
    formSection.replaceChildren(
      h("div", { class: "form-main" }),
      h("aside", { class: "pane", hidden: true, "aria-label": "Etage" },
        h("div", { class: "pane-head" },
          h("img", { src: this.config.iconUrl, alt: "", width: 20, height: 20 }),
          h("span", {}, "Etage"),
          h("span", { class: "spacer" }),
          h("button", { class: "quiet", ariaLabel: "Close Etage", onclick: () => this.closePane() }, "×")),
        h("div", { class: "pane-body" })));
    this.pane = new Pane(formSection.querySelector(".pane"), this);
    this.launch = new LaunchEvents(this);
    if (draft.mode === "compose") {
      draft.addEventListener("change", ({ detail }) => {
        if (detail.change === CHANGE.time && this.draft === draft) this.launch.timeChanged(draft);
      });
    }
    drawForm(formSection, draft, this);
  },

  closeForm() {
    this.pane?.dispose();
    this.pane = null;
    this.launch?.dispose();
    this.launch = null;
    this.draft = null;
    formSection.hidden = true;
    formSection.replaceChildren();
  },

  openPane() {
    return this.pane.open(this.draft);
  },

  closePane() {
    this.pane?.close();
  },

  togglePane() {
    return this.pane.isOpen ? this.closePane() : this.openPane();
  },

  accessToken() {
    return this.pane.accessToken();
  },

  saveRoamingSettings(settings) {
    this.settings.roamingSettings = settings;
  },

  /** Sends the invitation if the add-in lets it, then closes form and pane, as Outlook does; null when nothing was sent. */
  async send() {
    const { draft } = this;
    if (this.isSending) return null;
    this.isSending = true;
    const maySend = await this.launch.maySend(draft).finally(() => (this.isSending = false));
    if (!maySend) return null;
    const event = toEvent(draft, this.clock);
    const sent = draft.id
      ? await simulator.updateEvent(this.person.address, draft.id, event)
      : await simulator.createEvent(this.person.address, event);
    this.closeForm();
    await this.refresh();
    toast(draft.rooms.length ? "Sent. The room will answer shortly." : "Sent.");
    return sent?.id ?? draft.id;
  },

  async cancel() {
    await simulator.cancelEvent(this.person.address, this.draft.id);
    this.closeForm();
    await this.refresh();
    toast("The meeting is cancelled and everybody was told.");
  },

  discard() {
    this.closeForm();
  },

  /** Opens a kept appointment: the organizer's form, or an attendee's. */
  async reopen(id) {
    await this.refresh();
    const draft = this.drafts.find((one) => one.id === id);
    if (!draft) throw new Error(`There is no appointment ${id} in this calendar.`);
    this.openForm(draft);
  },

  async refresh() {
    const { address } = this.person;
    const views = await simulator.events(address);
    if (address !== this.person.address) return; // Somebody else signed in meanwhile.
    this.drafts = views.filter((view) => !view.isCancelled).map((view) => toDraft(view, this.person, this));
    this.drawCalendar();
  },

  drawCalendar() {
    drawCalendar(calendarSection, {
      clock: this.clock,
      week: this.week,
      drafts: this.drafts,
      now: this.now(),
      onOpen: (draft) => this.openForm(draft),
      onNew: (start) => this.newAppointment({ start }),
      onMove: (days) => {
        this.week = days ? this.clock.startOfDay(this.week, days) : weekStart(this.now(), this.clock);
        this.drawCalendar();
      },
    });
  },

  now: () => Date.now(),
};

function toast(text) {
  const element = document.getElementById("toast");
  element.textContent = text;
  element.classList.add("shown");
  setTimeout(() => element.classList.remove("shown"), 4000);
}

async function start() {
  outlook.config = await (await fetch("/config.json")).json();
  const asked = new URLSearchParams(location.search);
  if (asked.has("pane")) outlook.config.paneUrl = new URL(asked.get("pane"), location.href).href;
  else outlook.manifest = await readManifest();
  const { people, rooms, tenant, now } = readWorld(await simulator.world(), outlook.config);
  Object.assign(outlook, { people, rooms });
  outlook.config.tenant ??= tenant;
  if (now) outlook.now = now;
  outlook.settings.locale = asked.get("locale") ?? outlook.config.locale;
  const chooser = document.getElementById("person");
  chooser.replaceChildren(...people.map(({ name, address }) => h("option", { value: address }, name)));
  chooser.addEventListener("change", () => outlook.signIn(chooser.value));
  await outlook.signIn(asked.get("as") ?? localStorage.getItem("person") ?? outlook.config.person ?? people[0].address);
  // Rooms answer a little later; the calendar shows it without a reload while nothing is open.
  setInterval(() => {
    if (formSection.hidden && !document.hidden) outlook.refresh().catch(() => {});
  }, REFRESH_MS);
}

installTestHooks(outlook, start().catch((error) => {
  calendarSection.replaceChildren(h("div", { class: "empty" },
    h("h1", {}, "The simulator does not answer"),
    h("p", {}, "Start it with `cargo xtask demo`, then reload this page."),
    h("small", {}, String(error.message))));
  throw error;
}));
