// The appointment that is open: what the form shows and the add-in reads and writes.
// Every change goes through a method here, so that form and add-in hear of it the same way.

/** What changed; the name is the event office.js knows it by. */
export const CHANGE = {
  time: "olkAppointmentTimeChanged",
  recipients: "olkRecipientsChanged",
  locations: "olkEnhancedLocationsChanged",
  recurrence: "olkRecurrenceChanged",
};

export class Draft extends EventTarget {
  /**
   * @param {object} values
   * @param {"compose"|"read"} values.mode   compose: the organizer's form; read: an attendee's
   * @param {string|null} values.id          null until it is sent
   * @param {number} values.start            milliseconds since the epoch, as is `end`
   * @param {{name: string, address: string}} values.organizer
   */
  constructor(values) {
    super();
    this.mode = values.mode ?? "compose";
    this.id = values.id ?? null;
    this.seriesId = values.seriesId ?? null;
    this.subject = values.subject ?? "";
    this.body = values.body ?? "";
    this.start = values.start;
    this.end = values.end;
    this.organizer = values.organizer;
    this.required = values.required ?? [];
    this.optional = values.optional ?? [];
    /** Rooms on the location line: `{address, name, response}`. */
    this.rooms = values.rooms ?? [];
    /** Locations that are only text. */
    this.places = values.places ?? [];
    /** null, or the object office.js calls series recurrence. */
    this.recurrence = values.recurrence ?? null;
    this.isAllDay = values.isAllDay ?? false;
    this.created = values.created ?? values.start;
    this.sessionData = new Map();
    this.customProperties = {};
    /** Messages above the form, by key. */
    this.notifications = new Map();
  }

  setSubject(subject) {
    this.subject = subject;
    this.notify();
  }

  setBody(body) {
    this.body = body;
    this.notify();
  }

  setTime(start, end) {
    if (start === this.start && end === this.end) return;
    this.start = start;
    this.end = end;
    this.notify(CHANGE.time, { start, end });
  }

  /** `kind` is "required" or "optional". */
  setPeople(kind, people) {
    this[kind] = people.map(({ name, address, response }) => ({ name: name || address, address, response }));
    this.#recipientsChanged({ [`${kind}Attendees`]: true });
  }

  /** Adds rooms `{address, name}` and plain places `{text}`; those already there are left alone. */
  addLocations(locations) {
    const had = this.rooms.length + this.places.length;
    for (const { address, name, text } of locations) {
      if (text !== undefined) {
        if (!this.places.includes(text)) this.places.push(text);
      } else if (!this.rooms.some((room) => sameAddress(room.address, address))) {
        this.rooms.push({ address, name });
      }
    }
    if (this.rooms.length + this.places.length !== had) this.#locationsChanged();
  }

  /** `identifiers` are office.js location identifiers `{id, type}`. */
  removeLocations(identifiers) {
    const isNamed = (id, type) =>
      identifiers.some((given) => given.type === type && sameAddress(given.id, id));
    this.rooms = this.rooms.filter((room) => !isNamed(room.address, "room"));
    this.places = this.places.filter((text) => !isNamed(text, "custom"));
    this.#locationsChanged();
  }

  setLocationText(text) {
    this.places = text ? [text] : [];
    this.#locationsChanged();
  }

  setRecurrence(recurrence) {
    this.recurrence = recurrence ?? null;
    this.notify(CHANGE.recurrence, {
      recurrence: this.recurrence && JSON.stringify(this.recurrence),
    });
  }

  locationText() {
    return [...this.rooms.map((room) => room.name), ...this.places].join("; ");
  }

  enhancedLocations() {
    const rooms = this.rooms.map(({ address, name }) => ({
      locationIdentifier: { id: address, type: "room" },
      displayName: name,
      emailAddress: address,
    }));
    const places = this.places.map((text) => ({
      locationIdentifier: { id: text, type: "custom" },
      displayName: text,
      emailAddress: "",
    }));
    return [...rooms, ...places];
  }

  /** Tells the form, and with a name the add-in too. `payload` is what office.js hands to the handler. */
  notify(change, payload) {
    this.dispatchEvent(new CustomEvent("change", { detail: { change, payload } }));
  }

  #locationsChanged() {
    this.notify(CHANGE.locations, { enhancedLocations: this.enhancedLocations() });
    this.#recipientsChanged({ resources: true });
  }

  #recipientsChanged(which) {
    const none = { to: false, cc: false, bcc: false, requiredAttendees: false, optionalAttendees: false, resources: false };
    this.notify(CHANGE.recipients, { ...none, ...which });
  }
}

export function sameAddress(one, other) {
  return one.toLowerCase() === other.toLowerCase();
}
