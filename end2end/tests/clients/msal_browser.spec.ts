// Microsoft's MSAL for browsers, unchanged, in a real browser: sign-in by redirect, silent renewal, and Graph across
// origins. https://github.com/AzureAD/microsoft-authentication-library-for-js/tree/dev/lib/msal-browser

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import type { Page } from "@playwright/test";

import { Tenant } from "../../support/tenant";
import { expect, test } from "../../support/test";

/** A page that exists only in this browser: nothing is asked for it over the network. */
const APP = "https://app.contoso.test/";
const MSAL = join(dirname(createRequire(import.meta.url).resolve("@azure/msal-browser/package.json")), "lib/msal-browser.min.js");

// Chromium asks before a page that is not of this machine may call a server that is.
test.use({ permissions: ["local-network-access"] });

let tenant: Tenant;
test.beforeAll(async () => {
  tenant = await Tenant.start("msal-browser", { redirectUri: APP, isPublic: true });
});
test.afterAll(() => tenant.stop());

/** The smallest single-page application there is. */
function application(): string {
  const configuration = {
    auth: { clientId: tenant.app.clientId, authority: tenant.authority, knownAuthorities: [tenant.host], redirectUri: APP },
    cache: { cacheLocation: "sessionStorage" },
  };
  return `<!DOCTYPE html><title>An application</title><p id="who">starting</p>
<script src="msal.js"></script>
<script>
  window.client = new msal.PublicClientApplication(${JSON.stringify(configuration)});
  window.started = client.initialize().then(() => client.handleRedirectPromise()).then((answer) => {
    const account = answer?.account ?? client.getAllAccounts()[0];
    document.getElementById("who").textContent = account ? account.username : "nobody";
  }, (error) => { document.getElementById("who").textContent = error.message; });
</script>`;
}

async function open(page: Page): Promise<void> {
  await page.route(`${APP}**`, (route) =>
    route.request().url().endsWith("/msal.js")
      ? route.fulfill({ contentType: "text/javascript", body: readFileSync(MSAL, "utf8") })
      : route.fulfill({ contentType: "text/html", body: application() }),
  );
  await page.goto(APP);
}

/** Runs in the page, where MSAL is. */
declare const client: {
  loginRedirect(request: unknown): Promise<void>;
  acquireTokenSilent(request: unknown): Promise<{ accessToken: string; fromCache: boolean }>;
  getAllAccounts(): unknown[];
};

// covers part of: N-13
test("a person signs in by redirect, and the token is renewed silently and opens Graph", async ({ page }) => {
  await open(page);
  await expect(page.locator("#who")).toHaveText("nobody");
  await page.evaluate(() => void client.loginRedirect({ scopes: ["User.Read"] }));
  await page.getByRole("button", { name: "Adele Vance" }).click();
  await expect(page.locator("#who")).toHaveText("adele.vance@contoso.com");

  const told = await page.evaluate(async (graph) => {
    const request = { account: client.getAllAccounts()[0], scopes: ["User.Read"] };
    const kept = await client.acquireTokenSilent(request);
    const renewed = await client.acquireTokenSilent({ ...request, forceRefresh: true });
    const me = await fetch(`${graph}/v1.0/me`, { headers: { authorization: `Bearer ${renewed.accessToken}` } });
    return { kept: kept.fromCache, renewed: renewed.fromCache, isSame: kept.accessToken === renewed.accessToken, me: await me.json() };
  }, tenant.origin);
  expect(told).toMatchObject({ kept: true, renewed: false, isSame: false, me: { userPrincipalName: "adele.vance@contoso.com" } });
});

test("who does not want to sign in after all is led back, and nobody is signed in", async ({ page }) => {
  await open(page);
  await expect(page.locator("#who")).toHaveText("nobody");
  await page.evaluate(() => void client.loginRedirect({ scopes: ["User.Read"] }));
  await page.getByRole("button", { name: /Cancel/ }).click();
  await expect(page.locator("#who")).toContainText("access_denied");
});

/** The same page as an add-in whose host is the simulator's own script. */
function addIn(query: string): string {
  const configuration = { auth: { clientId: tenant.app.clientId, authority: tenant.authority, knownAuthorities: [tenant.host] } };
  return `<!DOCTYPE html><title>An add-in</title><p id="who">starting</p>
<script src="${tenant.origin}/_sim/nested-app-auth.js?${query}"></script>
<script src="msal.js"></script>
<script>
  const ask = async () => {
    const client = await msal.createNestablePublicClientApplication(${JSON.stringify(configuration)});
    return client.acquireTokenSilent({ scopes: ["User.Read"] });
  };
  ask().then((answer) => { window.token = answer.accessToken; return answer.account.username; }, (error) => error.errorCode)
    .then((told) => { document.getElementById("who").textContent = told; });
</script>`;
}

async function openAddIn(page: Page, query: string): Promise<void> {
  await page.route(`${APP}**`, (route) =>
    route.request().url().endsWith("/msal.js")
      ? route.fulfill({ contentType: "text/javascript", body: readFileSync(MSAL, "utf8") })
      : route.fulfill({ contentType: "text/html", body: addIn(query) }),
  );
  await page.goto(APP);
}

// covers part of: N-13
test("an add-in gets a token from its host without asking the person", async ({ page }) => {
  await openAddIn(page, "person=adele.vance@contoso.com");
  await expect(page.locator("#who")).toHaveText("adele.vance@contoso.com");
  const me = await page.evaluate(async (graph) => {
    const authorization = `Bearer ${(window as any).token}`;
    return (await fetch(`${graph}/v1.0/me`, { headers: { authorization } })).json();
  }, tenant.origin);
  expect(me).toMatchObject({ userPrincipalName: "adele.vance@contoso.com" });
});

test("an add-in whose person gives up at the host is told so", async ({ page }) => {
  await openAddIn(page, "person=adele.vance@contoso.com&outcome=USER_CANCEL");
  await expect(page.locator("#who")).toHaveText("user_canceled");
});
