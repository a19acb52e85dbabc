// The simulator's own pages for signing in and consenting, in a real browser that holds them to the policy
// they come with. Etage has no part in it.

import type { Page } from "@playwright/test";

import { Tenant, codeChallenge } from "../../support/tenant";
import { expect, test } from "../../support/test";

/** An application that exists only in this browser: it sends whoever comes on to another origin, as applications may. */
const APP = "https://app.contoso.test/callback";
const ELSEWHERE = "https://elsewhere.contoso.test/";

// Chromium asks before a page that is not of this machine may call a server that is.
test.use({ permissions: ["local-network-access"] });

let tenant: Tenant;
test.beforeAll(async () => {
  tenant = await Tenant.start("sign-in-pages", { redirectUri: APP });
});
test.afterAll(() => tenant.stop());

/** What Content-Security-Policy refused and what a script threw, while the page was open. */
function troubles(page: Page): string[] {
  const found: string[] = [];
  page.on("console", (message) => message.type() === "error" && found.push(message.text()));
  page.on("pageerror", (error) => found.push(error.message));
  return found;
}

/** The fields that came back to the application. */
async function application(page: Page): Promise<{ came: URLSearchParams[]; origins: (string | undefined)[] }> {
  const seen = { came: [] as URLSearchParams[], origins: [] as (string | undefined)[] };
  await page.route(`${APP}**`, (route) => {
    const request = route.request();
    seen.came.push(new URLSearchParams(request.postData() ?? new URL(request.url()).search));
    seen.origins.push(request.headers()["origin"]);
    return route.fulfill({ contentType: "text/html", body: `<title>Back</title><script>location.replace("${ELSEWHERE}")</script>` });
  });
  await page.route(`${ELSEWHERE}**`, (route) => route.fulfill({ contentType: "text/html", body: "<title>Elsewhere</title>" }));
  return seen;
}

function authorize(fields: Record<string, string>): string {
  const { challenge } = codeChallenge();
  const query = new URLSearchParams({
    client_id: tenant.app.clientId,
    response_type: "code",
    redirect_uri: APP,
    state: "abc",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...fields,
  });
  return `${tenant.authority}/oauth2/v2.0/authorize?${query}`;
}

// covers part of: N-13
test("the answer is posted to the application by the page itself, which then goes on as it likes", async ({ page }) => {
  const wrong = troubles(page);
  const { came, origins } = await application(page);
  await page.goto(authorize({ scope: "openid User.Read", response_mode: "form_post" }));
  await page.getByRole("button", { name: "Adele Vance" }).click();
  await expect(page).toHaveTitle("Elsewhere");
  expect(came[0]!.get("state")).toBe("abc");
  expect(came[0]!.get("code")).toBeTruthy();
  expect(origins[0]).toBe(tenant.origin);
  expect(wrong).toEqual([]);
});

// covers part of: N-13
test("a person accepts what the application asks for, once, and may go back instead", async ({ page }) => {
  const wrong = troubles(page);
  const { came } = await application(page);
  const wanted = authorize({ scope: "openid Contacts.Read", response_mode: "form_post" });
  for (const [press, field] of [["Cancel", "error"], ["Accept", "code"]] as const) {
    await page.goto(wanted);
    await page.getByRole("button", { name: "Adele Vance" }).click();
    await expect(page.getByRole("heading", { name: "Permissions requested" })).toBeVisible();
    await expect(page.getByText("Contacts.Read")).toBeVisible();
    await page.getByRole("button", { name: press }).click();
    await expect(page).toHaveTitle("Elsewhere");
    expect(came.at(-1)!.get(field)).toBeTruthy();
  }
  await page.goto(wanted);
  await page.getByRole("button", { name: "Adele Vance" }).click();
  await expect(page).toHaveTitle("Elsewhere");
  expect(wrong).toEqual([]);

  await page.goto(authorize({ scope: "openid Mail.Read" }));
  await page.getByRole("button", { name: "Adele Vance" }).click();
  await expect(page.getByText("AADSTS90094")).toBeVisible();
});

test("nobody signs in within somebody else's frame", async ({ page }) => {
  await application(page);
  await page.goto(ELSEWHERE);
  const refused = page.waitForEvent("console", {
    predicate: (message) => message.text().includes("frame-ancestors"),
    timeout: 10_000,
  });
  await page.evaluate((address) => {
    const frame = document.createElement("iframe");
    frame.src = address;
    document.body.append(frame);
  }, authorize({ scope: "openid User.Read" }));
  await refused;
});
