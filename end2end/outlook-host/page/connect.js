// An add-in's frame tied to the open draft: its calls are noted, meet the faults a test has set, and are answered.

import { answerItemCall, answerOfficeCall, refusedItemCall } from "./dispatch.js";
import { initialData } from "./initial_data.js";
import { AddinConnection } from "./protocol.js";

/** How an add-in says that a function it was asked to run is done. */
const COMMAND_COMPLETED = 94;

/**
 * @param {HTMLIFrameElement} frame
 * @param {object} options
 * @param {string} options.url       what the frame is going to load
 * @param {object} options.draft
 * @param {object} options.outlook   the page's shared state (main.js)
 * @param {object[]} options.calls   where its calls are noted: `{id, params, at}`
 * @param {Map} options.faults       what they meet, by dispatch id
 * @param {(result: any) => void} [options.onCompleted]  told what a function ended with
 */
export function connect(frame, { url, draft, outlook, calls, faults, onCompleted = () => {} }) {
  const { settings, person } = outlook;

  const withFaults = async (id, params, answer) => {
    calls.push({ id, params, at: performance.now() });
    const fault = faults.get(id);
    if (!fault) return answer();
    fault.times -= 1;
    if (fault.times <= 0) faults.delete(id);
    if (fault.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault.silent) return undefined;
    return fault.code ? refusedItemCall(fault.code) : answer();
  };
  const officeCall = (id, params) => {
    if (id === COMMAND_COMPLETED) onCompleted(completedWith(params));
    return answerOfficeCall(id, params, outlook);
  };
  return new AddinConnection(frame, {
    addinOrigin: new URL(url).origin,
    paneUrl: url,
    settings,
    initialData: () => initialData(draft, person, settings),
    call: (id, params) => withFaults(id, params, () => answerItemCall(id, params, draft, outlook)),
    officeCall: (id, params) => withFaults(id, params, () => officeCall(id, params)),
  });
}

/** The argument of `event.completed()`: the library sends the whole event as text. */
function completedWith(params) {
  return JSON.parse(params[2]).completedContext ?? {};
}
