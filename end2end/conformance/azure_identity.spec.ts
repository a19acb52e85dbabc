// Microsoft's azure-identity for JavaScript, unchanged, against the simulator.
// https://github.com/Azure/azure-sdk-for-js/tree/main/sdk/identity/identity

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ClientCertificateCredential, ClientSecretCredential, OnBehalfOfCredential } from "@azure/identity";

import { environment } from "../support/environment";
import { Tenant } from "../support/tenant";
import { expect, test } from "../support/test";

const SCOPE = "https://graph.microsoft.com/.default";

let tenant: Tenant;
test.beforeAll(async () => {
  tenant = await Tenant.start("azure-identity");
});
test.afterAll(() => tenant.stop());

const simulated = () => ({ authorityHost: tenant.origin, disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } });

test("a secret, a certificate and another's token each give a token", async () => {
  const { tenantId, clientId, secret } = tenant.app;
  const bySecret = new ClientSecretCredential(tenantId, clientId, secret, simulated());
  expect((await bySecret.getToken(SCOPE)).token).toBeTruthy();

  const both = join(environment.workDir, "azure-identity", "both.pem");
  writeFileSync(both, ["app.key", "app.pem"].map((name) => readFileSync(join(environment.tlsDir, name), "utf8")).join("\n"));
  const byCertificate = new ClientCertificateCredential(tenantId, clientId, both, simulated());
  expect((await byCertificate.getToken(SCOPE)).token).toBeTruthy();

  const issued = await fetch(`${tenant.origin}/_sim/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ person: "adele.vance@contoso.com", clientId, scopes: [tenant.app.ownScope] }),
  });
  const { access_token: userAssertionToken } = await issued.json();
  const onBehalf = new OnBehalfOfCredential({ tenantId, clientId, clientSecret: secret, userAssertionToken, ...simulated() });
  expect((await onBehalf.getToken("https://graph.microsoft.com/Calendars.ReadWrite")).token).toBeTruthy();
});

test("a wrong secret is told with Entra's number", async () => {
  const { tenantId, clientId } = tenant.app;
  const guessed = new ClientSecretCredential(tenantId, clientId, "guessed", simulated());
  await expect(guessed.getToken(SCOPE)).rejects.toThrow(/AADSTS7000215/);
});
