// The simulator's remote control, for setting a scene and for looking at what really happened.
// Every path is listed in crates/m365-sim.

import { expect } from "@playwright/test";

import { environment, serviceUrl } from "./environment";

export interface Room {
  id: string;
  displayName: string;
  address: string;
  building: string | null;
  floorNumber: number | null;
  capacity: number | null;
}

export interface Person {
  id: string;
  displayName: string;
  address: string;
  timeZone: string;
}

/** One copy of an event in one mailbox; times are UTC. */
export interface EventCopy {
  id: string;
  iCalUId: string;
  subject: string;
  start: string;
  end: string;
  showAs: string;
  isCancelled: boolean;
  organizer: string;
  isOrganizer: boolean;
  response: string;
  attendees: { address: string; type: "required" | "optional" | "resource"; response: string }[];
  locations: string[];
}

/** What was sent. */
export interface Letter {
  from: string;
  to: string[];
  subject: string;
  content: string;
  undelivered: string[];
}

export interface Meeting {
  organizer: string;
  subject?: string;
  /** Anything `Date` reads; give a zone or `Z`. */
  start: string;
  end: string;
  required?: string[];
  rooms?: string[];
  /** Repeats weekly, so often. */
  weeks?: number;
}

export interface Fault {
  match?: { method?: string; path?: string; mailbox?: string };
  action:
    | { kind: "status"; status: number; code: string; message?: string; retryAfterSeconds?: number }
    | { kind: "delay"; delayMs: number }
    | { kind: "dropConnection" }
    | { kind: "scheduleError"; responseCode: string; message: string };
  /** How often; null is for ever. */
  count?: number | null;
}

export class Simulator {
  private hasOwnFaults = false;

  constructor(private readonly url = serviceUrl("E2E_SIM_URL")) {}

  async tenant(): Promise<{ id: string; people: Person[]; rooms: Room[] }> {
    const world = await this.ask("GET", "/world");
    return world.tenants[0];
  }

  /** The room at whose door this number stands. */
  async room(number: string): Promise<Room> {
    const { rooms } = await this.tenant();
    const found = rooms.find((room) => room.displayName.split(" ").includes(number));
    if (!found) throw new Error(`The tenant has no room ${number}.`);
    return found;
  }

  async events(mailbox: string): Promise<EventCopy[]> {
    return (await this.ask("GET", `/mailboxes/${encodeURIComponent(mailbox)}/events`)).value;
  }

  /** What is on in a mailbox from a day on, meetings of series one by one, in order of time. `days`: at most 62. */
  async calendar(mailbox: string, from: string, days: number): Promise<EventCopy[]> {
    const path = `/mailboxes/${encodeURIComponent(mailbox)}/calendar?from=${from}&days=${days}`;
    return (await this.ask("GET", path)).value;
  }

  /** Books as somebody would in Outlook; returns the organizer's event id. */
  async book({ organizer, subject = "Booked elsewhere", start, end, required = [], rooms = [], weeks }: Meeting): Promise<string> {
    const at = (text: string) => ({ dateTime: new Date(text).toISOString().replace("Z", ""), timeZone: "UTC" });
    const attendee = (type: string) => (address: string) => ({ type, emailAddress: { address, name: address } });
    const date = start.slice(0, 10);
    const day = new Date(start).toLocaleDateString("en", { weekday: "long", timeZone: "UTC" }).toLowerCase();
    const event = {
      ...(weeks && {
        recurrence: {
          pattern: { type: "weekly", interval: 1, daysOfWeek: [day], firstDayOfWeek: "monday" },
          range: { type: "numbered", startDate: date, numberOfOccurrences: weeks, recurrenceTimeZone: "UTC" },
        },
      }),
      subject,
      start: at(start),
      end: at(end),
      attendees: [...required.map(attendee("required")), ...rooms.map(attendee("resource"))],
    };
    return (await this.ask("POST", `/mailboxes/${encodeURIComponent(organizer)}/events`, event)).id;
  }

  /** As `book`, and waits until every room has accepted. */
  async bookAndWait(meeting: Meeting): Promise<string> {
    const id = await this.book(meeting);
    const start = new Date(meeting.start).toISOString().replace(".000Z", "Z");
    for (const room of meeting.rooms ?? []) {
      await this.eventInRoom(room, ({ organizer, start: at, response }) =>
        organizer === meeting.organizer && at === start && response === "accepted");
    }
    return id;
  }

  /** Moves an event as its organizer would in Outlook. */
  async move(organizer: string, id: string, { start, end }: { start: string; end: string }): Promise<void> {
    const at = (text: string) => ({ dateTime: new Date(text).toISOString().replace("Z", ""), timeZone: "UTC" });
    await this.change(organizer, id, { start: at(start), end: at(end) });
  }

  /** Invites exactly these rooms and nobody else, as its organizer would in Outlook. */
  async setRooms(organizer: string, id: string, rooms: string[]): Promise<void> {
    const attendees = rooms.map((address) => ({ type: "resource", emailAddress: { address, name: address } }));
    await this.change(organizer, id, { attendees });
  }

  private async change(organizer: string, id: string, changes: unknown): Promise<void> {
    await this.ask("PATCH", `/mailboxes/${encodeURIComponent(organizer)}/events/${encodeURIComponent(id)}`, changes);
  }

  async cancel(organizer: string, id: string): Promise<void> {
    await this.ask("DELETE", `/mailboxes/${encodeURIComponent(organizer)}/events/${encodeURIComponent(id)}`);
  }

  /** Waits until a room's calendar holds an event that fits, and returns it. */
  async eventInRoom(room: string, fits: (event: EventCopy) => boolean): Promise<EventCopy> {
    let found: EventCopy | undefined;
    await expect(async () => {
      found = (await this.events(room)).find((event) => !event.isCancelled && fits(event));
      expect(found, `an event in ${room}`).toBeTruthy();
    }).toPass({ timeout: 15_000 });
    return found!;
  }

  /** How the room answers; what is left out stays. */
  async setProcessing(room: string, processing: Record<string, unknown>): Promise<void> {
    await this.ask("POST", `/rooms/${encodeURIComponent(room)}/processing`, processing);
  }

  /** How long rooms think before they answer. */
  async setAnswerDelay(delayMs: number): Promise<void> {
    await this.ask("POST", "/attendant", { delayMs });
  }

  /** What becomes of change notifications; "drop" leaves the product to its own reading. */
  async setNotifications(mode: "deliver" | "drop" | "duplicate"): Promise<void> {
    await this.ask("POST", "/notifications", { mode });
  }

  /** What a mailbox sent or got, oldest first. */
  async mail(mailbox: string): Promise<Letter[]> {
    return (await this.ask("GET", `/mail?mailbox=${encodeURIComponent(mailbox)}`)).value;
  }

  /** Requests to Graph and Entra since they were last forgotten, oldest first. */
  async requests(): Promise<{ method: string; path: string; status: number }[]> {
    return (await this.ask("GET", "/requests")).value;
  }

  async forgetRequests(): Promise<void> {
    await this.ask("DELETE", "/requests");
  }

  /** Those of a bad day, where the run is on one, are put away first: a spec wants its own and no others. */
  async addFault(fault: Fault): Promise<void> {
    await this.fairWeather();
    await this.ask("POST", "/faults", fault);
  }

  /** Puts the faults of a bad day away until the spec is over. */
  async fairWeather(): Promise<void> {
    if (!this.hasOwnFaults) await this.ask("DELETE", "/faults");
    this.hasOwnFaults = true;
  }

  /** Takes the spec's own faults away, and brings a bad day's back. */
  async clearFaults(): Promise<void> {
    if (!this.hasOwnFaults) return;
    this.hasOwnFaults = false;
    await this.ask("DELETE", "/faults");
    if (environment.hostile) await this.ask("POST", "/faults/hostile", { seed: Number(environment.hostile) });
  }

  /** What broke Microsoft's contract, by who broke it; nothing where there is no document to hold it against. */
  async breaches(): Promise<{ checked: number; answers: string[]; requests: string[] }> {
    return environment.contract ? this.ask("GET", "/contract") : { checked: 0, answers: [], requests: [] };
  }

  private async ask(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(`${this.url}/_sim${path}`, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    const text = await response.text();
    return text ? JSON.parse(text) : null;
  }
}
