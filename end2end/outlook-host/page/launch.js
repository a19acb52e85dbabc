// Launch events: functions of the add-in that run by themselves, in a page nobody sees, when an appointment is sent or its
// time is changed. https://learn.microsoft.com/office/dev/add-ins/outlook/onmessagesend-onappointmentsend-events

import { connect } from "./connect.js";
import { h } from "./dom.js";
import { ask } from "./alert.js";

/** After so long Outlook tells that the add-in keeps it waiting. */
const SLOW_MS = 5000;
/** An add-in whose page has not started by then counts as not available. */
const START_MS_MAX = 5000;
/** The requirement set that brought each event. */
const SINCE = { OnAppointmentSend: "1.12", OnAppointmentTimeChanged: "1.11" };
/** That which brought `sendModeOverride`, `cancelLabel` and `commandId`. */
const SINCE_OVERRIDES = "1.14";

const DONT_SEND = "Don't Send";
const SEND_ANYWAY = "Send Anyway";
const TRY_LATER = "Try Later";
const SLOW = "Etage is taking longer than expected.";
const UNAVAILABLE = "Etage is unavailable and cannot check your appointment right now.";

export class LaunchEvents {
  /** @param {object} outlook the page's shared state (main.js) */
  constructor(outlook) {
    this.outlook = outlook;
    this.frames = new Set();
    this.isDisposed = false;
  }

  /** Runs what the add-in has for a changed time; what it does with that is its own affair. */
  timeChanged(draft) {
    const event = this.#event("OnAppointmentTimeChanged");
    if (event) this.#run("OnAppointmentTimeChanged", event, draft).catch(() => {});
  }

  /** Whether the draft may be sent: by the add-in's word, and the person's where that leaves it to them. */
  async maySend(draft) {
    const event = this.#event("OnAppointmentSend");
    if (!event) return true;
    const run = this.#run("OnAppointmentSend", event, draft);
    const slow = this.#tellWhenSlow(run, event);
    let result;
    try {
      result = await Promise.race([run, slow]);
    } catch {
      if (this.isDisposed) return false;
      return (await ask(UNAVAILABLE, [SEND_ANYWAY, TRY_LATER])) === SEND_ANYWAY;
    }
    return result.allowEvent || this.#askPerson(result, event);
  }

  /** The form is gone, and with it whatever still runs for it. */
  dispose() {
    this.isDisposed = true;
    for (const close of this.frames) close();
  }

  /** null: the add-in has none, or this Outlook does not know of such events yet. */
  #event(type) {
    const { manifest, settings } = this.outlook;
    return isAtLeast(settings.requirementSets.Mailbox, SINCE[type]) ? manifest?.events.get(type) : null;
  }

  async #askPerson({ errorMessage, sendModeOverride, cancelLabel, commandId }, event) {
    const { settings, manifest } = this.outlook;
    const knowsOverrides = isAtLeast(settings.requirementSets.Mailbox, SINCE_OVERRIDES);
    const letsSend = event.sendMode === "PromptUser" || (knowsOverrides && sendModeOverride === "promptUser");
    const cancel = (knowsOverrides && cancelLabel) || DONT_SEND;
    const chosen = await ask(errorMessage, letsSend ? [SEND_ANYWAY, cancel] : [cancel]);
    if (chosen === SEND_ANYWAY) return true;
    if (knowsOverrides && commandId) {
      if (!manifest.commands.has(commandId)) throw new Error(`The manifest has no command ${commandId}.`);
      await this.outlook.openPane();
    }
    return false;
  }

  /** Resolves where the person stops waiting; goes away by itself where the add-in is done. */
  async #tellWhenSlow(run, event) {
    let isDone = false;
    const done = run.then(() => (isDone = true), () => (isDone = true));
    await Promise.race([done, wait(START_MS_MAX + SLOW_MS)]);
    if (isDone) return run;
    const buttons = event.sendMode === "PromptUser" ? [SEND_ANYWAY, DONT_SEND] : [DONT_SEND];
    const chosen = await ask(SLOW, buttons, done);
    if (chosen === undefined) return run;
    return chosen === SEND_ANYWAY ? { allowEvent: true } : { allowEvent: false, errorMessage: SLOW };
  }

  /** Loads the add-in's page, has it run the function, and resolves with what it ended with. */
  #run(type, { functionName }, draft) {
    const { manifest, launchCalls } = this.outlook;
    const frame = h("iframe", { title: "Etage, unseen", hidden: true });
    let close = () => {};
    const run = new Promise((resolve, reject) => {
      const connection = connect(frame, {
        url: manifest.url, draft, outlook: this.outlook, calls: launchCalls, faults: new Map(), onCompleted: resolve,
      });
      close = () => {
        connection.close();
        frame.remove();
        this.frames.delete(close);
        reject(new Error("The form was closed."));
      };
      const late = setTimeout(() => reject(new Error("The add-in did not start.")), START_MS_MAX);
      connection.ready.then(() => {
        clearTimeout(late);
        connection.notify("appCommandInvoked", [type, functionName, JSON.stringify({ type })]);
      });
      frame.name = connection.frameName();
      frame.src = manifest.url;
      document.body.append(frame);
    });
    this.frames.add(close);
    return run.finally(() => close());
  }
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Requirement sets are counted, not decimal: 1.9 comes before 1.12. */
function isAtLeast(version, wanted) {
  const [major, minor] = version.split(".").map(Number);
  const [wantedMajor, wantedMinor] = wanted.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
