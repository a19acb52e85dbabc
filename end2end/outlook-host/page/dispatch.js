// What Outlook does when an add-in calls it, by dispatch id. Each entry takes (draft, params, outlook) and
// returns the call's value; it refuses by throwing `new Refusal(code)`.

import { recipient } from "./initial_data.js";

/** A failure the add-in sees as `result.error.code`. */
export class Refusal extends Error {
  constructor(code) {
    super(`refused with ${code}`);
    this.code = code;
  }
}

const END_BEFORE_START = 9010;
const TOKEN_NOT_OFFERED = 9018;
const NOTIFICATION_EXISTS = 9023;
const NOTIFICATION_MISSING = 9024;
const INVALID_VALUE = 9031;
const RECURRENCE_ON_INSTANCE = 9033;
const NOT_SAVED = 9046;
const KEY_MISSING = 9050;
const NOT_SUPPORTED = 5000;
const START = 1;
const OPTIONAL = 1;

/** Legacy Exchange tokens are off in Microsoft 365: these answer with a shape of their own. */
const noLegacyToken = () => ({
  wasSuccessful: false,
  errorCode: TOKEN_NOT_OFFERED,
  errorName: "GenericTokenError",
  errorMessage: "Exchange tokens are turned off for this organisation.",
});

/** Once sent, invited rooms stand among the attendees with their answer; in a draft they are locations only. */
function recipients(draft, params, outlook) {
  if (params.recipientField === OPTIONAL) return draft.optional;
  const showsRooms = draft.id && outlook.settings.roomsAmongAttendees;
  return showsRooms ? [...draft.required, ...draft.rooms] : draft.required;
}

/** Outlook tells a room by its address: given as an attendee, it still becomes the location. */
function setRecipients(draft, params, list, outlook) {
  const rooms = list.map(({ address }) => outlook.room(address)).filter(Boolean);
  const people = list.filter(({ address }) => !outlook.room(address));
  draft.setPeople(params.recipientField === OPTIONAL ? "optional" : "required", people);
  if (rooms.length) draft.addLocations(rooms);
}

function addRecipients(draft, params, outlook) {
  const already = params.recipientField === OPTIONAL ? draft.optional : draft.required;
  setRecipients(draft, params, [...already, ...params.recipientArray], outlook);
}

/** Calls whose value is wrapped as `{error, wasSuccessful, data}`. */
const ITEM_CALLS = {
  14: () => 0, // body type: text
  37: (draft) => draft.body,
  38: (draft, params) => draft.setBody(params.data ?? params.bodyContent ?? ""),
  23: (draft, params) => draft.setBody((params.data ?? "") + draft.body),

  15: (draft, params, outlook) => recipients(draft, params, outlook).map(recipient),
  21: (draft, params, outlook) => setRecipients(draft, params, params.recipientArray, outlook),
  22: addRecipients,

  17: (draft, params) => draft.setSubject(params.subject),
  18: (draft) => draft.subject,

  24: (draft, params) => (params.TimeProperty === START ? draft.start : draft.end),
  25: setTime,

  26: (draft) => draft.locationText(),
  27: (draft, params) => draft.setLocationText(params.location),
  154: (draft) => draft.enhancedLocations(),
  155: addLocations,
  156: (draft, params) => draft.removeLocations(params.enhancedLocations),

  32: (draft) => draft.id ?? refuse(NOT_SAVED),
  164: (draft) => draft.id ?? refuse(NOT_SAVED),
  174: (draft) => ({ coercionType: 0, composeType: draft.id ? "reply" : "newMail" }),

  33: addNotification,
  34: (draft) => [...draft.notifications.values()],
  35: replaceNotification,
  36: (draft, params) => (draft.notifications.delete(params.key) ? draft.notify() : refuse(NOTIFICATION_MISSING)),

  42: (_draft, _params, outlook) => outlook.closePane(),
  99: () => "",
  103: (draft) => draft.recurrence,
  104: (draft, params) => (draft.seriesId ? refuse(RECURRENCE_ON_INSTANCE) : draft.setRecurrence(params.recurrenceData)),
  107: (draft) => recipient({ ...draft.organizer, response: "organizer" }),
  108: () => refuse(NOT_SUPPORTED),
  169: (draft) => draft.isAllDay,
  171: () => 0,

  185: (draft, params) => void draft.sessionData.set(params.name, params.value),
  186: (draft, params) => draft.sessionData.get(params.name) ?? refuse(KEY_MISSING),
  187: (draft) => Object.fromEntries(draft.sessionData),
  188: (draft) => void draft.sessionData.clear(),
  189: (draft, params) => void (draft.sessionData.delete(params.name) || refuse(KEY_MISSING)),

  404: (_draft, params, outlook) => outlook.saveRoamingSettings(params[0]),
};
for (const telemetry of [400, 401, 402, 403, 163, 193]) ITEM_CALLS[telemetry] = () => null;

/** Calls whose answer is not wrapped. */
const BARE_CALLS = {
  2: noLegacyToken,
  12: noLegacyToken,
  3: (draft) => ({ wasSuccessful: true, customProperties: JSON.stringify(draft.customProperties) }),
  4: (draft, params) => {
    draft.customProperties = JSON.parse(params.customProperties);
    return { wasSuccessful: true };
  },
};

/** Answers one `ExecuteMethod`. */
export async function answerItemCall(id, params, draft, outlook) {
  if (BARE_CALLS[id]) return BARE_CALLS[id](draft, params);
  try {
    const call = ITEM_CALLS[id] ?? (() => refuse(NOT_SUPPORTED));
    const value = await call(draft, params ?? {}, outlook);
    // `data` must be present even when empty: the recurrence converter breaks without it.
    return { error: false, wasSuccessful: true, data: value ?? null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refusedItemCall(error.code);
  }
}

/** The answer to a call that Outlook turns down with `code`. */
export function refusedItemCall(code) {
  return { error: true, wasSuccessful: false, errorCode: code, data: null };
}

const GET_ACCESS_TOKEN = 98;
const CLOSE_CONTAINER = 97;

/** Answers one `executeMethod`, the calls every Office application shares. */
export async function answerOfficeCall(id, params, outlook) {
  const base = { Version: 1, Error: 0 };
  if (id === GET_ACCESS_TOKEN) {
    try {
      return { ...base, accessToken: await outlook.accessToken() };
    } catch (error) {
      return { ...base, Error: error.code ?? 13006 };
    }
  }
  if (id === CLOSE_CONTAINER) outlook.closePane();
  return base;
}

function refuse(code) {
  throw new Refusal(code);
}

function setTime(draft, { TimeProperty, time }) {
  if (TimeProperty === START) return draft.setTime(time, time + (draft.end - draft.start));
  if (time < draft.start) refuse(END_BEFORE_START);
  return draft.setTime(draft.start, time);
}

function addLocations(draft, { enhancedLocations }, outlook) {
  const rooms = enhancedLocations.map(({ id, type }) => {
    if (type !== "room") return { text: id };
    return outlook.room(id) ?? refuse(INVALID_VALUE);
  });
  draft.addLocations(rooms);
}

function addNotification(draft, params) {
  if (draft.notifications.has(params.key)) refuse(NOTIFICATION_EXISTS);
  replaceNotification(draft, params);
}

function replaceNotification(draft, params) {
  const type = ["informationalMessage", "progressIndicator", "errorMessage", "insightMessage"][params.type] ?? params.type;
  draft.notifications.set(params.key, { ...params, type });
  draft.notify();
}
