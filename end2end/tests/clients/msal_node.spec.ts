// Microsoft's MSAL for Node, unchanged, against the simulator: every way to a token.
// https://github.com/AzureAD/microsoft-authentication-library-for-js/tree/dev/lib/msal-node

import { createHash } from "node:crypto";

import { ConfidentialClientApplication } from "@azure/msal-node";

import { Tenant, codeChallenge } from "../../support/tenant";
import { expect, test } from "../../support/test";

const GRAPH = "https://graph.microsoft.com";
const ADELE = "adele.vance@contoso.com";

let tenant: Tenant;
test.beforeAll(async () => {
  tenant = await Tenant.start("msal-node");
});
test.afterAll(() => tenant.stop());

/** The application, showing who it is in one way or another. */
function application(proof: { clientSecret?: string; clientCertificate?: { thumbprintSha256: string; privateKey: string } }) {
  return new ConfidentialClientApplication({
    auth: { clientId: tenant.app.clientId, authority: tenant.authority, knownAuthorities: [tenant.host], ...proof },
  });
}

const withSecret = () => application({ clientSecret: tenant.app.secret });

function claims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString());
}

/** Signs Adele in with a code and PKCE. */
async function signIn(client: ConfidentialClientApplication, scopes: string[]) {
  const { verifier, challenge } = codeChallenge();
  const redirectUri = tenant.app.redirectUri;
  const url = await client.getAuthCodeUrl({ scopes, redirectUri, codeChallenge: challenge, codeChallengeMethod: "S256" });
  const code = await tenant.codeFor(ADELE, url);
  return client.acquireTokenByCode({ code, scopes, redirectUri, codeVerifier: verifier });
}

// covers part of: N-13
test("a secret gives an application's token, and a wrong one is refused by number", async () => {
  const token = await withSecret().acquireTokenByClientCredential({ scopes: [`${GRAPH}/.default`] });
  expect(claims(token!.accessToken)).toMatchObject({ aud: GRAPH, idtyp: "app", roles: expect.arrayContaining(["Calendars.Read"]) });

  const wrong = application({ clientSecret: "guessed" }).acquireTokenByClientCredential({ scopes: [`${GRAPH}/.default`] });
  await expect(wrong).rejects.toMatchObject({ errorCode: "invalid_client", errorMessage: expect.stringContaining("AADSTS7000215") });
});

test("a certificate gives an application's token", async () => {
  const der = Buffer.from(tenant.app.certificate.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const thumbprintSha256 = createHash("sha256").update(der).digest("hex");
  const client = application({ clientCertificate: { thumbprintSha256, privateKey: tenant.app.key } });
  const token = await client.acquireTokenByClientCredential({ scopes: [`${GRAPH}/.default`] });
  expect(claims(token!.accessToken)).toMatchObject({ aud: GRAPH, idtyp: "app" });

  const stranger = application({ clientCertificate: { thumbprintSha256: "00".repeat(32), privateKey: tenant.app.key } });
  await expect(stranger.acquireTokenByClientCredential({ scopes: [`${GRAPH}/.default`] }))
    .rejects.toMatchObject({ errorMessage: expect.stringContaining("AADSTS700027") });
});

test("a code with PKCE signs a person in, and silent renewal goes on with the refresh token", async () => {
  const client = withSecret();
  const scopes = ["User.Read", "Calendars.ReadWrite"];
  const signedIn = await signIn(client, scopes);
  expect(signedIn.account).toMatchObject({ username: ADELE, tenantId: tenant.app.tenantId });
  expect(claims(signedIn.accessToken)).toMatchObject({ aud: GRAPH, scp: expect.stringContaining("Calendars.ReadWrite") });

  const renewed = await client.acquireTokenSilent({ account: signedIn.account!, scopes, forceRefresh: true });
  expect(renewed.fromCache).toBe(false);
  expect(renewed.accessToken).not.toBe(signedIn.accessToken);
  await fetch(`${tenant.origin}/_sim/refresh-tokens/revoke`, { method: "POST" });
  await expect(client.acquireTokenSilent({ account: signedIn.account!, scopes, forceRefresh: true }))
    .rejects.toMatchObject({ errorCode: "invalid_grant" });
});

test("a token for the application itself is exchanged for one to Graph on the person's behalf", async () => {
  const client = withSecret();
  const own = await signIn(client, [tenant.app.ownScope]);
  expect(claims(own.accessToken)).toMatchObject({ aud: tenant.app.clientId, scp: "access_as_user" });
  const scopes = [`${GRAPH}/Calendars.ReadWrite`];
  const exchanged = await withSecret().acquireTokenOnBehalfOf({ oboAssertion: own.accessToken, scopes });
  expect(claims(exchanged!.accessToken)).toMatchObject({ aud: GRAPH, preferred_username: ADELE });

  const forGraph = withSecret().acquireTokenOnBehalfOf({ oboAssertion: exchanged!.accessToken, scopes });
  await expect(forGraph).rejects.toMatchObject({ errorMessage: expect.stringContaining("AADSTS50013") });
});

test("a code without the right verifier, or used twice, gives nothing", async () => {
  const client = withSecret();
  const { verifier, challenge } = codeChallenge();
  const request = { scopes: ["User.Read"], redirectUri: tenant.app.redirectUri };
  const url = () => client.getAuthCodeUrl({ ...request, codeChallenge: challenge, codeChallengeMethod: "S256" });
  const wrong = client.acquireTokenByCode({ ...request, code: await tenant.codeFor(ADELE, await url()), codeVerifier: codeChallenge().verifier });
  await expect(wrong).rejects.toMatchObject({ errorCode: "invalid_grant" });

  const code = await tenant.codeFor(ADELE, await url());
  await client.acquireTokenByCode({ ...request, code, codeVerifier: verifier });
  await expect(client.acquireTokenByCode({ ...request, code, codeVerifier: verifier })).rejects.toMatchObject({ errorCode: "invalid_grant" });
});
