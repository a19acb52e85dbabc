// Driving the page that plays Outlook: through `window.outlookHost` where a test sets the scene, through its
// buttons where the test is about what a person does.

import { type FrameLocator, type Locator, type Page, expect } from "@playwright/test";

import { environment, serviceUrl } from "./environment";

export interface Appointment {
  subject?: string;
  /** Anything `Date` reads; give a zone or `Z`. */
  start?: string;
  end?: string;
  /** Addresses. */
  required?: string[];
  optional?: string[];
  rooms?: string[];
}

export interface Guest {
  name: string;
  address: string;
  response?: string;
}

export interface Snapshot {
  id: string | null;
  mode: "compose" | "read";
  subject: string;
  start: number;
  end: number;
  required: Guest[];
  optional: Guest[];
  rooms: Guest[];
  places: string[];
  paneOpen: boolean;
  notifications: { key: string; message: string }[];
}

/** What an Outlook may offer; `nestedAppAuth` is "on", "missing", "silent" or a bridge status to fail with. */
export interface Settings {
  locale?: string;
  permissionLevel?: number;
  requirementSets?: Record<string, string>;
  nestedAppAuth?: string;
  accessTokenError?: number | null;
  /** Whether a sent appointment shows its rooms, with their answers, among the attendees. */
  roomsAmongAttendees?: boolean;
}

/** An Outlook from before the events at Send: only the room itself says that it is taken. */
export const WITHOUT_SEND_EVENTS: Settings = { requirementSets: { Mailbox: "1.11", IdentityAPI: "1.3", NestedAppAuth: "1.1" } };

export interface Fault {
  delayMs?: number;
  code?: number;
  silent?: boolean;
}

/** Dispatch ids of the calls tests interfere with most. */
export const CALL = {
  getTime: 24,
  setTime: 25,
  getRecipients: 15,
  addRecipients: 22,
  getEnhancedLocation: 154,
  addEnhancedLocation: 155,
  removeEnhancedLocation: 156,
  getRecurrence: 103,
  getItemId: 164,
  replaceNotification: 35,
  getAccessToken: 98,
} as const;

/** One browser tab with Outlook open. */
export class Outlook {
  constructor(readonly page: Page) {}

  /** Opens the calendar as a person; `pane` replaces the add-in's address. */
  static async open(page: Page, options: { as?: string; pane?: string; locale?: string } = {}): Promise<Outlook> {
    const url = new URL(serviceUrl("E2E_OUTLOOK_URL"));
    for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value);
    await page.goto(url.href);
    await page.evaluate("outlookHost.started");
    return new Outlook(page);
  }

  /** The add-in's document. */
  get pane(): FrameLocator {
    return this.page.frameLocator("aside.pane iframe");
  }

  signIn(address: string): Promise<void> {
    return this.host("signIn", address);
  }

  settings(changes: Settings): Promise<void> {
    return this.page.evaluate((values) => void Object.assign((window as any).outlookHost.settings, values), changes);
  }

  newAppointment(values: Appointment = {}): Promise<void> {
    return this.host("newAppointment", values);
  }

  /** Presses the add-in's button and waits until office.js runs inside. */
  async openPane(): Promise<FrameLocator> {
    await this.host("openPane");
    return this.pane;
  }

  closePane(): Promise<void> {
    return this.host("closePane");
  }

  /** Presses Send; resolves with the id of the event that now exists. On a bad day it is sent where nothing could be checked. */
  send(): Promise<string> {
    const sent = this.host<string>("send");
    if (environment.hostile) {
      const anyway = this.alert.getByRole("button", { name: "Send Anyway" }).click({ timeout: 20_000 });
      anyway.catch(() => {}); // Nothing was asked.
    }
    return sent;
  }

  reopen(id: string): Promise<void> {
    return this.host("reopen", id);
  }

  setTime(start: string, end: string): Promise<void> {
    return this.host("setTime", start, end);
  }

  setPeople(kind: "required" | "optional", addresses: string[]): Promise<void> {
    return this.host("setPeople", kind, addresses);
  }

  addRoom(address: string): Promise<void> {
    return this.host("addRoom", address);
  }

  removeRoom(address: string): Promise<void> {
    return this.host("removeRoom", address);
  }

  /** What the add-in called where nobody sees it, for events of the appointment. */
  launchCalls(): Promise<{ id: number; params: any }[]> {
    return this.page.evaluate(() => (window as any).outlookHost.launchCalls);
  }

  /** What Outlook asks while an appointment is being sent. */
  get alert(): Locator {
    return this.page.getByRole("dialog", { name: "Etage" });
  }

  /** What the next calls of `id` meet. */
  inject(id: number, fault: Fault, times = 1): Promise<void> {
    return this.host("inject", id, fault, times);
  }

  /** How often the add-in called `id` so far. */
  callCount(id: number): Promise<number> {
    return this.page.evaluate((wanted) => (window as any).outlookHost.calls.filter((call: any) => call.id === wanted).length, id);
  }

  snapshot(): Promise<Snapshot | null> {
    return this.host("snapshot");
  }

  async appointments(): Promise<Snapshot[]> {
    await this.host("refresh");
    return this.host("appointments");
  }

  /** Waits until the room of a sent appointment has answered, and returns its answer. */
  async roomAnswer(id: string, room: string): Promise<string> {
    let answer: string | undefined;
    await expect(async () => {
      const appointment = (await this.appointments()).find((one) => one.id === id);
      answer = appointment?.rooms.find((one) => one.address === room)?.response;
      expect(["accepted", "declined", "tentativelyAccepted"]).toContain(answer);
    }).toPass({ timeout: 20_000 });
    return answer!;
  }

  private host<T>(method: string, ...args: unknown[]): Promise<T> {
    return this.page.evaluate(([name, values]) => (window as any).outlookHost[name](...values), [method, args] as const) as Promise<T>;
  }
}
