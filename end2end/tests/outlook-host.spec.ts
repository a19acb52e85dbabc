// The page that plays Outlook, proved with Microsoft's own office.js and msal-browser in a tiny add-in.
// Nothing of the product runs here, and the simulator is played by intercepted requests.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { type Page, expect, test } from "@playwright/test";

import { environment } from "../support/environment";
import { CALL, Outlook } from "../support/outlook";

const TENANT = "5a7e0002-0000-4000-8000-0000000000aa";
const CLIENT_ID = "00000000-0000-0000-0000-000000000000";
const ADA = { id: "5a7e0002-0000-4000-8000-000000000001", displayName: "Ada Holm", address: "ada.holm@contoso.com", timeZone: "Europe/Helsinki" };
const BEN = { id: "5a7e0002-0000-4000-8000-000000000002", displayName: "Ben Okafor", address: "ben.okafor@contoso.com", timeZone: "Europe/Helsinki" };
const ROOM = { displayName: "Room 2.04", address: "room-2-04@contoso.com", capacity: 8, floorLabel: "Floor 2" };
const START = "2026-11-24T09:00:00Z";
const END = "2026-11-24T10:00:00Z";

/** An unsigned token is enough for msal: only the server checks signatures. */
function unsignedToken(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
}

/** What the simulator answers to msal, as far as msal looks. */
function nestedAppAuthReply(message: any): object {
  const reply = { messageType: "NestedAppAuthResponse", requestId: message.requestId, success: true };
  const account = { homeAccountId: `${ADA.id}.${TENANT}`, environment: "login.microsoftonline.com", tenantId: TENANT };
  if (message.method === "GetInitContext") {
    const initContext = { sdkName: "Bridge", sdkVersion: "1.0.0", capabilities: { queryAccount: true }, accountContext: account };
    return { ...reply, initContext };
  }
  const { access_token, id_token, expires_in } = tokensFor(ADA.address);
  const token = { access_token, id_token, expires_in, scope: message.tokenParams.scope, properties: null };
  const person = { username: ADA.address, localAccountId: ADA.id, name: ADA.displayName, idToken: id_token };
  return { ...reply, token, account: { ...account, ...person } };
}

function tokensFor(person: string) {
  const claims = { aud: CLIENT_ID, tid: TENANT, oid: ADA.id, preferred_username: person, name: ADA.displayName, exp: 4e9 };
  return { access_token: unsignedToken({ ...claims, scp: "access_as_user" }), id_token: unsignedToken(claims), expires_in: 3600 };
}

async function playSimulator(page: Page): Promise<{ sent: any[]; nestedAuth: any[] }> {
  const seen = { sent: [] as any[], nestedAuth: [] as any[] };
  await page.route("**/config.json", async (route) => {
    const config = await (await route.fetch()).json();
    const scope = `api://${CLIENT_ID}/access_as_user`;
    await route.fulfill({ json: { ...config, tenant: TENANT, clientId: CLIENT_ID, scope } });
  });
  await page.route("**/sim/_sim/**", async (route) => {
    const url = new URL(route.request().url());
    const path = url.pathname.replace("/sim/_sim", "");
    if (path === "/world") {
      return route.fulfill({ json: { tenants: [{ id: TENANT, people: [ADA, BEN], rooms: [ROOM] }] } });
    }
    if (path === "/token") {
      return route.fulfill({ json: tokensFor(route.request().postDataJSON().person) });
    }
    if (path === "/nested-app-auth") {
      const message = route.request().postDataJSON();
      seen.nestedAuth.push({ ...Object.fromEntries(url.searchParams), ...message });
      return route.fulfill({ json: nestedAppAuthReply(message) });
    }
    if (route.request().method() === "POST") {
      seen.sent.push(route.request().postDataJSON());
      return route.fulfill({ status: 201, json: { id: "event-1" } });
    }
    return route.fulfill({ json: seen.sent.map(asView) });
  });
  return seen;
}

/** What the simulator would show of a sent event, after the room accepted. */
function asView(event: any) {
  return {
    id: "event-1",
    subject: event.subject,
    body: event.body.content,
    start: `${event.start.dateTime}Z`,
    end: `${event.end.dateTime}Z`,
    isCancelled: false,
    organizer: ADA.address,
    attendees: event.attendees.map((attendee: any) => ({
      address: attendee.emailAddress.address,
      type: attendee.type,
      response: attendee.type === "resource" ? "accepted" : "none",
    })),
    locations: event.locations.map((location: any) => location.displayName),
  };
}

async function openProbe(page: Page, settings = {}) {
  const seen = await playSimulator(page);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  const outside: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).hostname !== "localhost") outside.push(request.url());
  });
  const outlook = await Outlook.open(page, { as: ADA.address, pane: "/probe/index.html" });
  await outlook.settings(settings);
  await outlook.newAppointment({ subject: "Plan the move", start: START, end: END, required: [BEN.address] });
  const pane = await outlook.openPane();
  await expect(pane.locator("#state")).toHaveText("ready in Outlook on OfficeOnline");
  const frame = page.frames().find((one) => one.url().includes("/probe/"))!;
  const item = (path: string, ...args: unknown[]) =>
    frame.evaluate(([name, values]) => (window as any).probe.item(name, ...values), [path, args] as const);
  return { outlook, pane, frame, item, seen, problems, outside };
}

test("office.js starts inside the host and reads the draft without asking anybody else", async ({ page }) => {
  const { frame, item, problems, outside } = await openProbe(page);
  expect(await item("start.getAsync")).toEqual({ value: "2026-11-24T09:00:00.000Z" });
  expect(await item("subject.getAsync")).toEqual({ value: "Plan the move" });
  const { value: people } = await item("requiredAttendees.getAsync");
  expect(people[0]).toMatchObject({ displayName: "Ben Okafor", emailAddress: BEN.address });
  expect(await item("getItemIdAsync")).toMatchObject({ error: { code: 9046 } });
  expect(await frame.evaluate("Office.context.mailbox.userProfile.emailAddress")).toBe(ADA.address);
  for (const [set, version] of [["Mailbox", "1.11"], ["IdentityAPI", "1.3"], ["NestedAppAuth", "1.1"]]) {
    expect(await frame.evaluate(`Office.context.requirements.isSetSupported("${set}", "${version}")`)).toBe(true);
  }
  expect(problems).toEqual([]);
  expect(outside).toEqual([]);
});

test("a room added by the add-in stands on the location line and is invited as a resource", async ({ page }) => {
  const { outlook, item, seen } = await openProbe(page);
  expect(await item("enhancedLocation.addAsync", [{ id: ROOM.address, type: "room" }])).toEqual({ value: null });
  const { value: locations } = await item("enhancedLocation.getAsync");
  expect(locations).toEqual([
    { locationIdentifier: { id: ROOM.address, type: "room" }, displayName: ROOM.displayName, emailAddress: ROOM.address },
  ]);
  await expect(page.locator(".chip", { hasText: ROOM.displayName })).toBeVisible();

  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator("#form")).toBeHidden();
  expect(seen.sent).toHaveLength(1);
  expect(seen.sent[0].attendees).toContainEqual({ type: "resource", emailAddress: { name: ROOM.displayName, address: ROOM.address } });
  expect(seen.sent[0].location).toMatchObject({ displayName: ROOM.displayName, locationType: "conferenceRoom" });

  await outlook.reopen("event-1");
  await expect(page.locator(".chip.accepted", { hasText: ROOM.displayName })).toContainText("Accepted");
  await outlook.openPane();
  const frame = page.frames().find((one) => one.url().includes("/probe/"))!;
  await expect(page.frameLocator("aside.pane iframe").locator("#state")).toContainText("ready");
  expect(await frame.evaluate(() => (window as any).probe.item("getItemIdAsync"))).toEqual({ value: "event-1" });
  const { value: invited } = await frame.evaluate(() => (window as any).probe.item("requiredAttendees.getAsync"));
  expect(invited).toContainEqual(expect.objectContaining({ emailAddress: ROOM.address, appointmentResponse: "accepted" }));
});

test("a person fills in the form from field to field without losing the thread", async ({ page }) => {
  await playSimulator(page);
  await Outlook.open(page, { as: ADA.address });
  await page.getByRole("button", { name: "New appointment" }).click();
  await page.getByLabel("Title").fill("Plan the move");
  await page.getByLabel("Invite people").click();
  await page.keyboard.type("ben");
  await page.keyboard.press("Enter");
  await expect(page.locator(".chip", { hasText: BEN.displayName })).toBeVisible();
  await page.getByLabel("Date").fill("2026-11-24");
  await page.getByLabel("Start").fill("11:00");
  await page.keyboard.press("Tab");
  await page.getByLabel("Search for a room or type a place").click();
  await page.keyboard.type("2.04");
  await page.keyboard.press("Enter");
  await expect(page.locator(".chip", { hasText: ROOM.displayName })).toBeVisible();
  const snapshot = await new Outlook(page).snapshot();
  expect(snapshot).toMatchObject({ subject: "Plan the move", required: [{ address: BEN.address }], rooms: [{ address: ROOM.address }] });
  // Eleven in Helsinki, whatever zone the browser is in.
  expect(snapshot!.start).toBe(Date.parse(START));
});

test("an unknown room is refused, as Outlook refuses what is not in the directory", async ({ page }) => {
  const { item } = await openProbe(page);
  expect(await item("enhancedLocation.addAsync", [{ id: "cellar@contoso.com", type: "room" }])).toMatchObject({ error: { code: 9031 } });
});

test("the add-in hears of changed times, people, locations and repeats", async ({ page }) => {
  const { outlook, frame } = await openProbe(page);
  const listen = (type: string) => frame.evaluate((name) => (window as any).probe.listen((window as any).Office.EventType[name]), type);
  for (const type of ["AppointmentTimeChanged", "RecipientsChanged", "EnhancedLocationsChanged", "RecurrenceChanged"]) {
    expect(await listen(type)).toBe("succeeded");
  }
  const heard = () => frame.evaluate<any[]>("probe.events");
  await outlook.setTime("2026-11-24T12:00:00Z", "2026-11-24T12:30:00Z");
  await expect.poll(heard).toContainEqual(expect.objectContaining({ start: "2026-11-24T12:00:00.000Z", end: "2026-11-24T12:30:00.000Z" }));
  await outlook.setPeople("optional", [BEN.address]);
  await expect.poll(heard).toContainEqual(expect.objectContaining({ changedRecipientFields: expect.objectContaining({ optionalAttendees: true }) }));
  await outlook.addRoom(ROOM.address);
  await expect.poll(heard).toContainEqual(expect.objectContaining({ enhancedLocations: [expect.objectContaining({ emailAddress: ROOM.address })] }));
  await page.getByLabel("Repeat").selectOption("weekly");
  await expect.poll(heard).toContainEqual(expect.objectContaining({ recurrence: expect.objectContaining({ recurrenceType: "weekly" }) }));
});

test("msal gets a token for our scope from the host, for the person who is signed in", async ({ page }) => {
  const { frame, seen } = await openProbe(page);
  await frame.addScriptTag({ content: paneAuthScript() });
  const token = await frame.evaluate((request) => (window as any).etageAuth.acquire(request), {
    clientId: CLIENT_ID, tenantId: TENANT, scope: `api://${CLIENT_ID}/access_as_user`, loginHint: ADA.address, timeoutMs: 5000,
  });
  expect(JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString())).toMatchObject({ scp: "access_as_user", oid: ADA.id });
  const asked = seen.nestedAuth.find((message) => message.method === "GetToken");
  expect(asked).toMatchObject({ person: ADA.address, outcome: "on", tokenParams: { clientId: CLIENT_ID } });
  expect(asked.tokenParams.scope.split(" ")).toContain(`api://${CLIENT_ID}/access_as_user`);
});

for (const [mode, code] of [["missing", "nested_app_auth_unavailable"], ["silent", "timeout"]] as const) {
  test(`sign-in ends with ${code} where the bridge is ${mode}`, async ({ page }) => {
    const { frame } = await openProbe(page, { nestedAppAuth: mode });
    await frame.addScriptTag({ content: paneAuthScript() });
    const request = { clientId: CLIENT_ID, tenantId: TENANT, scope: "openid", timeoutMs: 500 };
    const refusal = await frame.evaluate((wanted) => (window as any).etageAuth.acquire(wanted).catch((error: unknown) => error), request);
    expect(refusal).toMatchObject({ code });
  });
}

test("Office's own single sign-on answers with a token, or with the error the test sets", async ({ page }) => {
  const { outlook, frame } = await openProbe(page);
  expect(await frame.evaluate<string>("Office.auth.getAccessToken({})")).toContain(".");
  await outlook.settings({ accessTokenError: 13001 });
  expect(await frame.evaluate("Office.auth.getAccessToken({}).catch((error) => error.code)")).toBe(13001);
});

test("a call can be made to fail, to be late, or never to answer", async ({ page }) => {
  const { outlook, item } = await openProbe(page);
  await outlook.inject(CALL.addEnhancedLocation, { code: 9042 });
  const add = () => item("enhancedLocation.addAsync", [{ id: ROOM.address, type: "room" }]);
  expect(await add()).toMatchObject({ error: { code: 9042 } });
  expect(await add()).toEqual({ value: null });
  await outlook.inject(CALL.getTime, { delayMs: 300 });
  const before = Date.now();
  await item("start.getAsync");
  expect(Date.now() - before).toBeGreaterThanOrEqual(300);
  await outlook.inject(CALL.getTime, { silent: true });
  const late = new Promise((resolve) => setTimeout(resolve, 500, "no answer"));
  expect(await Promise.race([item("start.getAsync"), late])).toBe("no answer");
});

test("too little permission throws inside the add-in", async ({ page }) => {
  const { frame } = await openProbe(page, { permissionLevel: 1 });
  const message = await frame.evaluate(`(() => {
    try { Office.context.mailbox.item.enhancedLocation.addAsync([], () => {}); return "accepted"; }
    catch (error) { return error.message; }
  })()`);
  expect(message).toContain("Elevated permission is required");
});

/** The bundle of frontend/js/pane_auth.js as the site serves it. */
function paneAuthScript(): string {
  const folder = join(environment.siteDir, "pkg");
  const name = readdirSync(folder).find((file) => /^pane_auth\..*\.js$/.test(file));
  if (!name) throw new Error(`No pane_auth bundle in ${folder}: run cargo xtask site first.`);
  return readFileSync(join(folder, name), "utf8");
}
