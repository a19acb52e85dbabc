// What Outlook would ask its own servers, asked of the simulator through this page's origin.

const BASE = "/sim";

async function request(path, body, method = body === undefined ? "GET" : "POST") {
  const response = await fetch(BASE + path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response.status === 204 ? null : response.json();
}

export const world = () => request("/_sim/world");

export const events = async (address) => {
  const answer = await request(`/_sim/mailboxes/${encodeURIComponent(address)}/events`);
  return answer.value ?? answer;
};

/** Puts an event into the organizer's calendar and invites everybody, as pressing Send does. */
export const createEvent = (organizer, event) =>
  request(`/_sim/mailboxes/${encodeURIComponent(organizer)}/events`, event);

export const updateEvent = (organizer, id, event) =>
  request(`/_sim/mailboxes/${encodeURIComponent(organizer)}/events/${encodeURIComponent(id)}`, event, "PATCH");

export const cancelEvent = (organizer, id) =>
  request(`/_sim/mailboxes/${encodeURIComponent(organizer)}/events/${encodeURIComponent(id)}`, undefined, "DELETE");

/** What an Office host answers to msal, for the person who is signed in. */
export const nestedAppAuth = (person, outcome, message) =>
  request(`/_sim/nested-app-auth?${new URLSearchParams({ person, outcome })}`, message);

/** A signed token for the person, as Outlook's own session gets from Entra ID. */
export const token = (wanted) => request("/_sim/token", wanted);
