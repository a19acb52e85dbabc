// Between the open draft and the event the calendar keeps.
// Event: https://learn.microsoft.com/graph/api/resources/event

import { Draft, sameAddress } from "./draft.js";

const emailAddress = ({ name, address }) => ({ name, address });
const attendee = (type) => (person) => ({ type, emailAddress: emailAddress(person) });

/** The draft as an event: rooms become both a location and a resource attendee. */
export function toEvent(draft, clock) {
  const locations = [
    ...draft.rooms.map(({ address, name }) => ({
      displayName: name,
      locationType: "conferenceRoom",
      locationUri: address,
      uniqueId: address,
      uniqueIdType: "directory",
    })),
    ...draft.places.map((displayName) => ({ displayName, locationType: "default", uniqueIdType: "private" })),
  ];
  return {
    subject: draft.subject,
    body: { contentType: "text", content: draft.body },
    start: dateTime(draft.start),
    end: dateTime(draft.end),
    location: locations[0] ?? { displayName: "" },
    locations,
    attendees: [
      ...draft.required.map(attendee("required")),
      ...draft.optional.map(attendee("optional")),
      ...draft.rooms.map(attendee("resource")),
    ],
    ...(draft.recurrence && { recurrence: toGraphRecurrence(draft.recurrence, clock.zone) }),
  };
}

/**
 * One of the simulator's event views, opened for `person`: the organizer gets the form, everybody else reads.
 * @param {{people: object[], rooms: object[]}} directory  views name people by address alone
 */
export function toDraft(view, person, { people, rooms }) {
  const known = (address) => [...people, ...rooms].find((one) => sameAddress(one.address, address));
  const invited = (type) =>
    view.attendees
      .filter((attendee) => attendee.type === type && !sameAddress(attendee.address, view.organizer))
      .map(({ address, response }) => ({ name: known(address)?.name ?? address, address, response }));
  const invitedRooms = invited("resource");
  return new Draft({
    id: view.id,
    mode: sameAddress(view.organizer, person.address) ? "compose" : "read",
    subject: view.subject,
    body: view.body,
    start: Date.parse(view.start),
    end: Date.parse(view.end),
    organizer: { name: known(view.organizer)?.name ?? view.organizer, address: view.organizer },
    required: invited("required"),
    optional: invited("optional"),
    rooms: invitedRooms,
    places: view.locations.filter((name) => name && !invitedRooms.some((room) => room.name === name)),
  });
}

function dateTime(milliseconds) {
  return { dateTime: new Date(milliseconds).toISOString().replace("Z", ""), timeZone: "UTC" };
}

const twoDigits = (number) => String(number).padStart(2, "0");
const GRAPH_DAY = { sun: "sunday", mon: "monday", tue: "tuesday", wed: "wednesday", thu: "thursday", fri: "friday", sat: "saturday" };

/** Daily and weekly patterns, which is what this page's form offers. */
function toGraphRecurrence({ recurrenceType, recurrenceProperties, seriesTimeJson }, zone) {
  const date = (which) =>
    [seriesTimeJson[`${which}Year`], seriesTimeJson[`${which}Month`], seriesTimeJson[`${which}Day`]].map(twoDigits).join("-");
  return {
    pattern: {
      type: recurrenceType === "daily" ? "daily" : "weekly",
      interval: recurrenceProperties.interval,
      ...(recurrenceProperties.days && { daysOfWeek: recurrenceProperties.days.map((day) => GRAPH_DAY[day]), firstDayOfWeek: "monday" }),
    },
    range: {
      type: seriesTimeJson.noEndDate ? "noEnd" : "endDate",
      startDate: date("start"),
      ...(!seriesTimeJson.noEndDate && { endDate: date("end") }),
      recurrenceTimeZone: zone,
    },
  };
}
