// What specs import: `test` with the services at hand, and everything else that reads well in one line.

import { test as base } from "@playwright/test";

import { Simulator } from "./simulator";

/** People of the scenario, by what they are for. */
export const PEOPLE = {
  ada: "ada.holm@contoso.com",
  ben: "ben.okafor@contoso.com",
  carla: "carla.reyes@contoso.com",
  dmitri: "dmitri.sokolov@contoso.com",
  elif: "elif.yildiz@contoso.com",
  /** Never has a reservation. */
  farid: "farid.haddad@contoso.com",
} as const;

export const test = base.extend<{ simulator: Simulator }>({
  simulator: async ({}, use) => {
    const simulator = new Simulator();
    await use(simulator);
    // What was set here would strike the next spec.
    await simulator.clearFaults();
    await simulator.setNotifications("deliver");
  },
});

export { expect } from "@playwright/test";
export { openPane } from "./pane";
export { CALL, Outlook, WITHOUT_SEND_EVENTS } from "./outlook";
export { PlanView } from "./plan";
export { OFFICE_ZONE, hydrated, onTheDayOf, open, pickRoom, searchPath, showFloor, signIn } from "./portal";
export { Simulator } from "./simulator";
export { type Hour, quietHour, toSeconds, wallClock, weeksLater } from "./time";
