// Microsoft's Graph client for JavaScript, unchanged, with MSAL, against the simulator.
// https://github.com/microsoftgraph/msgraph-sdk-javascript

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { ConfidentialClientApplication } from "@azure/msal-node";
import { Client, PageIterator } from "@microsoft/microsoft-graph-client";

import { Tenant, codeChallenge } from "../../support/tenant";
import { expect, test } from "../../support/test";

const ADELE = "adele.vance@contoso.com";
const ROOM = "pier@contoso.com";
const OTHER_ROOM = "quay@contoso.com";

let tenant: Tenant;
test.beforeAll(async () => {
  tenant = await Tenant.start("graph-client", { permissions: ["Mail.Send"] });
});
test.afterAll(() => tenant.stop());
test.afterEach(() => tenant.simulator.clearFaults());

function msal() {
  const { clientId, secret } = tenant.app;
  return new ConfidentialClientApplication({
    auth: { clientId, clientSecret: secret, authority: tenant.authority, knownAuthorities: [tenant.host] },
  });
}

function graph(token: () => Promise<string>): Client {
  return Client.init({
    baseUrl: `${tenant.origin}/`,
    defaultVersion: "v1.0",
    customHosts: new Set(["localhost"]),
    authProvider: (done) => void token().then((it) => done(null, it), (error) => done(error, null)),
  });
}

/** The application acting as itself. */
function asApp(): Client {
  const client = msal();
  return graph(async () => (await client.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] }))!.accessToken);
}

/** The application acting for Adele. */
async function asAdele(): Promise<Client> {
  const client = msal();
  const { verifier, challenge } = codeChallenge();
  const request = { scopes: ["User.Read", "Calendars.ReadWrite"], redirectUri: tenant.app.redirectUri };
  const url = await client.getAuthCodeUrl({ ...request, codeChallenge: challenge, codeChallengeMethod: "S256" });
  const signedIn = await client.acquireTokenByCode({ ...request, code: await tenant.codeFor(ADELE, url), codeVerifier: verifier });
  return graph(async () => signedIn.accessToken);
}

/** An hour of a day far ahead, so that tests do not meet. */
let days = 0;
function hour(): { start: { dateTime: string; timeZone: string }; end: { dateTime: string; timeZone: string } } {
  const day = new Date(Date.now() + (30 + days++) * 86_400_000).toISOString().slice(0, 10);
  return { start: { dateTime: `${day}T10:00:00`, timeZone: "UTC" }, end: { dateTime: `${day}T11:00:00`, timeZone: "UTC" } };
}

const room = (address: string) => ({ type: "resource", emailAddress: { address, name: address } });

/** The room's own answer, once it has given one. */
async function answerOf(client: Client, id: string, address: string): Promise<string> {
  let answer = "none";
  await expect(async () => {
    const event = await client.api(`/me/events/${id}`).select("attendees").get();
    answer = event.attendees.find((one: { emailAddress: { address: string } }) => one.emailAddress.address === address).status.response;
    expect(answer).not.toBe("none");
  }).toPass({ timeout: 10_000 });
  return answer;
}

// covers part of: N-13
test("rooms and room lists are listed, page by page", async () => {
  const client = asApp();
  const lists = await client.api("/places/microsoft.graph.roomList").get();
  expect(lists.value).toMatchObject([{ displayName: "Harbour House", emailAddress: "harbour-house@contoso.com" }]);
  const inList = await client.api("/places/harbour-house@contoso.com/microsoft.graph.roomList/rooms").get();
  const first = await client.api("/places/microsoft.graph.room").top(3).get();
  expect(first.value).toHaveLength(3);
  const seen: string[] = [];
  await new PageIterator(client, first, (place) => Boolean(seen.push(place.emailAddress))).iterate();
  expect(new Set(seen).size).toBe(seen.length);
  expect(inList.value.map((place: { emailAddress: string }) => place.emailAddress).sort()).toEqual(seen.sort());
});

test("a meeting with a room is made, answered, moved, given another room, and cancelled", async () => {
  const client = await asAdele();
  const when = hour();
  const made = await client.api("/me/events").post({
    subject: "Review", ...when, attendees: [room(ROOM)], transactionId: crypto.randomUUID(),
  });
  expect(made.attendees[0].status.response).toBe("none");
  expect(await answerOf(client, made.id, ROOM)).toBe("accepted");
  const clash = await client.api("/me/events").post({ subject: "Too late", ...when, attendees: [room(ROOM)] });
  expect(await answerOf(client, clash.id, ROOM)).toBe("declined");

  const inRoom = await asApp().api(`/users/${ROOM}/calendarView`)
    .query({ startDateTime: `${when.start.dateTime}Z`, endDateTime: `${when.end.dateTime}Z` })
    .header("Prefer", 'outlook.timezone="W. Europe Standard Time"').get();
  expect(inRoom.value).toHaveLength(1);
  expect(inRoom.value[0]).toMatchObject({ iCalUId: made.iCalUId, subject: "Adele Vance", start: { timeZone: "W. Europe Standard Time" } });
  expect(inRoom.value[0].id).not.toBe(made.id);

  const moved = hour();
  await client.api(`/me/events/${made.id}`).patch(moved);
  await expect.poll(async () => (await client.api(`/me/events/${made.id}`).get()).start.dateTime).toContain(moved.start.dateTime);
  expect(await answerOf(client, made.id, ROOM)).toBe("accepted");
  await client.api(`/me/events/${made.id}`).patch({ attendees: [room(OTHER_ROOM)] });
  expect(await answerOf(client, made.id, OTHER_ROOM)).toBe("accepted");
  expect((await tenant.simulator.events(ROOM)).filter((one) => one.iCalUId === made.iCalUId && !one.isCancelled)).toEqual([]);

  await client.api(`/me/events/${made.id}/cancel`).post({ Comment: "Not needed" });
  await expect(client.api(`/me/events/${made.id}`).get()).rejects.toMatchObject({ statusCode: 404, code: "ErrorItemNotFound" });
});

test("schedules of rooms tell what is busy, and of nobody what is not there", async () => {
  const client = await asAdele();
  const when = hour();
  const made = await client.api("/me/events").post({ subject: "Planning", ...when, attendees: [room(ROOM)] });
  await answerOf(client, made.id, ROOM);
  const schedules = [ROOM, OTHER_ROOM, "nobody@contoso.com"];
  const answer = await client.api("/me/calendar/getSchedule").post({ schedules, startTime: when.start, endTime: when.end, availabilityViewInterval: 30 });
  const [busy, free, unknown] = answer.value;
  expect(busy).toMatchObject({ scheduleId: ROOM, availabilityView: "22", scheduleItems: [{ status: "busy" }] });
  expect(free).toMatchObject({ scheduleId: OTHER_ROOM, availabilityView: "00", scheduleItems: [] });
  expect(unknown.error.responseCode).toBe("5009");
});

test("delta is followed to its link, and tells afterwards only what changed", async () => {
  const [app, adele] = [asApp(), await asAdele()];
  const from = new Date().toISOString();
  const until = new Date(Date.now() + 300 * 86_400_000).toISOString();
  const changes = async (link: string) => {
    const found: Record<string, unknown>[] = [];
    for (;;) {
      const page = await app.api(link).header("Prefer", "odata.maxpagesize=2").get();
      found.push(...page.value);
      if (page["@odata.deltaLink"]) return { found, link: page["@odata.deltaLink"] as string };
      link = page["@odata.nextLink"];
    }
  };
  const first = await changes(`/users/${ROOM}/calendarView/delta?startDateTime=${from}&endDateTime=${until}`);
  expect((await changes(first.link)).found).toEqual([]);
  const made = await adele.api("/me/events").post({ subject: "New", ...hour(), attendees: [room(ROOM)] });
  await answerOf(adele, made.id, ROOM);
  const second = await changes(first.link);
  expect(second.found.map((one) => one.iCalUId)).toEqual([made.iCalUId]);
  await fetch(`${tenant.origin}/_sim/delta-tokens/expire`, { method: "POST" });
  await expect(app.api(second.link).get()).rejects.toMatchObject({ statusCode: 410, code: "SyncStateNotFound" });
});

test("a subscription is confirmed, tells of a new meeting, and ends", async () => {
  const told: { resourceData: { id: string }; clientState: string }[] = [];
  const receiver = createServer((request, answer) => {
    const token = new URL(request.url!, "http://localhost").searchParams.get("validationToken");
    if (token !== null) return void answer.writeHead(200, { "content-type": "text/plain" }).end(token);
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      told.push(...JSON.parse(body).value);
      answer.writeHead(202).end();
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, "127.0.0.1", listening));
  try {
    const client = asApp();
    const subscription = await client.api("/subscriptions").post({
      changeType: "created,updated,deleted",
      notificationUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/told`,
      resource: `/users/${ROOM}/events`,
      expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(),
      clientState: "a secret of ours",
    });
    const adele = await asAdele();
    await adele.api("/me/events").post({ subject: "Told of", ...hour(), attendees: [room(ROOM)] });
    await expect.poll(() => told.length).toBeGreaterThan(0);
    expect(told[0]).toMatchObject({ clientState: "a secret of ours", resourceData: { id: expect.any(String) } });
    const renewed = await client.api(`/subscriptions/${subscription.id}`).patch({ expirationDateTime: new Date(Date.now() + 7_200_000).toISOString() });
    expect(Date.parse(renewed.expirationDateTime)).toBeGreaterThan(Date.parse(subscription.expirationDateTime));
    await client.api(`/subscriptions/${subscription.id}`).delete();
    await expect(client.api(`/subscriptions/${subscription.id}`).get()).rejects.toMatchObject({ statusCode: 404 });
  } finally {
    receiver.close();
  }
});

test("mail is sent from a mailbox, and one that reaches nobody is refused by its code", async () => {
  const client = asApp();
  const message = {
    subject: "Your room",
    body: { contentType: "text", content: "It is free again." },
    toRecipients: [{ emailAddress: { address: ADELE } }],
  };
  await client.api(`/users/${ROOM}/sendMail`).post({ message, saveToSentItems: false });
  const [letter] = await tenant.simulator.mail(ADELE);
  expect(letter).toMatchObject({ from: ROOM, to: [ADELE], subject: "Your room", undelivered: [] });
  const empty = client.api(`/users/${ROOM}/sendMail`).post({ message: { ...message, toRecipients: [] } });
  await expect(empty).rejects.toMatchObject({ statusCode: 400, code: "ErrorInvalidRecipients" });
});

test("a throttled request is tried again by the client itself, after the time it was told", async () => {
  await tenant.simulator.addFault({
    match: { path: "/v1.0/places*" },
    action: { kind: "status", status: 429, code: "TooManyRequests", retryAfterSeconds: 1 },
    count: 1,
  });
  const rooms = await asApp().api("/places/microsoft.graph.room").get();
  expect(rooms.value.length).toBeGreaterThan(0);
});

test("what an application may not do is refused in Graph's own words", async () => {
  const refused = asApp().api(`/users/${ADELE}/events`).post({ subject: "Not mine", ...hour() });
  await expect(refused).rejects.toMatchObject({ statusCode: 403, code: "ErrorAccessDenied" });
});
